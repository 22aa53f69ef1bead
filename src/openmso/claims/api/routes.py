"""The API of claims: everything their screens can do."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from ninja import File, Form, Query, Router, Status
from ninja.files import UploadedFile

from openmso.charges.contracts import ChargeDraft, Drug
from openmso.claims.api.answers import (
    AcknowledgedOut,
    BatchOut,
    BillingPracticeIn,
    BuiltOut,
    ChangeIn,
    ClaimId,
    ClaimOut,
    ClaimRowOut,
    Code,
    CorrectIn,
    DrugIn,
    EventOut,
    LineChangeIn,
    NewLineIn,
    OverrideIn,
    PermitsAskedOut,
    ResubmitIn,
    RunId,
    RunOut,
    SelectionIn,
    SplitIn,
    WhyIn,
)
from openmso.claims.contracts import BatchRef, Claim, ClaimRow
from openmso.claims.queries import stories, telling, worklist
from openmso.claims.services import (
    acknowledging,
    building,
    correcting,
    parting,
    permits,
    releasing,
    runs,
    scrubbing,
    submitting,
)
from openmso.claims.services.correcting import LineChange
from openmso.claims.states import S
from openmso.claims.tables import CLAIMS
from openmso.kit import clock
from openmso.kit.errors import NotFound
from openmso.kit.money import Money
from openmso.platform.api import reads
from openmso.platform.api.operations import operation
from openmso.platform.api.pages import PageAsk, PageOut, paged, total_of
from openmso.platform.api.queues import Queued, reasoned
from openmso.platform.api.schemas import Words, sent
from openmso.platform.tenancy.queries import tenants
from openmso.platform.tenancy.scope import reading
from openmso.platform.ui.contracts import Filters, Term
from openmso.platform.ui.contracts import PageAsk as RowsAsk

router = Router(tags=["Claims"])


class QueuedClaimRowOut(ClaimRowOut, Queued):
    """The same, with why it is next."""


@router.get("/claims", response=PageOut[QueuedClaimRowOut])
@operation("claims.read")
def list_claims(request: Any, page: Query[PageAsk], state: S | None = None, q: Words = "") -> Any:
    """Claims by the day they must be filed; `q` looks in numbers and in the names of patients."""
    terms = (Term("is", "=", state.value, state.value),) if state else ()
    filters = Filters(terms, q)
    found = worklist.claims(filters=filters, page=RowsAsk(page.page, page.size))
    total = total_of(found, lambda: worklist.tally(filters=filters))
    reads.many(request, of="claims", practices=[one.practice for one in found.rows], shows=QueuedClaimRowOut)
    return paged(request, reasoned(request, CLAIMS, found.rows, row), total, page)


@router.get("/claims/{claim}", response=ClaimOut)
@operation("claims.read")
def get_claim(request: Any, claim: ClaimId) -> Any:
    """A claim with its lines and findings."""
    return _shown(request, claim)


@router.get("/claims/{claim}/events", response=list[EventOut])
@operation("claims.read")
def list_claim_events(request: Any, claim: ClaimId) -> Any:
    """What happened to a claim, the latest first."""
    found = stories.claim(claim)
    reads.one(request, practice=found.practice, subject=("claims.claim", claim), shows=EventOut)
    return telling.story(found)


@router.post("/claims/{claim}/submission", response=ClaimOut)
@operation("claims.submit")
def submit_claim(request: Any, claim: ClaimId) -> Any:
    """Freeze a ready claim and put it into the next batch."""
    submitting.submit(actor=request.actor, claim=claim, at=clock.now())
    return told(request, claim)


@router.delete("/claims/{claim}/submission", response=ClaimOut)
@operation("claims.submit")
def unsubmit_claim(request: Any, claim: ClaimId) -> Any:
    """Take a claim back, as long as its batch has not left."""
    submitting.unsubmit(actor=request.actor, claim=claim, at=clock.now())
    return told(request, claim)


@router.post("/claims/{claim}/hold", response=ClaimOut)
@operation("claims.work")
def hold_claim(request: Any, claim: ClaimId, body: WhyIn) -> Any:
    """Keep a claim from going out."""
    scrubbing.hold(actor=request.actor, claim=claim, why=body.why, at=clock.now())
    return told(request, claim)


@router.delete("/claims/{claim}/hold", response=ClaimOut)
@operation("claims.work")
def unhold_claim(request: Any, claim: ClaimId) -> Any:
    """Let a claim go that a person held."""
    scrubbing.unhold(actor=request.actor, claim=claim, at=clock.now())
    return told(request, claim)


@router.post("/claims/{claim}/overrides", response=ClaimOut)
@operation("claims.override")
def override_finding(request: Any, claim: ClaimId, body: OverrideIn) -> Any:
    """Set a finding aside with a reason."""
    scrubbing.override(actor=request.actor, claim=claim, code=body.code, line=body.line, why=body.why, at=clock.now())
    return told(request, claim)


@router.patch("/claims/{claim}", response=ClaimOut)
@operation("claims.work")
def change_claim(request: Any, claim: ClaimId, body: ChangeIn) -> Any:
    """Mend a claim that no payer has; it is scrubbed again."""
    number = body.prior_authorization
    correcting.change(
        actor=request.actor, claim=claim, fields={} if number is None else {"prior_authorization": number},
        diagnoses=None if body.diagnoses is None else tuple(body.diagnoses),
        lines={line.number: _change(line) for line in body.lines}, more=[_draft(line) for line in body.more],
        sheet_version=body.sheet_version, at=clock.now(),
    )  # fmt: skip
    return told(request, claim)


@router.post("/claims/{claim}/corrections", response={201: ClaimOut})
@operation("claims.work")
def correct_claim(request: Any, claim: ClaimId, body: CorrectIn) -> Any:
    """Make a replacement or a void of a claim that the payer has."""
    new = correcting.correct(actor=request.actor, claim=claim, frequency=body.frequency, why=body.why, at=clock.now())
    return Status(201, told(request, new))


@router.post("/claims/{claim}/authorization-requests", response={201: PermitsAskedOut})
@operation("claims.work")
def ask_for_what_a_claim_lacks(request: Any, claim: ClaimId) -> Any:
    """Ask the payer for the authorizations and referrals that a claim lacks by the payer's rules."""
    return Status(201, {"requests": permits.ask(actor=request.actor, claim=claim, at=clock.now())})


