"""Underpayments: where a payer allowed less than its contract, why, and what became of it.

Owns: short-paid lines with their causes, disputes and their packets, what was recovered.
Does not own: what was expected (contracting, charges), what was paid (remittances), denials.
"""
