"""What practices owe of their invoices, by days past due."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from openmso.kit.money import Money


@dataclass(frozen=True, slots=True)
class Age:
    """A bucket of an ageing: from so many days past due, through so many; without an end where there is none."""

    key: str
    words: str
    starts: int | None
    ends: int | None

    def days(self, on: date) -> tuple[date | None, date | None]:
        """The first and the last due day that are of this age on a day."""
        first = None if self.ends is None else on - timedelta(days=self.ends)
        return first, None if self.starts is None else on - timedelta(days=self.starts)


AGES = (
    Age("not_due", "Not due yet", None, 0),
    Age("to_30", "1 to 30 days", 1, 30),
    Age("to_60", "31 to 60 days", 31, 60),
    Age("to_90", "61 to 90 days", 61, 90),
    Age("over_90", "Over 90 days", 91, None),
)
"""What falls due on the day itself is not late."""


@dataclass(frozen=True, slots=True)
class Aged:
    """What one practice is to pay of its invoices, by age; what is `disputed` is held, and of no age."""

    practice: int
    code: str
    practice_name: str
    invoices: int
    oldest_due_on: date | None
    not_due: Money
    to_30: Money
    to_60: Money
    to_90: Money
    over_90: Money
    disputed: Money

    @property
    def due(self) -> Money:
        """All ages together."""
        return Money.total(getattr(self, age.key) for age in AGES)
