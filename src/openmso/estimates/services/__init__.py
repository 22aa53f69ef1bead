"""Verbs of estimates: the only writers of its tables."""
