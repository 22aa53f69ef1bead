"""The API of billing: accounts and payments of patients."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

from django.http import HttpResponse
from ninja import Query, Router, Schema, Status
from pydantic import Field

from openmso.billing.contracts import COLLECT, READ, AccountRow, OwedLine, PaymentRow, SettledPart
from openmso.billing.queries import accounts, payments
from openmso.billing.services import receipting, receiving
from openmso.billing.states import Method
from openmso.billing.tables import ACCOUNTS, PAYMENTS
from openmso.kit.classes import DataClass
from openmso.kit.money import Money
from openmso.platform.api import reads
from openmso.platform.api.operations import operation
from openmso.platform.api.pages import PageAsk, PageOut, paged, total_of
from openmso.platform.api.queues import Queued, reasoned
from openmso.platform.api.reads import of_class
from openmso.platform.api.schemas import Amount, Body, Count, Words, public_id, text
from openmso.platform.tenancy.scope import reading
from openmso.platform.ui.contracts import Filters, Term
from openmso.platform.ui.contracts import PageAsk as RowsAsk

router = Router(tags=["Patient money"])
PatientId = Annotated[str, public_id("PAT")]
ReceiptId = Annotated[str, public_id("RCP")]
ClaimId = Annotated[str, public_id("CLM")]
Clinical = of_class(DataClass.CLINICAL)
Paid = Annotated[str, Field(pattern=r"^\d{1,10}\.\d{2}$", examples=["80.00"])]
Demographic = of_class(DataClass.DEMOGRAPHIC)


class PatientAccountRowOut(Schema):
    """A patient's account in a list."""

    patient: Annotated[str, Demographic]
    name: Annotated[str, Demographic]
    mrn: Annotated[str, Demographic]
    practice: str
    owed: Amount
    unapplied: Amount
    oldest_on: Annotated[date | None, Clinical]
    hold: str
    hold_until: date | None
    statements: int
    last_statement_on: date | None


class PatientLineOut(Schema):
    """A patient's part of a line of a claim; line 0 is the claim as a whole."""

    claim: str
    line: int
    code: Annotated[str, Clinical]
    service_on: Annotated[date, Clinical]
    share: Amount
    settled: Amount
    owed: Amount


class PatientPaymentOut(Schema):
    """A patient's payment; `left` is neither applied nor given back."""

    id: str
    patient: Annotated[str, Demographic]
    method: str
    amount: Amount
    left: Amount
    reference: str
    received_on: date
    received_at: datetime
    received_by: str
    state: str
    entry: str


class PatientSettlementOut(Schema):
    """What settled part of a line; negative takes back."""

    act: str
    why: str
    payment: str
    claim: str
    line: int
    amount: Amount
    on: date
    by: str
    entry: str
    note: str


class PatientAccountOut(PatientAccountRowOut):
    """A patient's account with all that stands on it."""

    lines: list[PatientLineOut]
    payments: list[PatientPaymentOut]
    settlements: list[PatientSettlementOut]


class PatientPaymentPageOut(PatientPaymentOut):
    """A payment with what it paid for."""

    settlements: list[PatientSettlementOut]


class ChosenLineIn(Body):
    """A line that money goes to, and how much; line 0 is the claim as a whole."""

    claim: ClaimId
    line: Annotated[Count, Field(ge=0, le=999)]
    amount: Paid


class PatientPaymentIn(Body):
    """A payment at the desk, of a `visit` if it was collected there.

    Without `lines` it goes to the oldest service first; with none of them it waits.
    """

    method: Literal["cash", "check", "card"]
    amount: Paid
    reference: Annotated[str, text(40, length_min=0)] = ""
    lines: list[ChosenLineIn] | None = None
    visit: Annotated[str, public_id("VIS")] | None = None


class PatientApplicationIn(Body):
    """Where what is left of a payment goes; without `lines` to the oldest service first."""

    lines: list[ChosenLineIn] | None = None


class PatientWithdrawalIn(Body):
    """Why money is taken back."""

    why: Annotated[str, text(300)]


class QueuedPatientAccountRowOut(PatientAccountRowOut, Queued):
    """The same, with why it is next."""


@router.get("/patient-accounts", response=PageOut[QueuedPatientAccountRowOut])
@operation(READ.code)
def list_patient_accounts(request: Any, page: Query[PageAsk], q: Words = "") -> Any:
    """Who owes what, most first; `q` is a patient's name, record number or telephone."""
    found = accounts.listing(filters=Filters(text=q), page=RowsAsk(page.page, page.size))
    total = total_of(found, lambda: accounts.tally(filters=Filters(text=q)))
    reads.many(
        request, of="patient-accounts", practices=[one.practice for one in found.rows], shows=QueuedPatientAccountRowOut
    )
    return paged(request, reasoned(request, ACCOUNTS, found.rows, _row), total, page)


@router.get("/patients/{patient}/account", response=PatientAccountOut)
@operation(READ.code)
def get_patient_account(request: Any, patient: PatientId) -> Any:
    """A patient's account: what is owed line by line, payments, and what settled it."""
    return account_of(request, patient)


@router.post("/patients/{patient}/payments", response={201: PatientPaymentPageOut})
@operation(COLLECT.code)
def take_patient_payment(request: Any, patient: PatientId, body: PatientPaymentIn) -> Any:
    """Take a payment: cash, a check, or a card at the terminal. A card's number is never sent here."""
    made = receiving.take(
        actor=request.actor, patient=patient, method=Method(body.method), amount=Money.of(body.amount),
        reference=body.reference, chosen=_chosen(body.lines), visit=body.visit or "", at=request.actor.at,
    )  # fmt: skip
    with reading():
        return Status(201, _read(request, made))


