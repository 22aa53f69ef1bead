"""Sending: what is due leaves as 270s, payer by payer, by the payer's route: asked at once, or as a file.

A check is committed as asked before anybody is tried, and no transaction is open meanwhile: whatever a partner does,
the request stays and says what happened.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from zoneinfo import ZoneInfo

from django.db import connection
from django.db.models import Q

from edi.x12.eligibility.model import Asked, Inquiry, InquiryHeader, Insured, Trace
from edi.x12.eligibility.write import write_270
from edi.x12.output import Envelope, Unwritable
from edi.x12.values import Event, Party
from openmso.eligibility import contracts
from openmso.eligibility.contracts import CHECK, Sent
from openmso.eligibility.models import Check
from openmso.eligibility.models import Inquiry as InquiryRow
from openmso.eligibility.rules import refusals
from openmso.eligibility.services import answering, moving, waiting
from openmso.eligibility.states import S
from openmso.exchange.contracts import Outgoing, Transaction
from openmso.exchange.services import asking as at_once
from openmso.exchange.services import sending as exchange
from openmso.exchange.services.doors import Unreachable
from openmso.kit.words import counted
from openmso.parties.contracts import BillingProvider, Payer
from openmso.parties.queries import payers, providers
from openmso.patients import queries as patients
from openmso.patients.contracts import Coverage, Patient, Person, Relationship
from openmso.platform.access.contracts import Actor
from openmso.platform.audit import services as audit
from openmso.platform.documents import services as documents
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.tenancy.scope import atomic

AT_ONCE = 500
"""Checks of one file."""
INQUIRY_KIND = "eligibility.inquiry"
NO_BILLER = "The practice has no billing provider to ask under."


@dataclass(frozen=True, slots=True)
class _Written:
    """A 270 that is kept and may leave."""

    payer: Payer
    content: bytes
    document: str
    inquiry: str
    """Public id."""
    checks: tuple[int, ...]


def send_due(*, actor: Actor, practice: int, at: datetime, only: Collection[str] = ()) -> Sent:
    """Send what is due, or the named checks that are; called outside of any transaction."""
    sent = Sent()
    for written, failed in iter(lambda: _write(actor, practice, at, only), None):
        sent = sent.plus(Sent(failed=failed))
        for one in written:
            sent = sent.plus(Sent(asked=len(one.checks), documents=(one.document,)))
            try:
                content = _ask(one, actor, practice, at)
            except Unreachable as no:
                sent = sent.plus(_put_off(one.checks, str(no), actor, practice, at))
                continue
            if content is not None:
                sent = sent.plus(_take(one, content, actor, practice, at))
    return sent


def _ask(one: _Written, actor: Actor, practice: int, at: datetime) -> bytes | None:
    """The answer, where a partner of the payer's route gives it at once.

    Else the file is on its way by that route, or waits for whoever carries it. Raises `Unreachable`.
    """
    file = Outgoing(
        Transaction.ELIGIBILITY, one.payer.id, one.document, f"270-{one.payer.edi_id}-{one.inquiry}.edi",
        (INQUIRY_KIND, one.inquiry), f"{counted(len(one.checks), 'question')} about coverage",
    )  # fmt: skip
    along = at_once.way(practice=practice, payer=one.payer.id, transaction=Transaction.ELIGIBILITY, at=at)
    answer = at_once.ask(along, file, one.content)
    if answer is None:
        exchange.send(actor=actor, practice=practice, at=at, file=file, under=actor.must(CHECK.code, practice))
    return answer


def _take(one: _Written, content: bytes, actor: Actor, practice: int, at: datetime) -> Sent:
    name = f"271-{one.payer.edi_id}-{one.document}.edi"
    taken = answering.take(actor=actor, practice=practice, name=name, content=content, at=at, inquiry=one.checks)
    return Sent(answered=taken.answered, put_off=taken.refused + taken.silent)


@atomic
def _write(actor: Actor, practice: int, at: datetime, only: Collection[str]) -> tuple[list[_Written], int] | None:
    """The next files of what is due, kept and marked as asked; nothing when nothing is due."""
    decision = actor.must(CHECK.code, practice)
    due = Check.objects.select_for_update(skip_locked=True).filter(practice_id=practice)
    due = due.filter(Q(state=S.DUE) | Q(state=S.RETRY, retry_at__lte=at))
    if only:
        due = due.filter(public_id__in=only)
    rows = list(due.order_by("payer_id", "pk")[:AT_ONCE])
    if not rows:
        return None
    today = tenancy.today(practice, at)
    biller = next((b for b in providers.billers(practice, on=today) if b.closed_on is None), None)
    people = patients.by_ids({row.patient_id for row in rows})
    covers = {c.id: c for found in patients.coverages_of(list(people)).values() for c in found}
    register = {payer.id: payer for payer in payers.every()}
    written, failed = [], 0
    for payer_id, of_payer in groupby(rows, key=lambda row: row.payer_id):
        mine = list(of_payer)
        if biller is None or payer_id is None:
            failed += _fail(mine, NO_BILLER, "Add one on the page of the practice.")
            continue
        sayable, inquiries = [], []
        for number, row in enumerate(mine, start=1):
            said = _inquiry(
                row, people[row.patient_id], covers[row.coverage_id or 0], register[payer_id], biller, number, at
            )
            try:
                write_270([said], _envelope(1, register[payer_id], practice, at))
            except Unwritable as no:
                failed += _fail([row], str(no), "Correct the coverage or the record.")
                continue
            sayable.append(row)
            inquiries.append(said)
        if sayable:
            written.append(_keep(register[payer_id], sayable, inquiries, actor, practice, at))
    moving.save(rows, "inquiry", "asked_at", "asked_for")
    waiting.keep_in_step([row for row in rows if row.state == S.FAILED], {}, actor=actor, at=at, under=decision)
    return written, failed


def _fail(rows: Sequence[Check], words: str, fix: str) -> int:
    for row in rows:
        moving.move(row, S.FAILED, words=words, fix=fix)
    return len(rows)


def _keep(
    payer: Payer, rows: Sequence[Check], inquiries: Sequence[Inquiry], actor: Actor, practice: int, at: datetime
) -> _Written:
    """Store a file and mark its checks."""
    decision = actor.must(CHECK.code, practice)
    number = _number()
    content = write_270(inquiries, _envelope(number, payer, practice, at))
    document = documents.store(
        actor=actor, practice=practice, name=f"270-{payer.edi_id}-{number}.edi", content=content,
        media_type="application/edi-x12", purpose=contracts.INQUIRY, at=at, under=decision,
    )  # fmt: skip
    left = InquiryRow.objects.create(
        pk=number, practice_id=practice, payer_id=payer.id, document=document.public_id, checks=len(rows), sent_at=at
    )
    for row in rows:
        moving.move(row, S.ASKED, words="Asked; the answer is awaited.")
        row.inquiry_id, row.asked_at, row.tries = left.pk, at, row.tries + 1
    documents.became(document=document, subject=(INQUIRY_KIND, left.public_id), practice=practice, at=at)
    audit.record(
        actor=actor, action="eligibility.asked", practice=practice, subject=(INQUIRY_KIND, left.public_id),
        at=at, facts={"count": len(rows), "payer": payer.name}, decision=decision,
    )  # fmt: skip
    return _Written(payer, content, document.public_id, left.public_id, tuple(row.pk for row in rows))


def _number() -> int:
    """The key of the next inquiry, which is its control number, too."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence('eligibility_inquiry', 'id'))")
        return int(cursor.fetchone()[0])


