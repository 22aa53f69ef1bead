"""Loading the whole table of procedure-to-procedure edits beside its raw COPY, and checking lines beside the plain join.

The table is generated, as large as CMS's: 2.6 million pairs in four files of the official format. The floor of the load
is COPY of the very rows into a copy of the table with its key, on the same server; what the same COPY takes without any
key stands in the note. Reading, judging and keeping the files are all ours. The floor of the check is the one SQL join over lines that lie in a table already.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bench import apart


def run() -> Iterator[dict[str, Any]]:
    """The rows of the table; measured in a process of its own, on a server of its own."""
    return apart.run("bench.codes.measure")
