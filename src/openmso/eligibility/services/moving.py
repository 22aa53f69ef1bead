"""A check moves from state to state: what every verb does to it the same way."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from openmso.eligibility.models import Check
from openmso.eligibility.rules import refusals
from openmso.eligibility.states import MOVES, S
from openmso.kit.states import check_move
from openmso.platform.database.writing import update

MOVED = ("state", "words", "fix", "reason", "tries", "retry_at")


def move(
    row: Check, to: S, *, words: str = "", fix: str = "", reason: str = "", retry_at: datetime | None = None
) -> None:
    """Move a check in memory; `save` writes it."""
    check_move(MOVES, noun="coverage check", frm=S(row.state), to=to)
    row.state, row.words, row.fix, row.reason, row.retry_at = to, words[:300], fix[:300], reason[:3], retry_at


def put_off(row: Check, *, words: str, at: datetime, reason: str = "") -> None:
    """It did not work this time: tried again by itself after a while, or a person's when that was often enough."""
    pause = refusals.pause(row.tries)
    if pause is None:
        fix = "Ask again when the connection works, or ask the payer by telephone."
        move(row, S.FAILED, words=f"{words} It was tried {row.tries} times.", fix=fix, reason=reason)
    else:
        move(row, S.RETRY, words=words, reason=reason, retry_at=at + pause)


def save(rows: Iterable[Check], *more: str) -> None:
    """Write what moves changed."""
    update(list(rows), [*MOVED, *more])
