"""The API of charity care: applications and their decisions."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from ninja import Query, Schema, Status
from pydantic import Field

from openmso.billing.api.collecting import router as router
from openmso.billing.api.routes import Demographic, Paid, PatientId
from openmso.billing.contracts import APPROVE, READ, STATE, ApplicationRow
from openmso.billing.queries import helping
from openmso.billing.rules.charity import HOUSEHOLD_MAX
from openmso.billing.services import helping as deciding
from openmso.kit.money import Money
from openmso.platform.api import reads
from openmso.platform.api.operations import operation
from openmso.platform.api.pages import PageAsk, PageOut, paged
from openmso.platform.api.schemas import Amount, Body, Count, Words, public_id, text
from openmso.platform.tenancy.scope import reading
from openmso.platform.ui.contracts import Filters
from openmso.platform.ui.contracts import PageAsk as RowsAsk

ApplicationId = Annotated[str, public_id("FAP")]


class AssistanceOut(Schema):
    """An application for charity care; `percent` is income against the poverty guideline of `year`."""

    id: str
    practice: str
    patient: Annotated[str, Demographic]
    state: str
    household: Annotated[int, Demographic]
    income: Annotated[Amount, Demographic]
    percent: int
    year: int
    discount: int
    paper: str
    asked_at: datetime
    asked_by: str
    decided_at: datetime | None
    decided_by: str
    decided_why: str
    valid_until: date | None
    given: Amount
    letter: str


class AssistanceIn(Body):
    """Persons of the household, and their income of a year."""

    household: Annotated[Count, Field(ge=1, le=HOUSEHOLD_MAX)]
    income: Paid


class AssistanceRefusalIn(Body):
    """Why an application is not granted; the patient reads it."""

    why: Annotated[str, text(300)]


@router.get("/assistance-applications", response=PageOut[AssistanceOut])
@operation(READ.code)
def list_assistance_applications(request: Any, page: Query[PageAsk], q: Words = "") -> Any:
    """The applications for charity care, the latest first; `q` is one of them or a patient."""
    found = helping.listing(filters=Filters(text=q), page=RowsAsk(page.page, page.size))
    total = found.total if found.total is not None else helping.tally(filters=Filters(text=q)).total
    reads.many(request, of="assistance", practices=[one.practice for one in found.rows], shows=AssistanceOut)
    return paged(request, [_row(one) for one in found.rows], total, page)


@router.get("/assistance-applications/{application}", response=AssistanceOut)
@operation(READ.code)
def get_assistance_application(request: Any, application: ApplicationId) -> Any:
    """One application."""
    return _read(request, application)


@router.post("/patients/{patient}/assistance-applications", response={201: AssistanceOut})
@operation(STATE.code)
def apply_for_assistance(request: Any, patient: PatientId, body: AssistanceIn) -> Any:
    """Take an application; nobody asks the patient for money until it is decided."""
    made = deciding.apply(
        actor=request.actor, patient=patient, household=body.household, income=Money.of(body.income),
        at=request.actor.at,
    )  # fmt: skip
    with reading():
        return Status(201, _read(request, made))


@router.post("/assistance-applications/{application}/grant", response=AssistanceOut)
@operation(APPROVE.code)
def grant_assistance(request: Any, application: ApplicationId) -> Any:
    """Grant an application that somebody else took: what is owed is given up by the scale."""
    deciding.grant(actor=request.actor, application=application, at=request.actor.at)
    with reading():
        return _read(request, application)


@router.post("/assistance-applications/{application}/denial", response=AssistanceOut)
@operation(APPROVE.code)
def deny_assistance(request: Any, application: ApplicationId, body: AssistanceRefusalIn) -> Any:
    """Say no to an application, with the reason that the patient is told."""
    deciding.deny(actor=request.actor, application=application, why=body.why, at=request.actor.at)
    with reading():
        return _read(request, application)


def _read(request: Any, application: str) -> dict[str, Any]:
    found = helping.application(application)
    reads.one(request, practice=found.practice, subject=("billing.assistance", application), shows=AssistanceOut)
    return _row(found)


def _row(row: ApplicationRow) -> dict[str, Any]:
    return {
        "id": row.public_id, "practice": row.practice_name, "patient": row.patient, "state": row.state.value,
        "household": row.household, "income": row.income, "percent": row.percent, "year": row.year,
        "discount": row.discount, "paper": row.paper, "asked_at": row.asked_at, "asked_by": row.asked_by,
        "decided_at": row.decided_at, "decided_by": row.decided_by, "decided_why": row.decided_why,
        "valid_until": row.valid_until, "given": row.given, "letter": row.letter,
    }  # fmt: skip
