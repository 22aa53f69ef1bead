"""Screens of leaving: the list of exits, one exit, and what is done with it."""
