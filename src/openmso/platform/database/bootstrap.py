"""Roles and databases: made once, by a superuser or by whoever may create roles.

`openmso_owner` owns the schema and migrates. `openmso_app` is the runtime: it owns nothing, cannot bypass
row-level security, cannot create and cannot truncate; what it may do to each table is granted by the walls.
"""

from __future__ import annotations

import psycopg
from psycopg import sql

from openmso.platform.database.connect import APP, DATABASE, OWNER


def make_roles(connection: psycopg.Connection) -> None:
    """Create the two roles where they are missing."""
    for role in (OWNER, APP):
        if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone():
            connection.execute(
                sql.SQL("CREATE ROLE {} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS").format(
                    sql.Identifier(role)
                )
            )


def make_database(connection: psycopg.Connection, name: str = DATABASE, template: str = "template0") -> bool:
    """Create a database that belongs to the owner role; `False` when it exists. Needs autocommit."""
    if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
        return False
    connection.execute(
        sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE {}").format(
            sql.Identifier(name), sql.Identifier(OWNER), sql.Identifier(template)
        )
    )
    connection.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(sql.Identifier(name)))
    connection.execute(
        sql.SQL("GRANT CONNECT, TEMPORARY ON DATABASE {} TO {}").format(sql.Identifier(name), sql.Identifier(APP))
    )
    return True


def drop_database(connection: psycopg.Connection, name: str) -> None:
    """Drop a database and whoever is connected to it. Needs autocommit."""
    connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def prepare(dsn: str, name: str = DATABASE) -> None:
    """Roles and database of a server, made where missing."""
    with psycopg.connect(dsn, autocommit=True) as connection:
        make_roles(connection)
        make_database(connection, name)
