"""Screens of estimates and of the front desk."""
