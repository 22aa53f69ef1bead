"""Remittances: what payers say they paid, posted once, and found again in the bank.

Owns: 835 files and their remittances, claim and line payments with every adjustment, provider adjustments (PLB) and
recoupments, what patients owe after insurance, the match of deposits, what could not be matched.
Does not own: claims and their states (claims), bank lines (banking), the books (ledger), appeals (denials).
"""
