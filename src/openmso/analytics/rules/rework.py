"""What working denied and corrected claims cost: touches by people, by what an hour of their function costs. Pure.

A touch is something that a person did about an item of work (took it, put it off, wrote about it, worked on it, ended
it). How long one takes, and what an hour costs, is said by a person with a source and a first day; before that day, or
until somebody has said it, nothing is told.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from openmso.analytics.contracts import Function, HourCost
from openmso.analytics.rules.measures import Key
from openmso.analytics.rules.occurrences import Occurrence, Of

KINDS: Mapping[str, Function] = {
    "denials.first_touch": Function.DENIALS, "denials.approve": Function.DENIALS,
    "underpayments.for_denials": Function.DENIALS, "claims.held": Function.CLAIMS, "claims.rejected": Function.CLAIMS,
}  # fmt: skip
"""Kinds of work that are about denied and corrected claims, and whose work it is."""


@dataclass(frozen=True, slots=True)
class Worked:
    """A denial: its public id, payer, clinician, and the claim that was sent in place of the denied one, if any."""

    denial: str
    payer: int | None
    clinician: int | None
    resent: str = ""


Touch = tuple[str, str, date]
"""Kind of work, what it is about, and the day."""


def cost_on(costs: Iterable[HourCost], function: Function, on: date) -> HourCost | None:
    """What holds on a day: the cost that began last, and of those the one that was entered last."""
    begun = [one for one in costs if one.function is function and one.starts_on <= on]
    return max(begun, key=lambda one: (one.starts_on, one.number), default=None)


def of_rework(denials: Iterable[Worked], touches: Iterable[Touch], costs: Sequence[HourCost]) -> Iterator[Occurrence]:
    """Each denial that was worked while a cost is known, on the day of its first touch, with all of its touches."""
    by_subject: dict[str, list[Touch]] = defaultdict(list)
    for touch in touches:
        by_subject[touch[1]].append(touch)
    for one in denials:
        mine = [*by_subject.get(one.denial, ()), *(by_subject.get(one.resent, ()) if one.resent else ())]
        known = [(on, cost) for kind, _, on in mine if (cost := cost_on(costs, KINDS[kind], on)) is not None]
        if known:
            amount = sum((cost.touch.amount for _, cost in known), Decimal(0))
            first, key = min(on for on, _ in known), Key(one.payer, one.clinician)
            yield Occurrence(Of.REWORK, first, key, one.denial, len(known), 1, amount)
