"""Releasing: what stands in the next batches leaves, by payer, as 837P, 837I or on paper, by the routes of exchange."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from itertools import groupby, islice
from operator import itemgetter
from zoneinfo import ZoneInfo

from django.db import connection
from django.db.models import F, TextField, Value
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Coalesce, Collate

from edi.x12.claim.model import BatchHeader
from edi.x12.claim.places import ClaimPlace
from edi.x12.claim.said import Said, write_said
from edi.x12.output import Envelope
from openmso.claims import contracts, pdf
from openmso.claims.contracts import BatchRef
from openmso.claims.events import BatchReleased
from openmso.claims.models.claims import Claim
from openmso.claims.models.submissions import Batch, Sending, Submission
from openmso.claims.queries.register import Register
from openmso.claims.rules import freezing, loops
from openmso.claims.rules.sheet import ClaimSheet
from openmso.claims.services import leaving, moving
from openmso.claims.states import S
from openmso.exchange.contracts import Outgoing, Transaction, Way
from openmso.exchange.queries import partners
from openmso.exchange.services import sending
from openmso.kit.ids import public_id
from openmso.kit.money import Money
from openmso.kit.words import counted
from openmso.platform.access.contracts import Actor, Decision
from openmso.platform.audit import services as audit
from openmso.platform.database.writing import insert
from openmso.platform.documents import services as documents
from openmso.platform.outbox import services as outbox
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.tenancy.moving import go_on_after
from openmso.platform.tenancy.queries import tenants
from openmso.platform.tenancy.scope import atomic

FILE_CLAIMS_MAX = 5000
"""Claims in one file, which is one transaction set, as the guide advises; more become another file."""

PURPOSE = "claims.batch"
FORMS = {"P": Transaction.CLAIM_P, "I": Transaction.CLAIM_I}
LEVELS = {
    "npi": ("biller", "npi"),
    "member": ("cover", "member_id"),
    "record": ("record_number",),
    "named": ("control",),
}
"""What claims of one file are sorted by, in the frozen sheet: those that share its levels stand together."""
LOCKED = """
SELECT count(*) FROM (
  SELECT FROM claims_claim WHERE practice_id = %s AND state = %s ORDER BY id FOR UPDATE) locked
