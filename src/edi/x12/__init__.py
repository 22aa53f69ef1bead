"""X12: our own streaming codec of the 005010 health care transactions.

Owns: cutting bytes into segments, the envelope, the guides as tables, typed records, the balance of an 835, writing.
Does not own: what a payer or a practice means by a code.
"""
