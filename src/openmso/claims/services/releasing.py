"""Releasing: what stands in the next batches leaves, by payer, as 837P, 837I or on paper, by the routes of exchange."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from zoneinfo import ZoneInfo

from django.db import connection

from edi.x12.claim.model import Batch as EdiBatch
from edi.x12.claim.places import places
from edi.x12.output import Envelope
from openmso.claims import contracts, pdf
from openmso.claims.contracts import BatchRef
from openmso.claims.events import BatchReleased
from openmso.claims.models.claims import Claim
from openmso.claims.models.submissions import Batch, Sending, Submission
from openmso.claims.queries.sheets import Register
from openmso.claims.rules import freezing, loops
from openmso.claims.rules.sheet import ClaimSheet
from openmso.claims.services import moving, recognising
from openmso.claims.states import S
from openmso.exchange.contracts import Outgoing, Transaction, Way
from openmso.exchange.queries import partners
from openmso.exchange.services import sending
from openmso.kit.ids import public_id
from openmso.kit.money import Money
from openmso.kit.words import counted
from openmso.platform.access.contracts import Actor, Decision
from openmso.platform.audit import services as audit
from openmso.platform.database.updating import update
from openmso.platform.documents import services as documents
from openmso.platform.outbox import services as outbox
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.tenancy.queries import tenants
from openmso.platform.tenancy.scope import atomic

FILE_CLAIMS_MAX = 5000
"""Claims in one file, which is one transaction set, as the guide advises; more become another file."""

PURPOSE = "claims.batch"


@dataclass(frozen=True, slots=True)
class Going:
    """A claim on its way out: its row, its frozen submission, its sheet."""

    row: Claim
    submission: Submission
    sheet: ClaimSheet


@atomic
def release(*, actor: Actor, practice: int, at: datetime) -> list[BatchRef]:
    """Write and send every batch of a practice that waits: 837P or 837I stored, revenue recognised, claims sent."""
    decision = actor.must(contracts.SUBMIT.code, practice)
    register = Register([practice], tenancy.today(practice, at))
    released = []
    for payer_id, keys in _files(practice):
        going = _going(practice, keys)
        released.append(_release(going, payer_id, register, actor, practice, at, decision))
        _has_left([one.row for one in going], register, actor, practice, at, decision)
    return released


def _has_left(
    rows: Sequence[Claim], register: Register, actor: Actor, practice: int, at: datetime, decision: Decision
) -> None:
    """Revenue, day and state of claims whose file is written."""
    today = tenancy.today(practice, at)
    entities = {biller.id: biller.entity for biller in register.billers.values()}
    for row in rows:
        row.sent_at, row.first_sent_on = at, row.first_sent_on or today
    recognising.recognise(rows, entities=entities, actor=actor, on=today, at=at, under=[decision])
    moving.tell_moves(rows, to={row.pk: S.SENT for row in rows}, actor=actor, at=at)
    update(rows, [*moving.MOVED, "sent_at", "first_sent_on", "recognised_amount"])
    _retire(rows, actor, at)


def _files(practice: int) -> Iterator[tuple[int, list[int]]]:
    """The claims of each file that is to be written, by key: of one payer and one form, as many as a file takes.

    Claims that share billing provider and subscriber stand together. All are locked; only their keys are held.
    """
    locked = Claim.objects.select_for_update().filter(practice_id=practice, state=S.QUEUED).order_by("pk")
    waiting = dict(locked.values_list("pk", "version"))
    frozen = Submission.objects.filter(practice_id=practice, claim_id__in=waiting).values_list(
        "claim_id", "version", "payer_id", "sheet__kind", "sheet__biller__npi", "sheet__cover__member_id",
        "sheet__record_number", "sheet__control",
    )  # fmt: skip
    placed = sorted(
        ((payer, kind or "", *(one or "" for one in level)), claim)
        for claim, version, payer, kind, *level in frozen.iterator(chunk_size=FILE_CLAIMS_MAX)
        if version == waiting[claim]
    )
    for (payer_id, _), mine in groupby(placed, key=lambda one: one[0][:2]):
        keys = [claim for _, claim in mine]
        for start in range(0, len(keys), FILE_CLAIMS_MAX):
            yield payer_id, keys[start : start + FILE_CLAIMS_MAX]


def _going(practice: int, keys: Sequence[int]) -> list[Going]:
    """The claims of one file, in the order of their keys in it, as they were frozen last."""
    claims = Claim.objects.filter(practice_id=practice).in_bulk(keys)
    frozen = Submission.objects.filter(practice_id=practice, claim_id__in=keys)
    latest = {one.claim_id: one for one in frozen if one.version == claims[one.claim_id].version}
    return [Going(claims[key], latest[key], freezing.thawed(latest[key].sheet)) for key in keys]


def _release(
    going: Sequence[Going],
    payer_id: int,
    register: Register,
    actor: Actor,
    practice: int,
    at: datetime,
    decision: Decision,
) -> BatchRef:
    payer = register.payer(payer_id)
    assert payer is not None
    number, name = next_number(), public_id("BAT")
    form = going[0].sheet.kind
    transaction = Transaction.CLAIM_I if form == "I" else Transaction.CLAIM_P
    is_paper = _takes_paper(payer_id, transaction, practice, at)
    if is_paper:
        content, kind, ending = pdf.many([one.sheet for one in going]), "application/pdf", "pdf"
    else:
        content = loops.write([_set(going, name, at, practice)], _envelope(payer.edi_id, number, practice, at), form)
        kind, ending = "application/edi-x12", "x12"
    stored = documents.store(
        actor=actor, practice=practice, name=f"{payer.edi_id}_837{form}_{number:09d}.{ending}", content=content,
        media_type=kind, purpose=PURPOSE, at=at, under=decision,
    )  # fmt: skip
    total = Money.total(Money.of(one.row.total_amount) for one in going)
    batch = Batch.objects.create(
        practice_id=practice, public_id=name, payer_id=payer_id, form=form, is_paper=is_paper, receiver=payer.edi_id,
        interchange_control=number,
        group_control=number, reference=name, document=stored.public_id, sha256=stored.sha256, claims=len(going),
        total_amount=total.amount, sent_at=at, actor_name=actor.name[:160],
    )  # fmt: skip
    sendings = _printed(batch, going) if is_paper else _sendings(batch, going, content)
    Sending.objects.bulk_create(sendings, batch_size=2000)
    documents.became(document=stored, subject=("claims.batch", name), practice=practice, at=at)
    audit.record(
        actor=actor, action="claims.released", practice=practice, subject=("claims.batch", name), at=at,
        facts={"payer": payer.name, "count": len(going), "amount": str(total), "sha256": stored.sha256},
        decision=decision,
    )  # fmt: skip
    sending.send(
        actor=actor, practice=practice, at=at, under=decision,
        file=Outgoing(
            transaction, payer_id, stored.public_id, stored.name, ("claims.batch", name),
            f"{counted(len(going), 'claim')}, ${total}",
        ),
    )  # fmt: skip
    outbox.publish(BatchReleased(name, stored.public_id, payer_id, len(going), str(total)), practice=practice, at=at)
    return BatchRef(name, practice, payer_id, payer.name, stored.public_id, number, number, len(going), total, at)


def _takes_paper(payer: int, transaction: Transaction, practice: int, at: datetime) -> bool:
    """Whether the route of the payer's claims is paper."""
    way = partners.of_route(
        payer=payer, transaction=transaction, practice=practice, on=tenancy.today(practice, at)
    )  # fmt: skip
    return bool(way) and way[0].way is Way.PAPER


