"""Building and writing 837P beside writing the same segments from memory.

The claims stand ready in one practice and are judged, said and frozen before, each with the segments that it will
leave in; that is measured too, by itself. Ours sorts what was frozen, puts the files together, looks in them where each
claim stands, stores and sends them, posts revenue and moves the claims; under row-level security. The peer is pyx12's
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
