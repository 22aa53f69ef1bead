"""Kit: the plain words every app speaks: money, months, days, ids, states, errors.

Owns: value types without Django, database or clock.
Does not own: anything with a business noun in it.
"""
