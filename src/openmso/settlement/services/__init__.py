"""Verbs: settle a month, approve and pay its invoice, withdraw it; dispute it; figures that people enter for it."""

from __future__ import annotations

from openmso.settlement.queries.reckoning import FigureWaits
from openmso.settlement.services.settling import AlreadySettled, CannotSettle, approve, pay, settle, withdraw

__all__ = ["AlreadySettled", "CannotSettle", "FigureWaits", "approve", "pay", "settle", "withdraw"]
