"""The PostgreSQL of a test run, started before Django's settings are read.

One embedded server serves all workers of a run. A template database is migrated when the schema has changed;
`conftest.py` clones it.
Loaded by `-p tests.postgres`, so that the environment is set before any settings module looks at it.
"""

from __future__ import annotations

import gc
import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from openmso.platform.database import bootstrap, embedded

TEMPLATE = "openmso_template"
SOURCE = Path(__file__).parent.parent / "src" / "openmso"
SCHEMA = {"migrations", "migrate.py", "sql", "models", "models.py", "walls.py", "settings.py"}

MEMORY, MEMORY_BYTES = Path("/dev/shm"), 4 * 2**30  # noqa: S108


def home() -> str:
    """The folder of the run's server: the one named, else one in memory where there is room, else one on disk.

    A database of a few hundred tables is thousands of small files; in memory it is copied in a quarter of the time.
    """
    if named := os.environ.get("OPENMSO_TEST_HOME"):
        return named
    if MEMORY.is_dir() and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free >= MEMORY_BYTES:
        whose = hashlib.sha256(f"{SOURCE} {os.getuid()}".encode()).hexdigest()[:12]
        return str(MEMORY / f"openmso-test-{whose}")
    return str(embedded.data_home() / "test")


if not os.environ.get("OPENMSO_TEST_SERVER"):
    os.environ["OPENMSO_DATA"] = home()
    os.environ["OPENMSO_PGDATA"] = str(Path(os.environ["OPENMSO_DATA"]) / "pg")
    for outside in ("DATABASE_URL", "DATABASE_OWNER_URL", "OPENMSO_DEMO", "OPENMSO_HTTPS"):
        os.environ.pop(outside, None)


def pytest_configure(config: pytest.Config) -> None:
    """The first process of the run starts the server, and the template's migrations; workers find both."""
    if os.environ.get("OPENMSO_TEST_SERVER"):
        return
    server = embedded.Server(
        Path(os.environ["OPENMSO_PGDATA"]), fsync="off", synchronous_commit="off", full_page_writes="off",
        max_connections="120", max_wal_size="128MB",
    )  # fmt: skip
    server.start()
    config.openmso_server = server  # type: ignore[attr-defined]
    os.environ["OPENMSO_TEST_SERVER"] = server.dsn()
    config.openmso_template = Template(server.dsn())  # type: ignore[attr-defined]


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session: pytest.Session) -> None:
    """Tests begin when the template is there; it was migrated while they were collected.

    What was collected stays until the end; the garbage collector need not go through it again and again.
    """
    gc.collect()
    gc.freeze()
    template = getattr(session.config, "openmso_template", None)
    if template is not None:
        template.wait()


def pytest_unconfigure(config: pytest.Config) -> None:
    """Whoever started the server stops it."""
    server = getattr(config, "openmso_server", None)
    if server is not None:
        config.openmso_template.stop()  # type: ignore[attr-defined]
        server.stop()


class Template:
    """The template, made anew unless one of exactly these models and migrations is there already."""

    def __init__(self, dsn: str) -> None:
        sources = sorted(p for p in SOURCE.rglob("*") if p.suffix in {".py", ".sql"} and SCHEMA & {*p.parts, p.name})
        self.dsn, self.digest = dsn, hashlib.sha256(b"".join(p.read_bytes() for p in sources)).hexdigest()
        self.migrating: subprocess.Popen[bytes] | None = None
        with psycopg.connect(dsn, autocommit=True) as connection:
            known = connection.execute(
                "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s", [TEMPLATE]
            ).fetchone()
            if known == (self.digest,):
                return
            bootstrap.make_roles(connection)
            bootstrap.drop_database(connection, TEMPLATE)
            bootstrap.make_database(connection, TEMPLATE)
        environment = os.environ | {
            "OPENMSO_AS_OWNER": "1",
            "OPENMSO_DATABASE": TEMPLATE,
            "DJANGO_SETTINGS_MODULE": "openmso.config.settings",
        }
        self.migrating = subprocess.Popen([sys.executable, "-m", "django", "migrate", "-v", "0"], env=environment)

    def wait(self) -> None:
        """Until it is migrated."""
        if self.migrating is None:
            return
        if self.migrating.wait() != 0:
            raise pytest.UsageError("The test database could not be migrated; what failed is said above.")
        with psycopg.connect(self.dsn, autocommit=True) as connection:
            connection.execute(f"COMMENT ON DATABASE {TEMPLATE} IS '{self.digest}'")

    def stop(self) -> None:
        """Give up what is not done when no test runs."""
        if self.migrating is not None and self.migrating.poll() is None:
            self.migrating.terminate()
            self.migrating.wait()