"""
PLACE = ("submission_id", "position", "set_control", "set_segment", "first_segment", "last_segment", "start", "end")


@dataclass(frozen=True, slots=True)
class Going:
    """A claim on its way out, as it was frozen last: keys of the claim and its submission, what it asks for, how."""

    claim: int
    submission: int
    total: Decimal
    said: Said | None
    """None on paper."""
    sheet: ClaimSheet | None
    """Of every claim on paper; in a file of the first alone, which all have payer and billing provider with."""


@atomic
def release(*, actor: Actor, practice: int, at: datetime) -> list[BatchRef]:
    """Write and send every batch of a practice that waits: 837P or 837I stored, revenue recognised, claims sent."""
    decision = actor.must(contracts.SUBMIT.code, practice)
    today = tenancy.today(practice, at)
    register = Register([practice], today)
    entities = {biller.id: biller.entity for biller in register.billers.values()}
    released = []
    for payer_id, form, submissions in _files(practice):
        is_paper = _takes_paper(payer_id, FORMS[form], practice, at)
        going = _going(submissions, is_paper=is_paper)
        released.append(
            _release(going, payer_id, form, register, actor, practice, at, decision, is_paper=is_paper)
        )  # fmt: skip
        leaving.leave(
            [one.claim for one in going], practice=practice, entities=entities, actor=actor, on=today, at=at,
            under=decision,
        )  # fmt: skip
    return released


def _files(practice: int) -> Iterator[tuple[int, str, list[int]]]:
    """Payer, form and submissions of each file that is to be written: as many of one payer and form as a file takes.

    Claims that share billing provider and subscriber stand together. All are locked at once; the database sorts, and
    the keys of one file are held.
    """
    with connection.cursor() as cursor:
        cursor.execute(LOCKED, [practice, S.QUEUED.value])
    placed = (
        Submission.objects.filter(practice_id=practice, claim__practice_id=practice, claim__state=S.QUEUED)
        .filter(version=F("claim__version"))
        .annotate(form=_word("kind", missing="P"), **{key: _word(*path) for key, path in LEVELS.items()})
        .order_by("payer_id", "form", *LEVELS, "pk")
        .values_list("payer_id", "form", "pk")
    )
    for (payer_id, form), mine in groupby(placed.iterator(chunk_size=FILE_CLAIMS_MAX), key=itemgetter(0, 1)):
        while keys := [key for _, _, key in islice(mine, FILE_CLAIMS_MAX)]:
            yield payer_id, form, keys


def _word(*path: str, missing: str = "") -> Collate:
    """A text of the frozen sheet, in the order of its bytes; what is left out there is its default."""
    *above, key = path
    said = KeyTextTransform(key, "__".join(("sheet", *above)))
    return Collate(Coalesce(said, Value(missing, output_field=TextField())), "C")


def _going(submissions: Sequence[int], *, is_paper: bool) -> list[Going]:
    """The claims of one file, in the order of their submissions in it."""
    found = {
        key: rest
        for key, *rest in Submission.objects.filter(pk__in=submissions).values_list(
            "pk", "claim_id", "total_amount", "segments"
        )
    }
    whole = submissions if is_paper else [key for key in submissions if not found[key][2] or key == submissions[0]]
    sheets = {
        key: freezing.thawed(plain)
        for key, plain in Submission.objects.filter(pk__in=whole).values_list("pk", "sheet").iterator()
    }
    sayers = loops.Sayers()

    def said(key: int, segments: str) -> Said | None:
        if is_paper:
            return None
        return freezing.apart(segments) if segments else sayers.say(sheets[key])

    return [
        Going(claim, key, total, said(key, segments), sheets.get(key))
        for key, (claim, total, segments) in ((key, found[key]) for key in submissions)
    ]


def _release(
    going: Sequence[Going], payer_id: int, form: str, register: Register, actor: Actor, practice: int, at: datetime,
    decision: Decision, *, is_paper: bool,
) -> BatchRef:  # fmt: skip
    payer = register.payer(payer_id)
    assert payer is not None
    number, name = next_number(), public_id("BAT")
    places: list[ClaimPlace] = []
    if is_paper:
        content, kind, ending = pdf.many([one.sheet for one in going if one.sheet]), "application/pdf", "pdf"
    else:
        header, envelope = _header(going[0], name, at, practice), _envelope(payer.edi_id, number, practice, at)
        said = [one.said for one in going if one.said]
        content, places = write_said(header, said, envelope, is_institutional=form == "I")
        kind, ending = "application/edi-x12", "x12"
    stored = documents.store(
        actor=actor, practice=practice, name=f"{payer.edi_id}_837{form}_{number:09d}.{ending}", content=content,
        media_type=kind, purpose=PURPOSE, at=at, under=decision,
    )  # fmt: skip
    total = Money.of(sum((one.total for one in going), Decimal("0.00")))
    batch = Batch.objects.create(
        practice_id=practice, public_id=name, payer_id=payer_id, form=form, is_paper=is_paper, receiver=payer.edi_id,
        interchange_control=number, group_control=number, reference=name, document=stored.public_id,
        sha256=stored.sha256, claims=len(going), total_amount=total.amount, sent_at=at, actor_name=actor.name[:160],
    )  # fmt: skip
    rows = _printed(going) if is_paper else _found(going, places, content)
    insert(Sending, PLACE, rows, practice_id=practice, batch_id=batch.pk)
    documents.became(document=stored, subject=("claims.batch", name), practice=practice, at=at)
    audit.record(
        actor=actor, action="claims.released", practice=practice, subject=("claims.batch", name), at=at,
        facts={"payer": payer.name, "count": len(going), "amount": str(total), "sha256": stored.sha256},
        decision=decision,
    )  # fmt: skip
    sending.send(
        actor=actor, practice=practice, at=at, under=decision,
        file=Outgoing(
            FORMS[form], payer_id, stored.public_id, stored.name, ("claims.batch", name),
            f"{counted(len(going), 'claim')}, ${total:,.2f}",
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


def _printed(going: Sequence[Going]) -> Iterator[tuple[object, ...]]:
    """Where each claim stands on paper: in this order."""
    for position, one in enumerate(going, start=1):
        yield one.submission, position, "", 0, 0, 0, 0, 0


def _found(going: Sequence[Going], places: Sequence[ClaimPlace], content: bytes) -> Iterator[tuple[object, ...]]:
    """Where each claim stands, looked for in the very bytes that leave: what is not found there was not sent."""
    for position, (one, place) in enumerate(zip(going, places, strict=True), start=1):
        span = place.span
        assert content.startswith(f"CLM*{place.control}*".encode(), span.start), place
        assert content[span.end - 1 : span.end] == b"~", place
        yield (one.submission, position, place.set_control, place.set_segment, span.first, span.last, span.start,
               span.end)  # fmt: skip


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


def go_on_numbering() -> None:
    """Envelopes are numbered on after the highest that is in scope, for batches that another house sent.

    Only the owner of the tables may do it.
    """
    with connection.cursor() as cursor:
        highest = "SELECT max(greatest(interchange_control, group_control)) FROM claims_batch"
        go_on_after(cursor, "claims_envelope_number", highest)


def submitter() -> tuple[str, str]:
    """Who sends for everybody: code and name of the MSO; the house's own name before there is one."""
    found = next((tenant for tenant in tenants() if tenant.is_mso), None)
    return (found.code, found.name) if found else (loops.SUBMITTER, loops.SUBMITTER)


def _envelope(receiver: str, number: int, practice: int, at: datetime) -> Envelope:
    local = at.astimezone(ZoneInfo(tenancy.zone(practice)))
    return Envelope(
        sender=submitter()[0], receiver=receiver, control=number, group_control=number, at=local, ack_requested=True
    )


def _header(first: Going, name: str, at: datetime, practice: int) -> BatchHeader:
    code, words = submitter()
    assert first.sheet is not None
    payer, biller = first.sheet.payer, first.sheet.biller
    assert payer is not None
    assert biller is not None
    return loops.header(
        reference=name, payer=payer, submitter=words, code=code, phone=biller.phone, at=at,
        zone=tenancy.zone(practice),
    )  # fmt: skip
