"""Banking: what the banks say about the accounts of the legal entities.

Owns: imported statements and their lines, each kept once and never changed.
Does not own: the accounts themselves (parties), what a line pays for (remittances), the books (ledger).
"""
