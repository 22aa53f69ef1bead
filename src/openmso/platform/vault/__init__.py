"""Vault: identity secrets (SSN, bank accounts) and other bytes sealed with AES-256-GCM, each to its own row.

Owns: sealing and opening, the `SecretField`, blind indexes, revealing with a reason, the rotation of keys.
Does not own: the keys (settings, from the environment or a file of this account), the rows.
"""
