"""A month in its parts: which fee holds on which of its days, what each comes to, and the month's fee as their sum.

A month in which terms change, an agreement begins or ends, or two agreements stand with a gap between them has several
parts, or one that is not the whole of it. Each is computed by itself: on its own days in force, with the collections
and the records of those days, flat amounts and limits cut as its terms cut a part of a month. Then the parts are added.
What is promised for a month (a level, items touched in time) is judged by the month, and credited on each part whose
terms promise it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal

from openmso.agreements.contracts import Version
from openmso.agreements.fees import charging
from openmso.agreements.fees.inputs import Figure, Inputs
from openmso.agreements.fees.inputs import Part as PartOfFigure
from openmso.agreements.fees.quote import Quote
from openmso.agreements.fees.units import unit_of
from openmso.kit.money import ZERO, Money
from openmso.kit.periods import DayRange, Month
from openmso.ledger.contracts import Selection
from openmso.settlement import rules
from openmso.settlement.contracts.parts import Part

SHARE = Decimal("0.0001")
"""To what the mean of a count that stands is rounded."""


def collected_in(entity: int, days: DayRange) -> Selection:
    """The selection of what was collected on some days, by the days on which the entries stand."""
    assert days.ends_on is not None, "days of a month have an end"
    whole = rules.selections(entity, Month.of(days.starts_on))["collected"]
    return replace(whole, starts_on=days.starts_on, ends_on=days.ends_on)


def parts_in(held: Sequence[tuple[Version, DayRange]], month: Month) -> tuple[Part, ...]:
    """Versions and their days as the parts of a month, in order: each fee on its own days, none on days without one.

    An amendment that leaves the fee as it was makes no new part: the fee goes on, under the later version.
    """
    made: list[Part] = []
    for version, holds in held:
        days, terms = holds.meets(month.range), charging.charged(version.terms, month)
        if days is None or terms is None:
            continue
        if made and made[-1].days.ends_on == days.starts_on and (made[-1].terms, _parties(made[-1])) == (
            terms, _parties(Part(version, days, terms)),
        ):  # fmt: skip
            days = DayRange(made.pop().days.starts_on, days.ends_on)
        made.append(Part(version, days, terms))
    return tuple(made)


def _parties(one: Part) -> tuple[str, int, int]:
    terms = one.version.terms
    return one.version.agreement, terms.mso.entity, terms.practice.entity


def why_not_together(parts: Sequence[Part]) -> str:
    """Why the parts of a month cannot stand on one invoice, in words; empty when they can."""
    parties = {_parties(one)[1:] for one in parts}
    if len(parties) < 2:
        return ""
    return "Agreements of different parties have a fee in this month; an invoice is from one MSO to one legal entity."


def together(quotes: Sequence[Quote]) -> Quote:
    """The fee of a month from the quotes of its parts, in order; of one alone it is that one.

    Steps say whose days they are of, and how far the whole fee is.
    """
    if len(quotes) == 1:
        return quotes[0]
    first, last, before, steps = quotes[0], quotes[-1], ZERO, []
    for one in quotes:
        said = words(one.days)
        steps += [replace(step, label=f"{said}: {step.label}", so_far=before + step.so_far) for step in one.steps]
        before = before + one.amount
    days = DayRange(first.days.starts_on, last.days.ends_on)
    return Quote(
        Money.total(one.amount for one in quotes), first.period, days, last.terms,
        summed([(one.inputs, one.days) for one in quotes]), tuple(steps),
        tuple(aside for one in quotes for aside in one.asides), parts=tuple(quotes),
    )  # fmt: skip


def summed(given: Sequence[tuple[Inputs, DayRange]]) -> Inputs:
    """The figures of several parts as figures of all their days: their sums; what stands, in the mean of the days."""
    if len(given) == 1:
        return given[0][0]
    every = sum(days.days or 0 for _, days in given)
    made: dict[str, dict[frozenset[str], Decimal]] = {}
    for inputs, days in given:
        for name, figure in inputs.figures.items():
            share, sums = Decimal(days.days or 0) if _stands(name) else Decimal(1), made.setdefault(name, {})
            for part in figure.parts:
                sums[part.categories] = sums.get(part.categories, Decimal(0)) + part.amount * share
    return Inputs(
        {name: Figure(name, tuple(PartOfFigure(kind, _mean(amount, every) if _stands(name) else amount)
                                  for kind, amount in sums.items())) for name, sums in made.items()}
    )  # fmt: skip


def _stands(name: str) -> bool:
    unit = unit_of(name)
    return unit is not None and unit.stands


def _mean(amount: Decimal, days: int) -> Decimal:
    mean = (amount / days).quantize(SHARE, ROUND_HALF_UP)
    return mean.quantize(Decimal(1)) if mean == mean.to_integral_value() else mean.normalize()


def words(days: DayRange) -> str:
    """Days of a month as people write them: `1–28 November`, `29 November`."""
    last = (days.ends_on or days.starts_on) - timedelta(days=1)
    return f"{days.starts_on.day}–{last:%-d %B}" if last != days.starts_on else f"{last:%-d %B}"
