"""Which transactions higher apps take out of the mailbox; filled at start-up."""

from __future__ import annotations

from collections.abc import Iterable

_takers: dict[str, str] = {}


def add_takers(kinds: Iterable[str], *, app: str) -> None:
    """Declare that an app takes files with these transactions: `add_takers(("TA1", "999", "277CA"), app="claims")`."""
    for kind in kinds:
        if _takers.setdefault(kind, app) != app:
            raise ValueError(f"{kind} is taken by {_takers[kind]} and by {app}")


def is_taken(kind: str) -> bool:
    """Whether anybody takes it."""
    return kind in _takers
