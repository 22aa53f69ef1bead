"""The API of estimates: visits ahead with what to collect, estimates owed, made and given."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

from django.http import HttpResponse
from ninja import Query, Router, Schema, Status
from pydantic import Field

from openmso.estimates import paper, queries
from openmso.estimates.contracts import DeskRow, Estimate, EstimateDraft, EstimateRow, ItemDraft, Kind, Line, Way
from openmso.estimates.services import making, owing
from openmso.estimates.services.common import SUBJECT
from openmso.estimates.tables import ESTIMATES
from openmso.kit.classes import DataClass
from openmso.kit.money import Money
from openmso.platform.api import reads
from openmso.platform.api.operations import operation
from openmso.platform.api.pages import PageAsk, PageOut, paged
from openmso.platform.api.queues import Queued, reasoned
from openmso.platform.api.reads import of_class
from openmso.platform.api.schemas import Amount, Body, Words, public_id, text
from openmso.platform.documents import queries as documents
from openmso.platform.tenancy.scope import reading
from openmso.platform.ui.contracts import Filters, Term
from openmso.platform.ui.contracts import PageAsk as RowsAsk
from openmso.scheduling.contracts import VisitStatus

router = Router(tags=["Estimates"])
EstimateId = Annotated[str, public_id("EST")]
VisitId = Annotated[str, public_id("VIS")]
Named = Annotated[str, of_class(DataClass.DEMOGRAPHIC)]
Told = Annotated[str, of_class(DataClass.CLINICAL)]
Day = Annotated[date, of_class(DataClass.CLINICAL)]
KindName = Literal["good_faith", "share"]
StateName = Literal["due", "made", "given", "replaced", "dropped"]
StatusName = Literal["unmarked", "planned", "arrived", "done", "no_show", "cancelled"]


class VisitAheadOut(Schema):
    """A visit with what the desk collects; without an amount `why` says what is missing.

    `collected` was taken at this visit, `due` is not taken yet, `owes` is owed from before.
    """

    visit: str
    practice: str
    patient: Named
    patient_id: Named
    service_on: Day
    status: Annotated[VisitStatus, of_class(DataClass.CLINICAL)]
    reason: Told
    payer: str
    led: Annotated[str, Field(description="Why this payer, where the patient may have a medical and a vision plan")]
    plan: str
    collect: Amount | None
    collected: Amount
    due: Amount | None
    owes: Amount
    receipts: list[str]
    why: str
    estimate: str


class EstimateRowOut(Schema):
    """An estimate; `due_on` is the last day on which it is in time, `billed` what the patient was billed later."""

    id: str
    practice: str
    patient: Named
    kind: KindName
    asked: str
    asked_at: datetime
    due_on: date | None
    service_on: Day
    state: StateName
    charge: Amount
    share: Amount
    given_at: datetime | None
    billed: Amount | None
    document: str


class EstimateStepOut(Schema):
    """A step of the arithmetic."""

    words: str
    amount: Amount | None


class EstimateLineOut(Schema):
    """A service of an estimate: what is charged, what should be allowed, what the patient pays, and why."""

    code: Told
    modifiers: Annotated[list[str], of_class(DataClass.CLINICAL)]
    words: Told
    units: Told
    charge: Amount
    allowed: Amount | None
    share: Amount
    steps: list[EstimateStepOut]


class EstimateOut(EstimateRowOut):
    """An estimate with its lines."""

    visit: str
    reason: Told
    diagnoses: Annotated[list[str], of_class(DataClass.CLINICAL)]
    payer: str
    lines: list[EstimateLineOut]
    way: str
    why: str


class EstimatedServiceIn(Body):
    """A service that is expected; it costs what the fee schedule says unless told."""

    code: Annotated[str, Field(pattern=r"^[A-Z0-9]{5}$")]
    modifiers: Annotated[list[Annotated[str, Field(pattern=r"^[A-Z0-9]{2}$")]], Field(max_length=4)] = []
    units: Annotated[Decimal, Field(gt=0, le=9999, max_digits=8, decimal_places=2)] = Decimal(1)
    amount: Amount | None = None
    words: Annotated[str, text(120, length_min=0)] = ""


class EstimateIn(Body):
    """What is to be estimated; without services it is of those that the reason usually comes to.

    `owed` is an estimate that is owed, which it fills, or an earlier one, whose place it takes.
    """

    kind: KindName
    patient: Annotated[str, public_id("PAT")]
    visit: VisitId | None = None
    coverage: Annotated[str, public_id("COV")] | None = None
    service_on: date
    reason: Annotated[str, text(200)]
    services: Annotated[list[EstimatedServiceIn], Field(max_length=50)] = []
    diagnoses: Annotated[list[Annotated[str, Field(pattern=r"^[A-Z0-9]{3,7}$")]], Field(max_length=12)] = []
    place_of_service: Annotated[str, Field(pattern=r"^[0-9]{2}$")] = "11"
    owed: EstimateId | None = None


class EstimateRequestIn(Body):
    """A patient who asks what something would cost."""

    patient: Annotated[str, public_id("PAT")]
    visit: VisitId | None = None
    service_on: date
    reason: Annotated[str, text(200)]


class EstimateGivenIn(Body):
    """How an estimate reached the patient."""

    way: Way


class EstimateDroppedIn(Body):
    """Why an estimate is not owed."""

    why: Annotated[str, text(200)]


@router.get("/visits-ahead", response=PageOut[VisitAheadOut])
@operation("estimates.read")
def list_visits_ahead(
    request: Any, page: Query[PageAsk], on: date | None = None, status: StatusName | None = None, q: Words = ""
) -> Any:
    """The visits with what is to be collected, those ahead unless a day or a state is given; `q` is a patient.

    `unmarked` are those of days gone by of which nobody has said what became of them.
    """
    terms = ((Term("on", "=", on, str(on)),) if on else ()) + ((Term("is", "=", status, status),) if status else ())
    filters = Filters(terms, q)
    found = queries.desk(today=request.actor.today, filters=filters, page=RowsAsk(page.page, page.size))
    reads.many(request, of="visits-ahead", practices=[one.practice for one in found.rows], shows=VisitAheadOut)
    return paged(request, [_visit(one) for one in found.rows], found.total or 0, page)


@router.get("/visits-ahead/{visit}", response=VisitAheadOut)
@operation("estimates.read")
def get_visit_ahead(request: Any, visit: VisitId) -> Any:
    """A visit with what is to be collected."""
    one = queries.desk_row(visit)
    reads.one(request, practice=one.practice, subject=("scheduling.visit", visit), shows=VisitAheadOut)
    return _visit(one)


class QueuedEstimateRowOut(EstimateRowOut, Queued):
    """The same, with why it is next."""


@router.get("/estimates", response=PageOut[QueuedEstimateRowOut])
@operation("estimates.read")
def list_estimates(request: Any, page: Query[PageAsk], state: StateName | None = None, q: Words = "") -> Any:
    """Estimates by the day of service, the latest first; `q` is a patient or an estimate."""
    filters = Filters((Term("is", "=", state, state),) if state else (), q)
    found = queries.listing(filters=filters, page=RowsAsk(page.page, page.size))
    reads.many(request, of="estimates", practices=[one.practice for one in found.rows], shows=QueuedEstimateRowOut)
    return paged(request, reasoned(request, ESTIMATES, found.rows, _row), found.total or 0, page)


@router.get("/estimates/{estimate}", response=EstimateOut)
@operation("estimates.read")
def get_estimate(request: Any, estimate: EstimateId) -> Any:
    """One estimate with every step."""
    return _read(request, estimate)


@router.get("/estimates/{estimate}/paper")
@operation("estimates.read")
def get_estimate_paper(request: Any, estimate: EstimateId) -> Any:
    """The paper as PDF: as it was given, or as it would be."""
    found = queries.estimate(estimate)
    reads.one(request, practice=found.row.practice, subject=(SUBJECT, estimate), shows=EstimateOut)
    kept = found.row.document
    content = documents.read(kept, found.row.practice) if kept else paper.pdf(found)
    return HttpResponse(content, content_type="application/pdf")


@router.post("/estimates", response={201: EstimateOut})
@operation("estimates.make")
def make_estimate(request: Any, body: EstimateIn) -> Any:
    """Work an estimate out; one that was made before for the visit is replaced."""
    items = tuple(
        ItemDraft(one.code, tuple(one.modifiers), one.units, Money.of(one.amount) if one.amount else None, one.words)
        for one in body.services
    )
    draft = EstimateDraft(
        Kind(body.kind), body.patient, body.service_on, items, body.reason, tuple(body.diagnoses), body.visit or "",
        body.coverage or "", body.place_of_service,
    )  # fmt: skip
    made = making.make(actor=request.actor, draft=draft, owed=body.owed or "", at=request.actor.at)
    with reading():
        return Status(201, _read(request, made))


@router.post("/estimate-requests", response={201: EstimateOut})
@operation("estimates.make")
def request_estimate(request: Any, body: EstimateRequestIn) -> Any:
    """A patient asks for a good faith estimate: it is owed within three business days."""
    made = owing.request(
        actor=request.actor, patient=body.patient, service_on=body.service_on, reason=body.reason,
        visit=body.visit or "", at=request.actor.at,
    )  # fmt: skip
    with reading():
        return Status(201, _read(request, made))


@router.post("/estimates/{estimate}/given", response=EstimateOut)
@operation("estimates.make")
def give_estimate(request: Any, estimate: EstimateId, body: EstimateGivenIn) -> Any:
    """Keep the paper as it was given, and say how."""
    making.give(actor=request.actor, estimate=estimate, way=body.way, at=request.actor.at)
    with reading():
        return _read(request, estimate)


@router.post("/estimates/{estimate}/drop", response=EstimateOut)
@operation("estimates.make")
def drop_estimate(request: Any, estimate: EstimateId, body: EstimateDroppedIn) -> Any:
    """Say why an estimate is not owed."""
    making.drop(actor=request.actor, estimate=estimate, why=body.why, at=request.actor.at)
    with reading():
        return _read(request, estimate)


def _read(request: Any, estimate: str) -> dict[str, Any]:
    found = queries.estimate(estimate)
    reads.one(request, practice=found.row.practice, subject=(SUBJECT, estimate), shows=EstimateOut)
    return _whole(found)


def _visit(one: DeskRow) -> dict[str, Any]:
    return {name: getattr(one, name) for name in VisitAheadOut.model_fields} | {"practice": one.practice_name}


def _row(one: EstimateRow) -> dict[str, Any]:
    told = {name: getattr(one, name) for name in EstimateRowOut.model_fields if name not in {"id", "practice"}}
    return told | {"id": one.public_id, "practice": one.practice_name}


def line_json(line: Line) -> dict[str, Any]:
    """A line as it is told in JSON."""
    return {name: getattr(line, name) for name in ("code", "words", "charge", "allowed", "share")} | {
        "modifiers": list(line.modifiers), "units": f"{line.units:f}",
        "steps": [{"words": step.words, "amount": step.amount} for step in line.steps],
    }  # fmt: skip


def _whole(found: Estimate) -> dict[str, Any]:
    lines = [line_json(line) for line in found.lines]
    return _row(found.row) | {
        "visit": found.visit, "reason": found.reason, "diagnoses": list(found.diagnoses), "payer": found.payer,
        "lines": lines, "way": found.way.value if found.way else "", "why": found.why,
    }  # fmt: skip
