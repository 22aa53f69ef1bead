"""The 270 and 271 (005010X279A1): is a person covered, and for what?

Owns: the typed records of an inquiry and its answer, reading them a person at a time, writing both.
Does not own: what an answer means for a visit (the eligibility app), or who is asked where (exchange).
"""
