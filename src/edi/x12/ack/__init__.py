"""Acknowledgements: TA1 (the envelope arrived), 999 (the syntax is right), 277CA (the claims were taken in).

Owns: reading the three, writing the three, and judging an inbound file to answer it.
Does not own: what a rejected claim does next.
"""
