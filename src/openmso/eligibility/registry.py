"""The line over which payers without a route are asked at once; who counts used units, who knows what was done."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import date
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


Served = Callable[[int, int], Mapping[str, date]]
"""Of a patient and a payer the last day of each code that the payer was asked for."""


def _never(patient: int, payer: int) -> Mapping[str, date]:
    return {}


_served: list[Served] = [_never]


def tell_served(know: Served) -> None:
    """Have last services told by this from now on."""
    _served[:] = [know]


def served(patient: int, payer: int) -> Mapping[str, date]:
    """The last day of each code that a payer was asked for, of a patient."""
    return _served[0](patient, payer)


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
