"""Roles and databases: made once, by a superuser.

`openmso_owner` owns the schema and migrates. `openmso_app` is the runtime: it owns nothing, cannot bypass
row-level security, cannot create and cannot truncate; what it may do to each table is granted by the walls.
`openmso_backup` reads everything past row-level security and writes nothing: a dump by any other role lacks rows.
"""

from __future__ import annotations

import psycopg
from psycopg import sql

from openmso.platform.database.connect import APP, BACKUP, DATABASE, OWNER

ROLES = {OWNER: "NOBYPASSRLS", APP: "NOBYPASSRLS", BACKUP: "BYPASSRLS"}


def make_roles(connection: psycopg.Connection) -> None:
    """Create the three roles where they are missing."""
    for role, bypass in ROLES.items():
        if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone():
            connection.execute(
                sql.SQL("CREATE ROLE {} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE {}").format(
                    sql.Identifier(role), sql.SQL(bypass)
                )
            )


def make_database(
    connection: psycopg.Connection, name: str = DATABASE, template: str = "template0", strategy: str = "WAL_LOG"
) -> bool:
    """Create a database that belongs to the owner role; `False` when it exists. Needs autocommit.

    The strategy FILE_COPY takes a checkpoint and copies files: quicker for a template that is more than bare.
    """
    if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
        return False
    connection.execute(
        sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE {} STRATEGY {}").format(
            sql.Identifier(name), sql.Identifier(OWNER), sql.Identifier(template), sql.Identifier(strategy.lower())
        )
    )
    connection.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(sql.Identifier(name)))
    connection.execute(
        sql.SQL("GRANT CONNECT, TEMPORARY ON DATABASE {0} TO {1}; GRANT CONNECT ON DATABASE {0} TO {2}").format(
            sql.Identifier(name), sql.Identifier(APP), sql.Identifier(BACKUP)
        )
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
