"""The ledger beside variant C, the bare set-based experiment it grew from, and beside django-hordak, in one run.

Everything happens on one embedded server with fsync on. Variant C (`variant_c.sql`) has a statement-level balance
check and kept balances, and nothing else: no tenants, no periods, no numbers, no sources, no idempotent retries. The
ledger is measured as the product uses it: as the runtime role under row-level security, through its services, audit
included.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from typing import Any


def run() -> Iterator[dict[str, Any]]:
    """The rows of the table; measured in a process of its own, on a server of its own."""
    with tempfile.TemporaryDirectory(prefix="openmso-bench-") as home:
        os.chmod(home, 0o755)  # noqa: S103 - the server's account looks through it
        environment = {key: value for key, value in os.environ.items() if not key.startswith(("DATABASE_", "OPENMSO_"))}
        environment |= {"OPENMSO_DATA": home, "OPENMSO_PGDATA": f"{home}/pg"}
        command = [sys.executable, "-m", "bench.ledger.measure"]
        done = subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE, text=True)
    yield from json.loads(done.stdout)
