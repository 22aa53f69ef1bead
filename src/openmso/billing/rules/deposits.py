"""Which payments go to the bank together, and which bank line carries them: plain values in, pairs out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from openmso.billing.states import Bag, Method

BAGS: Mapping[Method, Bag] = {
    Method.CASH: Bag.DESK, Method.CHECK: Bag.DESK, Method.CARD: Bag.CARD, Method.ONLINE: Bag.ONLINE,
    Method.AGENCY: Bag.AGENCY,
}  # fmt: skip
"""How patients' money goes to the bank."""
DAYS_MAX = 10
"""A bag is carried to the bank within a week and a weekend; a batch of cards arrives within days."""


@dataclass(frozen=True, slots=True)
class OnItsWay:
    """A slip whose money is looked for."""

    id: int
    name: str
    entity: int
    taken_on: date
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Arrived:
    """A bank line that nobody has explained."""

    id: int
    entity: int
    posted_on: date
    amount: Decimal
    says: str


def pairs(slips: Iterable[OnItsWay], lines: Iterable[Arrived]) -> list[tuple[int, int, str]]:
    """Slip, line and how it was known: the line names the slip, else cents and days leave nothing else."""
    waiting, free = list(slips), list(lines)
    found = _one_to_one(waiting, free, _named, "number")
    used, taken = {slip for slip, _, _ in found}, {line for _, line, _ in found}
    rest = [one for one in waiting if one.id not in used]
    return found + _one_to_one(rest, [one for one in free if one.id not in taken], fits, "amount")


def fits(slip: OnItsWay, line: Arrived) -> bool:
    """Whether a line can be a slip by its cents and its day."""
    return 0 <= (line.posted_on - slip.taken_on).days <= DAYS_MAX


def _named(slip: OnItsWay, line: Arrived) -> bool:
    return slip.name in line.says.upper()


def _one_to_one(
    slips: Sequence[OnItsWay], lines: Sequence[Arrived], fit: Callable[[OnItsWay, Arrived], bool], how: str
) -> list[tuple[int, int, str]]:
    by_money: defaultdict[tuple[int, Decimal], list[Arrived]] = defaultdict(list)
    for line in lines:
        by_money[line.entity, line.amount].append(line)
    chosen = {one.id: [line.id for line in by_money[one.entity, one.amount] if fit(one, line)] for one in slips}
    suitors: defaultdict[int, int] = defaultdict(int)
    for named in chosen.values():
        for line_id in named:
            suitors[line_id] += 1
    return [(slip, named[0], how) for slip, named in chosen.items() if len(named) == 1 and suitors[named[0]] == 1]
