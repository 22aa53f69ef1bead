"""A practice says which services a reason for a visit usually comes to; estimates of such visits begin with them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from openmso.estimates.contracts import MAKE, ItemDraft
from openmso.estimates.models import UsualServices
from openmso.estimates.rules import reasons
from openmso.estimates.services.common import worded
from openmso.kit.errors import Conflict, NotFound, Refused
from openmso.platform.access.contracts import Actor, Decision
from openmso.platform.audit import services as audit
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.tenancy.scope import atomic

SUBJECT = "estimates.usualservices"
WORDS_MAX = 80


class NotUsual(Refused):
    """What is said of a reason does not hold together."""

    code = "not_usual"


@atomic
def say(*, actor: Actor, practice: int, words: str, items: Sequence[ItemDraft], at: datetime) -> str:
    """From now on estimates of visits whose reason has these words begin with these services; its public id.

    Raises `NotUsual`, `Conflict` where the reason has its services already, and `CannotEstimate` for a service
    that has no words.
    """
    decision = actor.must(MAKE.code, practice)
    said = reasons.plain(words)
    if not said or len(said) > WORDS_MAX:
        raise NotUsual(f"A reason has 1 to {WORDS_MAX} characters.", field="words", fix="Write words as: sore knee.")
    if UsualServices.objects.filter(practice_id=practice, words=said, ended_at=None).exists():
        raise Conflict(f"“{said}” has its services already.", field="words", fix="Change that line instead.")
    return _keep(actor, practice, said, items, at, decision)


@atomic
def change(*, actor: Actor, usual: str, items: Sequence[ItemDraft], at: datetime) -> str:
    """Say other services of the same reason; the public id of what holds now. What was said before is kept as ended."""
    row = _holding(usual)
    decision = actor.must(MAKE.code, row.practice_id)
    row.ended_at = at
    row.save(update_fields=["ended_at"])
    return _keep(actor, row.practice_id, row.words, items, at, decision)


@atomic
def end(*, actor: Actor, usual: str, at: datetime) -> None:
    """Estimates of visits for this reason begin with nothing any more."""
    row = _holding(usual)
    decision = actor.must(MAKE.code, row.practice_id)
    row.ended_at = at
    row.save(update_fields=["ended_at"])
    audit.record(
        actor=actor, action="estimates.usual_ended", practice=row.practice_id, subject=(SUBJECT, usual), at=at,
        facts={"words": row.words}, decision=decision,
    )  # fmt: skip


def _holding(public_id: str) -> UsualServices:
    row = UsualServices.objects.select_for_update().filter(public_id=public_id).first()
    if row is None:
        raise NotFound(f"There are no usual services {public_id}.")
    if row.ended_at is not None:
        raise Conflict(f"What {public_id} says of “{row.words}” has ended.", fix="Say it anew.")
    return row


def _keep(
    actor: Actor, practice: int, said: str, items: Sequence[ItemDraft], at: datetime, decision: Decision
) -> str:  # fmt: skip
    if not items:
        raise NotUsual("No service is named.", field="items", fix="Name at least one.")
    priced = next((one for one in items if one.amount is not None), None)
    if priced is not None:
        raise NotUsual(
            f"The price of {priced.code} is not said here.", field="items",
            fix="The fee schedule prices it when an estimate is made.",
        )  # fmt: skip
    spoken = [" ".join(words.split()) for words in worded(items, tenancy.today(practice, at))]
    unreadable = next((words for words in spoken if not words[:1].isalpha()), None)
    if unreadable is not None:
        raise NotUsual(f"“{unreadable}” does not begin with a letter.", field="items", fix="Begin it with a word.")
    row = UsualServices.objects.create(
        practice_id=practice, words=said, said_at=at, said_by=actor.name[:160],
        services=[
            [one.code, list(one.modifiers), f"{one.units.normalize():f}", words]
            for one, words in zip(items, spoken, strict=True)
        ],
    )  # fmt: skip
    audit.record(
        actor=actor, action="estimates.usual_said", practice=practice, subject=(SUBJECT, row.public_id), at=at,
        facts={"words": said, "count": len(items)}, decision=decision,
    )  # fmt: skip
    return row.public_id
