"""The API of claims, continued: claims are scrubbed again, batches and answers read, runs taken back."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from django.http import HttpResponse
from ninja import Query, Schema, Status

from openmso.claims import pdf
from openmso.claims.api.answers import BatchOut, ClaimId, ClaimOut, ClaimRowOut, RunId, RunOut, SelectionIn
from openmso.claims.api.routes import batch, progress, row, told
from openmso.claims.api.routes import router as router
from openmso.claims.contracts import AckRow, RawView
from openmso.claims.queries import stories, telling, worklist
from openmso.claims.services import runs, scrubbing
from openmso.kit.classes import DataClass
from openmso.kit.errors import NotFound
from openmso.platform.api import reads
from openmso.platform.api.operations import operation
from openmso.platform.api.reads import of_class
from openmso.platform.api.schemas import public_id
from openmso.platform.tenancy.scope import reading
from openmso.platform.ui.contracts import Filters

BatchId = Annotated[str, public_id("BAT")]
Points = Annotated[int, Query(ge=-72, le=72)]
AcknowledgementId = Annotated[str, public_id("ACK")]


class SegmentOut(Schema):
    """A segment as it stands in the file: its number from 1, its byte offset, its id and the rest of it."""

    number: int
    offset: int
    tag: str
    rest: Annotated[str, of_class(DataClass.CLINICAL)]


class SegmentsOut(Schema):
    """The part of a file that speaks of one claim."""

    title: str
    document: str
    sha256: str
    loop: str
    segments: list[SegmentOut]


class AnswerOut(Schema):
    """What an acknowledgement says of one claim number."""

    control: str
    claim: str
    is_accepted: bool
    words: str
    fix: str


class AcknowledgementOut(Schema):
    """An acknowledgement with its answers."""

    id: str
    kind: str
    document: str
    control: str
    words: str
    batch: str
    received_at: datetime
    accepted: int
    rejected: int
    unmatched: int
    answers: list[AnswerOut]


class BatchPageOut(BatchOut):
    """A batch with its claims and what was answered."""

    sha256: str
    receiver: str
    rows: list[ClaimRowOut]
    answers: list[AcknowledgementOut]


class TakenBackOut(Schema):
    """How many claims were taken back."""

    claims: int


@router.get("/claims/{claim}/segments", response=SegmentsOut)
@operation("claims.read")
def list_claim_segments(request: Any, claim: ClaimId, which: Literal["sent", "answer", "preview"] = "sent") -> Any:
    """The segments that were sent for a claim, the latest that answered it, or those that would leave today."""
    found = stories.key(claim)
    if which == "preview":
        reads.one(request, practice=found.practice, subject=("claims.claim", claim), shows=SegmentsOut)
        return _segments(telling.previewed(claim, today=request.actor.today))
    shown = telling.sent_bytes(found) if which == "sent" else telling.answered_bytes(found)
    if shown is None:
        raise NotFound("Nothing was sent for this claim." if which == "sent" else "Nobody has answered it yet.")
    reads.one(request, practice=found.practice, subject=("claims.claim", claim), shows=SegmentsOut)
    return _segments(shown)


@router.get("/claims/{claim}/paper")
@operation("claims.read")
def print_claim(
    request: Any, claim: ClaimId, on: Literal["plain", "stock"] = "plain", left: Points = 0, top: Points = 0
) -> Any:
    """A claim as PDF: on plain paper, or the text alone for pre-printed forms (CMS-1500 02/12, UB-04).

    `left` and `top` move the text on a form to the right and down, in points, for a printer that is off.
    """
    found = stories.key(claim)
    sheet = telling.sheet_of(claim, today=request.actor.today)
    reads.one(request, practice=found.practice, subject=("claims.claim", claim), shows=SegmentsOut)
    content = pdf.stock(sheet, left=left, top=top) if on == "stock" else pdf.plain(sheet)
    return HttpResponse(content, content_type="application/pdf")


@router.post("/claims/{claim}/scrub", response=ClaimOut)
@operation("claims.work")
def scrub_claim(request: Any, claim: ClaimId) -> Any:
    """Judge a claim again, with what is on file now."""
    with reading():
        found = stories.claim(claim)
    scrubbing.scrub(actor=request.actor, practice=found.practice, claim_ids=[found.id], at=request.actor.at)
    return told(request, claim)


@router.post("/claim-scrubs", response={202: RunOut})
@operation("claims.work")
def scrub_claims(request: Any, body: SelectionIn) -> Any:
    """Judge many claims again over a frozen list; ask for the run to see how far it is."""
    with reading():
        frozen = worklist.ids(filters=Filters(), public_ids=body.claims)
    if not frozen:
        raise NotFound("There are no such claims.")
    return Status(202, progress(runs.begin(actor=request.actor, act="scrub", claims=frozen, at=request.actor.at)))


@router.delete("/claim-runs/{run}", response=TakenBackOut)
@operation("claims.submit")
def undo_claim_run(request: Any, run: RunId) -> Any:
    """Take back what a bulk submission put into batches that have not left yet."""
    return {"claims": runs.undo(actor=request.actor, key=run, at=request.actor.at)}


@router.get("/batches/{batch}", response=BatchPageOut)
@operation("claims.read")
def get_batch(request: Any, batch: BatchId) -> Any:
    """One batch: its claims, and what was answered."""
    return _page(request, batch)


@router.get("/batches/{batch}/paper")
@operation("claims.read")
def print_batch(request: Any, batch: BatchId, left: Points = 0, top: Points = 0) -> Any:
    """All claims of a batch that left on paper, as they were frozen: the text alone for pre-printed forms.

    `left` and `top` move it to the right and down, in points. A batch that left as a file is refused.
    """
    printed = telling.printed(batch)
    reads.one(request, practice=printed.practice, subject=("claims.batch", batch), shows=BatchPageOut)
    return HttpResponse(pdf.many(printed.sheets, left=left, top=top), content_type="application/pdf")


@router.get("/acknowledgements/{acknowledgement}", response=AcknowledgementOut)
@operation("claims.read")
def get_acknowledgement(request: Any, acknowledgement: AcknowledgementId) -> Any:
    """One answer, claim by claim; what fits none of ours first."""
    return _acknowledgement(stories.acknowledgement(acknowledgement))


def _page(request: Any, name: str) -> dict[str, Any]:
    found = stories.batch(name)
    reads.one(request, practice=found.ref.practice, subject=("claims.batch", name), shows=BatchPageOut)
    return batch(found.ref) | {
        "sha256": found.sha256, "receiver": found.receiver, "rows": [row(one) for one in found.claims],
        "answers": [_acknowledgement(one) for one in found.answers],
    }  # fmt: skip


def _segments(shown: RawView) -> dict[str, Any]:
    segments = [
        {"number": one.number, "offset": one.offset, "tag": one.tag, "rest": one.rest} for one in shown.segments
    ]
    return {
        "title": shown.title, "document": shown.document, "sha256": shown.sha256, "loop": shown.loop,
        "segments": segments,
    }  # fmt: skip


def _acknowledgement(one: AckRow) -> dict[str, Any]:
    answers = [
        {"control": each.control, "claim": each.claim, "is_accepted": each.is_accepted, "words": each.words,
         "fix": each.fix}
        for each in one.answers
    ]  # fmt: skip
    return {
        "id": one.public_id, "kind": one.kind, "document": one.document, "control": one.control, "words": one.words,
        "batch": one.batch, "received_at": one.received_at, "accepted": one.accepted, "rejected": one.rejected,
        "unmatched": one.unmatched, "answers": answers,
    }  # fmt: skip
