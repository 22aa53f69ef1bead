"""Screens of work."""
