"""Building and writing 837P beside writing the same segments from memory.

The claims stand ready in one practice. Ours makes their sheets, says each in the segments that it will leave in,
freezes both, sorts what was frozen, puts the files together, looks in them where each claim stands, stores and sends
them, posts revenue and moves the claims; under row-level security. Before that all are judged once more, which asks
for most of what the sheets are made of: that is the second row, and `scrub` measures it by itself. The peer is pyx12's
writer, which is handed the segments from memory. Memory is the highest of this process above what it held before, for
fewer claims first.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bench import apart


def run() -> Iterator[dict[str, Any]]:
    """The rows of the table; measured in a process of its own, on a server of its own."""
    return apart.run("bench.release.measure")
