"""Denials: what a payer left open, who answers it, by when, how, and what came of it.

Owns: denials with their category, root cause, deadline and worth, what was done about them, write-offs with their
approval, appeals with their letters, the network's map of reasons, and the report of causes.
Does not own: what payers said (remittances), claims and their corrections (claims), the books (ledger), edits that
prevent a denial (the scrubber of claims).
"""
