"""Database: where PostgreSQL comes from, who may connect, and the walls inside it.

Owns: the launcher of the embedded server, the roles, the row-level security derived from the models.
Does not own: scopes and managers (tenancy).
"""
