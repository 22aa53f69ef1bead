"""The 835 (005010X221A1): what a payer says it paid, adjusted and took back.

Owns: the typed records of a remittance, reading them one claim at a time, the three balances, writing them.
Does not own: posting them, matching them to claims or deposits.
"""
