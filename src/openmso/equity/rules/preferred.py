"""Preferred return: what capital has earned by a day, under a stated rate, compounding and day count."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from openmso.equity.states import Compounding, DayCount
from openmso.kit.money import ZERO, Money
from openmso.kit.periods import Month, thirty_360


@dataclass(frozen=True, slots=True)
class Terms:
    """The preferred return of a class: `rate` a year as a fraction of one, from the day on which capital came in."""

    rate: Decimal
    compounding: Compounding = Compounding.NONE
    days: DayCount = DayCount.ACTUAL_365

    @property
    def sentence(self) -> str:
        """The return in words."""
        rate = (self.rate * 100).normalize()
        return f"{rate:f} % a year, {self.compounding.label}, {self.days.label}"


@dataclass(frozen=True, slots=True)
class Step:
    """What happened on a day: capital that came in (or went back, below zero), and preferred return that was paid."""

    on: date
    capital: Money = ZERO
    paid: Money = ZERO


def accrued(terms: Terms, steps: Iterable[Step], through: date) -> Money:
    """The return that was earned up to a day and not paid, to the cent (half up) at that day; never below zero.

    Between two days the return runs on the capital, and on what was compounded; the day of a step bears return from
    that day on. What is compounded is what was unpaid on the anniversary of the first step; a payment pays that first.
    """
    known = sorted((one for one in steps if one.on <= through), key=lambda one: one.on)
    if not known or not terms.rate:
        return ZERO
    capital = unpaid = base = Decimal(0)
    day = known[0].on
    for on in _days(terms, known, through):
        unpaid += (capital + base) * terms.rate * years(day, on, terms.days)
        if on in _anniversaries(terms, known[0].on, through):
            base = unpaid
        for one in known:
            if one.on == on:
                capital += one.capital.amount
                unpaid -= one.paid.amount
                base = max(base - one.paid.amount, Decimal(0))
        day = on
    return max(Money.rounded(unpaid), ZERO)


def _days(terms: Terms, known: Sequence[Step], through: date) -> list[date]:
    """The days on which something changes, in order, and the last one."""
    return sorted({one.on for one in known} | _anniversaries(terms, known[0].on, through) | {through})


def _anniversaries(terms: Terms, first: date, through: date) -> set[date]:
    found: set[date] = set()
    step = terms.compounding.months
    count = step
    while step and (day := months_after(first, count)) <= through:
        found.add(day)
        count += step
    return found


def months_after(day: date, months: int) -> date:
    """The day so many months later; the last of the month where it has no such day."""
    month = Month.of(day).plus(months)
    return month.first.replace(day=min(day.day, month.last.day))


def whole_months(begun: date, on: date) -> int:
    """How many months of a begun day are full on another day; never below zero."""
    count = (on.year - begun.year) * 12 + on.month - begun.month
    return max(count - (months_after(begun, count) > on), 0)


def years(starts_on: date, ends_on: date, count: DayCount) -> Decimal:
    """The part of a year between two days by a day count."""
    if count is DayCount.THIRTY_360:
        return Decimal(thirty_360(starts_on, ends_on)) / 360
    return Decimal((ends_on - starts_on).days) / (365 if count is DayCount.ACTUAL_365 else 360)
