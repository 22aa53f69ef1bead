"""A month's fees of 300 practices, each with the figures behind it, beside the plain SQL that sums their bases.

The floor sums the month's collections by book and party and counts claims and visits by practice, as superuser and in
one process; it knows no agreements, kinds of payers, bands, limits or steps, and nothing of what opens to what. Ours
reads every agreement, and gives every fee with its steps, its parts and the selection of ledger lines behind each.
A second row restates twelve months of one practice under other terms.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bench import apart


def run() -> Iterator[dict[str, Any]]:
    """The rows of the table; measured in a process of its own, on a server of its own."""
    return apart.run("bench.fees.measure")
