"""Verbs of governance: proposing and deciding; keeping boards, holding their meetings; disclosing interests."""

from __future__ import annotations

from openmso.governance.services.proposals import (
    PARTED,
    PRIORITY,
    NotDecidable,
    NotProposable,
    NotYours,
    carry_out,
    decide,
    propose,
    withdraw,
)

__all__ = [
    "PARTED", "PRIORITY", "NotDecidable", "NotProposable", "NotYours", "carry_out", "decide", "propose", "withdraw",
]  # fmt: skip
