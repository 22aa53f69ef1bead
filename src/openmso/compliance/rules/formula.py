"""What a term pays for some days: the one amount that is right, to the cent."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from fractions import Fraction

from openmso.compliance.contracts import Term
from openmso.compliance.states import Pay
from openmso.kit.money import Money
from openmso.kit.periods import Month

MONTHS_A_YEAR = 12


def due(term: Term, *, starts_on: date, through: date, count: Decimal | None = None) -> Money | None:
    """The pay for days (both included); `count` are hours or units. Nothing where the count it needs is missing.

    By the month, a month that is paid in part counts by its days; by the year, each month is a twelfth. What comes
    out is rounded once, half up.
    """
    rate = Fraction(term.rate)
    if term.pay in {Pay.HOUR, Pay.UNIT}:
        return None if count is None else _cents(rate * Fraction(count))
    share = months(starts_on, through)
    return _cents(rate * share if term.pay is Pay.MONTH else rate * share / MONTHS_A_YEAR)


def months(starts_on: date, through: date) -> Fraction:
    """How many months some days are (both included), parts of months by their days."""
    return sum((Fraction(days, month.days) for month, days in _by_month(starts_on, through)), Fraction(0))


def touched(starts_on: date, through: date) -> list[Month]:
    """The calendar months that some days lie in."""
    return [month for month, _ in _by_month(starts_on, through)]


def _by_month(starts_on: date, through: date) -> Iterator[tuple[Month, int]]:
    month = Month.of(starts_on)
    while month.first <= through:
        yield month, (min(through, month.last) - max(starts_on, month.first)).days + 1
        month = month.plus(1)


def _cents(exact: Fraction) -> Money:
    """The nearest cent, half up; amounts here are never negative."""
    return Money.cents(int(exact * 100 + Fraction(1, 2)))
