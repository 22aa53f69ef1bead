"""Judgement of governance: who decides what is reserved, how a board decides, whom an interest touches. Pure."""

from __future__ import annotations

from openmso.governance.rules.proposals import (
    ENOUGH,
    FURTHER,
    FURTHER_CITED,
    IN_A_MINUTE,
    PREPARED,
    SOFT,
    autonomy,
    before_decided,
    by_licensee,
    flags,
    is_late,
    mso_prepares,
)

__all__ = [
    "ENOUGH", "FURTHER", "FURTHER_CITED", "IN_A_MINUTE", "PREPARED", "SOFT", "autonomy", "before_decided",
    "by_licensee", "flags", "is_late", "mso_prepares",
]  # fmt: skip
