"""A measurement in a process of its own, on a PostgreSQL of its own that goes with it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from openmso.platform.database import bootstrap, connect


def run(module: str) -> Iterator[dict[str, Any]]:
    """The rows of the table that a module measures: its last line is their JSON."""
    with tempfile.TemporaryDirectory(prefix="openmso-bench-") as home:
        os.chmod(home, 0o755)  # noqa: S103 - the server's account looks through it
        environment = {key: value for key, value in os.environ.items() if not key.startswith(("DATABASE_", "OPENMSO_"))}
        environment |= {"OPENMSO_DATA": home, "OPENMSO_PGDATA": f"{home}/pg"}
        command = [sys.executable, "-m", module]
        done = subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE, text=True)
    yield from json.loads(done.stdout.splitlines()[-1])


def measure(rows: Callable[[], Iterable[dict[str, Any]]]) -> None:
    """Start the server, give it the product's schema, measure as its owner, print the rows, stop it."""
    server = connect.server()
    server.start()
    try:
        bootstrap.prepare(server.dsn())
        migrate()
        os.environ["DJANGO_SETTINGS_MODULE"] = "openmso.config.settings"
        import django

        django.setup()
        print(json.dumps(list(rows())))
    finally:
        server.stop()


def migrate() -> None:
    """The product's schema, in the database of the environment."""
    environment = {"DJANGO_SETTINGS_MODULE": "openmso.config.settings"} | os.environ | {connect.AS_OWNER: "1"}
    subprocess.run([sys.executable, "-W", "ignore", "-m", "django", "migrate", "-v", "0"], env=environment, check=True)
