"""Eligibility: is the patient covered on the day, by whom really, and for what?

Owns: coverage checks with the payer's raw answer and the benefits it tells, the line to whoever is asked.
Does not own: coverages (patients), visits (scheduling), what a service costs (charges), claims that wait (claims).
"""
