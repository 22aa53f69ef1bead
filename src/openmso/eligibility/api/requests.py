"""The API of eligibility, continued: payers are asked to authorize or refer (278), and answer."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Any

from ninja import File, Form, Query, Schema, Status
from ninja.files import UploadedFile
from pydantic import Field

from openmso.eligibility.api.routes import Code, Procedure, RecordedOut
from openmso.eligibility.api.routes import router as router
from openmso.eligibility.contracts import REQUEST, Permit, RequestDraft, RequestRow
from openmso.eligibility.queries import permits
from openmso.eligibility.services import requesting
from openmso.eligibility.states import R
from openmso.eligibility.tables import REQUESTS
from openmso.kit import clock
from openmso.kit.classes import DataClass
from openmso.parties.queries import payers
from openmso.patients import queries as patients
from openmso.platform.api import reads
from openmso.platform.api.operations import operation
from openmso.platform.api.pages import PageAsk, PageOut, paged
from openmso.platform.api.queues import Queued, reasoned
from openmso.platform.api.reads import of_class
from openmso.platform.api.schemas import Words, public_id, sent
from openmso.platform.tenancy.queries import tenants
from openmso.platform.tenancy.scope import reading
from openmso.platform.ui.contracts import Filters, Term
from openmso.platform.ui.contracts import PageAsk as RowsAsk


class PermitRequestOut(Schema):
    """What a payer was asked to authorize, and what became of it."""

    id: str
    practice: str
    patient: Annotated[str, of_class(DataClass.DEMOGRAPHIC)]
    payer: str
    kind: Permit
    code: Annotated[str, of_class(DataClass.CLINICAL)]
    units: Annotated[str | None, of_class(DataClass.CLINICAL)]
    starts_on: Annotated[date, of_class(DataClass.CLINICAL)]
    ends_on: Annotated[date, of_class(DataClass.CLINICAL)]
    state: R
    words: Annotated[str, of_class(DataClass.CLINICAL)]
    number: Annotated[str, of_class(DataClass.DEMOGRAPHIC)]
    authorization: str
    claim: str


class PermitRequestIn(Schema):
    """What a payer is asked to authorize or refer."""

    patient: Annotated[str, public_id("PAT")]
    payer: Annotated[str, public_id("PAY")]
    kind: Permit = Permit.AUTHORIZATION
    code: Procedure
    units: Annotated[Decimal | None, Field(gt=0, max_digits=8, decimal_places=2)] = None
    place: Annotated[str, Field(pattern=r"^[0-9]{2}$")] = "11"
    diagnoses: Annotated[list[Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9]{2,6}$")]], Field(max_length=12)] = []
    starts_on: date
    ends_on: date


class RequestsTakenOut(Schema):
    """What a file of answers did."""

    document: str
    authorized: int
    pended: int
    refused: int
    unmatched: int


class QueuedPermitRequestOut(PermitRequestOut, Queued):
    """The same, with why it is next."""


@router.get("/authorization-requests", response=PageOut[QueuedPermitRequestOut])
@operation("eligibility.read")
def list_authorization_requests(request: Any, page: Query[PageAsk], q: Words = "", state: R | None = None) -> Any:
    """What payers were asked to authorize, the latest first."""
    terms = (Term("is", "=", state.value, state.value),) if state else ()
    found = permits.requests(filters=Filters(terms, q), page=RowsAsk(page.page, page.size))
    reads.many(request, of="requests", practices=[one.practice for one in found.rows], shows=QueuedPermitRequestOut)
    return paged(request, reasoned(request, REQUESTS, found.rows, _requested), found.total or 0, page)


@router.post("/authorization-requests", response={201: RecordedOut})
@operation("eligibility.authorize")
def ask_for_authorization(request: Any, body: PermitRequestIn) -> Any:
    """Ask a payer to authorize or refer; the 278 leaves by the payer's route."""
    with reading():
        patient, payer = patients.get(body.patient), payers.by_public_id(body.payer)
    draft = RequestDraft(
        patient.id, payer.id, body.kind, body.code, body.starts_on, body.ends_on, body.units, body.place,
        tuple(body.diagnoses),
    )  # fmt: skip
    return Status(201, {"id": requesting.ask(actor=request.actor, practice=patient.practice, draft=draft,
                                             at=clock.now())})  # fmt: skip


@router.post("/authorization-requests/answers", response={201: RequestsTakenOut})
@operation("eligibility.authorize")
def take_in_authorization_answers(request: Any, practice: Form[Code], file: File[UploadedFile]) -> Any:
    """Take in a file of answers (278)."""
    home = tenants(code=practice.upper())[0].pk
    taken = requesting.take(
        actor=request.actor, practice=home, name=file.name or "", content=sent(file), at=clock.now()
    )
    return Status(201, taken)


@router.get("/authorization-requests/{permit_request}", response=PermitRequestOut)
@operation("eligibility.read")
def get_authorization_request(request: Any, permit_request: Annotated[str, public_id("AUQ")]) -> Any:
    """One request."""
    found = permits.request(permit_request)
    reads.one(request, practice=found.practice, subject=(REQUEST, found.public_id), shows=PermitRequestOut)
    return _requested(found)


def _requested(one: RequestRow) -> dict[str, Any]:
    names = "practice patient payer kind code starts_on ends_on state words number authorization claim"
    told = {name: getattr(one, name) for name in names.split()} | {"id": one.public_id}
    return told | {"practice": one.practice_name, "units": None if one.units is None else f"{one.units:f}"}
