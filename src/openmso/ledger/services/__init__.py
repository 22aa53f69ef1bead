"""Verbs of the ledger: `books` are opened, entries are posted and reversed by `posting`, `periods` close."""
