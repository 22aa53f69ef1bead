"""Facts: what settlement has done."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class MonthSettled:
    """A month's fee was computed, posted in both books and invoiced."""

    settlement: str
    month: str
    fee: str


@dataclass(frozen=True, slots=True)
class PaidFeeCredited:
    """Part of what was paid of an invoice, in money or by a loan, was won back by a dispute."""

    settlement: str
    dispute: str
    amount: str


@dataclass(frozen=True, slots=True)
class FeePaid:
    """The practice paid the fee of a month."""

    settlement: str
    month: str
    fee: str
