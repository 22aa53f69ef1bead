"""The ledger beside variant C, the bare set-based experiment it grew from, and beside django-hordak, in one run.

Everything happens on one embedded server with fsync on. Variant C (`variant_c.sql`) has a statement-level balance
check and kept balances, and nothing else: no tenants, no periods, no numbers, no sources, no idempotent retries. The
ledger is measured as the product uses it: as the runtime role under row-level security, through its services, audit
included.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bench import apart


def run() -> Iterator[dict[str, Any]]:
    """The rows of the table; measured in a process of its own, on a server of its own."""
    return apart.run("bench.ledger.measure")
