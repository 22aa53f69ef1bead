"""The API of treasury: runs of payments and loans, deposit accounts and their instructions, bank files."""
