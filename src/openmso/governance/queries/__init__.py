"""Questions of governance: proposals and reserved decisions, joint boards and their meetings, interests."""

from __future__ import annotations

from openmso.governance.queries.proposals import (
    DECISIONS,
    HOUSE,
    acts,
    autonomies,
    autonomy,
    listing,
    months,
    not_known,
    of_practice,
    practices,
    proposal,
    reserved,
)

__all__ = [
    "DECISIONS", "HOUSE", "acts", "autonomies", "autonomy",
    "listing", "months", "not_known", "of_practice", "practices",
    "proposal", "reserved",
]  # fmt: skip
