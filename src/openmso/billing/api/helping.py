"""The API of charity care: applications and their decisions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Any, Literal

from ninja import File, Query, Schema, Status
from ninja.files import UploadedFile
from pydantic import Field

from openmso.billing.api.collecting import router as router
from openmso.billing.api.routes import Demographic, Paid, PatientId
from openmso.billing.contracts import APPROVE, READ, STATE, ApplicationRow, Ground
from openmso.billing.queries import helping
from openmso.billing.rules.charity import HOUSEHOLD_MAX
from openmso.billing.services import helping as deciding
from openmso.billing.services import presuming
from openmso.billing.tables.helping import APPLICATIONS
from openmso.kit.money import Money
from openmso.platform.api import reads
from openmso.platform.api.operations import operation
from openmso.platform.api.pages import PageAsk, PageOut, paged, total_of
from openmso.platform.api.queues import Queued, reasoned
from openmso.platform.api.schemas import Amount, Body, Count, Words, public_id, text
from openmso.platform.tenancy.scope import reading
from openmso.platform.ui.contracts import Filters
from openmso.platform.ui.contracts import PageAsk as RowsAsk

ApplicationId = Annotated[str, public_id("FAP")]


class AssistanceOut(Schema):
    """An application for charity care; `percent` is income against the poverty guideline of `year`.

    One that is presumed names its `ground`, and no income. `proofs` are documents.
    """

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
    ground: Annotated[str, Demographic]
    evidence: Annotated[str, Demographic]
    reversed_at: datetime | None
    reversed_by: str
    reversed_why: str
    reversed_amount: Amount
    proofs: list[str]


class AssistanceIn(Body):
    """Persons of the household, and their income of a year."""

    household: Annotated[Count, Field(ge=1, le=HOUSEHOLD_MAX)]
    income: Paid


class PresumptionIn(Body):
    """The fact by which help is presumed, and what documents it (Medicaid is looked up among the coverages)."""

    ground: Annotated[Literal["medicaid", "homeless", "other", "deceased"], Demographic]
    evidence: Annotated[str, text(200, length_min=0), Demographic] = ""


class AssistanceReversalIn(Body):
    """Why granted help is taken back; the patient reads it."""

    why: Annotated[str, text(300)]


class AssistanceRefusalIn(Body):
    """Why an application is not granted; the patient reads it."""

    why: Annotated[str, text(300)]


class QueuedAssistanceOut(AssistanceOut, Queued):
    """The same, with why it is next."""


@router.get("/assistance-applications", response=PageOut[QueuedAssistanceOut])
@operation(READ.code)
def list_assistance_applications(request: Any, page: Query[PageAsk], q: Words = "") -> Any:
    """The applications for charity care, the latest first; `q` is one of them or a patient."""
    found = helping.listing(filters=Filters(text=q), page=RowsAsk(page.page, page.size))
    total = total_of(found, lambda: helping.tally(filters=Filters(text=q)))
    reads.many(request, of="assistance", practices=[one.practice for one in found.rows], shows=QueuedAssistanceOut)
    papers = helping.papers([one.public_id for one in found.rows])
    return paged(
        request, reasoned(request, APPLICATIONS, found.rows, lambda one: _row(one, papers[one.public_id])), total, page
    )


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


@router.post("/patients/{patient}/assistance-presumptions", response={201: AssistanceOut})
@operation(STATE.code)
def presume_assistance(request: Any, patient: PatientId, body: PresumptionIn) -> Any:
    """Propose help by a documented fact, without an income; somebody else decides."""
    made = presuming.presume(
        actor=request.actor, patient=patient, ground=Ground(body.ground), evidence=body.evidence, at=request.actor.at
    )
    with reading():
        return Status(201, _read(request, made))


@router.post("/assistance-applications/{application}/reversal", response=AssistanceOut)
@operation(APPROVE.code)
def take_assistance_back(request: Any, application: ApplicationId, body: AssistanceReversalIn) -> Any:
    """Take granted help back: what of it still stands is owed again, by entries of today."""
    presuming.take_back(actor=request.actor, application=application, why=body.why, at=request.actor.at)
    with reading():
        return _read(request, application)


@router.post("/assistance-applications/{application}/proofs", response={201: AssistanceOut})
@operation(STATE.code)
def prove_assistance(request: Any, application: ApplicationId, file: File[UploadedFile]) -> Any:
    """Put another proof with an application; the same file is kept once."""
    with reading():
        helping.application(application)
    sent = (file.name or "proof", file.read(), file.content_type or "")
    presuming.prove(actor=request.actor, application=application, proof=sent, at=request.actor.at)
    with reading():
        return Status(201, _read(request, application))


def _read(request: Any, application: str) -> dict[str, Any]:
    found = helping.application(application)
    reads.one(request, practice=found.practice, subject=("billing.assistance", application), shows=AssistanceOut)
    return _row(found, helping.papers([application])[application])


def _row(row: ApplicationRow, proofs: Sequence[str]) -> dict[str, Any]:
    return {
        "id": row.public_id, "practice": row.practice_name, "patient": row.patient, "state": row.state.value,
        "household": row.household, "income": row.income, "percent": row.percent, "year": row.year,
        "discount": row.discount, "paper": row.paper, "asked_at": row.asked_at, "asked_by": row.asked_by,
        "decided_at": row.decided_at, "decided_by": row.decided_by, "decided_why": row.decided_why,
        "valid_until": row.valid_until, "given": row.given, "letter": row.letter,
        "ground": row.ground.value if row.ground else "", "evidence": row.evidence, "reversed_at": row.reversed_at,
        "reversed_by": row.reversed_by, "reversed_why": row.reversed_why, "reversed_amount": row.reversed_amount,
        "proofs": list(proofs),
    }  # fmt: skip
