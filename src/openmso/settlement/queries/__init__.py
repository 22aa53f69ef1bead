"""Questions: statements and what stands behind each row, what both books say of fees, and disputes of invoices."""

from __future__ import annotations

from openmso.agreements.fees.categories import OTHER
from openmso.settlement.queries.bases import LATE_ITEMS, Asked, Given, knows, of_month, promised_figures
from openmso.settlement.queries.statements import (
    OPEN,
    behind,
    by_month,
    count,
    entries,
    fee_step,
    fees,
    fees_of,
    figure,
    figures,
    given,
    levels,
    paid_before,
    row,
    run,
    settlement,
    settlements,
    standing,
    statement,
)

__all__ = [
    "LATE_ITEMS", "OPEN", "OTHER", "Asked", "Given", "behind", "by_month", "count", "entries", "fee_step", "fees",
    "fees_of", "figure", "figures", "given", "knows", "levels", "of_month", "paid_before", "promised_figures", "row",
    "run", "settlement", "settlements", "standing", "statement",
]  # fmt: skip
