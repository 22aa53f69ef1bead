"""Loading the whole table of procedure-to-procedure edits beside its raw COPY, and checking lines beside the plain join.

The table is generated, as large as CMS's: 2.6 million pairs in four files of the official format. The floor of the load
is COPY of the very rows into a copy of the table with its key, on the same server; what the same COPY takes without any
key stands in the note. Reading, judging and keeping the files are all ours. The floor of the check is the one SQL join over lines that lie in a table already.
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
        command = [sys.executable, "-m", "bench.codes.measure"]
        done = subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE, text=True)
    yield from json.loads(done.stdout.splitlines()[-1])
