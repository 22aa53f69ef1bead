"""Verbs: settle a month, approve and pay its invoice, withdraw it; dispute it, answer, accept and escalate."""

from __future__ import annotations

from openmso.settlement.services.settling import AlreadySettled, CannotSettle, approve, pay, settle, withdraw

__all__ = ["AlreadySettled", "CannotSettle", "approve", "pay", "settle", "withdraw"]
