"""API: how software speaks to the house: who calls, what an operation asks for, problems, pages, idempotency.

Owns: bearer and session authentication of calls, the `operation` declaration, problem+json, stored answers.
Does not own: the operations themselves (each app's `api.py`), tokens (identity), decisions (access).
"""
