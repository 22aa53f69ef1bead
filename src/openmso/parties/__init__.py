"""Parties: who the house deals with, and under which numbers others know them.

Owns: the MSO, practices, legal entities, billing providers, sites, clinicians, payers, vendors, contacts,
bank accounts.
Does not own: who may see what (platform.access), what was agreed (agreements), whether a licence is good
(credentialing).
"""
