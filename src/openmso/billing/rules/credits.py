"""The clock of overpayments of Medicare and Medicaid (42 CFR 401.305 as it reads since 1 January 2025).

An overpayment is reported and returned within 60 days after it was identified. While a timely good-faith investigation
looks for related overpayments the deadline is suspended: until the investigation is over, but 180 days at most.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

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
