"""Posting an 835 of 20,000 claims, parsed to committed, beside COPY of the very same rows.

The floor: every row that posting inserted is copied into copies of the same tables, with their keys, indexes and
foreign keys but without triggers or row-level security, in one transaction on the same server. What posting does
besides (matching, updating claims, balances, numbers) the floor does not do at all.

A day of 200 files is held against the floor of all its rows in seconds of the processor, of workers and server, for on
a busy machine the wall tells of others: workers start up, share practices, and post each file by itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bench import apart


def run() -> Iterator[dict[str, Any]]:
    """The rows of the table; measured in a process of its own, on a server of its own."""
    return apart.run("bench.posting.measure")
