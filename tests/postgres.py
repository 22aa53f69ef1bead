"""The PostgreSQL of a test run, started before Django's settings are read.

One embedded server serves all workers of a run. A template database is migrated when the schema has changed;
`conftest.py` clones it.
Loaded by `-p tests.postgres`, so that the environment is set before any settings module looks at it.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from openmso.platform.database import bootstrap, embedded

TEMPLATE = "openmso_template"
SOURCE = Path(__file__).parent.parent / "src" / "openmso"
SCHEMA = {"migrations", "sql", "models", "models.py", "walls.py", "settings.py"}

if not os.environ.get("OPENMSO_TEST_SERVER"):
    os.environ["OPENMSO_DATA"] = os.environ.get("OPENMSO_TEST_HOME") or str(embedded.data_home() / "test")
    os.environ["OPENMSO_PGDATA"] = str(Path(os.environ["OPENMSO_DATA"]) / "pg")
    for outside in ("DATABASE_URL", "DATABASE_OWNER_URL", "OPENMSO_DEMO", "OPENMSO_HTTPS"):
        os.environ.pop(outside, None)


def pytest_configure(config: pytest.Config) -> None:
    """The first process of the run starts the server and migrates the template; workers find both."""
    if os.environ.get("OPENMSO_TEST_SERVER"):
        return
    server = embedded.Server(
        Path(os.environ["OPENMSO_PGDATA"]), fsync="off", synchronous_commit="off", full_page_writes="off",
        max_connections="120",
    )  # fmt: skip
    server.start()
    config.openmso_server = server  # type: ignore[attr-defined]
    os.environ["OPENMSO_TEST_SERVER"] = server.dsn()
    migrate_template(server.dsn())


def migrate_template(dsn: str) -> None:
    """Make the template anew, unless one of exactly these models and migrations is there already."""
    sources = sorted(p for p in SOURCE.rglob("*") if p.suffix in {".py", ".sql"} and SCHEMA & {*p.parts, p.name})
    digest = hashlib.sha256(b"".join(p.read_bytes() for p in sources)).hexdigest()
    with psycopg.connect(dsn, autocommit=True) as connection:
        known = connection.execute(
            "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s", [TEMPLATE]
        ).fetchone()
        if known == (digest,):
            return
        bootstrap.make_roles(connection)
        bootstrap.drop_database(connection, TEMPLATE)
        bootstrap.make_database(connection, TEMPLATE)
        environment = os.environ | {
            "OPENMSO_AS_OWNER": "1",
            "OPENMSO_DATABASE": TEMPLATE,
            "DJANGO_SETTINGS_MODULE": "openmso.config.settings",
        }
        subprocess.run([sys.executable, "-m", "django", "migrate", "-v", "0"], env=environment, check=True)
        connection.execute(f"COMMENT ON DATABASE {TEMPLATE} IS '{digest}'")


def pytest_unconfigure(config: pytest.Config) -> None:
    """Whoever started the server stops it."""
    server = getattr(config, "openmso_server", None)
    if server is not None:
        server.stop()
