"""Notices leave: each is marked as being sent, and the mark kept, before it is handed to whoever delivers it.

So nothing is sent from within a transaction, and nothing twice: what a crash interrupted may have arrived, is not sent
again, and says so.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from openmso.billing import links, registry
from openmso.billing.contracts import RUN, STATE
from openmso.billing.models import Notice
from openmso.billing.queries import consents
from openmso.billing.rules import notices as rules
from openmso.billing.states import Told, Way
from openmso.kit.words import amount as written
from openmso.kit.words import day
from openmso.parties.queries import practices
from openmso.patients import queries as patients
from openmso.platform.access.contracts import Actor
from openmso.platform.audit import services as audit
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.tenancy.scope import atomic

AT_ONCE, TRIES_MAX = 500, 5
INTERRUPTED_AFTER = timedelta(hours=1)
INTERRUPTED = "It was interrupted while it was sent, and may have arrived."
NOT_ALLOWED = "The patient no longer allows text messages, or has no number."


@dataclass(frozen=True, slots=True)
class _Message:
    """A notice on its way."""

    notice: int
    way: Way
    to: str
    subject: str
    text: str


def tell(*, actor: Actor, practice: int, at: datetime) -> tuple[int, int]:
    """Hand the notices in the outbox to whoever delivers them; how many were taken, and how many failed for good.

    An edge of its own: it must not be called inside a transaction. Text messages wait for the hours in which they may
    be sent.
    """
    with atomic.open():
        decision = actor.must(STATE.code, practice)
        failed = _interrupted(practice, at)
        batch, refused = _taken(practice, at)
    sent, failed = 0, failed + refused
    for message in batch:
        state = _hand_over(message, practice, at)
        sent, failed = sent + (state is Told.SENT), failed + (state is Told.FAILED)
    if sent or failed:
        with atomic.open():
            audit.record(
                actor=actor, action="billing.notices_sent", practice=practice, subject=(RUN, ""), at=at,
                facts={"count": sent, "failed": failed}, decision=decision,
            )  # fmt: skip
    return sent, failed


def _interrupted(practice: int, at: datetime) -> int:
    lost = Notice.objects.filter(practice_id=practice, state=Told.SENDING, taken_at__lt=at - INTERRUPTED_AFTER)
    return lost.update(state=Told.FAILED, words=INTERRUPTED)


def _taken(practice: int, at: datetime) -> tuple[list[_Message], int]:
    """The notices that can go now, marked as being sent; and how many cannot go at all."""
    zone = tenancy.zone(practice)
    ways = [one for one in Way if registry.messenger(one) is not None and rules.may_go(one, at, zone)]
    found = Notice.objects.select_for_update(of=("self",), skip_locked=True).select_related("statement", "charge")
    rows = list(found.filter(practice_id=practice, state=Told.WAITING, way__in=ways).order_by("pk")[:AT_ONCE])
    if not rows:
        return [], 0
    name = practices.practice(practice, on=tenancy.today(practice, at)).name
    people = patients.by_ids([_whose(row) for row in rows])
    allowed = consents.texts_allowed(practice, set(people))
    messages = []
    for row in rows:
        way, who = Way(row.way), people[_whose(row)]
        to = who.email if way is Way.EMAIL else who.phone if who.id in allowed else ""
        row.state, row.taken_at = (Told.SENDING, at) if to else (Told.FAILED, None)
        if not to:
            row.words = NOT_ALLOWED
            continue
        messages.append(_Message(row.pk, way, to, *_words(row, way, name)))
    Notice.objects.bulk_update(rows, ["state", "taken_at", "words"])
    return messages, len(rows) - len(messages)


def _whose(row: Notice) -> int:
    about = row.statement or row.charge
    assert about is not None, "a notice tells of one thing"
    return about.patient_id


def _words(row: Notice, way: Way, practice: str) -> tuple[str, str]:
    """The subject and the text of a notice."""
    if row.charge is not None:
        amount, on = written(row.charge.amount), day(row.charge.charge_on)
        return f"{practice} will charge your card", rules.of_charge(way, practice, amount, on)
    assert row.statement is not None, "a notice tells of one thing"
    return f"Your statement from {practice}", rules.words(way, practice, links.url(row.statement.public_id))


def _hand_over(message: _Message, practice: int, at: datetime) -> Told:
    messenger = registry.messenger(message.way)
    assert messenger is not None, "only what somebody delivers is taken"
    reference = words = ""
    try:
        reference = messenger.send(way=message.way, to=message.to, subject=message.subject, text=message.text)
    except registry.Undelivered as error:
        words = str(error)[:200]
    with atomic.open():
        row = Notice.objects.select_for_update().get(practice_id=practice, pk=message.notice)
        if words:
            row.tries, row.words = row.tries + 1, words
            row.state = Told.FAILED if row.tries >= TRIES_MAX else Told.WAITING
        else:
            row.state, row.sent_at, row.reference = Told.SENT, at, reference[:80]
        row.save(update_fields=["tries", "words", "state", "sent_at", "reference"])
    return Told(row.state)
