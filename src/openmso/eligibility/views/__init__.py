"""Screens of eligibility."""
