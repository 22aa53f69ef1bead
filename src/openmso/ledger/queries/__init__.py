"""Questions to the ledger: `books` and their months, the `journal`, `statements`, and the `proof` of them all."""
