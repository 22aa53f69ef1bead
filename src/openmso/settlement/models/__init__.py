"""What settlement keeps: fees, settlements with their statements, and disputes of invoices."""

from __future__ import annotations

from openmso.settlement.models.disputes import CreditMemo, Dispute, DisputeMove
from openmso.settlement.models.settlements import (
    FeeComputation,
    MeteredRecord,
    Settlement,
    SettlementMove,
    SettlementRun,
    StatementRow,
)

__all__ = [
    "CreditMemo",
    "Dispute",
    "DisputeMove",
    "FeeComputation",
    "MeteredRecord",
    "Settlement",
    "SettlementMove",
    "SettlementRun",
    "StatementRow",
]
