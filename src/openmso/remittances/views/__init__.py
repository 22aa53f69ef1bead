"""Screens of remittances: `lists` and files, one remittance or payment in `pages`, `acts`, `money` in the bank."""
