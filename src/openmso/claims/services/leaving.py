"""Leaving: what the sending of a file changes of its claims, set-at-a-time: revenue, history, state and day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import connection

from openmso.claims.models.claims import Claim
from openmso.claims.services import moving, recognising
from openmso.claims.states import S
from openmso.platform.access.contracts import Actor, Decision

SENT = """
UPDATE claims_claim SET state = %(sent)s, state_at = %(at)s, hold_reason = '', is_held_by_hand = false,
       sent_at = %(at)s, first_sent_on = coalesce(first_sent_on, %(on)s),
       recognised_amount = CASE WHEN ordinal <> 'P' OR billing_provider_id IS NULL THEN recognised_amount
                                WHEN frequency = '8' THEN 0 ELSE total_amount END
 WHERE practice_id = %(practice)s AND id = ANY(%(claims)s) AND state = %(queued)s
"""


def leave(
    claims: Sequence[int], *, practice: int, entities: Mapping[int, int], actor: Actor, on: date, at: datetime,
    under: Decision,
) -> None:  # fmt: skip
    """Locked claims that stood in the next batch are sent, in the order of their file; `entities` by billing provider.

    Those that correct others, which are few, are looked at one by one.
    """
    place = {claim: position for position, claim in enumerate(claims)}
    found = Claim.objects.filter(practice_id=practice, pk__in=claims, original__isnull=False)
    correcting = sorted(found, key=lambda row: place[row.pk])
    recognising.recognise_first(
        claims, practice=practice, entities=entities, actor=actor, on=on, at=at, under=[under]
    )  # fmt: skip
    recognising.recognise(correcting, entities=entities, actor=actor, on=on, at=at, under=[under])
    moving.tell_same_move(claims, practice=practice, frm=S.QUEUED, to=S.SENT, actor=actor, at=at)
    told: dict[str, Any] = {"practice": practice, "claims": list(claims), "at": at, "on": on, "sent": S.SENT.value,
            "queued": S.QUEUED.value}  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(SENT, told)
        assert cursor.rowcount == len(claims), "claims of a file stay in its batch until it has left"
    _retire(correcting, actor, at)


def _retire(rows: Sequence[Claim], actor: Actor, at: datetime) -> None:
    """A replacement or a void of a whole claim that has left puts its original out of the race."""
    by_original = {row.original_id: row for row in rows if row.original_id and not row.split_from_id}
    originals = moving.locked([pk for pk in by_original if pk is not None])
    to = {row.pk: S.VOIDED if by_original[row.pk].frequency == "8" else S.REPLACED for row in originals}
    open_ones = [row for row in originals if S(row.state) is not to[row.pk]]
    moving.move_many(open_ones, to=to, actor=actor, at=at, why="A corrected claim was sent")
