"""A month by the terms that held in it: each part on its own days, and how a figure of one is called."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from openmso.agreements.contracts import Version
from openmso.agreements.fees.terms import FeeTerms, Per
from openmso.agreements.fees.whole import Dated
from openmso.kit.money import Money
from openmso.kit.periods import DayRange, Month

AT = "@"
"""What parts the name of a figure from the number of the part it is of: `net_collections@2`."""

INVOICE = "invoice:"
"""What the use of a step starts with that opens to a settlement; its public id follows."""


@dataclass(frozen=True, slots=True)
class Part:
    """Days of a month on which one fee holds: the version that says so last, the days, the fee as it is charged."""

    version: Version
    days: DayRange
    terms: FeeTerms


@dataclass(frozen=True, slots=True)
class MonthOf:
    """A month of a period that is trued up: its days and figures, and the selections that the figures open to."""

    dated: Dated
    opens: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Run:
    """Days of a period on which the same fee holds without a gap, month by month."""

    terms: FeeTerms
    months: tuple[MonthOf, ...]


@dataclass(frozen=True, slots=True)
class Charge:
    """What a month was charged for the days of a period; `settlement` is empty where it is not invoiced yet."""

    month: Month
    amount: Money
    settlement: str = ""
    invoice: str = ""


@dataclass(frozen=True, slots=True)
class TrueUp:
    """A period that is settled on its own figures: the runs of terms in it, and what its months were charged."""

    per: Per
    days: DayRange
    runs: tuple[Run, ...]
    charged: tuple[Charge, ...]


def days_of(kept: Mapping[str, Any]) -> DayRange:
    """The days of a part as they are kept with a fee."""
    return DayRange(*(date.fromisoformat(kept[key]) for key in ("starts_on", "ends_on")))


def addressed(name: str, part: int) -> str:
    """The name of a figure of a part; of a month that has one part alone it is the name itself (`part` is 0)."""
    return f"{name}{AT}{part}" if part else name


def parted(name: str) -> tuple[str, int]:
    """The name of a figure and the number of its part, from how it is addressed."""
    own, _, part = name.partition(AT)
    return own, int(part) if part.isdecimal() else 0
