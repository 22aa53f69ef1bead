"""What the practice paid its MSO for, month by month: each figure with the place where it opens."""

from __future__ import annotations

from dataclasses import dataclass

from openmso.kit.money import Money
from openmso.kit.periods import Month
from openmso.settlement.states import S


@dataclass(frozen=True, slots=True)
class CostMonth:
    """A settled month: what came in, the fee and by which sentence of which version, and what became of its invoice.

    `collected_row` is the row of the statement that opens to what came in.
    """

    settlement: str
    month: Month
    invoice: str
    state: S
    agreement: str
    version: int
    sentence: str
    collected: Money
    collected_row: int
    fee: Money
    given_back: Money
    """By credits within the fee, such as for promises that were missed."""
    rebates: Money
    """Passed on with the invoice."""
    credited: Money
    """By credit memos, after disputes."""
    paid: Money
    due: Money
    disputed: Money
