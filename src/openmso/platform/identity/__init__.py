"""Identity: people who sign in, their sessions, second factors and API tokens.

Owns: accounts, sign-in policy, session limits, API tokens.
Does not own: what they may do (access), the pages where they sign in and manage this (accounts).
"""
