"""Facts: what a board resolved."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class BoardResolved:
    """An item about something of another app ended at a meeting of a board: carried, lost, nodecision or heard."""

    item: str
    meeting: str
    subject_kind: str
    subject_id: str
    result: str
    words: str
