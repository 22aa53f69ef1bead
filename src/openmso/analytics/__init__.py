"""Analytics: the key figures of the revenue cycle, each with its definition and the claims behind it.

Owns: the catalogue of figures, and workpapers computed from claims and remittances that can be made again.
Does not own: anything that happened. Every number here is proved by counting anew what the lower apps tell.
"""
