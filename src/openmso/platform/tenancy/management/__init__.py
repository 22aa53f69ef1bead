"""Commands of Django that the house changes."""
