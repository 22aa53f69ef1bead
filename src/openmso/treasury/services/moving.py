"""How things of treasury move: one step, one line of their history."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from openmso.kit.states import Moves, check_move
from openmso.platform.access.contracts import Actor, Decision
from openmso.platform.audit import services as audit
from openmso.treasury.models import Move


def move(
    row: Any, moves: Moves[Any], to: Any, *, noun: str, actor: Actor, at: datetime, why: str = ""
) -> None:  # fmt: skip
    """Move a row and write it into its history; the caller saves. Raises `IllegalMove`."""
    check_move(moves, noun=noun, frm=type(to)(row.state), to=to)
    begun(row, to, frm=row.state, actor=actor, at=at, why=why)
    row.state = to.value


def begun(row: Any, to: Any, *, actor: Actor, at: datetime, why: str = "", frm: str = "") -> None:
    """Write a step into the history of a row."""
    Move.objects.create(
        practice_id=row.practice_id, subject=row.public_id, from_state=frm, to_state=to.value, moved_at=at,
        moved_by=actor.name[:120], why=why[:400],
    )  # fmt: skip


def tell(
    row: Any, kind: str, action: str, actor: Actor, at: datetime, decision: Decision, *, why: str = "",
    facts: Mapping[str, object] | None = None,
) -> None:  # fmt: skip
    """Tell the trail of it."""
    audit.record(
        actor=actor, action=action, practice=row.practice_id, subject=(kind, row.public_id), at=at, facts=facts or {},
        why=why, decision=decision,
    )  # fmt: skip
