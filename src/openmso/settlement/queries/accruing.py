"""What a month's fee has come to by a day, before it is settled: for whoever closes accounts within a month."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from openmso.agreements.fees import writing
from openmso.agreements.queries import agreements
from openmso.kit.money import Money
from openmso.kit.periods import DayRange, Month
from openmso.settlement import parts
from openmso.settlement.queries import reckoning

AHEAD = "settlement.ahead"
"""The kind of source that names a month before it is settled: `2026-11 ROCK`."""


@dataclass(frozen=True, slots=True)
class Accrued:
    """A fee as far as it has come: the days of the month that count, the amount, and the terms in words."""

    month: Month
    days: DayRange
    amount: Money
    sentence: str


def accrued(practice: int, month: Month, *, through: date, at: datetime) -> Accrued | None:
    """The fee of a month for its days through one, from the books as they stand; nothing where no fee is in force.

    Amounts for the month are cut down as the terms cut a part of a month. Raises `BadTerms` where the terms need a
    figure that the books do not know.
    """
    until = min(through + timedelta(days=1), month.plus(1).first)
    if until <= month.first:
        return None
    held = parts.parts_in(agreements.versions_in(practice, DayRange(month.first, until)), month)
    if not held:
        return None
    found = reckoning.figures({practice: held}, month, at=at)[practice]
    quote = reckoning.whole(reckoning.quoted(found, month))
    return Accrued(month, quote.days, quote.amount, writing.said_of(quote))
