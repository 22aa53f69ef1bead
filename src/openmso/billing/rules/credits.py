"""The clock of overpayments of Medicare and Medicaid (42 CFR 401.305 as it reads since 1 January 2025).

An overpayment is reported and returned within 60 days after it was identified. While a timely good-faith investigation
looks for related overpayments the deadline is suspended: until the investigation is over, but 180 days at most.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from openmso.kit.money import ZERO, Money

RETURN_WITHIN = timedelta(days=60)
SUSPENDED_MAX = timedelta(days=180)


@dataclass(frozen=True, slots=True)
class Clock:
    """When an overpayment was identified, and when its investigation began and ended."""

    identified_on: date
    began_on: date | None = None
    ended_on: date | None = None

    def due_on(self, on: date) -> date:
        """The last day to return it, as known on a day: an investigation that goes on moves it day by day."""
        if self.began_on is None:
            return self.identified_on + RETURN_WITHIN
        until = min(self.ended_on or max(on, self.began_on), self.began_on + SUSPENDED_MAX)
        return self.identified_on + RETURN_WITHIN + (until - self.began_on)

    def latest(self) -> date:
        """The last day to return it if an investigation takes as long as it may."""
        return self.due_on((self.began_on or self.identified_on) + SUSPENDED_MAX)


def too_much(charged: Money, decisions: Iterable[tuple[Money, Money]]) -> Money:
    """What was paid too much on a claim, by its decisions in order: what each paid, and all that it decided.

    Nothing, while no more is decided than was charged. A decision that goes beyond the charge pays too much as far as
    it goes beyond: the same decision taken twice pays its whole amount too much, and what it adjusts a second time is
    nobody's money.
    """
    stands, over = ZERO, ZERO
    for paid, whole in decisions:
        beyond = min(max(stands + whole - charged, ZERO), max(whole, ZERO))
        over += max(min(paid, beyond), ZERO) if paid > ZERO else max(paid, -over)
        stands += whole
    return min(over, max(stands - charged, ZERO))
