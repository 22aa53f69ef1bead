"""The MSO's own finances, as far as an agreement promises to show them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from openmso.agreements.contracts import Shown
from openmso.kit.periods import Month


@dataclass(frozen=True, slots=True)
class Reckoned:
    """A figure with its formula; no value where there is nothing to divide by."""

    code: Shown
    value: Decimal | None
    formula: str

    @property
    def words(self) -> str:
        """The figure in words: `1.84 times`, `96 days`, `12,400.00`, `18.2%`."""
        if self.value is None:
            return "–"
        return {
            Shown.LIQUIDITY: f"{self.value:.2f} times", Shown.DAYS_CASH: f"{self.value:.0f} days",
            Shown.NET_INCOME: f"{self.value:,.2f}", Shown.REVENUE_SHARE: f"{self.value:.1%}",
        }[self.code]  # fmt: skip


@dataclass(frozen=True, slots=True)
class HealthMonth:
    """What was shown of a month, with the statement that showed it."""

    month: Month
    settlement: str
    shown_at: datetime
    figures: tuple[Reckoned, ...]

    def of(self, code: Shown) -> Reckoned | None:
        """A figure of the month, where it was promised."""
        return next((one for one in self.figures if one.code is code), None)


@dataclass(frozen=True, slots=True)
class Health:
    """What the agreement in force promises to show, and what was shown month by month, the latest first."""

    practice: int
    practice_name: str
    agreement: str
    promised: tuple[Shown, ...]
    months: tuple[HealthMonth, ...]
