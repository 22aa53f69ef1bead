"""Equity: who owns an entity, what they put in and took out, and what it lends.

Owns: cap tables with their classes, holders and unit ledger, capital accounts, capital calls, distributions, the
test of a joint venture with investors who can refer, and the facilities out of which a practice draws capital.
Does not own: the books that capital accounts stand in (ledger), arrangements with referral sources (compliance), the
fee of the agreement and deficit loans (settlement).
"""
