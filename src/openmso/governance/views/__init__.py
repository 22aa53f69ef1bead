"""Screens of governance: proposals, boards and their meetings, interests."""
