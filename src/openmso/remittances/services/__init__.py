"""Verbs of remittances: `receiving` takes files in, `posting` puts them in the books, `matching` finds what was not
found, `deposits` finds the money in the bank."""
