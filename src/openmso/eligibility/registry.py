"""Who counts used units of authorizations, and who knows what was done for a patient last."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import date
from decimal import Decimal

from openmso.eligibility.contracts import Authorization

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
