"""The server time of every list and story page: of the demo network, and over a million claims.

Each sign-in follows the links of its own pages, so that what is measured is what people can open. A page is asked
through the WSGI application that is served, as the runtime role under row-level security. The figure beside ours is
the target itself: the ratio says how much of it is used. The 95th percentile of each page is printed, the worst first;
a page that breaks stops the run. `BENCH_CLAIMS` makes the second network smaller.
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
        command = [sys.executable, "-m", "bench.pages.measure"]
        done = subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE, text=True)
    yield from json.loads(done.stdout.splitlines()[-1])
