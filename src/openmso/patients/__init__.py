"""Patients: who was treated, and who promised to pay for them.

Owns: patients of a practice, their identifiers from other systems, coverages with subscriber, order and dates.
Does not own: visits (scheduling), what is owed (remittances, billing), payers themselves (parties).
"""