def _printed(batch: Batch, going: Sequence[Going]) -> Iterator[Sending]:
    """Where each claim stands on paper: in this order."""
    for position, one in enumerate(going, start=1):
        yield Sending(
            practice_id=batch.practice_id, submission_id=one.submission.pk, batch_id=batch.pk, position=position,
            set_segment=0, first_segment=0, last_segment=0, start=0, end=0,
        )  # fmt: skip


@atomic
def mailed(*, practice: int, batch: str, at: datetime) -> int:
    """A printed batch was mailed: its claims are with the payer from now on; how many. Their clocks run anew."""
    sent = Sending.objects.filter(practice_id=practice, batch__public_id=batch, batch__is_paper=True)
    rows = moving.locked(list(sent.values_list("submission__claim_id", flat=True)))
    mine = [row for row in rows if S(row.state) is S.SENT]
    for row in mine:
        row.sent_at = at
    Claim.objects.bulk_update(mine, ["sent_at"], batch_size=2000)
    return len(mine)


def next_number() -> int:
    """The next number of an envelope; it never repeats, whoever the receiver is."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('claims_envelope_number')")
        return int(cursor.fetchone()[0])


def submitter() -> tuple[str, str]:
    """Who sends for everybody: code and name of the MSO; the house's own name before there is one."""
    found = next((tenant for tenant in tenants() if tenant.is_mso), None)
    return (found.code, found.name) if found else (loops.SUBMITTER, loops.SUBMITTER)


def _envelope(receiver: str, number: int, practice: int, at: datetime) -> Envelope:
    local = at.astimezone(ZoneInfo(tenancy.zone(practice)))
    return Envelope(
        sender=submitter()[0], receiver=receiver, control=number, group_control=number, at=local, ack_requested=True
    )


def _set(going: Sequence[Going], name: str, at: datetime, practice: int) -> EdiBatch:
    code, words = submitter()
    payer, biller = going[0].sheet.payer, going[0].sheet.biller
    assert payer is not None
    assert biller is not None
    header = loops.header(
        reference=name, payer=payer, submitter=words, code=code, phone=biller.phone, at=at,
        zone=tenancy.zone(practice),
    )  # fmt: skip
    return EdiBatch(header, [loops.claim_of(one.sheet) for one in going])


def _sendings(batch: Batch, going: Sequence[Going], content: bytes) -> Iterator[Sending]:
    """Where each claim stands, read back from the very bytes that leave: what is not found there was not sent."""
    found = {one.control: one for one in places(content)}
    for position, one in enumerate(going, start=1):
        place = found[one.row.control]
        yield Sending(
            practice_id=batch.practice_id, submission_id=one.submission.pk, batch_id=batch.pk, position=position,
            set_control=place.set_control, set_segment=place.set_segment, first_segment=place.span.first,
            last_segment=place.span.last, start=place.span.start, end=place.span.end,
        )  # fmt: skip


def _retire(rows: Sequence[Claim], actor: Actor, at: datetime) -> None:
    """A replacement or a void of a whole claim that has left puts its original out of the race."""
    by_original = {row.original_id: row for row in rows if row.original_id and not row.split_from_id}
    originals = moving.locked([pk for pk in by_original if pk is not None])
    to = {row.pk: S.VOIDED if by_original[row.pk].frequency == "8" else S.REPLACED for row in originals}
    open_ones = [row for row in originals if S(row.state) is not to[row.pk]]
    moving.move_many(open_ones, to=to, actor=actor, at=at, why="A corrected claim was sent")
