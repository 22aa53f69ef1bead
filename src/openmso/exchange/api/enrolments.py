"""The API of exchange, continued: EDI enrolments."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

from ninja import Query, Schema, Status

from openmso.exchange.api.routes import router as router
from openmso.exchange.contracts import EnrolmentRow, Transaction
from openmso.exchange.queries import enrolments as queries
from openmso.exchange.services import enrolling
from openmso.exchange.states import E
from openmso.exchange.tables import ENROLMENTS
from openmso.kit import clock
from openmso.platform.api.operations import operation
from openmso.platform.api.pages import PageAsk, PageOut, paged
from openmso.platform.api.queues import Queued, reasoned
from openmso.platform.api.schemas import Words, public_id, text
from openmso.platform.tenancy.scope import reading
from openmso.platform.ui.contracts import Filters, Term
from openmso.platform.ui.contracts import PageAsk as RowsAsk

EnrolmentId = Annotated[str, public_id("ENR")]


class EnrolmentIn(Schema):
    """An enrolment to be opened."""

    biller: Annotated[str, public_id("BIL")]
    payer: Annotated[str, public_id("PAY")]
    transaction: Literal["837P", "837I", "835", "270", "276", "278"]
    partner: Annotated[str, public_id("PTR")] | None = None
    words: Annotated[str, text(300, length_min=0)] = ""
    chase_on: date | None = None


class EnrolmentStepIn(Schema):
    """What became of an enrolment; the state it has says that somebody asked."""

    to: E
    words: Annotated[str, text(300, length_min=0)] = ""
    chase_on: date | None = None
    number: Annotated[str, text(50, length_min=0)] = ""


class EnrolmentOut(Schema):
    """How far an enrolment is."""

    id: str
    practice: str
    payer: str
    transaction: str
    biller: str
    npi: str
    tin: str
    partner: str
    number: str
    state: str
    requested_on: date
    state_on: date
    chase_on: date | None
    live_on: date | None
    words: str


class UnenrolledOut(Schema):
    """A payer whose remittances have a route to a practice that no enrolment asks for."""

    practice: str
    payer: str
    partner: str


class EnrolmentEventOut(Schema):
    """A step of an enrolment."""

    at: datetime
    state: str
    words: str
    actor: str
    document: str


class EnrolmentPageOut(EnrolmentOut):
    """An enrolment with its story."""

    events: list[EnrolmentEventOut]


class QueuedEnrolmentOut(EnrolmentOut, Queued):
    """The same, with why it is next."""


@router.get("/edi-enrolments", response=PageOut[QueuedEnrolmentOut])
@operation("exchange.read")
def list_enrolments(request: Any, page: Query[PageAsk], q: Words = "", state: E | None = None) -> Any:
    """The board, what is to be chased first."""
    terms = (Term("is", "=", state.value, state.value),) if state else ()
    found = queries.listing(filters=Filters(terms, q), page=RowsAsk(page.page, page.size))
    return paged(request, reasoned(request, ENROLMENTS, found.rows, _row), found.total or 0, page)


@router.get("/edi-enrolments/missing", response=list[UnenrolledOut])
@operation("exchange.read")
def list_missing_enrolments(request: Any) -> Any:
    """Remittances that have a route and no enrolment: nobody asked the payer to send them."""
    return [
        {"practice": one.practice_name, "payer": one.payer, "partner": one.partner}
        for one in queries.unenrolled(on=request.actor.today)
    ]


@router.post("/edi-enrolments", response={201: EnrolmentPageOut})
@operation("exchange.enrol")
def open_enrolment(request: Any, body: EnrolmentIn) -> Any:
    """Open an enrolment of a billing provider with a payer."""
    name = enrolling.begin(
        actor=request.actor, biller=body.biller, payer=body.payer, transaction=Transaction(body.transaction),
        partner=body.partner or "", words=body.words, chase_on=body.chase_on, at=clock.now(),
    )  # fmt: skip
    with reading():
        return Status(201, _page(name))


@router.get("/edi-enrolments/{enrolment}", response=EnrolmentPageOut)
@operation("exchange.read")
def get_enrolment(request: Any, enrolment: EnrolmentId) -> Any:
    """One enrolment with its story."""
    return _page(enrolment)


@router.post("/edi-enrolments/{enrolment}/steps", response=EnrolmentPageOut)
@operation("exchange.enrol")
def move_enrolment(request: Any, enrolment: EnrolmentId, body: EnrolmentStepIn) -> Any:
    """Record what became of an enrolment, or that somebody asked."""
    enrolling.move(
        actor=request.actor, enrolment=enrolment, to=body.to, words=body.words, chase_on=body.chase_on,
        number=body.number, at=clock.now(),
    )  # fmt: skip
    with reading():
        return _page(enrolment)


def _row(row: EnrolmentRow) -> dict[str, Any]:
    same = ("payer", "biller", "npi", "tin", "partner", "number", "requested_on", "state_on", "chase_on", "live_on",
            "words")  # fmt: skip
    return {name: getattr(row, name) for name in same} | {
        "id": row.public_id, "practice": row.practice_name, "transaction": row.transaction.value,
        "state": row.state.value,
    }  # fmt: skip


def _page(enrolment: str) -> dict[str, Any]:
    found = queries.enrolment(enrolment)
    events = [
        {"at": one.at, "state": one.state.value, "words": one.words, "actor": one.actor, "document": one.document}
        for one in found.events
    ]
    return _row(found.row) | {"events": events}
