"""Verbs of intake: a file is taken in, and what it holds lands in the apps below."""
