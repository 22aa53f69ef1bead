"""Causes of the demo: the MSO says whose cause it was that a few promises were missed; Ana agrees, and contests."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from openmso.agreements.contracts import Held
from openmso.kit.periods import Month
from openmso.platform.access.contracts import Actor
from openmso.platform.tenancy.scope import reading
from openmso.settlement.contracts import Paper, Whose
from openmso.settlement.queries import causes
from openmso.settlement.services import attributing

WHERE = "ROCK"
Who = Callable[[datetime], Actor]
"""Somebody of the demo at an instant."""
OUTAGE = Paper(
    "clearing-house-status.txt",
    b"Incident of the clearing house: eligibility and claims unavailable, resolved the next morning.\n", "text/plain",
)  # fmt: skip
SAYS: tuple[tuple[Whose, str, tuple[Paper, ...]], ...] = (
    (Whose.OUTSIDE, "The clearing house was down, as its own notice says.", (OUTAGE,)),
    (Whose.PRACTICE, "The note of the visit was signed four days after it was asked for.", ()),
    (Whose.PAYER, "The payer's portal gave no answer until the third call.", ()),
    (Whose.MSO, "Ours: it was given to somebody who was on leave.", ()),
)
AGREED, CONTESTED, OWNED_UP = (datetime(2026, 10, day, 15, tzinfo=UTC) for day in (6, 6, 9))


def explain(practice: int, month: Month, *, by: Who, at: datetime) -> int:
    """Say whose cause the first missed promises of a month were, before it is settled; how many were said."""
    at -= timedelta(minutes=30)
    with reading():
        found = causes.month(practice, month, at=at)
    late = [one for kept in found.kept for one in kept.judged if one.held is Held.LATE]
    chosen = list(zip(late, SAYS, strict=False))
    for one, (whose, why, papers) in chosen:
        attributing.say(
            actor=by(at), practice=practice, month=month, item=one.span.item, whose=whose, why=why, papers=papers, at=at
        )
    return len(chosen)


def contest(practice: int, month: Month, *, owner: Who, controller: Who) -> None:
    """Ana agrees to what was outside, and contests what was said to be hers; the MSO owns up, and gives it back."""
    with reading():
        found = causes.month(practice, month, at=CONTESTED)
    said = [one for kept in found.kept for one in kept.judged if one.cause and one.cause.said]
    for one in said:
        about: Any = {"practice": practice, "month": month, "item": one.span.item}
        if one.counts_as(Whose.OUTSIDE):
            attributing.agree(actor=owner(AGREED), at=AGREED, why="We heard of it too.", **about)
        if one.counts_as(Whose.PRACTICE):
            attributing.contest(
                actor=owner(CONTESTED), at=CONTESTED, why="It was signed on the day; your desk had it.", **about
            )
            attributing.say(
                actor=controller(OWNED_UP), at=OWNED_UP, whose=Whose.MSO, why="It was in the wrong folder.", **about
            )