class QueuedPatientPaymentOut(PatientPaymentOut, Queued):
    """The same, with why it is next."""


@router.get("/patient-payments", response=PageOut[QueuedPatientPaymentOut])
@operation(READ.code)
def list_patient_payments(request: Any, page: Query[PageAsk], q: Words = "", unapplied: bool = False) -> Any:
    """What patients paid, the latest first; with `unapplied` only what is not applied."""
    terms = (Term("is", "=", "unapplied", "unapplied"),) if unapplied else ()
    filters = Filters(terms, q)
    found = payments.listing(filters=filters, page=RowsAsk(page.page, page.size))
    total = total_of(found, lambda: payments.tally(filters=filters))
    reads.many(
        request, of="patient-payments", practices=[one.practice for one in found.rows], shows=QueuedPatientPaymentOut
    )
    return paged(request, reasoned(request, PAYMENTS, found.rows, _payment), total, page)


@router.get("/patient-payments/{receipt}/paper")
@operation(READ.code)
def get_patient_receipt(request: Any, receipt: ReceiptId) -> Any:
    """The receipt of a payment as PDF."""
    found = payments.payment(receipt)
    reads.one(request, practice=found.practice, subject=("billing.payment", receipt), shows=PatientPaymentOut)
    return HttpResponse(receipting.receipt(receipt), content_type="application/pdf")


@router.get("/patient-payments/{receipt}", response=PatientPaymentPageOut)
@operation(READ.code)
def get_patient_payment(request: Any, receipt: ReceiptId) -> Any:
    """One payment with what it paid for."""
    return _read(request, receipt)


@router.post("/patient-payments/{receipt}/application", response=PatientPaymentPageOut)
@operation(COLLECT.code)
def apply_patient_payment(request: Any, receipt: ReceiptId, body: PatientApplicationIn) -> Any:
    """Apply what is left of a payment to what the patient owes."""
    receiving.apply(actor=request.actor, payment=receipt, chosen=_chosen(body.lines), at=request.actor.at)
    with reading():
        return _read(request, receipt)


@router.post("/patient-payments/{receipt}/withdrawal", response=PatientPaymentPageOut)
@operation(COLLECT.code)
def withdraw_patient_payment(request: Any, receipt: ReceiptId, body: PatientWithdrawalIn) -> Any:
    """Take a payment back from what it paid for; the money stays the patient's."""
    receiving.withdraw(actor=request.actor, payment=receipt, why=body.why, at=request.actor.at)
    with reading():
        return _read(request, receipt)


@router.post("/patient-payments/{receipt}/reversal", response=PatientPaymentPageOut)
@operation(COLLECT.code)
def reverse_patient_payment(request: Any, receipt: ReceiptId, body: PatientWithdrawalIn) -> Any:
    """Take a payment back altogether: typed in error, or returned by the bank."""
    receiving.reverse(actor=request.actor, payment=receipt, why=body.why, at=request.actor.at)
    with reading():
        return _read(request, receipt)


def account_of(request: Any, patient: str) -> dict[str, Any]:
    """A patient's account as the API tells it; the reading is told of in the trail."""
    found = accounts.account(patient)
    reads.one(
        request, practice=found.row.practice, subject=("patients.patient", patient), shows=PatientAccountOut
    )  # fmt: skip
    return _row(found.row) | {
        "lines": [_line(one) for one in found.lines], "payments": [_payment(one) for one in found.payments],
        "settlements": [_settled(one) for one in found.settled],
    }  # fmt: skip


def _chosen(lines: list[ChosenLineIn] | None) -> list[tuple[str, int, Money]] | None:
    return None if lines is None else [(one.claim, one.line, Money.of(one.amount)) for one in lines]


def _read(request: Any, receipt: str) -> dict[str, Any]:
    one = payments.payment(receipt)
    reads.one(request, practice=one.practice, subject=("billing.payment", receipt), shows=PatientPaymentPageOut)
    return _payment(one) | {"settlements": [_settled(part) for part in accounts.of_payment(one.id)]}


def _row(one: AccountRow) -> dict[str, Any]:
    return {
        "patient": one.patient, "name": one.name, "mrn": one.mrn, "practice": one.practice_name,
        "owed": str(one.owed), "unapplied": str(one.unapplied), "oldest_on": one.oldest_on,
        "hold": one.hold.value if one.hold else "", "hold_until": one.hold_until, "statements": one.statements,
        "last_statement_on": one.last_statement_on,
    }  # fmt: skip


def _line(one: OwedLine) -> dict[str, Any]:
    return {
        "claim": one.claim, "line": one.line, "code": one.code, "service_on": one.service_on, "share": str(one.share),
        "settled": str(one.settled), "owed": str(one.owed),
    }  # fmt: skip


def _payment(one: PaymentRow) -> dict[str, Any]:
    return {
        "id": one.public_id, "patient": one.patient, "method": one.method.value, "amount": str(one.amount),
        "left": str(one.left), "reference": one.reference, "received_on": one.received_on,
        "received_at": one.received_at, "received_by": one.received_by, "state": one.state.value, "entry": one.entry,
    }  # fmt: skip


def _settled(one: SettledPart) -> dict[str, Any]:
    return {
        "act": one.act, "why": one.why.value, "payment": one.payment, "claim": one.claim, "line": one.line,
        "amount": str(one.amount), "on": one.on, "by": one.by, "entry": one.entry, "note": one.note,
    }  # fmt: skip
