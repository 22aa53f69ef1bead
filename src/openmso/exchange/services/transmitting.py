"""Bringing a file to its partner, once, whatever dies on the way.

Three short transactions with the network between them: begun; lies there whole under a temporary name; sent. A file
that was only begun cannot be the partner's yet and is brought again. One that lay there whole may be the partner's:
nobody else gets it, and before anything is done it is looked for, under its name, under its temporary name, or under
neither, which means that the partner took it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.db.models import Q

from openmso.exchange.contracts import SEND, Sent, Way
from openmso.exchange.models.transmissions import Transmission
from openmso.exchange.rules import routing
from openmso.exchange.services import clothing, doors, stepping
from openmso.exchange.services.doors import Address, NotTaken, Unreachable
from openmso.exchange.states import T
from openmso.platform.access.contracts import Actor
from openmso.platform.audit import services as audit
from openmso.platform.documents import queries as documents
from openmso.platform.tenancy.scope import atomic


@dataclass(frozen=True, slots=True)
class _Errand:
    """What is to be brought where."""

    name: str
    content: bytes
    way: Way
    address: Address
    resume: bool


def transmit(*, actor: Actor, transmission: str, at: datetime) -> T:
    """Bring one file to its partner, if it waits and is due; where it stands afterwards.

    An edge to the network: it opens its own transactions and must not be called inside one. Two at once are one: the
    second finds the first at work and leaves it alone.
    """
    with _alone(transmission) as mine:
        if not mine:
            return T.SENDING
        try:
            errand = _begin(actor, transmission, at)
            if isinstance(errand, T):
                return errand
            with doors.opened(errand.way, errand.address) as door:
                words = door.deliver(
                    errand.name, errand.content, resume=errand.resume,
                    whole=lambda: _whole(actor, transmission, at),
                )  # fmt: skip
        except Unreachable as no:
            return _failed(actor, transmission, no, at)
        return _arrived(actor, transmission, words, at)


def transmit_due(*, actor: Actor, at: datetime) -> Sent:
    """Bring every file of the scope that is due; for the command line, beside the jobs."""
    outcomes = [transmit(actor=actor, transmission=one, at=at) for one in _due(at)]
    return Sent(
        outcomes.count(T.SENT), outcomes.count(T.WAITING), outcomes.count(T.FAILED), outcomes.count(T.BY_HAND)
    )  # fmt: skip


@atomic
def _due(at: datetime) -> list[str]:
    waiting = Transmission.objects.filter(state__in=[T.WAITING, T.SENDING])
    due = waiting.filter(Q(next_at=None) | Q(next_at__lte=at))
    return list(due.order_by("pk").values_list("public_id", flat=True))


@contextmanager
def _alone(transmission: str) -> Iterator[bool]:
    """Whether nobody else brings this file now; ends with the connection, so that a killed process holds nothing."""
    key = f"exchange|{transmission}"
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtextextended(%s, 0))", [key])
        mine = bool(cursor.fetchone()[0])
    try:
        yield mine
    finally:
        if mine:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(hashtextextended(%s, 0))", [key])


@atomic
def _begin(actor: Actor, transmission: str, at: datetime) -> _Errand | T:
    """Record that it is begun. A route that changed meanwhile is followed, unless the partner may have the file."""
    row = stepping.locked(transmission)
    before = T(row.state)
    if before not in {T.WAITING, T.SENDING} or (row.next_at is not None and row.next_at > at):
        return before
    if not row.is_uploaded and (row.partner is None or row.partner.is_down or row.partner.closed_on):
        stepping.place(row, at=at)
        stepping.tell(row, "moved", row.words, actor=actor, at=at)
        stepping.moved(row, before, actor=actor, at=at)
        return T(row.state)
    assert row.partner is not None
    if not row.is_uploaded:
        clothing.dress(row, actor=actor, at=at, under=actor.may(SEND.code, row.practice_id))
    row.state, row.next_at, row.words = T.SENDING, None, ""
    row.save()
    stepping.tell(row, "begun", "", actor=actor, at=at)
    content = documents.read(row.sent_document, row.practice_id)
    return _Errand(row.name, content, Way(row.partner.way), doors.address_of(row.partner), row.is_uploaded)


@atomic
def _whole(actor: Actor, transmission: str, at: datetime) -> None:
    """From now on it may be the partner's."""
    row = stepping.locked(transmission)
    row.is_uploaded = True
    row.save(update_fields=["is_uploaded"])
    stepping.tell(row, "uploaded", "", actor=actor, at=at)


@atomic
def _arrived(actor: Actor, transmission: str, words: str, at: datetime) -> T:
    row = stepping.locked(transmission)
    assert row.partner is not None
    before = T(row.state)
    row.state, row.sent_at, row.sent_by, row.words = T.SENT, at, actor.name[:160], words[:300]
    stepping.tell(row, "sent", words, actor=actor, at=at)
    stepping.moved(row, before, actor=actor, at=at)
    audit.record(
        actor=actor, action="exchange.sent", practice=row.practice_id, at=at,
        subject=("exchange.transmission", row.public_id), decision=actor.may(SEND.code, row.practice_id),
        facts={"partner": row.partner.name, "size": row.size, "sha256": row.sha256},
    )  # fmt: skip
    return T.SENT


@atomic
def _failed(actor: Actor, transmission: str, no: Unreachable, at: datetime) -> T:
    """Another try after a pause; after enough of them the next partner, and after the last one a person."""
    row = stepping.locked(transmission)
    before, partner = T(row.state), row.partner
    assert partner is not None
    if isinstance(no, NotTaken):
        row.is_uploaded = False
    row.tries += 1
    row.words = f"{partner.name}: {no.sentence} {no.fix}".strip()[:240]
    stepping.tell(row, "failed", row.words, actor=actor, at=at)
    if row.tries < routing.TRIES and not (partner.is_down and not row.is_uploaded):
        row.state, row.next_at = T.WAITING, routing.pause(row.tries, at)
    elif row.is_uploaded:
        row.state = T.FAILED
        row.words = f"{row.words} It may have arrived: ask there before it is sent elsewhere."[:300]
    else:
        row.tried = [*row.tried, partner.pk]
        stepping.place(row, at=at)
        if T(row.state) is not T.FAILED:
            stepping.tell(row, "moved", f"After {routing.TRIES} tries at {partner.name}.", actor=actor, at=at)
    stepping.moved(row, before, actor=actor, at=at)
    if T(row.state) is T.FAILED:
        audit.record(
            actor=actor, action="exchange.failed", practice=row.practice_id, at=at, facts={"words": row.words},
            subject=("exchange.transmission", row.public_id), decision=actor.may(SEND.code, row.practice_id),
        )  # fmt: skip
    return T(row.state)
