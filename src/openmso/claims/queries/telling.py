"""What happened to a claim, in order, and the bytes of the files that speak of it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from edi.x12.output import Unwritable
from openmso.claims.contracts import Claim, ClaimKey, RawView
from openmso.claims.models.acknowledgements import ClaimAnswer
from openmso.claims.models.claims import Claim as ClaimModel
from openmso.claims.models.claims import ClaimMove, Decision
from openmso.claims.models.submissions import Batch, Sending, Submission
from openmso.claims.queries import sheets, stories, turns
from openmso.claims.rules import freezing, loops
from openmso.claims.rules.sheet import ClaimSheet
from openmso.claims.states import EDITABLE, S
from openmso.kit.errors import Conflict, NotFound, Refused
from openmso.kit.money import Money
from openmso.kit.words import counted
from openmso.ledger import registry
from openmso.ledger.contracts import Source
from openmso.platform.documents import queries as documents
from openmso.platform.ui.contracts import Segment

SHOWN_BYTES_MAX = 20_000


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened, as the timeline shows it."""

    at: datetime
    title: str
    note: str = ""
    tone: str = "none"
    amount: Money | None = None
    url: str = ""


def story(claim: Claim) -> tuple[Event, ...]:
    """Everything that happened to a claim, the latest first; of one instant, what follows stands above its cause."""
    events = [*_moves(claim), *_sendings(claim), *_answers(claim), *_decisions(claim)]
    events.sort(key=lambda event: event.at)
    return tuple(events[::-1])


def _moves(claim: Claim) -> Iterator[Event]:
    told_elsewhere = {S.SENT, S.ACCEPTED, S.REJECTED, S.PAID, S.PARTIAL, S.DENIED}
    for move in ClaimMove.objects.filter(claim_id=claim.id).order_by("at", "pk"):
        to = S(move.to)
        if not move.frm:
            words = f"{counted(len(claim.lines), 'line')} by the fee schedule"
            yield Event(move.at, "Built from the visit's charges", words, "none", claim.charged)
        elif to not in told_elsewhere:
            note = f"{move.why} · {move.actor_name}" if move.why else move.actor_name
            yield Event(move.at, _TITLES.get(to, to.label), note, to.tone.value)


_TITLES = {
    S.DRAFT: "Made ready for a payer",
    S.HELD: "Put on hold",
    S.READY: "Ready to send",
    S.QUEUED: "Put in the next batch",
    S.CLOSED: "Closed",
    S.REPLACED: "Replaced by a corrected claim",
    S.VOIDED: "Voided",
}


PAPERS = {"P": "CMS-1500", "I": "UB-04"}


def _sendings(claim: Claim) -> Iterator[Event]:
    rows = Sending.objects.filter(submission__claim_id=claim.id).select_related("batch", "submission")
    for row in rows:
        form = PAPERS[row.batch.form] if row.batch.is_paper else f"837{row.batch.form}"
        note = f"{form}, claim {row.position} of {row.batch.claims}, frozen as version {row.submission.version}"
        said = "Printed" if row.batch.is_paper else "Sent"
        yield Event(
            row.batch.sent_at, f"{said} in batch {row.batch.public_id}", note, "info",
            url=f"/claims/batches/{row.batch.public_id}/",
        )  # fmt: skip


TITLES = {"277CA": "Accepted by the payer", "277": "The payer was asked, and answered"}


def _answers(claim: Claim) -> Iterator[Event]:
    rows = ClaimAnswer.objects.filter(claim_id=claim.id).select_related("acknowledgement")
    for row in rows.order_by("acknowledgement__received_at", "pk"):
        kind = row.acknowledgement.kind
        if row.is_accepted:
            title = TITLES.get(kind, "Accepted for syntax")
            number = f" Payer number {row.payer_control}." if row.payer_control else ""
            yield Event(row.acknowledgement.received_at, title, f"{kind} {row.words}{number}", "info")
        else:
            title = TITLES["277"] if kind == "277" else f"Rejected by {kind}"
            yield Event(row.acknowledgement.received_at, title, f"{row.words} {row.fix}", "bad")


def _decisions(claim: Claim) -> Iterator[Event]:
    found: dict[str, list[Decision]] = {}
    names = turns.payers_before(claim.id)
    for row in Decision.objects.filter(claim_id=claim.id).order_by("pk"):
        found.setdefault(row.source_id, []).append(row)
    for source, rows in found.items():
        paid = Money.total(Money.of(row.paid_amount) for row in rows)
        denied = Money.total(Money.of(row.denied_amount) for row in rows)
        at, note = rows[0].applied_at, f"Claim payment {source}"
        payer = names.get(max(row.payer_rank for row in rows), claim.payer)
        url = registry.url_of(Source("remittances.payment", source))
        if paid:
            verb = "paid" if paid > Money.of(0) else "took back"
            yield Event(at, f"{payer} {verb} {abs(paid)}", note, "good", -paid, url)
        if denied:
            title = f"{denied} denied" if denied > Money.of(0) else f"The denial of {abs(denied)} was lifted"
            yield Event(at, title, note, "bad", denied, url)
        if not paid and not denied:
            patient = Money.total(Money.of(row.patient_amount) for row in rows)
            by_hand = "Taken back from the patient" if patient < Money.of(0) else "Billed to the patient"
            yield Event(at, f"{payer} decided" if payer else by_hand, note if payer else source, "info", url=url)


