"""Months under other terms than those agreed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from openmso.agreements.fees.quote import Quote
from openmso.agreements.fees.terms import FeeTerms
from openmso.kit.money import Money
from openmso.kit.periods import DayRange, Month
from openmso.settlement.contracts.parts import TrueUp


@dataclass(frozen=True, slots=True)
class Agreed:
    """A month as it was agreed: the days of it on which the agreement held, its terms, and the figures of the month.

    `given` are the figures by name, of a settled month those that its invoice was computed from; `settlement` is empty
    where the month is over and not settled. A month in several parts has `parts`, each with its days, terms and
    figures; the month itself then has the last terms and the figures of all. `true_ups` are those it carries.
    """

    month: Month
    days: DayRange
    terms: FeeTerms
    given: Mapping[str, Any]
    settlement: str = ""
    parts: tuple[Agreed, ...] = ()
    true_ups: tuple[TrueUp, ...] = ()


@dataclass(frozen=True, slots=True)
class RestatedMonth:
    """A month's fee as agreed and under other terms, both with every step."""

    month: Month
    settlement: str
    agreed: Quote
    other: Quote

    @property
    def difference(self) -> Money:
        """What the other terms add; below zero what they save the practice."""
        return self.other.amount - self.agreed.amount


@dataclass(frozen=True, slots=True)
class Crossing:
    """Where two fees pass each other: the figure of a month, both fees there, and whether the other is more above."""

    at: Decimal
    agreed: Money
    other: Money
    more_above: bool


@dataclass(frozen=True, slots=True)
class BreakEven:
    """At which figure of a month both fees are equal, looked for from 0 to `until`; `words` say it, or why nowhere.

    `curve` are points of both fees over the figure, for a chart. `base` is empty where no one figure decides.
    """

    words: str
    base: str = ""
    label: str = ""
    is_count: bool = False
    until: Decimal = Decimal(0)
    crossings: tuple[Crossing, ...] = ()
    curve: tuple[tuple[Decimal, Money, Money], ...] = ()


@dataclass(frozen=True, slots=True)
class Restatement:
    """A practice's months under other terms; `left_out` are months in which no agreement with a fee was in force."""

    practice: int
    practice_name: str
    agreement: str
    terms: FeeTerms
    months: tuple[RestatedMonth, ...]
    left_out: tuple[Month, ...]
    break_even: BreakEven
    notes: tuple[str, ...]

    @property
    def agreed(self) -> Money:
        """All months as agreed."""
        return Money.total(one.agreed.amount for one in self.months)

    @property
    def other(self) -> Money:
        """All months under the other terms."""
        return Money.total(one.other.amount for one in self.months)

    @property
    def difference(self) -> Money:
        """What the other terms add to all months."""
        return self.other - self.agreed
