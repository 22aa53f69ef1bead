"""What a month's fee has come to by a day, before it is settled: for whoever closes accounts within a month."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from openmso.agreements.fees import charging, quoting, sentences
from openmso.agreements.fees.inputs import Inputs
from openmso.agreements.queries import agreements
from openmso.kit.money import Money
from openmso.kit.periods import DayRange, Month
from openmso.settlement import rules
from openmso.settlement.queries.bases import Asked, of_month

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
    found = rules.agreed_in(agreements.versions_in(practice, month.range), month)
    if found is None:
        return None
    version, held = found
    ends_on = min(day for day in (held.ends_on, through + timedelta(days=1), month.plus(1).first) if day is not None)
    if ends_on <= held.starts_on:
        return None
    days, terms = DayRange(held.starts_on, ends_on), charging.charged(version.terms, month)
    assert terms is not None, "the version was chosen because it names a fee"
    asked = Asked(practice, version.terms.practice.entity, days, quoting.figures_of(terms))
    given = of_month([asked], month, at=at)[practice]
    quote = quoting.quote(terms=terms, period=month.range, inputs=Inputs.of(given.figures), in_force=days)
    return Accrued(month, days, quote.amount, sentences.sentence(terms))
