"""Questions about other terms: what the months of a practice would have cost under them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from openmso.agreements.fees import quoting, sentences, whole
from openmso.agreements.fees.categories import OF_PAYERS
from openmso.agreements.fees.inputs import Inputs
from openmso.agreements.fees.reading import terms_of
from openmso.agreements.fees.terms import BaseTerm, Component, FeeTerms, LesserOf, Percent, Residual, Tiers
from openmso.agreements.queries import agreements
from openmso.kit.clock import day_in
from openmso.kit.errors import Refused
from openmso.kit.money import Money
from openmso.kit.periods import DayRange, Month
from openmso.platform.tenancy.models import Tenant
from openmso.settlement import comparing, parts, queries
from openmso.settlement.comparing import Figures
from openmso.settlement.contracts import Agreed, Restatement
from openmso.settlement.models import Settlement
from openmso.settlement.queries import formulas, metering, proof, reckoning, truing
from openmso.settlement.states import S

MONTHS = 12
"""How many months are restated where nobody says otherwise."""
MONTHS_MAX = 36
CENT = Decimal("0.01")


class CannotRestate(Refused):
    """There is nothing to restate, or a figure was given that the books know themselves."""

    code = "cannot_restate"


def restate(
    *, practice: int, terms: FeeTerms, at: datetime, months: int = MONTHS, figures: Figures | None = None
) -> Restatement:
    """The last months of a practice, over at a moment, as agreed and under other terms.

    A settled month is computed from the terms and figures that its invoice was computed from; one that is not settled
    from the books as they stand. `figures` gives what the books do not know. Raises `FiguresMissing` with the names of
    all that is missing, `CannotRestate`, and `BadTerms`.
    """
    tenant, given = Tenant.objects.get(pk=practice), figures or {}
    if known := [name for name in given if queries.knows(name)]:
        raise CannotRestate(
            f"The books know {sentences.listed(map(_named, known))} themselves.", field="figures", fix="Leave it out."
        )
    ends = Month.of(day_in(tenant.zone, at))
    wanted = [ends.plus(-back) for back in range(months, 0, -1)]
    held = agreements.versions_in(practice, DayRange(wanted[0].first, ends.first))
    asked = quoting.figures_of(terms)
    found = list(_agreed(practice, wanted, held, asked, at))
    if not found:
        raise CannotRestate(
            f"No agreement with a fee was in force from {wanted[0].words} to {wanted[-1].words}.", field="months",
            fix="Ask about months in which one was.",
        )  # fmt: skip
    within = {one.month for one in found}
    return Restatement(
        practice=practice,
        practice_name=tenant.name,
        agreement=held[-1][0].agreement,
        terms=terms,
        months=comparing.restated(found, terms, given),
        left_out=tuple(month for month in wanted if month not in within),
        break_even=comparing.break_even(found, terms, given),
        notes=tuple(_notes(terms, found)),
    )


def as_flat(practice: int, *, at: datetime, months: int = MONTHS) -> FeeTerms | None:
    """The flat fee a month that comes to the mean of the last settled months; none where none is settled.

    Where a rule of law wants another kind than a percentage, it is the first to look at; fair market value is still to
    be opined on.
    """
    ends = Month.of(day_in(Tenant.objects.get(pk=practice).zone, at))
    fees = [fee for _, month, fee in queries.fees_of(practice) if ends.plus(-months) <= month < ends]
    if not fees:
        return None
    mean = (Money.total(fees).amount / len(fees)).quantize(CENT, ROUND_HALF_UP)
    return terms_of({"period": "month", "components": [{"kind": "flat", "amount": str(mean), "per": "month"}]})


def _agreed(
    practice: int, wanted: Sequence[Month], held: Sequence[tuple[Any, DayRange]], asked: Sequence[str], at: datetime
) -> Iterator[Agreed]:
    """The months in which a fee was agreed, oldest first; all that are settled by one question."""
    rows = (
        Settlement.objects.filter(practice_id=practice, month__range=(wanted[0].first, wanted[-1].first))
        .exclude(state=S.WITHDRAWN)
        .select_related("fee")
    )
    settled = {Month.of(row.month): row for row in rows}
    for month in wanted:
        if row := settled.get(month):
            kept = zip(proof.held(row.fee), proof.inputs(row.fee), strict=True)
            own = [(terms, days, _filled(row, month, days, given, asked)) for (terms, days), given in kept]
            yield replace(_of_parts(month, row.public_id, own), true_ups=tuple(proof.true_ups(row.fee)))
        elif found := parts.parts_in(held, month):
            read = reckoning.figures({practice: found}, month, at=at, more=asked)[practice]
            if waits := [each for _, given in read for each in given.waits]:
                raise reckoning.FigureWaits(waits)
            agreed = _of_parts(month, "", [(part.terms, part.days, given.figures) for part, given in read])
            if truing.periods_of(held):
                due = truing.due(practice, month, reckoning.quoted(read, month), at=at, ahead=True)
                agreed = replace(agreed, true_ups=tuple(due))
            yield agreed


def _filled(
    row: Settlement, month: Month, days: DayRange, kept: Mapping[str, Any], asked: Sequence[str]
) -> dict[str, Any]:
    """The figures that an invoice was computed from, and those that other terms ask for and books and records tell."""
    given, missing = dict(kept), [name for name in asked if name not in kept]
    within = days.meets(month.range) or month.range
    given |= queries.promised_figures(row.practice_id, month, missing, at=row.issued_at)
    given |= formulas.of_days([(row.practice_entity_id, missing)], within)[row.practice_entity_id][0]
    for meter in metering.named(missing):
        given[meter.count] = str(metering.counted(meter, row.practice_id, days))
    return given


def _of_parts(
    month: Month, settlement: str, held: Sequence[tuple[FeeTerms, DayRange, Mapping[str, Any]]]
) -> Agreed:  # fmt: skip
    made = tuple(Agreed(month, days, terms, given, settlement) for terms, days, given in held)
    if len(made) == 1:
        return made[0]
    days = DayRange(made[0].days.starts_on, made[-1].days.ends_on)
    every = whole.summed([(Inputs.of(one.given), one.days) for one in made]).as_json()
    return Agreed(month, days, made[-1].terms, every, settlement, made)


def _notes(terms: FeeTerms, months: Sequence[Agreed]) -> Iterator[str]:
    """What a reader of the comparison has to know."""
    if unsettled := [one.month.words for one in months if not one.settlement]:
        yield f"Not settled yet, so from the books as they stand: {sentences.listed(unsettled)}."
    if unknown := [name for name in dict.fromkeys(_categories(terms.components)) if name not in OF_PAYERS]:
        said = sentences.listed(sentences.name(name, terms.words) for name in unknown)
        yield f"The books know net collections by kind of payer, not by {said}: nothing is counted as that."
    if terms.true_up in truing.PERIODS:
        said = terms.true_up.value.replace("_", " ")
        yield f"The true-up by the {said} stands in the last month of each {said} that is whole in these months."


def _categories(components: Iterable[Component]) -> Iterator[str]:
    """The categories of net collections that a fee counts or leaves out."""
    for one in components:
        if isinstance(one, LesserOf):
            yield from _categories(one.of)
        elif isinstance(one, Percent | Residual | Tiers):
            for term in one.of.terms:
                yield from _of_collections(term)


def _of_collections(term: BaseTerm) -> tuple[str, ...]:
    return (*term.include, *term.exclude) if term.name == "net_collections" else ()


def _named(name: str) -> str:
    return sentences.name(name, {})
