"""The 837 (professional 005010X222A1, institutional 005010X223A2): what a payer is asked to pay.

Owns: the typed records of a claim, reading them one at a time, writing professional claims.
Does not own: whether a claim is right to send (claims' rulebook), or what the payer answers (ack, remittance).
"""
