"""Verbs of portability: `taking` a practice's data away, and `bringing` it into an empty house."""
