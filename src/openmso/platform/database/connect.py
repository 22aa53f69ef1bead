"""Who connects where: the owner for migrations, a runtime role that owns nothing for everything else.

`DATABASE_URL` names an external PostgreSQL (15 or newer) as the runtime role; `DATABASE_OWNER_URL` the same
database as its owner. Where both are one login, the runtime sessions step down to `openmso_app` at once.
`DATABASE_BACKUP_URL` names it as the role that dumps, the only one that reads past row-level security.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import psycopg
from psycopg import conninfo

from openmso.kit.errors import Refused
from openmso.platform.database import embedded

OWNER = "openmso_owner"
APP = "openmso_app"
BACKUP = "openmso_backup"
DATABASE = "openmso"
AS_OWNER = "OPENMSO_AS_OWNER"


def is_embedded() -> bool:
    """Whether the database is our own embedded one."""
    return not os.environ.get("DATABASE_URL")


def as_owner() -> bool:
    """Whether this process was started to migrate."""
    return os.environ.get(AS_OWNER) == "1"


def server() -> embedded.Server:
    """The embedded server of this installation (`OPENMSO_PGDATA` moves its folder)."""
    folder = os.environ.get("OPENMSO_PGDATA")
    home = embedded.data_home() / "pg" if folder is None else Path(folder)
    return embedded.Server(home)


def django_database() -> dict[str, Any]:
    """The `DATABASES["default"]` of the settings, for the role this process may use."""
    if is_embedded():
        return _base() | {
            "NAME": os.environ.get("OPENMSO_DATABASE", DATABASE),
            "USER": OWNER if as_owner() else APP,
            "HOST": server().socket,
        }
    runtime, owner = os.environ["DATABASE_URL"], os.environ.get("DATABASE_OWNER_URL", "")
    settings = _base() | from_url(owner or runtime if as_owner() else runtime)
    if not as_owner() and (not owner or from_url(owner)["USER"] == settings["USER"]):
        settings["OPTIONS"] = settings["OPTIONS"] | {"options": f"-c role={APP}"}
    return settings


def backup_dsn() -> str:
    """How the role that dumps connects; raises `Refused` where an external database names none."""
    if is_embedded():
        return server().dsn(user=BACKUP, database=os.environ.get("OPENMSO_DATABASE", DATABASE))
    if url := os.environ.get("DATABASE_BACKUP_URL"):
        return url
    raise Refused("Nobody is named who may dump this database.", code="no_backup_login",
                  fix=f"Set DATABASE_BACKUP_URL to the database as {BACKUP}.")  # fmt: skip


def from_url(url: str) -> dict[str, Any]:
    """Django's settings from `postgresql://user:password@host:port/name?sslmode=require`, read as libpq reads it."""
    try:
        told = conninfo.conninfo_to_dict(url) if url.startswith(("postgres://", "postgresql://")) else {}
    except psycopg.ProgrammingError:
        told = {}
    names = {"NAME": "dbname", "USER": "user", "PASSWORD": "password", "HOST": "host", "PORT": "port"}
    found = {setting: str(told.pop(name, "") or "") for setting, name in names.items()}
    if not found["NAME"]:
        raise ValueError("DATABASE_URL is postgresql://user:password@host:port/name; this one is not")
    return found | {"OPTIONS": told}


def _base() -> dict[str, Any]:
    return {"ENGINE": "django.db.backends.postgresql", "OPTIONS": {}, "CONN_MAX_AGE": 0}
