"""The API of money that goes back: refunds to patients, and what payers paid too much."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

from ninja import Query, Schema, Status

from openmso.billing.api.routes import Demographic, Paid, ReceiptId
from openmso.billing.api.statements import router as router
from openmso.billing.contracts import APPROVE, COLLECT, READ, REPAY, Cause, OverpaymentRow, RefundRow
from openmso.billing.queries import credits, refunds
from openmso.billing.services import crediting, refunding
from openmso.billing.tables import OVERPAYMENTS, REFUNDS
from openmso.kit.money import Money
from openmso.platform.api import reads
from openmso.platform.api.operations import operation
from openmso.platform.api.pages import PageAsk, PageOut, paged, total_of
from openmso.platform.api.queues import Queued, reasoned
from openmso.platform.api.schemas import Amount, Body, Words, public_id, text
from openmso.platform.tenancy.scope import reading
from openmso.platform.ui.contracts import Filters
from openmso.platform.ui.contracts import PageAsk as RowsAsk

RefundId = Annotated[str, public_id("RFD")]
OverpaymentId = Annotated[str, public_id("OVP")]


class PatientRefundOut(Schema):
    """A refund: what goes back of which payment, who asked, who decided."""

    id: str
    patient: Annotated[str, Demographic]
    payment: str
    amount: Amount
    why: str
    state: str
    asked_at: datetime
    asked_by: str
    decided_at: datetime | None
    decided_by: str
    decided_why: str
    reference: str
    entry: str


class PatientRefundIn(Body):
    """How much of what is left of a payment is to go back, and why."""

    amount: Paid
    why: Annotated[str, text(300)]


class RefundPaidIn(Body):
    """What proves that a refund was paid: the number of the check, or what the card's slip says."""

    reference: Annotated[str, text(40)]


class RefundRefusalIn(Body):
    """Why a refund is not approved."""

    why: Annotated[str, text(300)]


class OverpaymentOut(Schema):
    """What a payer paid too much on a claim; `due_on` is the law's last day, where it sets one."""

    id: str
    claim: str
    payer: str
    has_clock: bool
    amount: Amount
    identified_on: date
    began_on: date | None
    ended_on: date | None
    due_on: date | None
    state: str
    cause: str
    why: str
    reference: str
    returned: Amount
    entry: str
    closed_on: date | None


class InvestigationEndIn(Body):
    """Why a payer paid too much, as an investigation found."""

    cause: Literal["twice", "primary", "coding", "not_covered", "payer", "posting"]
    why: Annotated[str, text(300)]


class OverpaymentReturnIn(Body):
    """How much was returned by which check, and why it was too much."""

    amount: Paid
    reference: Annotated[str, text(40)]
    why: Annotated[str, text(300)]


class QueuedPatientRefundOut(PatientRefundOut, Queued):
    """The same, with why it is next."""


@router.get("/patient-refunds", response=PageOut[QueuedPatientRefundOut])
@operation(READ.code)
def list_patient_refunds(request: Any, page: Query[PageAsk], q: Words = "") -> Any:
    """The refunds, the latest first; `q` is a refund or a patient."""
    found = refunds.listing(filters=Filters(text=q), page=RowsAsk(page.page, page.size))
    total = total_of(found, lambda: refunds.tally(filters=Filters(text=q)))
    reads.many(
        request, of="patient-refunds", practices=[one.practice for one in found.rows], shows=QueuedPatientRefundOut
    )
    return paged(request, reasoned(request, REFUNDS, found.rows, _refund), total, page)


@router.get("/patient-refunds/{refund}", response=PatientRefundOut)
@operation(READ.code)
def get_patient_refund(request: Any, refund: RefundId) -> Any:
    """One refund."""
    return read_refund(request, refund)


@router.post("/patient-payments/{receipt}/refunds", response={201: PatientRefundOut})
@operation(COLLECT.code)
def ask_patient_refund(request: Any, receipt: ReceiptId, body: PatientRefundIn) -> Any:
    """Ask that some of what is left of a payment be given back."""
    made = refunding.ask(
        actor=request.actor, payment=receipt, amount=Money.of(body.amount), why=body.why, at=request.actor.at
    )
    with reading():
        return Status(201, read_refund(request, made))


@router.post("/patient-refunds/{refund}/payment", response=PatientRefundOut)
@operation(APPROVE.code)
def pay_patient_refund(request: Any, refund: RefundId, body: RefundPaidIn) -> Any:
    """Approve a refund and pay it; never one's own."""
    refunding.pay(actor=request.actor, refund=refund, reference=body.reference, at=request.actor.at)
    with reading():
        return read_refund(request, refund)


