"""A month in its parts: which fee holds on which of its days, what each comes to, and the month's fee as their sum.

A month in which terms change, an agreement begins or ends, or two agreements stand with a gap between them has several
parts, or one that is not the whole of it. Each is computed by itself: on its own days in force, with the collections
and the records of those days, flat amounts and limits cut as its terms cut a part of a month. Then the parts are added.
What is promised for a month (a level, items touched in time) is judged by the month, and credited on each part whose
terms promise it.

Where terms have a true-up, the invoice that completes a calendar quarter, half-year or year carries the difference
between the fee of all its days, from their own figures, and what its invoices charged.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from openmso.agreements.contracts import Version
from openmso.agreements.fees import charging, whole
from openmso.agreements.fees.quote import Quote, Step, StepKind
from openmso.agreements.fees.terms import FeeTerms, Per
from openmso.kit.money import ZERO, Money
from openmso.kit.periods import DayRange, Month
from openmso.ledger.contracts import Selection
from openmso.settlement import rules
from openmso.settlement.contracts.parts import INVOICE, Part, TrueUp


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
        days = holds.meets(month.range)
        terms = charging.charged(version.terms, month) if days is not None else None
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


def together(quotes: Sequence[Quote], true_ups: Sequence[TrueUp] = ()) -> Quote:
    """The fee of a month from the quotes of its parts, in order, and the periods that it trues up.

    Of one part alone without a true-up it is that quote. Steps of several parts say whose days they are of; all of them
    how far the whole fee is.
    """
    if len(quotes) == 1 and not true_ups:
        return quotes[0]
    first, last, fee, steps = quotes[0], quotes[-1], ZERO, []
    for one in quotes:
        said = f"{words(one.days)}: " if len(quotes) > 1 else ""
        steps += [replace(step, label=f"{said}{step.label}", so_far=fee + step.so_far) for step in one.steps]
        fee = fee + one.amount
    for each in true_ups:
        more, added = trued_up(each)
        steps += [replace(step, so_far=fee + step.so_far) for step in more]
        fee = fee + added
    return Quote(
        fee, first.period, DayRange(first.days.starts_on, last.days.ends_on), last.terms,
        whole.summed([(one.inputs, one.days) for one in quotes]), tuple(steps),
        tuple(aside for one in quotes for aside in one.asides), parts=tuple(quotes) if len(quotes) > 1 else (),
    )  # fmt: skip


def trued_up(one: TrueUp) -> tuple[list[Step], Money]:
    """The steps of a true-up and what it adds: the fee of the whole period, less what its months were charged."""
    steps: list[Step] = []
    due = ZERO
    for run in one.runs:
        quote = whole.quote(terms=run.terms, months=[month.dated for month in run.months])
        said = period_words(quote.days)
        due = due + quote.amount
        steps += [
            replace(step, kind=StepKind.WHOLE, label=f"{said}: {step.label}", effect=ZERO, so_far=ZERO)
            for step in quote.steps
        ]
    of = period_words(one.days)
    steps.append(_figure(StepKind.WHOLE, f"{of}: the fee of these days together", due))
    for charge in one.charged:
        said = f", invoice {charge.invoice}" if charge.invoice else ""
        uses = (f"{INVOICE}{charge.settlement}",) if charge.settlement else ()
        steps.append(_figure(StepKind.CHARGED, f"Charged for {charge.month.words}{said}", charge.amount, uses))
    charged = Money.total(charge.amount for charge in one.charged)
    added = due - charged
    formula = f"{_figures(due)} − {_figures(charged)}" if charged >= ZERO else f"{_figures(due)} + {_figures(-charged)}"
    label = f"True-up by the {one.per.value.replace('_', ' ')}, {of}"
    exact = f"{added.amount.normalize():f}"
    steps.append(Step(StepKind.TRUE_UP, label, formula, exact, added, "exact", added, added))
    return steps, added


def _figure(kind: StepKind, label: str, amount: Money, uses: tuple[str, ...] = ()) -> Step:
    return Step(kind, label, _figures(amount), f"{amount.amount.normalize():f}", amount, "exact", ZERO, ZERO, uses)


def _figures(amount: Money) -> str:
    return f"{'−' if amount < ZERO else ''}{abs(amount).amount:,.2f}"


def period_of(month: Month, per: Per) -> tuple[Month, ...]:
    """The months of the calendar quarter, half-year or year that a month is in."""
    first = Month(month.year, month.number - (month.number - 1) % per.months)
    return tuple(first.plus(number) for number in range(per.months))


def runs_of(held: Sequence[Part], per: Per) -> list[list[Part]]:
    """The parts of a period that are trued up by it, as runs of the same fee of one agreement without a gap."""
    runs: list[list[Part]] = []
    for one in held:
        if one.terms.true_up is not per:
            continue
        if runs and runs[-1][-1].days.ends_on == one.days.starts_on and _same(runs[-1][-1]) == _same(one):
            runs[-1].append(one)
        else:
            runs.append([one])
    return runs


def _same(one: Part) -> tuple[FeeTerms, tuple[str, int, int]]:
    """By what parts are of one run: the fee but for what a month gives back, which stays given back."""
    return replace(one.terms, credits=(), words={}), _parties(one)


def period_words(days: DayRange) -> str:
    """Days of several months as people write them: `16 February – 31 March 2026`."""
    last = (days.ends_on or days.starts_on) - timedelta(days=1)
    return f"{days.starts_on:%-d %B} – {last:%-d %B %Y}"


def words(days: DayRange) -> str:
    """Days of a month as people write them: `1–28 November`, `29 November`."""
    last = (days.ends_on or days.starts_on) - timedelta(days=1)
    return f"{days.starts_on.day}–{last:%-d %B}" if last != days.starts_on else f"{last:%-d %B}"
