"""Whether a database is as this code left it when it last migrated, so that a start with nothing new migrates nothing.

What was migrated stands as the comment of the table of migrations, and so goes with the database wherever it is
restored: the digest of all code that says what the schema and its walls are, and of the migrations that had run. A
change of either, however small, has everything migrated and the walls raised again.
"""

from __future__ import annotations

import hashlib
import os
import sys
from pathlib import Path

import psycopg
from psycopg import sql

from openmso.platform.database import connect

CODE = Path(__file__).parents[2]
_RECORDED = "SELECT obj_description(to_regclass('public.django_migrations'))"
_RAN = "SELECT string_agg(app || '.' || name, ' ' ORDER BY app, name) FROM django_migrations"


def is_current() -> bool:
    """Whether the last migration was by this very code, and nothing was migrated or taken back since."""
    with psycopg.connect(_dsn()) as connection:
        (recorded,) = connection.execute(_RECORDED).fetchone() or (None,)
        return recorded is not None and recorded == _state(connection)


def record() -> None:
    """Note that this code has migrated the database."""
    with psycopg.connect(_dsn()) as connection:
        comment = sql.SQL("COMMENT ON TABLE public.django_migrations IS {}")
        connection.execute(comment.format(sql.Literal(_state(connection))))


def _dsn() -> str:
    if connect.is_embedded():
        name = os.environ.get("OPENMSO_DATABASE", connect.DATABASE)
        return connect.server().dsn(user=connect.OWNER, database=name)
    return os.environ.get("DATABASE_OWNER_URL") or os.environ["DATABASE_URL"]


def _state(connection: psycopg.Connection) -> str:
    """The digest of our code, of which packages are installed, and of the migrations that ran."""
    digest = hashlib.sha256()
    for path in sorted(path for ending in ("py", "sql") for path in CODE.rglob(f"*.{ending}")):
        digest.update(f"{path.relative_to(CODE)}\n".encode() + path.read_bytes())
    for name in sorted(path.name for path in Path(sys.prefix).glob("lib/python*/site-packages/*.dist-info")):
        digest.update(name.encode())
    ran = connection.execute(_RAN).fetchone()
    digest.update(str(ran and ran[0]).encode())
    return f"migrated by {digest.hexdigest()}"
