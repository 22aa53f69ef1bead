"""What a payer says of the therapy of a year: Medicare tells it for physical and speech therapy together, and OT."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from openmso.eligibility.rules.told import Told

DISCIPLINES = {"AD": "OT", "AE": "PT-SLP", "AF": "PT-SLP"}
"""Service types (EB03) by the threshold that they count against; AE stands for physical and speech together."""
USED, LEFT = "24", "29"
"""EB06: year to date, remaining."""


@dataclass(frozen=True, slots=True)
class Therapy:
    """Dollars of a discipline, used of the year or left of its threshold."""

    discipline: str
    amount: Decimal
    is_left: bool

    def used(self, threshold: Decimal) -> Decimal:
        """What is used of a threshold."""
        return max(threshold - self.amount, Decimal(0)) if self.is_left else self.amount


def of(told: Iterable[Told]) -> list[Therapy]:
    """What the benefits of an answer say of therapy; an amount of which nothing says whether it is used is none.

    The period (EB06) says it, or the payer's words (MSG): Medicare writes that an amount is used.
    """
    found = []
    for one in told:
        words = one.message.upper()
        is_used, is_left = one.period == USED or "USED" in words, one.period == LEFT or "REMAIN" in words
        if one.amount is None or is_used is is_left:
            continue
        kinds = dict.fromkeys(DISCIPLINES[code] for code in one.services if code in DISCIPLINES)
        found += [Therapy(kind, one.amount, is_left) for kind in kinds]
    return found
