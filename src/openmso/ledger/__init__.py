"""Ledger: the books of each legal entity; every dollar of the house ends here, once, in balance.

Owns: books, charts of accounts, periods, entries and their lines, balances, and the statements drawn from them.
Does not own: why a thing was posted (each line names its source, which the app that posted it owns), bank lines
(banking), fees and the owner's statement (settlement).
"""
