"""What a month's fee has come to by a day, before it is settled: for whoever closes accounts within a month."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from openmso.agreements.fees import writing
from openmso.agreements.queries import agreements
from openmso.kit.money import Money
from openmso.kit.periods import DayRange, Month
from openmso.settlement import parts
from openmso.settlement.queries import reckoning, truing

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

    Amounts for the month are cut down as the terms cut a part of a month; the last month carries the true-up of its
    period through that day. Raises `BadTerms` where the terms need a
    figure that the books do not know.
    """
    if through < month.first:
        return None
    held = agreements.versions_in(practice, truing.year_of(month, until=through + timedelta(days=1)))
    now = parts.parts_in(held, month)
    if not now:
        return None
    found = reckoning.quoted(reckoning.figures({practice: now}, month, at=at)[practice], month)
    quote = reckoning.whole(found, truing.due(practice, month, found, at=at, held=held, ahead=True))
    return Accrued(month, quote.days, quote.amount, writing.said_of(quote))
