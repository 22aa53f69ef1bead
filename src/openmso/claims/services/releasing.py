"""Releasing: what stands in the next batches leaves, by payer, as 837P, 837I or on paper, by the routes of exchange."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from zoneinfo import ZoneInfo

from django.db import connection

from edi.x12.claim.model import Batch as EdiBatch
from edi.x12.claim.model import BatchHeader
from edi.x12.claim.model import Claim as EdiClaim
from edi.x12.claim.read import read_837
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

SET_CLAIMS_MAX = 5000
"""Claims in one transaction set, as the guide advises."""

FILE_CLAIMS_MAX = 20000
"""Claims in one file; more become another one."""

PURPOSE = "claims.batch"


@dataclass(frozen=True, slots=True)
class Going:
    """A claim on its way out: its row, its frozen submission, its sheet."""

    row: Claim
    submission: Submission
    sheet: ClaimSheet

    @property
    def level(self) -> tuple[str, str, str, str]:
        """Claims that share billing provider and subscriber stand together in the file."""
        cover, biller = self.sheet.cover, self.sheet.biller
        return (biller.npi if biller else "", cover.member_id if cover else "", self.sheet.record_number,
                self.sheet.control)  # fmt: skip


@atomic
def release(*, actor: Actor, practice: int, at: datetime) -> list[BatchRef]:
    """Write and send every batch of a practice that waits: 837P or 837I stored, revenue recognised, claims sent."""
    decision = actor.must(contracts.SUBMIT.code, practice)
    going = _going(practice)
    today = tenancy.today(practice, at)
    register = Register([practice], today)
    released = []
    for (payer_id, _), mine in groupby(going, key=lambda one: (one.submission.payer_id, one.sheet.kind)):
        claims = list(mine)
        for start in range(0, len(claims), FILE_CLAIMS_MAX):
            part = claims[start : start + FILE_CLAIMS_MAX]
            released.append(_release(part, payer_id, register, actor, practice, at, decision))
    rows = [one.row for one in going]
    entities = {biller.id: biller.entity for biller in register.billers.values()}
    recognising.recognise(rows, entities=entities, actor=actor, on=today, at=at, under=[decision])
    for row in rows:
        row.sent_at, row.first_sent_on = at, row.first_sent_on or today
    update(rows, ["sent_at", "first_sent_on"])
    moving.move_many(rows, to={row.pk: S.SENT for row in rows}, actor=actor, at=at)
    _retire(rows, actor, at)
    return released


def _going(practice: int) -> list[Going]:
    rows = Claim.objects.select_for_update().filter(practice_id=practice, state=S.QUEUED).order_by("pk")
    claims = {row.pk: row for row in rows}
    frozen = Submission.objects.filter(practice_id=practice, claim_id__in=claims)
    latest = [s for s in frozen if s.version == claims[s.claim_id].version]
    found = [Going(claims[s.claim_id], s, freezing.thawed(s.sheet)) for s in latest]
    return sorted(found, key=lambda one: (one.submission.payer_id, one.sheet.kind, one.level))


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
        content = loops.write(_sets(going, name, at, practice), _envelope(payer.edi_id, number, practice, at), form)
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
            practice_id=batch.practice_id, submission=one.submission, batch=batch, position=position, set_segment=0,
            first_segment=0, last_segment=0, start=0, end=0,
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


def _sets(going: Sequence[Going], name: str, at: datetime, practice: int) -> Iterator[EdiBatch]:
    code, words = submitter()
    for number, start in enumerate(range(0, len(going), SET_CLAIMS_MAX), start=1):
        part = going[start : start + SET_CLAIMS_MAX]
        payer, biller = part[0].sheet.payer, part[0].sheet.biller
        assert payer is not None
        assert biller is not None
        header = loops.header(
            reference=name if number == 1 else f"{name}-{number}", payer=payer, submitter=words, code=code,
            phone=biller.phone, at=at, zone=tenancy.zone(practice),
        )  # fmt: skip
        yield EdiBatch(header, [loops.claim_of(one.sheet) for one in part])


def _sendings(batch: Batch, going: Sequence[Going], content: bytes) -> Iterator[Sending]:
    """Where each claim stands, read back from the very bytes that leave: what is not found there was not sent."""
    found: dict[str, tuple[EdiClaim, BatchHeader]] = {}
    header: BatchHeader | None = None
    for record in read_837(content, strict=True):
        if isinstance(record, BatchHeader):
            header = record
        elif isinstance(record, EdiClaim):
            assert header is not None
            found[record.control] = (record, header)
    for position, one in enumerate(going, start=1):
        claim, of_set = found[one.row.control]
        assert claim.span is not None
        assert of_set.span is not None
        yield Sending(
            practice_id=batch.practice_id, submission=one.submission, batch=batch, position=position,
            set_control=of_set.control, set_segment=of_set.span.first, first_segment=claim.span.first,
            last_segment=claim.span.last, start=claim.span.start, end=claim.span.end,
        )  # fmt: skip


def _retire(rows: Sequence[Claim], actor: Actor, at: datetime) -> None:
    """A replacement or a void of a whole claim that has left puts its original out of the race."""
    by_original = {row.original_id: row for row in rows if row.original_id and not row.split_from_id}
    originals = moving.locked([pk for pk in by_original if pk is not None])
    to = {row.pk: S.VOIDED if by_original[row.pk].frequency == "8" else S.REPLACED for row in originals}
    open_ones = [row for row in originals if S(row.state) is not to[row.pk]]
    moving.move_many(open_ones, to=to, actor=actor, at=at, why="A corrected claim was sent")
