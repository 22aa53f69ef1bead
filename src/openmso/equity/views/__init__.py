"""Screens of equity: cap tables, what is entered in them, and capital in and out."""
