"""Asking payers to authorize or refer (278): the request leaves by the routes, its answer becomes a yes or work."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from zoneinfo import ZoneInfo

from edi.x12.envelope import FileEnd
from edi.x12.output import Envelope, Unwritable
from edi.x12.review.model import Person, Review, ReviewHeader, Service
from edi.x12.review.read import read_278
from edi.x12.review.write import write_278
from edi.x12.values import Event, Party, Procedure
from openmso.agreements.queries import clocks
from openmso.eligibility.contracts import (
    AUTHORIZE,
    LINE,
    REQUEST,
    REQUEST_ANSWER,
    REQUEST_FILE,
    TO_CHASE,
    AuthorizationDraft,
    Permit,
    RequestDraft,
    RequestsTaken,
)
from openmso.eligibility.models import Request
from openmso.eligibility.rules import reviews
from openmso.eligibility.rules.reviews import Heard
from openmso.eligibility.services import permitting
from openmso.eligibility.states import REQUEST_MOVES, REQUEST_OPEN, R
from openmso.exchange.contracts import Outgoing, Transaction
from openmso.exchange.services import arriving, sending
from openmso.kit.errors import Conflict, Refused
from openmso.kit.ids import public_id
from openmso.kit.states import check_move
from openmso.parties.contracts import BillingProvider
from openmso.parties.queries import payers, providers
from openmso.patients import queries as patients
from openmso.patients.contracts import Coverage, Patient
from openmso.patients.contracts import Person as Who
from openmso.platform.access.contracts import Actor, Decision
from openmso.platform.audit import services as audit
from openmso.platform.documents import queries as documents
from openmso.platform.documents import services as files
from openmso.platform.documents.contracts import Content, as_file
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.tenancy.scope import atomic
from openmso.platform.work import services as work
from openmso.platform.work.contracts import NewItem

CATEGORIES = {Permit.AUTHORIZATION: "HS", Permit.REFERRAL: "SC"}
NOBODYS = "It answers no request of ours for an authorization."


class NotAsked(Refused):
    """The payer cannot be asked: somebody or something that a 278 names is missing."""

    code = "not_asked"


class AskedAlready(Conflict):
    """The payer was asked for the same and has not decided."""

    code = "asked_already"


class NoReviews(Refused):
    """Nothing in the file is a 278."""

    code = "no_reviews"


@atomic
def ask(*, actor: Actor, practice: int, draft: RequestDraft, at: datetime) -> str:
    """Ask a payer for an authorization or a referral of one service; the public id of the request.

    Raises `NotAsked`, and `AskedAlready` while the payer has the same question.
    """
    decision = actor.must(AUTHORIZE.code, practice)
    _refuse(draft, practice)
    today = tenancy.today(practice, at)
    patient = patients.by_ids([draft.patient_id])[draft.patient_id]
    covers = patients.coverages_of([patient.id]).get(patient.id, ())
    cover = next((one for one in covers if one.payer_id == draft.payer_id and one.holds_on(draft.starts_on)), None)
    biller = next((one for one in providers.billers(practice, on=today) if one.closed_on is None), None)
    if cover is None or biller is None:
        missing = "no coverage of this payer on that day" if cover is None else "no billing provider to ask under"
        raise NotAsked(f"There is {missing}.", field="payer", fix="Add it first.")
    name, payer = public_id("AUQ"), payers.payer(draft.payer_id)
    zone = ZoneInfo(tenancy.zone(practice))
    local = at.astimezone(zone)
    review = _review(name, draft, patient, cover, biller, local, Party("X3", payer.name, id_qualifier="PI",
                     id=payer.edi_id))  # fmt: skip
    row = Request(
        practice_id=practice, public_id=name, patient_id=patient.id, payer_id=payer.id, kind=draft.kind,
        code=draft.code, units=draft.units, place=draft.place, diagnoses=list(draft.diagnoses),
        starts_on=draft.starts_on, ends_on=draft.ends_on, claim=draft.claim, state=R.ASKED, asked_at=at,
        asked_by=actor.name[:160], words="Asked; the answer is awaited.",
    )  # fmt: skip
    row.save(force_insert=True)
    envelope = Envelope(
        sender=next((one.code for one in tenancy.tenants() if one.is_mso), "OPENMSO"), receiver=payer.edi_id,
        control=row.pk % 10**9, group_control=row.pk % 10**9, at=local,
    )  # fmt: skip
    try:
        content = write_278([review], envelope, origin=f"1{biller.tin}")
    except Unwritable as no:
        raise NotAsked(str(no), fix="Correct the coverage or the record.") from None
    stored = files.store(
        actor=actor, practice=practice, name=f"278-{payer.edi_id}-{name}.x12", content=content,
        media_type="application/edi-x12", purpose=REQUEST_FILE, at=at, under=decision,
    )  # fmt: skip
    row.document = stored.public_id
    row.save(update_fields=["document"])
    files.became(document=stored, subject=(REQUEST, name), practice=practice, at=at)
    sending.send(
        actor=actor, practice=practice, at=at, under=decision,
        file=Outgoing(Transaction.AUTHORIZATION, payer.id, stored.public_id, stored.name, (REQUEST, name),
                      f"{draft.kind.label} of {draft.code}"),
    )  # fmt: skip
    audit.record(
        actor=actor, action="eligibility.permit_asked", practice=practice, subject=(REQUEST, name), at=at,
        facts={"payer": payer.name, "kind": draft.kind.label.lower()}, decision=decision,
    )  # fmt: skip
    return name


def _refuse(draft: RequestDraft, practice: int) -> None:
    if draft.ends_on < draft.starts_on:
        raise NotAsked("It would end before it begins.", field="ends_on", fix="Correct one of the days.")
    if draft.units is not None and draft.units <= 0:
        raise NotAsked("It asks for nothing.", field="units", fix="Say how many, or leave it empty.")
    same = Request.objects.filter(
        practice_id=practice, patient_id=draft.patient_id, payer_id=draft.payer_id, kind=draft.kind, code=draft.code,
        state__in=sorted(REQUEST_OPEN), starts_on__lte=draft.ends_on, ends_on__gte=draft.starts_on,
    )  # fmt: skip
    first = same.first()
    if first is not None:
        raise AskedAlready(f"The payer has {first.public_id} for the same.", fix="Wait for its answer, or ask there.")


def _review(
    name: str, draft: RequestDraft, patient: Patient, cover: Coverage, biller: BillingProvider, local: datetime,
    payer: Party,
) -> Review:  # fmt: skip
    holder = cover.subscriber
    subscriber = _person("IL", holder or patient.person, cover.member_id)
    return Review(
        ReviewHeader(name, local.date(), local.time()), payer,
        Party("1P", biller.name, is_person=False, id_qualifier="XX", id=biller.npi), subscriber, name,
        dependent=_person("QC", patient.person) if holder else None, category=CATEGORIES[draft.kind],
        place=draft.place, diagnoses=draft.diagnoses, dates=(_days(draft.starts_on, draft.ends_on),),
        services=(Service(Procedure("HC", draft.code), draft.units),),
    )  # fmt: skip


def _days(first: date, last: date) -> Event:
    return Event("AAH", first, last if last > first else None)


def _person(role: str, who: Who, member: str = "") -> Person:
    party = Party(
        role, who.last_name, who.first_name, who.middle_name, who.suffix, is_person=True,
        id_qualifier="MI" if member else "", id=member,
    )  # fmt: skip
    return Person(party, who.born_on, who.sex.value)


def take(*, actor: Actor, practice: int, name: str, content: Content, at: datetime) -> RequestsTaken:
    """Keep a file of answers, then tell the requests it names: a yes is on file at once, a no is work.

    Raises `NoReviews` for a file without a 278. The same file twice changes nothing.
    """
    decision = actor.must(AUTHORIZE.code, practice)
    stored = files.store(
        actor=actor, practice=practice, name=name, content=content, media_type="application/edi-x12",
        purpose=REQUEST_ANSWER, at=at, under=decision,
    )  # fmt: skip
    with files.telling_refusal(actor=actor, document=stored, at=at, under=decision):
        found = list(_answers(content))
        if not found:
            raise NoReviews(f"{name} holds no answer to a 278.", field="file", fix="Send the payer's 278.")
    return _tell(found, stored.public_id, actor, practice, at, decision)


def _answers(content: Content) -> Iterator[Review]:
    for record in read_278(as_file(content)):
        if isinstance(record, Review) and record.is_answer:
            yield record
        elif isinstance(record, FileEnd):
            return


@atomic
def _tell(
    found: list[Review], document: str, actor: Actor, practice: int, at: datetime, decision: Decision
) -> RequestsTaken:  # fmt: skip
    names = {name for one in found for name in (one.trace, one.header.reference) if name}
    held = Request.objects.select_for_update().filter(practice_id=practice, public_id__in=names).order_by("pk")
    rows = {row.public_id: row for row in held}
    told: dict[R, int] = dict.fromkeys(R, 0)
    unmatched = 0
    for one in found:
        row = rows.get(one.trace) or rows.get(one.header.reference)
        if row is None:
            unmatched += 1
            continue
        heard = reviews.heard(one, asked=row.units, starts_on=row.starts_on, ends_on=row.ends_on)
        if R(row.state) not in REQUEST_OPEN:
            continue
        check_move(REQUEST_MOVES, noun="request", frm=R(row.state), to=heard.state)
        row.state, row.words, row.answer, row.answered_at = heard.state.value, heard.words[:300], document, at
        row.number = heard.number[:50]
        if heard.is_yes:
            row.authorization_id = _on_file(row, heard, actor, at)
        row.save()
        told[heard.state] += 1
        _keep_work(row, actor, at, decision)
    audit.record(
        actor=actor, action="eligibility.permits_answered", practice=practice, subject=(REQUEST, ""), at=at,
        facts={"count": len(found) - unmatched}, decision=decision,
    )  # fmt: skip
    yes = told[R.CERTIFIED] + told[R.MODIFIED]
    return RequestsTaken(document, yes, told[R.PENDED], told[R.DENIED] + told[R.RETURNED], unmatched)


def _on_file(row: Request, heard: Heard, actor: Actor, at: datetime) -> int:
    draft = AuthorizationDraft(
        row.patient_id, row.payer_id, Permit(row.kind), heard.number or row.public_id, row.code, row.code,
        heard.starts_on, heard.ends_on, heard.units, f"Asked for by {row.public_id}",
    )  # fmt: skip
    return permitting.put(actor=actor, practice=row.practice_id, draft=draft, at=at)


def _keep_work(row: Request, actor: Actor, at: datetime, decision: Decision) -> None:
    """A no, a return and a wait are somebody's; a yes closes them."""
    key = f"{TO_CHASE}:{row.public_id}"
    if R(row.state) in {R.CERTIFIED, R.MODIFIED}:
        work.close_item(
            practice=row.practice_id, key=key, actor=actor, at=at, outcome=row.words or "Authorized", under=decision
        )
        return
    item = NewItem(
        kind=TO_CHASE, subject=(REQUEST, row.public_id), title=f"{Permit(row.kind).label} {R(row.state).label.lower()}",
        why=row.words, priority=60 if R(row.state) is R.PENDED else 75,
        priority_why="the payer thinks about it" if R(row.state) is R.PENDED else "care or its payment waits for a yes",
        due_at=clocks.sla_due(row.practice_id, LINE, TO_CHASE, at),
        key=key,
    )  # fmt: skip
    work.open_items(practice=row.practice_id, items=[item], at=at)


def take_arrival(*, actor: Actor, arrival: str, document: str, name: str, at: datetime) -> RequestsTaken | None:
    """Read a file of the mailbox for the one practice whose requests it answers; else it is work at the MSO.

    The scope is the whole network.
    """
    content, homes = _homes(document)
    words = NOBODYS if not homes else "It answers requests of several practices. Ask the partner for a file of each."
    if len(homes) == 1:
        try:
            return take(actor=actor, practice=homes.pop(), name=name, content=content, at=at)
        except Refused as no:
            words = f"{no.sentence} {no.fix}".strip()
    arriving.nobody_took(arrival=arrival, words=words, at=at)
    return None


@atomic
def _homes(document: str) -> tuple[bytes, set[int]]:
    content = documents.read(document, tenancy.mso())
    names = {name for one in _answers(content) for name in (one.trace, one.header.reference) if name}
    return content, set(Request.objects.filter(public_id__in=names).values_list("practice_id", flat=True))
