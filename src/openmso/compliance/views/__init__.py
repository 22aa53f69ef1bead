"""Screens of compliance: the register, what is done in it, and payment runs."""
