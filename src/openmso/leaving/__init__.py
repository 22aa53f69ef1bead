"""Leaving: a practice ends its relationship with the MSO, step by step, and what is settled between them.

Owns: exit cases with their notice, the transition plan, the assets and items of the closing, the closing statement, and
the certificate that patients' data were returned or destroyed.
Does not own: the export itself (portability), the end of the agreement and its wind-down (agreements), what the
statement's figures come from (settlement, equity, ledger).
"""