@router.post("/claims/{claim}/split", response={201: ClaimOut})
@operation("claims.work")
def split_claim(request: Any, claim: ClaimId, body: SplitIn) -> Any:
    """Move lines of a claim that no payer has seen to a claim of their own, which is the answer."""
    new = parting.split(actor=request.actor, claim=claim, lines=body.lines, why=body.why, at=clock.now())
    return Status(201, told(request, new))


@router.post("/claims/{claim}/resubmission", response={201: ClaimOut})
@operation("claims.work")
def resubmit_lines(request: Any, claim: ClaimId, body: ResubmitIn) -> Any:
    """Ask anew for lines that the payer denied whole, in a claim of their own, which is the answer."""
    new = parting.resubmit(
        actor=request.actor, claim=claim, lines=body.lines, frequency=body.frequency, why=body.why, at=clock.now()
    )
    return Status(201, told(request, new))


@router.post("/claims/{claim}/drop", response=ClaimOut)
@operation("claims.work")
def drop_claim(request: Any, claim: ClaimId, body: WhyIn) -> Any:
    """Take back a claim that no payer has; its charges wait again."""
    building.drop(actor=request.actor, claim=claim, why=body.why, at=clock.now())
    return told(request, claim)


@router.post("/claims/{claim}/close", response=ClaimOut)
@operation("claims.work")
def close_claim(request: Any, claim: ClaimId, body: WhyIn) -> Any:
    """Close a claim: nobody works on it any more."""
    correcting.close(actor=request.actor, claim=claim, why=body.why, at=clock.now())
    return told(request, claim)


@router.post("/claim-submissions", response={202: RunOut})
@operation("claims.submit")
def submit_claims(request: Any, body: SelectionIn) -> Any:
    """Submit many claims over a frozen list; ask for the run to see how far it is."""
    with reading():
        frozen = worklist.ids(filters=Filters(), public_ids=body.claims)
    if not frozen:
        raise NotFound("There are no such claims.")
    key = runs.begin(actor=request.actor, act="submit", claims=frozen, at=clock.now())
    return Status(202, progress(key))


@router.get("/claim-runs/{run}", response=RunOut)
@operation("claims.read")
def get_claim_run(request: Any, run: RunId) -> Any:
    """How far a bulk act has come, and what it refused."""
    return progress(run)


@router.post("/claim-builds", response={201: BuiltOut})
@operation("claims.work")
def build_claims(request: Any, body: BillingPracticeIn) -> Any:
    """Make claims of all charges of a practice that wait."""
    built = building.build(actor=request.actor, practice=_practice(body.practice), at=clock.now())
    return Status(201, built)


@router.post("/batches", response={201: list[BatchOut]})
@operation("claims.submit")
def release_batches(request: Any, body: BillingPracticeIn) -> Any:
    """Let the queued batches of a practice leave."""
    sent = releasing.release(actor=request.actor, practice=_practice(body.practice), at=clock.now())
    return Status(201, [batch(one) for one in sent])


