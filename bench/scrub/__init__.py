"""Scrubbing claims with the whole rulebook beside the plain SQL joins that find the same hits.

The edits are generated, the pairs as many as CMS's table has. The floor is four joins over rows that lie in the
tables already: pairs (PTP), units (MUE), add-ons and duplicates; it finds what to say and does nothing else. Ours
judges every rule of the book, writes findings, first hits, states, history and work items, under row-level security.
The hits of both are compared. The first scrub moves every claim of the set; scrubbing again meets them as they stand.
The claims of each set are of four practices, those that lie there already of a hundred. Some are scrubbed before
anything is measured.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bench import apart


def run() -> Iterator[dict[str, Any]]:
    """The rows of the table; measured in a process of its own, on a server of its own."""
    return apart.run("bench.scrub.measure")
