"""Questions: statements and what stands behind each row, what both books say of fees, and disputes of invoices."""

from __future__ import annotations

from openmso.settlement.queries.statements import (
    KNOWN,
    LATE_ITEMS,
    OPEN,
    OTHER,
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
    inputs,
    late_items,
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
    "KNOWN", "LATE_ITEMS", "OPEN", "OTHER", "behind", "by_month", "count", "entries", "fee_step", "fees", "fees_of",
    "figure", "figures", "given", "inputs", "late_items", "levels", "paid_before", "row", "run", "settlement",
    "settlements", "standing", "statement",
]  # fmt: skip
