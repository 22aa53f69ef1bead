"""The line over which payers are asked at once (without one, somebody carries files); who counts used units."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from decimal import Decimal
from typing import Protocol

from openmso.eligibility.contracts import Authorization


class Unreachable(Exception):
    """Nobody answered, or not with an answer; the text is safe to show and to keep."""


class Line(Protocol):
    """Whoever takes a 270 and gives the 271 back: a clearinghouse, a payer's own service."""

    def ask(self, content: bytes, *, payer: str) -> bytes:
        """The answer to an inquiry; `payer` is the payer's EDI id. Raises `Unreachable`."""


Usage = Callable[[Collection[Authorization]], Mapping[str, Decimal]]
"""Units that were used of authorizations, by public id: whoever has the services tells it."""


def _nothing(held: Collection[Authorization]) -> Mapping[str, Decimal]:
    return {}


_usage: list[Usage] = [_nothing]


def tell_usage(count: Usage) -> None:
    """Have used units counted by this from now on."""
    _usage[:] = [count]


def used(held: Collection[Authorization]) -> Mapping[str, Decimal]:
    """Units that were used of authorizations, by public id."""
    return _usage[0](held)


_lines: list[Line] = []


def connect(line: Line) -> None:
    """Ask over this line from now on."""
    _lines[:] = [line]


def disconnect() -> None:
    """Ask nobody at once."""
    _lines.clear()


def line() -> Line | None:
    """The line that is connected, if any."""
    return _lines[0] if _lines else None
