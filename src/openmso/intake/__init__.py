"""Intake: what the practices' own systems send us, every record accounted for.

Owns: intake runs and what became of each record (used, kept aside, refused, with words), code maps.
Does not own: what the records become; it writes through the services of patients, scheduling, charges and claims.
"""
