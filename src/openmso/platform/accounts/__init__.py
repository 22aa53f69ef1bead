"""Accounts: the pages where people sign in, look after their own sign-in, and where access is given and explained.

Owns: sign-in pages, second factors, sessions and tokens as screens, the people of the network, the API about these.
Does not own: accounts and tokens themselves (identity), assignments and decisions (access). It has no tables.
"""
