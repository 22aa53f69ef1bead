"""Edges: runs of payments and loans, deposit accounts with their instructions, bank files."""
