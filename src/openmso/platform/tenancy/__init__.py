"""Tenancy: who owns a row, and which rows a piece of work may touch.

Owns: tenants (practices and the MSO), the register of legal entities' books, scopes, scoped managers and keys,
the row-level security derived from the models.
Does not own: who may act (access), what a practice is as a business (parties).
"""
