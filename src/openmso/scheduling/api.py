"""The API of scheduling: one visit and what became of it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from ninja import Router, Schema
from pydantic import Field

from openmso.kit.classes import DataClass
from openmso.patients import queries as patients
from openmso.platform.api import reads
from openmso.platform.api.operations import operation
from openmso.platform.api.reads import of_class
from openmso.platform.api.schemas import Body, public_id, text
from openmso.platform.tenancy.scope import reading
from openmso.scheduling import queries, services
from openmso.scheduling.contracts import BULK_MAX, Cause, MarkDraft, VisitMark, VisitStatus

router = Router(tags=["Visits"])
VisitId = Annotated[str, public_id("VIS")]
StatusOut = Annotated[VisitStatus, of_class(DataClass.CLINICAL)]


class VisitMarkOut(Schema):
    """Somebody said what became of a visit, or took it back."""

    at: datetime
    by: str
    was: StatusOut
    status: StatusOut
    cause: Annotated[Cause | None, of_class(DataClass.CLINICAL)]
    why: Annotated[str, of_class(DataClass.CLINICAL)]
    takes_back: bool


class CoverageChoiceOut(Schema):
    """Somebody chose the coverage that the visit asks first; an empty `coverage` went by the reason again."""

    at: datetime
    by: str
    coverage: str
    why: Annotated[str, of_class(DataClass.CLINICAL)]


class CoverageChoiceIn(Body):
    """The coverage of the patient that the visit asks first, and why."""

    coverage: Annotated[str, public_id("COV")]
    why: Annotated[str, text(200)]


class ByReasonIn(Body):
    """Why the visit goes by its reason again."""

    why: Annotated[str, text(200)]


class VisitOut(Schema):
    """A visit, and what was said of it, the latest first; its latest mark may be taken back on `undo_on` only."""

    id: str
    service_on: Annotated[date, of_class(DataClass.CLINICAL)]
    place_of_service: Annotated[str, of_class(DataClass.CLINICAL)]
    reason: Annotated[str, of_class(DataClass.CLINICAL)]
    status: StatusOut
    undo_on: date | None
    coverage: Annotated[str, Field(description="The coverage that a person chose to be asked first, or none")]
    marks: list[VisitMarkOut]
    choices: list[CoverageChoiceOut]


class VisitMarkIn(Body):
    """What became of a visit; a cancelled one needs a cause, another reason words."""

    status: VisitStatus
    cause: Cause | None = None
    why: Annotated[str, text(200, length_min=0)] = ""


class VisitMarksIn(VisitMarkIn):
    """The same of many visits."""

    visits: Annotated[list[VisitId], Field(min_length=1, max_length=BULK_MAX)]


class VisitLeftOutOut(Schema):
    """A visit that could not be marked so, and why."""

    visit: str
    words: str
    fix: str


class VisitsMarkedOut(Schema):
    """What became of marking visits."""

    done: list[str]
    left_out: list[VisitLeftOutOut]


@router.get("/visits/{visit}", response=VisitOut)
@operation("visits.read")
def get_visit(request: Any, visit: VisitId) -> Any:
    """One visit with what was said of it."""
    return _read(request, visit)


@router.post("/visits/{visit}/mark", response=VisitOut)
@operation("visits.edit")
def mark_visit(request: Any, visit: VisitId, body: VisitMarkIn) -> Any:
    """Say that the patient has arrived, was seen, did not come, or that the visit is cancelled."""
    services.mark_one(actor=request.actor, visit=visit, draft=_draft(body), at=request.actor.at)
    with reading():
        return _read(request, visit)


@router.post("/visit-marks", response=VisitsMarkedOut)
@operation("visits.edit")
def mark_visits(request: Any, body: VisitMarksIn) -> Any:
    """Say the same of many visits; what cannot be said of one is told, and stops nothing."""
    return services.mark(actor=request.actor, visits=body.visits, draft=_draft(body), at=request.actor.at)


@router.post("/visits/{visit}/take-back", response=VisitOut)
@operation("visits.edit")
def take_back_visit_mark(request: Any, visit: VisitId) -> Any:
    """Take back what was said of a visit today; it stands again as it stood before."""
    services.take_back(actor=request.actor, visit=visit, at=request.actor.at)
    with reading():
        return _read(request, visit)


@router.post("/visits/{visit}/coverage", response=VisitOut)
@operation("visits.edit")
def choose_visit_coverage(request: Any, visit: VisitId, body: CoverageChoiceIn) -> Any:
    """Choose which coverage the visit asks first, whatever its reason says; claims that no payer has follow."""
    services.choose_coverage(
        actor=request.actor, visit=visit, coverage=body.coverage, why=body.why, at=request.actor.at
    )  # fmt: skip
    with reading():
        return _read(request, visit)


@router.post("/visits/{visit}/by-reason", response=VisitOut)
@operation("visits.edit")
def let_visit_go_by_reason(request: Any, visit: VisitId, body: ByReasonIn) -> Any:
    """Take such a choice back: the visit asks first what its reason leads to."""
    services.go_by_reason(actor=request.actor, visit=visit, why=body.why, at=request.actor.at)
    with reading():
        return _read(request, visit)


def _draft(body: VisitMarkIn) -> MarkDraft:
    return MarkDraft(body.status, body.cause, body.why)


def _read(request: Any, visit: str) -> dict[str, Any]:
    found = queries.get(visit)
    reads.one(request, practice=found.practice, subject=("scheduling.visit", visit), shows=VisitOut)
    choices = queries.choices([found.id]).get(found.id, [])
    covers = {one.id: one.public_id for one in patients.coverages_of([found.patient_id]).get(found.patient_id, ())}
    return {
        "id": found.public_id, "service_on": found.service_on, "place_of_service": found.place_of_service,
        "reason": found.reason, "status": found.status, "undo_on": found.undo_on,
        "marks": [_mark(one) for one in queries.marks(found.id)],
        "coverage": covers.get(found.coverage_id or 0, ""),
        "choices": [
            {"at": one.at, "by": one.by, "coverage": covers.get(one.coverage_id or 0, ""), "why": one.why}
            for one in choices
        ],
    }  # fmt: skip


def _mark(one: VisitMark) -> dict[str, Any]:
    return {
        "at": one.at, "by": one.by, "was": one.frm, "status": one.to, "cause": one.cause, "why": one.why,
        "takes_back": one.takes_back,
    }  # fmt: skip
