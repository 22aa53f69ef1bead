"""Facts of banking."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class StatementImported:
    """A bank statement brought new lines."""

    statement: str
    account: str
    lines: int
