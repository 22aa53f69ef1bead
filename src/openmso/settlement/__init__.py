"""Settlement: what the month came to, what the MSO asks for it, and the statement the owner can open to the last byte.

Owns: the computed fee of each month with its terms, inputs and steps; the MSO's invoice; the owner's statement.
Does not own: the terms (agreements), the books (ledger), the money that came in (remittances).
"""
