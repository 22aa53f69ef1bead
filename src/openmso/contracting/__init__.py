"""Contracting: what payers agreed to allow, and what Medicare allows by rule.

Owns: payer contracts of practices with versions and fee schedules, time limits agreed in them, and the pricing engine
(Medicare physician fee schedule, payment policies, sequestration, Medicare as second payer).
Does not own: what the practice asks (charges), what a payer did allow (remittances), reference tables (codes).
"""