def _envelope(number: int, payer: Payer, practice: int, at: datetime) -> Envelope:
    local = at.astimezone(ZoneInfo(tenancy.zone(practice)))
    return Envelope(
        sender=next((one.code for one in tenancy.tenants() if one.is_mso), "OPENMSO"), receiver=payer.edi_id,
        control=number % 1_000_000_000, group_control=number % 1_000_000_000 or 1, at=local,
    )  # fmt: skip


def _inquiry(
    row: Check, patient: Patient, cover: Coverage, payer: Payer, biller: BillingProvider, number: int, at: datetime
) -> Inquiry:
    is_self = cover.relationship is Relationship.SELF
    about = (Event("291", row.asked_for, None, f"{row.asked_for:%Y%m%d}"),)
    person = patient.person
    subscriber = person if is_self else cover.subscriber or person
    holder = _insured(subscriber, "IL", cover.member_id, about if is_self else ())
    return Inquiry(
        header=InquiryHeader(row.public_id, at.date(), at.time().replace(microsecond=0), f"{number:04}"),
        source=Party("PR", payer.name, id_qualifier="PI", id=payer.edi_id),
        receiver=Party(
            "1P", biller.name, biller.first_name, is_person=bool(biller.first_name), id_qualifier="XX", id=biller.npi
        ),
        subscriber=holder,
        dependent=None if is_self else _insured(person, "03", "", about),
        asked=(Asked(tuple(row.service_types)),),
        traces=(Trace("1", row.public_id, f"9{biller.tin}"),),
    )


def _insured(person: Person, role: str, member_id: str, events: tuple[Event, ...]) -> Insured:
    party = Party(
        role, person.last_name, person.first_name, person.middle_name, person.suffix, is_person=True,
        id_qualifier="MI" if member_id else "", id=member_id,
    )  # fmt: skip
    sex = "" if person.sex == "U" else person.sex.value
    return Insured(party, person.born_on, sex, events=events)


@atomic
def _put_off(checks: Collection[int], why: str, actor: Actor, practice: int, at: datetime) -> Sent:
    """Nobody answered: every request stays, and is tried again or given to a person."""
    decision = actor.must(CHECK.code, practice)
    rows = list(Check.objects.select_for_update().filter(pk__in=checks, state=S.ASKED).order_by("pk"))
    for row in rows:
        moving.put_off(row, words=why, at=at)
    moving.save(rows)
    waiting.keep_in_step([row for row in rows if row.state == S.FAILED], {}, actor=actor, at=at, under=decision)
    audit.record(
        actor=actor, action="eligibility.put_off", practice=practice, subject=(waiting.SUBJECT, ""), at=at, why=why,
        facts={"count": len(rows)}, decision=decision,
    )  # fmt: skip
    failed = sum(row.state == S.FAILED for row in rows)
    return Sent(put_off=len(rows) - failed, failed=failed)


@atomic
def chase(*, actor: Actor, practice: int, at: datetime) -> int:
    """Put off what was asked and never answered; how many."""
    decision = actor.must(CHECK.code, practice)
    silent = Check.objects.select_for_update().filter(
        practice_id=practice, state=S.ASKED, asked_at__lte=at - refusals.SILENCE
    )
    rows = list(silent.order_by("pk"))
    for row in rows:
        moving.put_off(row, words="The payer has not answered.", at=at)
    moving.save(rows)
    waiting.keep_in_step([row for row in rows if row.state == S.FAILED], {}, actor=actor, at=at, under=decision)
    return len(rows)
