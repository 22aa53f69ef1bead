"""Billing: what patients owe, what they paid, and what is done about the difference.

Owns: the accounts of patients, their payments and what each paid for.
Does not own: what payers left to patients (claims, remittances), the books (ledger), patients themselves (patients).
"""
