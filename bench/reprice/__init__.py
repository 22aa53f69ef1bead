"""Repricing a year of one payer's lines under a proposed contract beside the plain SQL join with the fee table.

The floor joins lines, claims, charges and the amounts of the proposal by code and sums them by clinician and code; it
knows no modifiers, places or procedures of a day. Ours prices every day as charges are priced. The sums are compared.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bench import apart


def run() -> Iterator[dict[str, Any]]:
    """The rows of the table; measured in a process of its own, on a server of its own."""
    return apart.run("bench.reprice.measure")
