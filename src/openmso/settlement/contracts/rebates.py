"""Rebates: what a vendor paid back, by which rule it is shared, and what became of each share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from openmso.kit.money import Money


@dataclass(frozen=True, slots=True)
class NewRebate:
    """What a vendor paid back for a period (`ends_on` is its last day), and what each buyer counts for by the rule.

    `weights` are by tenant; what the MSO bought itself is among them, and its part stays with it.
    """

    vendor: str
    what: str
    starts_on: date
    ends_on: date
    received_on: date
    amount: Money
    rule: str
    weights: Mapping[int, Decimal]


@dataclass(frozen=True, slots=True)
class RebateShare:
    """The share of a practice: of which rebate, how it was reckoned, and the invoice that it was credited on."""

    rebate: str
    practice: int
    practice_name: str
    vendor: str
    what: str
    starts_on: date
    ends_on: date
    received_on: date
    rule: str
    whole: Money
    weight: Decimal
    weights_total: Decimal
    amount: Money
    settlement: str
    invoice: str
    practice_entry: str
    mso_entry: str
    related: str = ""
    """What makes the vendor related to somebody who acts for the practice or its MSO."""

    @property
    def formula(self) -> str:
        """How the share came about: `1,000.00 × 600 of 1,000`."""
        return f"{self.whole.amount:,.2f} × {_plain(self.weight)} of {_plain(self.weights_total)}"

    @property
    def together(self) -> str:
        """What all count for together."""
        return _plain(self.weights_total)

    @property
    def period(self) -> str:
        """The period in words."""
        return f"{self.starts_on:%-d %b %Y} to {self.ends_on:%-d %b %Y}"


@dataclass(frozen=True, slots=True)
class RebateTold:
    """A rebate as far as somebody may see it: every share in scope; the MSO's own part only for the MSO."""

    rebate: str
    shares: tuple[RebateShare, ...]
    kept: Money | None
    mso_entry: str

    @property
    def one(self) -> RebateShare:
        """A share, which says what is said of the whole."""
        return self.shares[0]


def _plain(number: Decimal) -> str:
    text = f"{number:,.4f}"
    return text.rstrip("0").rstrip(".")