@router.post("/patient-refunds/{refund}/refusal", response=PatientRefundOut)
@operation(APPROVE.code)
def refuse_patient_refund(request: Any, refund: RefundId, body: RefundRefusalIn) -> Any:
    """Say no to a refund."""
    refunding.refuse(actor=request.actor, refund=refund, why=body.why, at=request.actor.at)
    with reading():
        return read_refund(request, refund)


class QueuedOverpaymentOut(OverpaymentOut, Queued):
    """The same, with why it is next."""


@router.get("/overpayments", response=PageOut[QueuedOverpaymentOut])
@operation(READ.code)
def list_overpayments(request: Any, page: Query[PageAsk], q: Words = "") -> Any:
    """What payers paid too much; `q` is an overpayment, a claim or a payer."""
    found = credits.listing(
        filters=Filters(text=q), page=RowsAsk(page.page, page.size), on=request.actor.today
    )  # fmt: skip
    total = total_of(found, lambda: credits.tally(filters=Filters(text=q)))
    return paged(request, reasoned(request, OVERPAYMENTS, found.rows, _overpayment), total, page)


@router.get("/overpayments/{overpayment}", response=OverpaymentOut)
@operation(READ.code)
def get_overpayment(request: Any, overpayment: OverpaymentId) -> Any:
    """One overpayment with its clock."""
    return _overpayment(credits.overpayment(overpayment, on=request.actor.today))


@router.post("/overpayments/{overpayment}/investigation", response=OverpaymentOut)
@operation(REPAY.code)
def investigate_overpayment(request: Any, overpayment: OverpaymentId) -> Any:
    """Begin to look for related overpayments: the deadline is suspended, for 180 days at most."""
    crediting.investigate(actor=request.actor, overpayment=overpayment, at=request.actor.at)
    with reading():
        return _overpayment(credits.overpayment(overpayment, on=request.actor.today))


@router.post("/overpayments/{overpayment}/conclusion", response=OverpaymentOut)
@operation(REPAY.code)
def conclude_overpayment(request: Any, overpayment: OverpaymentId, body: InvestigationEndIn) -> Any:
    """End the investigation with its cause: the clock goes on."""
    crediting.conclude(
        actor=request.actor, overpayment=overpayment, cause=Cause(body.cause), why=body.why, at=request.actor.at
    )
    with reading():
        return _overpayment(credits.overpayment(overpayment, on=request.actor.today))


@router.post("/overpayments/{overpayment}/return", response=OverpaymentOut)
@operation(REPAY.code)
def return_overpayment(request: Any, overpayment: OverpaymentId, body: OverpaymentReturnIn) -> Any:
    """Return it to the payer by check."""
    crediting.give_back(
        actor=request.actor, overpayment=overpayment, amount=Money.of(body.amount), reference=body.reference,
        why=body.why, at=request.actor.at,
    )  # fmt: skip
    with reading():
        return _overpayment(credits.overpayment(overpayment, on=request.actor.today))


def read_refund(request: Any, refund: str) -> dict[str, Any]:
    """A refund as the API tells it; the reading is told of in the trail."""
    one = refunds.refund(refund)
    reads.one(request, practice=one.practice, subject=("billing.refund", refund), shows=PatientRefundOut)
    return _refund(one)


def _refund(one: RefundRow) -> dict[str, Any]:
    return {
        "id": one.public_id, "patient": one.patient, "payment": one.payment, "amount": str(one.amount),
        "why": one.why, "state": one.state.value, "asked_at": one.asked_at, "asked_by": one.asked_by,
        "decided_at": one.decided_at, "decided_by": one.decided_by, "decided_why": one.decided_why,
        "reference": one.reference, "entry": one.entry,
    }  # fmt: skip


def _overpayment(one: OverpaymentRow) -> dict[str, Any]:
    return {
        "id": one.public_id, "claim": one.claim, "payer": one.payer, "has_clock": one.has_clock,
        "amount": str(one.amount), "identified_on": one.identified_on, "began_on": one.began_on,
        "ended_on": one.ended_on, "due_on": one.due_on, "state": one.state.value,
        "cause": one.cause.value if one.cause else "", "why": one.why, "reference": one.reference,
        "returned": str(one.returned), "entry": one.entry, "closed_on": one.closed_on,
    }  # fmt: skip
