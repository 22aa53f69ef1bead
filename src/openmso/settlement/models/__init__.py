"""What settlement keeps: fees, statements, disputes, causes, rebates, figures, how shared cost is allocated."""

from __future__ import annotations

from openmso.settlement.models.allocation import AllocationFigure, AllocationPlan, AllocationRun, AllocationShare
from openmso.settlement.models.causes import CauseEntry
from openmso.settlement.models.disputes import CreditMemo, Dispute, DisputeMove
from openmso.settlement.models.figures import EnteredFigure, FigureConfirmation
from openmso.settlement.models.health import ShownFigure
from openmso.settlement.models.rebates import Rebate, RebateShare
from openmso.settlement.models.settlements import (
    FeeComputation,
    MeteredRecord,
    Settlement,
    SettlementMove,
    SettlementRun,
    StatementRow,
)

__all__ = [
    "AllocationFigure",
    "AllocationPlan",
    "AllocationRun",
    "AllocationShare",
    "CauseEntry",
    "CreditMemo",
    "Dispute",
    "DisputeMove",
    "EnteredFigure",
    "FeeComputation",
    "FigureConfirmation",
    "MeteredRecord",
    "Rebate",
    "RebateShare",
    "Settlement",
    "SettlementMove",
    "SettlementRun",
    "ShownFigure",
    "StatementRow",
]
