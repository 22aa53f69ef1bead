"""Repricing a year of one payer's lines under a proposed contract beside the plain SQL join with the fee table.

The floor joins lines, claims, charges and the amounts of the proposal by code and sums them by clinician and code; it
knows no modifiers, places or procedures of a day. Ours prices every day as charges are priced. The sums are compared.
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
        command = [sys.executable, "-m", "bench.reprice.measure"]
        done = subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE, text=True)
    yield from json.loads(done.stdout.splitlines()[-1])
