"""Screens of the ledger: `books` and their months, `statements`, the `journal`, and the `acts` upon them."""
