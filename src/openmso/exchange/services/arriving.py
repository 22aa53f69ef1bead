"""What partners send: found in their mailboxes or brought by a person, kept before it is read, told once.

A file is kept at the MSO, sealed: nobody knows yet whose it is. Who takes it is told by a fact.
"""

from __future__ import annotations

import io
from datetime import datetime

from openmso.agreements.queries import clocks
from openmso.exchange import registry
from openmso.exchange.contracts import KEEP, LINE, MAILBOX, UNKNOWN, ArrivalRow, Polled, Way
from openmso.exchange.events import FileArrived
from openmso.exchange.models.partners import Partner
from openmso.exchange.models.transmissions import Arrival
from openmso.exchange.queries.transmissions import arrival_told
from openmso.exchange.rules import sniffing
from openmso.exchange.services import doors
from openmso.exchange.services.doors import Address, Found, Unreachable
from openmso.kit.errors import NotFound
from openmso.platform.access.contracts import Actor, Decision
from openmso.platform.audit import services as audit
from openmso.platform.documents import services as documents
from openmso.platform.documents.contracts import Content, as_file, size_of
from openmso.platform.outbox import services as outbox
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.tenancy.scope import atomic
from openmso.platform.work import services as work

PURPOSE = "exchange.arrival"


@atomic
def take_in(
    *, actor: Actor, partner: str, name: str, content: Content, at: datetime, modified: int = 0, tell: bool = True
) -> ArrivalRow:
    """Keep a file of a partner and tell those who take such files; the same bytes again are told nobody.

    The scope holds the MSO's tenant (`mailroom`). Without `tell` the caller hands it on itself. What nobody can take
    becomes work. Raises what `documents` refuses.
    """
    decision = actor.must(KEEP.code)
    row = Partner.objects.filter(public_id=partner).first()
    if row is None:
        raise NotFound("There is no such trading partner.", field="partner")
    return _take_in(actor, row, Found(name, size_of(content), modified), content, at, decision, tell=tell)


@atomic
def _take_in(
    actor: Actor, partner: Partner, found: Found, content: Content, at: datetime, decision: Decision, *, tell: bool
) -> ArrivalRow:
    mso = tenancy.mso()
    stored = documents.store(
        actor=actor, practice=mso, name=f"from-{partner.public_id}.edi", content=content,
        media_type="application/edi-x12", purpose=PURPOSE, at=at, under=decision,
    )  # fmt: skip
    is_repeat = Arrival.objects.filter(practice_id=mso, sha256=stored.sha256, is_repeat=False).exists()
    kinds = sniffing.kinds_of(as_file(content))
    row = Arrival(
        practice_id=mso, partner=partner, name=found.name[:200], size=found.size, modified=found.modified,
        sha256=stored.sha256, document=stored.public_id, kinds=" ".join(kinds)[:60], is_repeat=is_repeat,
        arrived_at=at, words="The same file was there before." if is_repeat else "",
    )  # fmt: skip
    same = {name: getattr(row, name) for name in ("partner", "name", "size", "modified", "sha256")}
    there = Arrival.objects.filter(practice_id=mso, **same).first()
    if there is not None:
        return arrival_told(there)
    row.save()
    documents.became(document=stored, subject=("exchange.arrival", row.public_id), practice=mso, at=at)
    audit.record(
        actor=actor, action="exchange.arrived", practice=mso, subject=("exchange.arrival", row.public_id), at=at,
        facts={"partner": partner.name, "kinds": row.kinds or "no X12", "sha256": row.sha256}, decision=decision,
    )  # fmt: skip
    if not is_repeat and any(registry.is_taken(kind) for kind in kinds):
        if tell:
            outbox.publish(FileArrived(row.public_id, row.document, row.kinds, row.name), practice=mso, at=at)
    elif not is_repeat:
        what = f"It holds {row.kinds}, which nothing here takes." if kinds else "It is no X12 file."
        nobody_took(arrival=row.public_id, words=what, at=at)
    return arrival_told(row)


@atomic
def nobody_took(*, arrival: str, words: str, at: datetime) -> None:
    """Have somebody look at a file that could not be given to anybody, with the reason."""
    mso = tenancy.mso()
    work.open_item(
        practice=mso, kind=UNKNOWN, subject=("exchange.arrival", arrival), title=f"File {arrival}", why=words[:300],
        priority=60, priority_why="it may be an answer or a payment that is missed", key=f"{UNKNOWN}:{arrival}",
        due_at=clocks.sla_due(mso, LINE, UNKNOWN, at), at=at,
    )  # fmt: skip


def poll(*, actor: Actor, at: datetime) -> list[Polled]:
    """Look into the mailbox of every partner that works, and take in what was not there before.

    An edge to the network: it opens its own transactions. A mailbox that cannot be read stops no other; the second
    time in a row it becomes work.
    """
    return [_poll(actor, partner, way, address, at) for partner, way, address in _mailboxes()]


@atomic
def _mailboxes() -> list[tuple[Partner, Way, Address]]:
    rows = (
        Partner.objects.filter(closed_on=None, is_down=False)
        .exclude(way__in=[Way.MANUAL, Way.PAPER])
        .exclude(incoming="")
    )
    return [(row, Way(row.way), doors.address_of(row)) for row in rows.order_by("name", "pk")]


def _poll(actor: Actor, partner: Partner, way: Way, address: Address, at: datetime) -> Polled:
    decision = actor.must(KEEP.code)
    new = repeats = 0
    words = ""
    try:
        with doors.opened(way, address) as door:
            for found in _unseen(partner, door.mailbox()):
                content = door.fetch(found)
                if content is None:
                    continue
                kept = _take_in(actor, partner, found, io.BytesIO(content), at, decision, tell=True)
                new, repeats = new + (not kept.is_repeat), repeats + kept.is_repeat
    except Unreachable as no:
        words = f"{no.sentence} {no.fix}".strip()
    _looked(actor, partner, words, at, decision)
    return Polled(partner.name, new, repeats, words)


@atomic
def _unseen(partner: Partner, listed: list[Found]) -> list[Found]:
    """The files that were not taken yet; what changes under its name is another file."""
    seen = set(
        Arrival.objects.filter(practice_id=tenancy.mso(), partner=partner, name__in=[one.name[:200] for one in listed])
        .values_list("name", "size", "modified")
    )  # fmt: skip
    return [one for one in listed if (one.name[:200], one.size, one.modified) not in seen]


@atomic
def _looked(actor: Actor, partner: Partner, words: str, at: datetime, decision: Decision) -> None:
    mso, key = tenancy.mso(), f"{MAILBOX}:{partner.public_id}"
    if words and partner.poll_words:
        work.open_item(
            practice=mso, kind=MAILBOX, subject=("exchange.partner", partner.public_id), at=at, key=key,
            title=f"Mailbox of {partner.name}", why=words, priority=80,
            priority_why="answers and remittances stay there",
            due_at=clocks.sla_due(mso, LINE, MAILBOX, at),
        )  # fmt: skip
    elif not words and partner.poll_words:
        work.close_item(practice=mso, key=key, actor=actor, at=at, outcome="It was read.", under=decision)
    partner.polled_at, partner.poll_words = at, words[:300]
    partner.save(update_fields=["polled_at", "poll_words"])
