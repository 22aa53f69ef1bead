"""Documents: every file that comes in or goes out, kept by its SHA-256 before anybody reads it.

Owns: the bytes (encrypted, on disk or in an S3-compatible store), who brought them when and for what, what they
became, and the refusal of what must not come in.
Does not own: what the bytes mean (the app that parses them).
"""
