"""Sending: what is to leave is recorded in the transaction that makes it; a job brings it after the commit.

And what people do with what has not left: try again, take it and hand it in, give it up.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from django.db import transaction as savepoint

from openmso.exchange.contracts import SEND, Outgoing
from openmso.exchange.events import PaperMailed
from openmso.exchange.models.transmissions import Transmission
from openmso.exchange.services import clothing, stepping
from openmso.exchange.states import OPEN, T
from openmso.kit.errors import Conflict, Refused
from openmso.kit.ids import public_id
from openmso.platform.access.contracts import Actor, Decision
from openmso.platform.audit import services as audit
from openmso.platform.documents.contracts import DocumentRef
from openmso.platform.outbox import services as outbox
from openmso.platform.tenancy.scope import atomic
from openmso.platform.work.contracts import Outcome


class NotNow(Conflict):
    """The transmission is not where this could be done with it."""

    code = "transmission_not_there"


@atomic
def send(*, actor: Actor, practice: int, file: Outgoing, at: datetime, under: Decision) -> str:
    """Have a stored file reach its partner, once: by the route of its payer, or by a person's hands without one.

    Recorded in the caller's transaction, brought after its commit; asking twice for one thing is asking once.
    `under` is the caller's decision. Returns the id of the transmission.
    """
    kind, subject = file.subject
    there = Transmission.objects.filter(practice_id=practice, subject_kind=kind, subject_id=subject).first()
    if there is not None:
        return there.public_id
    name = public_id("TRX")
    row = Transmission(
        practice_id=practice, public_id=name, transaction=file.transaction, payer_id=file.payer,
        document=file.document, name=_name(file.name, name), about=file.about[:120], subject_kind=kind,
        subject_id=subject, created_at=at,
    )  # fmt: skip
    stepping.place(row, at=at)
    row.save()
    stepping.tell(row, "recorded", row.words, actor=actor, at=at)
    stepping.moved(row, T(row.state), actor=actor, at=at, behind=under.grant)
    return name


def _name(wanted: str, public_id: str) -> str:
    """What the file is called at the partner: its own id makes it the only one."""
    stem, _, ending = wanted.rpartition(".")
    plain = "".join(c if c.isalnum() or c in "-_" else "-" for c in stem or wanted)[:80]
    return f"{plain}_{public_id}.{ending if stem else 'x12'}"


@atomic
def again(*, actor: Actor, transmission: str, at: datetime, elsewhere: bool = False) -> None:
    """Send a file again by its route as it is now; raises `NotNow` for one that was sent or is on its way.

    One that its partner may have goes to no other, unless somebody who asked there says so (`elsewhere`).
    """
    row = stepping.locked(transmission)
    decision = actor.must(SEND.code, row.practice_id)
    before = T(row.state)
    if before not in {T.WAITING, T.BY_HAND, T.FAILED, T.GIVEN_UP}:
        raise NotNow(f"It is {before.label.lower()}.", fix="Look at its story.")
    row.tried, row.taken_at = [], None
    if row.is_uploaded and not elsewhere:
        row.state, row.words, row.tries, row.next_at = T.WAITING, "", 0, None
    else:
        row.is_uploaded = False
        stepping.place(row, at=at)
    stepping.tell(row, "again", "Known not to have arrived." if elsewhere else "", actor=actor, at=at)
    stepping.moved(row, before, actor=actor, at=at, behind=decision.grant)
    audit.record(
        actor=actor, action="exchange.tried_again", practice=row.practice_id, at=at, decision=decision,
        subject=("exchange.transmission", row.public_id),
    )  # fmt: skip


@atomic
def take(*, actor: Actor, transmission: str, at: datetime) -> DocumentRef:
    """The file as its partner wants it, for a person who hands it in; raises `NotNow` for what needs no hands.

    What a person took is left alone by routes that work again: it may be on its way by hand.
    """
    row = stepping.locked(transmission)
    decision = actor.must(SEND.code, row.practice_id)
    if T(row.state) not in {T.BY_HAND, T.SENT}:
        raise NotNow(f"It is {T(row.state).label.lower()}: nobody needs to hand it in.")
    document = clothing.dress(row, actor=actor, at=at, under=decision)
    if T(row.state) is T.BY_HAND:
        row.taken_at = at
        stepping.tell(row, "taken", "", actor=actor, at=at)
    row.save()
    audit.record(
        actor=actor, action="exchange.downloaded", practice=row.practice_id, at=at, decision=decision,
        subject=("exchange.transmission", row.public_id), facts={"sha256": row.sha256},
    )  # fmt: skip
    return document


@atomic
def handed_in(*, actor: Actor, transmission: str, words: str, at: datetime) -> None:
    """Record that a person handed a file in, and where or under which receipt. Raises `NotNow`."""
    row = stepping.locked(transmission)
    decision = actor.must(SEND.code, row.practice_id)
    before = T(row.state)
    if before not in {T.BY_HAND, T.FAILED}:
        raise NotNow(f"It is {before.label.lower()}: nobody needs to hand it in.")
    clothing.dress(row, actor=actor, at=at, under=decision)
    row.state, row.sent_at, row.sent_by = T.SENT, at, actor.name[:160]
    is_paper = row.name.endswith(stepping.PAPER)
    row.words = f"{'Mailed' if is_paper else 'Handed in'} by {actor.name}. {words}".strip()[:300]
    stepping.tell(row, "handed_in", words, actor=actor, at=at)
    stepping.moved(row, before, actor=actor, at=at)
    audit.record(
        actor=actor, action="exchange.handed_in", practice=row.practice_id, at=at, decision=decision,
        subject=("exchange.transmission", row.public_id), facts={"words": words, "sha256": row.sha256},
    )  # fmt: skip
    if is_paper:
        outbox.publish(
            PaperMailed(row.public_id, row.subject_kind, row.subject_id), practice=row.practice_id, at=at,
            behind=decision.grant,
        )  # fmt: skip


@atomic
def give_up(*, actor: Actor, transmission: str, why: str, at: datetime) -> None:
    """Leave a file unsent; it can be sent again later. Raises `NotNow`, and `Refused` without a reason."""
    row = stepping.locked(transmission)
    decision = actor.must(SEND.code, row.practice_id)
    before = T(row.state)
    if before not in OPEN - {T.SENDING}:
        raise NotNow(f"It is {before.label.lower()}.")
    if not why.strip():
        raise Refused("Say why it is not sent.", field="why", fix="Who looks for the claims later reads it.")
    row.state, row.words, row.next_at = T.GIVEN_UP, why.strip()[:300], None
    stepping.tell(row, "given_up", why, actor=actor, at=at)
    stepping.moved(row, before, actor=actor, at=at)
    audit.record(
        actor=actor, action="exchange.given_up", practice=row.practice_id, at=at, decision=decision, why=why,
        subject=("exchange.transmission", row.public_id),
    )  # fmt: skip


def again_many(*, actor: Actor, transmissions: Sequence[str], at: datetime) -> list[Outcome]:
    """Send many again; a finding for each that could not be."""
    return _each(transmissions, lambda one: again(actor=actor, transmission=one, at=at))


def handed_in_many(*, actor: Actor, transmissions: Sequence[str], words: str, at: datetime) -> list[Outcome]:
    """Record that many were handed in; a finding for each that could not be."""
    return _each(transmissions, lambda one: handed_in(actor=actor, transmission=one, words=words, at=at))


@atomic
def _each(names: Sequence[str], act: Callable[[str], None]) -> list[Outcome]:
    outcomes = []
    for name in dict.fromkeys(names):
        try:
            with savepoint.atomic():
                act(name)
            outcomes.append(Outcome(name, is_done=True))
        except Refused as no:
            outcomes.append(Outcome(name, is_done=False, sentence=no.sentence))
    return outcomes


@atomic
def reroute(*, actor: Actor, at: datetime) -> int:
    """Look at every waiting file of the scope anew: what waits for a partner that is down, or for hands that are not
    needed any more, goes where its route leads now. How many went elsewhere.

    Left alone: what a partner may have already, and what a person took to hand it in.
    """  # fmt: skip
    found = Transmission.objects.select_for_update(of=("self",)).select_related("partner")
    rows = found.filter(state__in=[T.WAITING, T.BY_HAND], is_uploaded=False, taken_at=None).order_by("pk")
    went = 0
    for row in rows:
        before, partner = T(row.state), row.partner_id
        tries, next_at, words = row.tries, row.next_at, row.words
        row.tried = []
        stepping.place(row, at=at)
        if row.partner_id == partner and T(row.state) is before and (before is T.WAITING or row.words == words):
            row.tries, row.next_at = tries, next_at
            continue
        stepping.tell(row, "moved", row.words, actor=actor, at=at)
        stepping.moved(row, before, actor=actor, at=at)
        went += 1
    return went
