"""The demo's scope matrices where they are not the usual ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from openmso.agreements.tasks.contracts import Task, TaskLevel, Volume, VolumeBand, Who
from openmso.kit.money import Money
from openmso.kit.periods import DayRange

WHERE, BY_THE_PIECE = "ROCK", "STILL"
TAKEN_OVER = date(2026, 12, 1)
"""From when the MSO brings offers of vendors, which the practice does itself before."""


def of(code: str, usual: Sequence[Task]) -> list[Task] | None:
    """The scope matrix of a practice where it is not the usual one."""
    if code == WHERE:
        return [made for one in usual for made in _managed(one)]
    if code == BY_THE_PIECE:
        return [_by_the_piece(one) for one in usual]
    return None


def _managed(one: Task) -> list[Task]:
    if one.code == "patients.agency":
        return [replace(one, does=Who.OUTSIDE, outside="Pine Tree Collections")]
    if one.code == "purchasing.order":
        return [replace(one, volume=Volume((VolumeBand(1, 40),)))]
    if one.code == "purchasing.vendors":
        before = replace(one, does=Who.PRACTICE, days=DayRange(one.days.starts_on, TAKEN_OVER))
        return [before, replace(one, days=DayRange(TAKEN_OVER, one.days.ends_on))]
    return [one]


def _by_the_piece(one: Task) -> Task:
    if one.code == "billing.send":
        return replace(one, volume=Volume((VolumeBand(1, 120), VolumeBand(121, 160, Money.of("5.90"))),
                                          Money.of("5.20")))  # fmt: skip
    if one.code == "billing.scrub":
        return replace(one, level=TaskLevel("claims.rejected", Decimal(90), Decimal("0.01")))
    return one
