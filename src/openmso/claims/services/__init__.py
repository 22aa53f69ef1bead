"""Verbs of claims; the only writers of its tables. One module for each part of a claim's life."""
