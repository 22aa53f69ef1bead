"""Identity: people who sign in, their sessions, second factors and API tokens.

Owns: users, sign-in policy, session limits, API tokens.
Does not own: what they may do (access), whom they work for (access assignments).
"""
