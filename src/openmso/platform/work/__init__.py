"""Work: everything that waits for a person, in one inbox for all departments.

Owns: work items of the kinds that apps register, their states, assignees, comments and history, saved views.
Does not own: when something is due (whoever opens an item says so), what doing it means (the app of its kind).
"""
