"""Verbs of eligibility: ask, send, take answers in, and make coverages of what they found."""
