"""Estimates: what a visit will cost the patient, said before it, and what the desk collects.

Owns: good faith estimates with their clocks (45 CFR 149.610), patients' shares worked out from contract and benefits.
Does not own: visits (scheduling), prices (charges), what payers allow (contracting), benefits (eligibility).
"""
