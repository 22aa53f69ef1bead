"""Whether fees are what their terms and inputs give: each kept fee is computed again, step by step."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from openmso.agreements.fees import quoting
from openmso.agreements.fees.inputs import Inputs
from openmso.agreements.fees.quote import Quote
from openmso.agreements.fees.reading import terms_of
from openmso.agreements.fees.terms import FeeTerms, Per
from openmso.agreements.fees.whole import Dated
from openmso.kit.money import Money
from openmso.kit.periods import DayRange, Month
from openmso.settlement import parts
from openmso.settlement.contracts.parts import Charge, MonthOf, Run, TrueUp, days_of
from openmso.settlement.models import FeeComputation, Settlement


def fees_kept(practice: int) -> int:
    """How many fees are kept of a practice, withdrawn ones among them."""
    return Settlement.objects.filter(practice_id=practice).count()


def fees_that_differ(practice: int) -> Iterator[str]:
    """The invoices of which the stored terms and inputs give another fee, or another step, than was kept."""
    for row in Settlement.objects.filter(practice_id=practice).select_related("fee").order_by("month", "pk"):
        kept = row.fee
        again = parts.together(list(quotes(kept, Month.of(row.month))), true_ups(kept))
        steps = [str(step.effect) for step in again.steps]
        if again.amount != Money.of(kept.amount) or steps != [step["effect"] for step in kept.steps]:
            yield f"{row.invoice}: {again.amount} instead of {Money.of(kept.amount)}"


def quotes(kept: FeeComputation, month: Month) -> Iterator[Quote]:
    """The quotes that a kept fee is made of, computed again from its terms and inputs: one for each of its parts."""
    for (terms, days), given in zip(held(kept), inputs(kept), strict=True):
        yield quoting.quote(terms=terms, period=month.range, inputs=Inputs.of(given), in_force=days)


def held(kept: FeeComputation) -> Iterator[tuple[FeeTerms, DayRange]]:
    """The terms of each part of a kept fee, with its days."""
    if not kept.parts:
        yield terms_of(kept.terms), DayRange(kept.starts_on, kept.ends_on)
    for one in kept.parts:
        yield terms_of(one["terms"]), days_of(one)


def inputs(kept: FeeComputation) -> list[dict[str, Any]]:
    """The figures of each part of a kept fee, by name."""
    return [one["inputs"] for one in kept.parts] or [kept.inputs]


def true_ups(kept: FeeComputation) -> list[TrueUp]:
    """The periods that a kept fee trues up, as they were when it was computed."""
    return [
        TrueUp(
            Per(one["per"]), days_of(one), tuple(_run(run) for run in one["runs"]),
            tuple(
                Charge(Month.parse(each["month"]), Money.of(each["amount"]), each["settlement"], each["invoice"])
                for each in one["charged"]
            ),
        )
        for one in kept.true_ups
    ]  # fmt: skip


def _run(run: dict[str, Any]) -> Run:
    return Run(
        terms_of(run["terms"]),
        tuple(
            MonthOf(
                Dated(
                    Month.parse(one["month"]).range, days_of(one), Inputs.of(one["inputs"]), Money.of(one["credits"])
                ),
                one["opens"],
            )
            for one in run["months"]
        ),
    )
