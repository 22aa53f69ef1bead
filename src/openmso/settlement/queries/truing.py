"""Which periods the fee of a month trues up: the one that its invoice completes, from the figures of all its days.

The invoice that completes a calendar quarter, half-year or year carries its true-up: usually that of its last month, or
of the last one in which a fee holds. A month that is withdrawn and settled anew completes its period again, so that the
invoices together always come to the fee of the whole. Months before the first that was ever settled here are left out.

Money is read anew from the books; what was counted stays as it was invoiced (what came late is in the next month), and
so does what was given back. Credit memos after disputes stay given back: they are no part of what was charged.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from openmso.agreements.contracts import Version
from openmso.agreements.fees import charging, quoting, whole
from openmso.agreements.fees.inputs import Inputs
from openmso.agreements.fees.terms import Per
from openmso.agreements.fees.whole import Dated
from openmso.agreements.queries import agreements
from openmso.kit.money import Money
from openmso.kit.periods import DayRange, Month
from openmso.settlement import parts
from openmso.settlement.contracts.parts import Charge, MonthOf, Part, Run, TrueUp
from openmso.settlement.models import FeeComputation, Settlement
from openmso.settlement.queries import metering, proof, reckoning
from openmso.settlement.queries.bases import LATE_ITEMS, Asked, of_month
from openmso.settlement.queries.reckoning import Reckoned
from openmso.settlement.states import S

PERIODS = (Per.QUARTER, Per.HALF_YEAR, Per.YEAR)
"""By what a fee that is invoiced by the month can be trued up."""
Held = Sequence[tuple[Version, DayRange]]


def year_of(month: Month, *, until: date | None = None) -> DayRange:
    """The days of the calendar year of a month, or those of it before a day: all that a true-up can look at."""
    ends_on = Month(month.year + 1, 1).first
    return DayRange(Month(month.year, 1).first, ends_on if until is None else min(until, ends_on))


def due(
    practice: int, month: Month, found: Sequence[Reckoned], *, at: datetime, held: Held | None = None,
    ahead: bool = False,
) -> list[TrueUp]:  # fmt: skip
    """The periods that the fee of a month trues up; `held` are the versions of the year, `found` the month's parts.

    Told `ahead`, months before it that are not settled yet count with what they come to.
    """
    versions = agreements.versions_in(practice, year_of(month)) if held is None else held
    asked = periods_of(versions)
    made = (_of_period(practice, month, per, found, versions, at, ahead=ahead) for per in PERIODS if per in asked)
    return [one for one in made if one is not None]


def periods_of(held: Held) -> set[Per]:
    """By which periods of more than a month some versions are trued up."""
    said = {version.terms.fee.true_up for version, _ in held if version.terms.fee is not None}
    return {per for per in PERIODS if per in said}


def _of_period(
    practice: int, month: Month, per: Per, found: Sequence[Reckoned], held: Held, at: datetime, *, ahead: bool
) -> TrueUp | None:  # fmt: skip
    months = parts.period_of(month, per)
    by_month = {one: parts.parts_in(held, one) for one in months}
    if not any(part.terms.true_up is per for some in by_month.values() for part in some):
        return None
    rows = Settlement.objects.filter(practice_id=practice, month__range=(months[0].first, months[-1].first))
    settled = {Month.of(row.month): row for row in rows.exclude(state=S.WITHDRAWN).select_related("fee")}
    settled.pop(month, None)
    first = Settlement.objects.filter(practice_id=practice).order_by("month").values_list("month", flat=True).first()
    counted = [one for one in months if by_month[one] and (one == month or first is None or one.first >= first)]
    missing = [one for one in counted if one != month and one not in settled]
    if counted in ([], [month]) or any(one > month or not ahead for one in missing):
        return None
    others = {one: reckoning.quoted(reckoning.figures({practice: by_month[one]}, one, at=at)[practice], one)
              for one in missing}  # fmt: skip
    reckoned = {one.part.days: one for some in (found, *others.values()) for one in some}
    runs = parts.runs_of([part for one in counted for part in by_month[one]], per)
    if not runs:
        return None
    days = [DayRange(run[0].days.starts_on, run[-1].days.ends_on) for run in runs]
    charged = [
        _invoiced(settled[one], per, days) if one in settled else _told(reckoned, by_month[one], one, days)
        for one in counted
    ]  # fmt: skip
    return TrueUp(
        per, DayRange(days[0].starts_on, days[-1].ends_on),
        tuple(Run(run[-1].terms, tuple(_month(practice, part, reckoned, settled, at) for part in run)) for run in runs),
        tuple(charged),
    )  # fmt: skip


def _month(
    practice: int, part: Part, reckoned: Mapping[DayRange, Reckoned], settled: Mapping[Month, Settlement], at: datetime
) -> MonthOf:  # fmt: skip
    """A part as it counts towards its period."""
    month = Month.of(part.days.starts_on)
    if one := reckoned.get(part.days):
        return MonthOf(
            Dated(month.range, one.quote.days, one.quote.inputs, whole.credits_of(one.quote)), one.given.opens
        )
    row = settled[month]
    names = [name for name in quoting.figures_of(part.terms) if not _counted(name)]
    asked = Asked(practice, part.version.terms.practice.entity, part.days, names)
    (read,) = of_month([asked], month, at=at)
    if read.waits:
        raise reckoning.FigureWaits(read.waits)
    kept, credits = _kept(row.fee, part, month)
    figures = {name: value for name, value in read.figures.items() if name in names}
    for name in quoting.figures_of(part.terms):
        if name in kept and _counted(name):
            figures[name] = kept[name]
        elif (meter := next(iter(metering.named([name])), None)) is not None:
            figures[name] = metering.counted(meter, practice, part.days)
    return MonthOf(Dated(month.range, part.days, Inputs.of(figures), credits), read.opens)


def _counted(name: str) -> bool:
    """Whether a figure counts records or promises, and so stays as it was invoiced."""
    return bool(metering.named([name])) or name == LATE_ITEMS or charging.level_of(name) is not None


def _kept(fee: FeeComputation, part: Part, month: Month) -> tuple[Mapping[str, Any], Money]:
    """The figures that a part was invoiced from, and what was given back in it."""
    for (_, days), given, quote in zip(
        proof.held(fee), proof.inputs(fee), proof.quotes(fee, month), strict=True
    ):  # fmt: skip
        if days == part.days:
            return given, whole.credits_of(quote)
    return {}, Money.total(())


def _invoiced(row: Settlement, per: Per, days: Sequence[DayRange]) -> Charge:
    """What a standing invoice charged for days of a period, with what it trued up of it."""
    added = [parts.trued_up(one)[1] for one in proof.true_ups(row.fee) if one.per is per]
    own = [
        quote.amount for (_, held), quote in zip(
            proof.held(row.fee), proof.quotes(row.fee, Month.of(row.month)), strict=True
        )
        if any(held.meets(some) for some in days)
    ]  # fmt: skip
    return Charge(Month.of(row.month), Money.total([*own, *added]), row.public_id, row.invoice)


def _told(
    reckoned: Mapping[DayRange, Reckoned], held: Sequence[Part], month: Month, days: Sequence[DayRange]
) -> Charge:  # fmt: skip
    """What a month that is not invoiced yet comes to for days of a period."""
    mine = [part for part in held if any(part.days.meets(some) for some in days)]
    return Charge(month, Money.total(reckoned[part.days].quote.amount for part in mine))


def periods_that_differ(practice: int) -> Iterator[str]:
    """The periods whose standing invoices do not come to the fee of the whole, as it was settled last.

    Where a month of one is withdrawn and not settled anew yet, it is not asked.
    """
    rows = Settlement.objects.filter(practice_id=practice).exclude(state=S.WITHDRAWN).select_related("fee")
    by_month = {Month.of(row.month): row for row in rows}
    in_order = sorted(by_month.values(), key=lambda row: (row.fee.computed_at, row.pk))
    latest = {(one.per, one.days.starts_on): one for row in in_order for one in proof.true_ups(row.fee)}
    for one in latest.values():
        if any(charge.month not in by_month for charge in one.charged):
            continue
        days = [DayRange(run.months[0].dated.days.starts_on, run.months[-1].dated.days.ends_on) for run in one.runs]
        invoiced = Money.total(_invoiced(by_month[charge.month], one.per, days).amount for charge in one.charged)
        whole_fee = Money.total(charge.amount for charge in one.charged) + parts.trued_up(one)[1]
        if invoiced != whole_fee:
            yield f"{parts.period_words(one.days)}: {invoiced} instead of {whole_fee}"


def periods_kept(practice: int) -> int:
    """How many invoices of a practice carry a true-up."""
    rows = Settlement.objects.filter(practice_id=practice).exclude(state=S.WITHDRAWN)
    return rows.exclude(fee__true_ups=[]).count()
