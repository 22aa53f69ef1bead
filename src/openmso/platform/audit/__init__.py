"""Audit: what was changed, and which patient data was read, by whom, under which grant; provably complete.

Owns: change events in a hash chain per practice, reads of patient data sealed in batches, the sentences that
say an event to a person, the export of signed chain heads, the verifier.
Does not own: what an action means (each app registers its sentences), the history of single columns.
"""