@router.get("/batches", response=PageOut[BatchOut])
@operation("claims.read")
def list_batches(request: Any, page: Query[PageAsk]) -> Any:
    """The batches that left, the latest first."""
    found = worklist.batches(filters=Filters(), page=RowsAsk(page.page, page.size))
    return paged(request, [batch(one) for one in found.rows], found.total or 0, page)


@router.post("/acknowledgements", response={201: AcknowledgedOut})
@operation("claims.acknowledge")
def take_in_acknowledgements(request: Any, practice: Form[Code], file: File[UploadedFile]) -> Any:
    """Take in a TA1, 999 or 277CA file."""
    summary = acknowledging.read_acknowledgements(
        actor=request.actor, practice=_practice(practice), name=file.name or "", content=sent(file), at=clock.now()
    )
    return Status(201, summary)


def _practice(code: str) -> int:
    return tenants(code=code)[0].pk


def _change(line: LineChangeIn) -> LineChange:
    return LineChange(
        line.code, None if line.modifiers is None else tuple(line.modifiers),
        None if line.pointers is None else tuple(line.pointers), None if line.units is None else Decimal(line.units),
        None if line.amount is None else Money.of(line.amount), line.service_on, line.service_through,
        drug=_drug(line.drug), drugless=line.drugless, minutes=line.minutes,
    )  # fmt: skip


def _draft(line: NewLineIn) -> ChargeDraft:
    return ChargeDraft(
        line.code, line.service_on, tuple(line.modifiers), tuple(line.pointers), Decimal(line.units),
        None if line.amount is None else Money.of(line.amount), service_through=line.service_through,
        drug=_drug(line.drug), minutes=line.minutes,
    )  # fmt: skip


def _drug(given: DrugIn | None) -> Drug | None:
    return None if given is None else Drug(given.ndc, Decimal(given.quantity), given.unit)


def told(request: Any, claim: str) -> dict[str, Any]:
    """A claim after an act on it; that it is read is told."""
    with reading():
        return _shown(request, claim)


def _shown(request: Any, claim: str) -> dict[str, Any]:
    """A claim, and the trail told that it was read."""
    found = stories.claim(claim)
    reads.one(request, practice=found.practice, subject=("claims.claim", claim), shows=ClaimOut)
    return _whole(found)


def row(row: ClaimRow) -> dict[str, Any]:
    """A line of the worklist."""
    return {
        "id": row.public_id, "practice": row.practice_name, "patient": row.patient, "payer": row.payer,
        "state": row.state.value, "reason": row.reason, "service_on": row.service_on, "file_by": row.due_on,
        "charged": str(row.charged), "open": str(row.open),
    }  # fmt: skip


def _whole(found: Claim) -> dict[str, Any]:
    lines = [
        {
            "number": line.number, "control": line.line_control, "code": line.code, "modifiers": line.modifiers,
            "pointers": line.pointers, "units": f"{line.units.normalize():f}", "service_on": line.service_on,
            "charged": str(line.charged), "paid": str(line.paid), "adjusted": str(line.adjusted),
            "expected": None if line.expected.amount is None else str(line.expected.amount),
            "expected_words": line.expected.words, "expected_source": line.expected.source,
            "patient": str(line.patient), "open": str(line.open), "carried_to": line.carried_to,
        }
        for line in found.lines
    ]  # fmt: skip
    return {
        "id": found.public_id, "practice": found.practice_name, "patient": found.patient, "payer": found.payer,
        "state": found.state.value, "reason": next((f.words for f in found.findings if not f.overridden), ""),
        "service_on": found.service_on, "file_by": found.due_on, "charged": str(found.charged),
        "open": str(found.open), "frequency": found.frequency, "original": found.original,
        "split_from": found.split_from,
        "payer_control": found.payer_control, "diagnoses": found.diagnoses, "paid": str(found.paid),
        "adjusted": str(found.adjusted), "patient_share": str(found.patient_share), "denied": str(found.denied),
        "hold_reason": found.hold_reason, "sheet_version": found.sheet_version, "lines": lines,
        "findings": found.findings,
    }  # fmt: skip


def progress(key: str) -> dict[str, Any]:
    """How far a bulk act has come; raises `NotFound`."""
    seen = runs.view(key=key)
    if seen is None:
        raise NotFound("There is no such run.")
    return {
        "id": key, "act": seen.act, "total": seen.total, "done": seen.done, "refused": seen.refused,
        "reasons": seen.reasons, "finished_at": seen.finished_at,
    }  # fmt: skip


def batch(one: BatchRef) -> dict[str, Any]:
    """A batch that left."""
    return {
        "id": one.public_id, "payer": one.payer, "document": one.document, "claims": one.claims,
        "interchange_control": one.interchange_control, "total": str(one.total), "sent_at": one.sent_at,
    }  # fmt: skip
