"""Which route is taken: the most specific one in force, and in it the first partner that works."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

TRIES = 4
"""Tries at one partner before the next one of the route is asked."""

PAUSES = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=15))
"""Between the tries at one partner."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a route, as it is stored."""

    payer: int | None
    transaction: str
    practice: int | None
    partner: int
    rank: int
    starts_on: date
    ends_on: date | None = None

    def holds(self, on: date) -> bool:
        """Whether it is in force on a day."""
        return self.starts_on <= on and (self.ends_on is None or on < self.ends_on)


def route(steps: Iterable[Step], *, payer: int | None, transaction: str, practice: int, on: date) -> list[int]:
    """The partners for a file, in order; empty without a route.

    A route of the payer and practice goes before one of the payer, that before one of the practice for all payers,
    that before the network's own.
    """
    fitting = [
        step
        for step in steps
        if step.transaction == transaction
        and step.holds(on)
        and step.payer in {payer, None}
        and step.practice in {practice, None}
    ]
    if not fitting:
        return []
    best = max((step.payer is not None, step.practice is not None) for step in fitting)
    chosen = [step for step in fitting if (step.payer is not None, step.practice is not None) == best]
    return [step.partner for step in sorted(chosen, key=lambda step: step.rank)]


def pick(partners: Sequence[int], *, down: Collection[int], failed: Collection[int] = ()) -> int | None:
    """The first partner that is neither down nor has failed the file; `None` when there is none left."""
    return next((one for one in partners if one not in down and one not in failed), None)


def pause(tries: int, at: datetime) -> datetime:
    """When another try is due, after so many at a partner."""
    return at + PAUSES[min(tries, len(PAUSES)) - 1]
