"""Scrubbing claims with the whole rulebook beside the plain SQL joins that find the same hits.

The edits are generated, the pairs as many as CMS's table has. The floor is four joins over rows that lie in the
tables already: pairs (PTP), units (MUE), add-ons and duplicates; it finds what to say and does nothing else. Ours
judges every rule of the book, writes findings, first hits, states, history and work items, under row-level security.
The hits of both are compared. The first scrub moves every claim of the set; scrubbing again meets them as they stand.
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
        command = [sys.executable, "-m", "bench.scrub.measure"]
        done = subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE, text=True)
    yield from json.loads(done.stdout.splitlines()[-1])
