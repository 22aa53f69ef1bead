"""Charges: what was done at a visit, in codes, and what the practice asks for it.

Owns: the coding of a visit (diagnoses), charge lines and their states, fee schedules with versions, pricing.
Does not own: what is asked of whom (claims), what a payer should pay (agreements), money received (remittances).
"""
