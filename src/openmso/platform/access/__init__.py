"""Access: the executed agreement is the authorization.

Owns: permissions and roles as registries, scope grants, staff assignments, the decision and its reason.
Does not own: agreements (they write the grants through `services`), people's accounts (identity).
"""
