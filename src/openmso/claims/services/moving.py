"""Moving claims from state to state: checked against the table, written with its history row."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import connection

from openmso.claims.models.claims import Claim, ClaimMove
from openmso.claims.states import MOVES, S
from openmso.kit.errors import NotFound
from openmso.kit.memory import uncollected
from openmso.kit.states import check_move
from openmso.platform.access.contracts import Actor
from openmso.platform.database.reading import plain, read
from openmso.platform.database.writing import insert, update

MOVED = ("state", "state_at", "hold_reason", "is_held_by_hand")
"""What a move changes of a claim."""
MOVE = ("practice_id", "claim_id", "frm", "to", "why")
"""What a row of its history says of each claim."""
SAME_MOVE = """
INSERT INTO claims_claimmove (practice_id, claim_id, frm, "to", at, actor_name, "user", why)
SELECT practice_id, id, state, %(to)s, %(at)s, %(actor)s, %(user)s, '' FROM claims_claim
 WHERE practice_id = %(practice)s AND id = ANY(%(claims)s) AND state = %(frm)s ORDER BY id
"""


def locked(claim_ids: Collection[int], *, without: Sequence[str] = ()) -> list[Claim]:
    """Claims locked in the order of their keys, so that two of us never wait for each other.

    Fields `without` which they come are asked for when they are looked at.
    """
    with uncollected():
        return read(
            Claim.objects.select_for_update().filter(pk__in=frozenset(claim_ids)).order_by("pk"), without=without
        )


def locked_plainly(claim_ids: Collection[int], *, without: Sequence[str] = ()) -> list[Claim]:
    """The same as plain rows, which cost less to look at and are written set-wise; fields `without` are not there."""
    with uncollected():
        return plain(
            Claim.objects.select_for_update().filter(pk__in=frozenset(claim_ids)).order_by("pk"), without=without
        )


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
    move_many([row], to={row.id: to}, actor=actor, at=at, why=why, reasons={row.id: hold_reason}, by_hand=by_hand)


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
    moved, came_from, words = [], [], []
    alike: dict[tuple[int, str, S], list[int]] = defaultdict(list)
    for frm, wanted in dict.fromkeys((row.state, to[row.id]) for row in rows):
        if frm != wanted:
            check_move(MOVES, noun="claim", frm=S(frm), to=wanted)
    held, values = S.HELD, {one: one.value for one in S}
    for row in rows:
        key, frm = row.id, row.state
        wanted, reason = to[key], said.get(key, "")
        if frm != wanted:
            if why or reason:
                moved.append(row)
                came_from.append(frm)
                words.append((why or reason)[:300])
            else:
                alike[row.practice_id, frm, wanted].append(key)
            row.came_from, row.state, row.state_at = frm, values[wanted], at
        row.hold_reason = reason[:200] if wanted is held else ""
        row.is_held_by_hand = by_hand and wanted is held
    by = {"at": at, "actor_name": actor.name[:160], "user": actor.user_id}
    for (practice, frm, wanted), claims in alike.items():
        insert(ClaimMove, ["claim_id"], zip(claims), practice_id=practice, frm=frm, to=wanted.value, why="", **by)
    _write(moved, came_from, words, actor, at)


def tell_same_move(claims: Sequence[int], *, practice: int, frm: S, to: S, actor: Actor, at: datetime) -> None:
    """The history of locked claims that all go from one state to another, for a caller that writes `MOVED`."""
    check_move(MOVES, noun="claim", frm=frm, to=to)
    told: dict[str, Any] = {"practice": practice, "claims": list(claims), "frm": frm.value, "to": to.value, "at": at,
                            "actor": actor.name[:160], "user": actor.user_id}  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(SAME_MOVE, told)


def begin(rows: Sequence[Claim], *, actor: Actor, at: datetime) -> None:
    """Write the first history row of new claims."""
    _write(rows, [""] * len(rows), [""] * len(rows), actor, at)


def _write(rows: Sequence[Claim], came_from: list[str], why: list[str], actor: Actor, at: datetime) -> None:
    """History rows of claims that are where they went."""
    if rows:
        moves = zip((row.practice_id for row in rows), (row.id for row in rows), came_from,
                    (row.state for row in rows), why, strict=True)  # fmt: skip
        insert(ClaimMove, MOVE, moves, at=at, actor_name=actor.name[:160], user=actor.user_id)


def by_practice(rows: Sequence[Claim]) -> dict[int, list[Claim]]:
    """Claims grouped by their practice."""
    found: dict[int, list[Claim]] = defaultdict(list)
    for row in rows:
        found[row.practice_id].append(row)
    return found