def sent_bytes(claim: ClaimKey) -> RawView | None:
    """The segments of the latest sending, as they left; `None` before the first."""
    row = (
        Sending.objects.filter(submission__claim_id=claim.id)
        .select_related("batch", "submission")
        .order_by("-submission__version")
        .first()
    )
    if row is None or row.batch.is_paper:
        return None
    end = min(row.end, row.start + SHOWN_BYTES_MAX)
    stored, content = documents.part(row.batch.document, claim.practice, row.start, end)
    segments = _segments(content, first=row.first_segment, start=row.start)
    return RawView(
        f"837{row.batch.form}, segment {row.first_segment}, byte {row.start}", row.batch.document, stored.name,
        stored.sha256, "2300", segments,
    )  # fmt: skip


def previewed(public_id: str, *, today: date) -> RawView:
    """The segments of a claim as they would leave today; raises `NotFound`, and `Refused` for what cannot be said."""
    row = ClaimModel.objects.filter(public_id=public_id).first()
    if row is None:
        raise NotFound(f"There is no claim {public_id}.")
    sheet, _ = sheets.sheets([row], today=today)[row.pk]
    try:
        content = loops.alone(sheet)
    except (Unwritable, loops.NotSayable) as no:
        raise Refused(f"The claim cannot be said yet: {no}", code="cannot_be_said", fix="Mend its findings.") from no
    first = content.index(b"HL*2*")
    last = content.rindex(b"SE*")
    segments = _segments(content[first:last], first=content[:first].count(b"~") + 1, start=first)
    return RawView(
        f"837{sheet.kind}, as it would leave today",
        "",
        "Not sent",
        hashlib.sha256(content).hexdigest(),
        "2000B",
        segments,
    )


def sheet_of(public_id: str, *, today: date) -> ClaimSheet:
    """The sheet of a claim: as it was frozen last, where a payer has it; else as it would leave today."""
    row = ClaimModel.objects.filter(public_id=public_id).first()
    if row is None:
        raise NotFound(f"There is no claim {public_id}.")
    if S(row.state) not in EDITABLE:
        frozen = Submission.objects.filter(claim=row, version=row.version).first()
        if frozen is not None:
            return freezing.thawed(frozen.sheet)
    return sheets.sheets([row], today=today)[row.pk][0]


class NotOnPaper(Conflict):
    """The batch left as a file."""

    code = "not_on_paper"


@dataclass(frozen=True, slots=True)
class Printed:
    """The claims of a batch that left on paper, as they were frozen."""

    practice: int
    keys: tuple[ClaimKey, ...]
    sheets: tuple[ClaimSheet, ...]


def printed(public_id: str) -> Printed:
    """What a batch on paper says, to be printed once more; raises `NotFound`, `NotOnPaper`."""
    batch = Batch.objects.filter(public_id=public_id).first()
    if batch is None:
        raise NotFound(f"There is no batch {public_id}.")
    if not batch.is_paper:
        raise NotOnPaper(f"The batch {public_id} left as a file.", fix="Print the claims one by one.")
    rows = Sending.objects.filter(batch=batch).order_by("position")
    frozen = list(rows.values_list("submission__claim_id", "submission__sheet"))
    keys = stories.keys_by_id([claim for claim, _ in frozen])
    return Printed(
        batch.practice_id, tuple(keys[claim] for claim, _ in frozen),
        tuple(freezing.thawed(sheet) for _, sheet in frozen),
    )  # fmt: skip


def answered_bytes(claim: ClaimKey) -> RawView | None:
    """The segments of the latest answer that names the claim."""
    row = (
        ClaimAnswer.objects.filter(claim_id=claim.id, start__isnull=False)
        .select_related("acknowledgement")
        .order_by("-acknowledgement__received_at", "-pk")
        .first()
    )
    if row is None or row.start is None or row.end is None:
        return None
    end = min(row.end, row.start + SHOWN_BYTES_MAX)
    stored, content = documents.part(row.acknowledgement.document, claim.practice, row.start, end)
    return RawView(
        f"{row.acknowledgement.kind}, byte {row.start}", stored.public_id, stored.name, stored.sha256,
        "2200D" if row.acknowledgement.kind == "277CA" else "2000", _segments(content, first=1, start=row.start),
    )  # fmt: skip


def _segments(content: bytes, *, first: int, start: int) -> tuple[Segment, ...]:
    """Segments with their numbers and byte offsets in the file, as the terminator of our own writer cuts them."""
    found: list[Segment] = []
    at = start
    for piece in content.split(b"~"):
        text = piece.decode("latin-1")
        stripped = text.strip("\r\n")
        if stripped:
            tag, star, rest = stripped.partition("*")
            offset = at + len(text) - len(text.lstrip("\r\n"))
            found.append(Segment(first + len(found), offset, tag, f"{star}{rest}~"))
        at += len(piece) + 1
    return tuple(found)
