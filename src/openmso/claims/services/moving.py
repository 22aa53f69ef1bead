"""Moving claims from state to state: checked against the table, written with its history row."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from openmso.claims.models.claims import Claim, ClaimMove
from openmso.claims.states import MOVES, S
from openmso.kit.errors import NotFound
from openmso.kit.states import check_move
from openmso.platform.access.contracts import Actor
from openmso.platform.database.updating import update

MOVED = ("state", "state_at", "hold_reason", "is_held_by_hand")
"""What a move changes of a claim."""


def locked(claim_ids: Collection[int]) -> list[Claim]:
    """Claims locked in the order of their keys, so that two of us never wait for each other."""
    return list(Claim.objects.select_for_update().filter(pk__in=claim_ids).order_by("pk"))


def one(public_id: str) -> Claim:
    """One claim, locked; raises `NotFound`."""
    row = Claim.objects.select_for_update().filter(public_id=public_id).first()
    if row is None:
        raise NotFound(f"There is no claim {public_id}.")
    return row


def move(
    row: Claim, *, to: S, actor: Actor, at: datetime, why: str = "", hold_reason: str = "", by_hand: bool = False
) -> None:
    """Move one locked claim; raises `IllegalMove`."""
    move_many([row], to={row.pk: to}, actor=actor, at=at, why=why, reasons={row.pk: hold_reason}, by_hand=by_hand)


def move_many(
    rows: Sequence[Claim],
    *,
    to: Mapping[int, S],
    actor: Actor,
    at: datetime,
    why: str = "",
    reasons: Mapping[int, str] | None = None,
    by_hand: bool = False,
) -> None:
    """Move locked claims, each to its state; a claim that stands there already only gets its reason.

    A few statements for any number of claims. Raises `IllegalMove` before anything is written.
    """
    tell_moves(rows, to=to, actor=actor, at=at, why=why, reasons=reasons, by_hand=by_hand)
    update(rows, MOVED)


def tell_moves(
    rows: Sequence[Claim],
    *,
    to: Mapping[int, S],
    actor: Actor,
    at: datetime,
    why: str = "",
    reasons: Mapping[int, str] | None = None,
    by_hand: bool = False,
) -> None:
    """The same, with its history, for a caller that writes `MOVED` of the rows together with what else it changes."""
    said = reasons or {}
    moved = []
    for row in rows:
        wanted = to[row.pk]
        if S(row.state) is not wanted:
            check_move(MOVES, noun="claim", frm=S(row.state), to=wanted)
            moved.append(
                ClaimMove(
                    practice_id=row.practice_id, claim_id=row.pk, frm=row.state, to=wanted, at=at,
                    actor_name=actor.name[:160], user=actor.user_id, why=(why or said.get(row.pk, ""))[:300],
                )
            )  # fmt: skip
            row.came_from, row.state, row.state_at = row.state, wanted.value, at
        row.hold_reason = said.get(row.pk, "")[:200] if wanted is S.HELD else ""
        row.is_held_by_hand = by_hand and wanted is S.HELD
    ClaimMove.objects.bulk_create(moved, batch_size=2000)


def begin(rows: Sequence[Claim], *, actor: Actor, at: datetime) -> None:
    """Write the first history row of new claims."""
    ClaimMove.objects.bulk_create(
        [
            ClaimMove(
                practice_id=row.practice_id, claim_id=row.pk, frm="", to=row.state, at=at,
                actor_name=actor.name[:160], user=actor.user_id,
            )
            for row in rows
        ],
        batch_size=2000,
    )  # fmt: skip


def by_practice(rows: Sequence[Claim]) -> dict[int, list[Claim]]:
    """Claims grouped by their practice."""
    found: dict[int, list[Claim]] = defaultdict(list)
    for row in rows:
        found[row.practice_id].append(row)
    return found
