"""What the fee of a month comes to, part by part, from the books as they stand: for whoever settles, asks or closes."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from openmso.agreements.fees import charging, quoting
from openmso.agreements.fees.inputs import Inputs
from openmso.agreements.fees.quote import Quote
from openmso.kit.errors import Refused
from openmso.kit.periods import Month
from openmso.settlement import parts
from openmso.settlement.contracts.figures import Waiting
from openmso.settlement.contracts.parts import Part, TrueUp
from openmso.settlement.queries.bases import Asked, Given, of_month


@dataclass(frozen=True, slots=True)
class Reckoned:
    """A part with the figures of its days and what it comes to under its terms."""

    part: Part
    given: Given
    quote: Quote


class OutsideScope(Refused):
    """A line of the invoice is for what the agreement does not put in scope in its month."""

    code = "outside_scope"


class FigureWaits(Refused):
    """The fee of a month needs figures that nobody entered or confirmed; `waits` are all of them."""

    code = "figure_waits"

    def __init__(self, waits: Sequence[Waiting]) -> None:
        super().__init__(" ".join(one.sentence for one in waits), fix=waits[0].fix)
        self.waits = tuple(waits)


def figures(
    held: Mapping[int, Sequence[Part]], month: Month, *, at: datetime, evidence: bool = False,
    more: Collection[str] = (),
) -> dict[int, list[tuple[Part, Given]]]:  # fmt: skip
    """The figures of every part of a month, by practice: those its terms name, those of all terms, and `more`."""
    asked: list[Asked] = []
    for practice, some in held.items():
        counted: set[str] = set()
        for one in some:
            names = {*quoting.figures_of(one.terms), *more}
            asked.append(Asked(practice, one.version.terms.practice.entity, one.days, names, frozenset(counted)))
            counted |= names
    given = iter(of_month(asked, month, at=at, evidence=evidence))
    return {practice: [(one, next(given)) for one in some] for practice, some in held.items()}


def quoted(found: Sequence[tuple[Part, Given]], month: Month) -> list[Reckoned]:
    """What each part comes to.

    Raises `OutsideScope`, `FigureWaits` where people have to enter or confirm a figure first, and `BadTerms`.
    """
    for part, _ in found:
        refuse_outside(part, month)
    if waits := list(dict.fromkeys(each for _, given in found for each in given.waits)):
        raise FigureWaits(waits)
    return [
        Reckoned(part, given, quoting.quote(
            terms=part.terms, period=month.range, inputs=Inputs.of(given.figures), in_force=part.days
        ))
        for part, given in found
    ]  # fmt: skip


def refuse_outside(part: Part, month: Month) -> None:
    """Every line of an invoice is for what its agreement puts in scope in the month."""
    for fault in charging.outside(part.terms, part.version.terms, month):
        raise OutsideScope(fault.sentence, field=fault.field, fix=fault.fix)


def whole(found: Sequence[Reckoned], true_ups: Sequence[TrueUp] = ()) -> Quote:
    """The fee of the month: all parts together, and the periods that it trues up."""
    return parts.together([one.quote for one in found], true_ups)
