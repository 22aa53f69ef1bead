"""Exchange: how files get to clearinghouses and payers, and what comes back from them.

Owns: trading partners and how they are reached, routes with their fail-over, transmissions with every attempt, outages,
and the mailbox in which what partners send is kept before anybody reads it.
Does not own: what a file says (claims, remittances), and who pays whom (parties).
"""
