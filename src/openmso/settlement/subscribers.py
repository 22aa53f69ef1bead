"""What settlement does when something has happened: a dispute ends as the joint board resolved."""

from __future__ import annotations

from datetime import datetime

from openmso.governance.events import BoardResolved
from openmso.platform.access.contracts import Actor
from openmso.platform.outbox.registry import subscribe
from openmso.settlement.contracts import DISPUTED
from openmso.settlement.services import disputing

DECIDED = {"carried": True, "lost": False}
"""How an item of an agenda ends with a decision; otherwise the board decided nothing."""


@subscribe(BoardResolved, name="settlement.board_resolved", network=True)
def board_resolved(event: BoardResolved, *, practice: int, actor: Actor, at: datetime) -> None:
    """A joint board dealt with a dispute of an invoice."""
    if event.subject_kind == DISPUTED:
        disputing.resolved(
            actor=actor, dispute=event.subject_id, carried=DECIDED.get(event.result), words=event.words,
            meeting=event.meeting, at=at,
        )  # fmt: skip
