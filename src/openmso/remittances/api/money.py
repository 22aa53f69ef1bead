"""The API of remittances, continued: one remittance, one payment, and what a payer adjusted beyond claims."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from ninja import Query, Schema

from openmso.claims.queries import stories
from openmso.kit.classes import DataClass
from openmso.kit.errors import NotFound
from openmso.platform.api import reads
from openmso.platform.api.operations import operation
from openmso.platform.api.pages import PageAsk, PageOut, paged, total_of
from openmso.platform.api.queues import Queued, reasoned
from openmso.platform.api.reads import of_class
from openmso.platform.api.schemas import Amount, Body, public_id
from openmso.platform.tenancy.scope import reading
from openmso.platform.ui.contracts import PageAsk as RowsAsk
from openmso.remittances.api.banked import DepositWholeOut, deposit_answer
from openmso.remittances.api.banked import router as router
from openmso.remittances.api.routes import (
    FileId,
    FileOut,
    PaymentId,
    PaymentOut,
    RemittanceId,
    file_answer,
    payment_answer,
)
from openmso.remittances.contracts import (
    PAYMENT,
    AdjustmentRow,
    FileRow,
    Payment,
    ProviderAdjustmentRow,
    Remittance,
    ServiceRow,
)
from openmso.remittances.queries import files, payments
from openmso.remittances.services import posting
from openmso.remittances.tables import FILES

AdjustmentId = Annotated[str, public_id("PLB")]
Clinical = of_class(DataClass.CLINICAL)


class FileRowOut(Schema):
    """A file as it came."""

    id: str
    name: str
    state: str
    words: str
    size: int
    document: str
    findings: int
    received_at: datetime
    received_by: str


class ReasonOut(Schema):
    """One reason of a CAS, with our words."""

    group: Annotated[str, Clinical]
    reason: Annotated[str, Clinical]
    words: Annotated[str, Clinical]
    amount: Amount
    effect: str


class ServiceOut(Schema):
    """One service line as adjudicated."""

    number: int
    claim_line: int | None
    code: Annotated[str, Clinical]
    modifiers: Annotated[str, Clinical]
    submitted_code: Annotated[str, Clinical]
    units: Annotated[str | None, Clinical]
    service_on: Annotated[date | None, Clinical]
    charge: Amount
    allowed: Amount | None
    paid: Amount
    contractual: Amount
    other: Amount
    patient_share: Amount
    left_open: Amount
    prior: Amount
    remarks: Annotated[str, Clinical]
    reasons: list[ReasonOut]


class PaymentWholeOut(PaymentOut):
    """A claim payment with its lines and reasons."""

    lines: list[ServiceOut]
    reasons: list[ReasonOut]
    remarks: Annotated[str, Clinical]
    applied_at: datetime | None
    applied_by: str
    why: str


class ProviderAdjustmentOut(Schema):
    """Money of a remittance that is about no claim of it (PLB); positive takes from the payment."""

    id: str
    remittance: str
    code: str
    words: str
    reference: str
    amount: Amount
    account: str


class RemittanceWholeOut(Schema):
    """One remittance: what the file says, what we add up, and where its money is."""

    id: str
    file: str
    document: str
    payer: str
    payee_npi: str
    trace: str
    method: str
    paid_on: date | None
    posted_on: date
    posted_by: str
    amount: Amount
    charge: Amount
    paid: Amount
    provider_adjusted: Amount
    claims: int
    unmatched: int
    denied: int
    state: str
    duplicate_of: str
    deposit: DepositWholeOut | None
    adjustments: list[ProviderAdjustmentOut]


class AgainIn(Body):
    """On which accounting day; without one, the payment's own day."""

    posted_on: date | None = None


class QueuedFileRowOut(FileRowOut, Queued):
    """The same, with why it is next."""


@router.get("/remittance-files", response=PageOut[QueuedFileRowOut])
@operation("remittances.read")
def list_remittance_files(request: Any, page: Query[PageAsk]) -> Any:
    """Files as they came, the latest first."""
    found = files.files(page=RowsAsk(page.page, page.size))
    return paged(request, reasoned(request, FILES, found.rows, _file), total_of(found, files.tally_files), page)


@router.post("/remittance-files/{file}/posting", response=FileOut)
@operation("remittances.post")
def post_remittance_file(request: Any, file: FileId, body: AgainIn) -> Any:
    """Try a stopped file again; one that is decided is answered as it stands."""
    with reading():
        practice = files.file(file).practice
    posting.post_file(actor=request.actor, practice=practice, file=file, at=request.actor.at, posted_on=body.posted_on)
    with reading():
        return file_answer(file)


@router.get("/remittances/{remittance}", response=RemittanceWholeOut)
@operation("remittances.read")
def get_remittance(request: Any, remittance: RemittanceId) -> Any:
    """One remittance with its provider adjustments and its deposit."""
    return _remittance(files.remittance(remittance))


@router.get("/payments/{payment}", response=PaymentWholeOut)
@operation("remittances.read")
def get_payment(request: Any, payment: PaymentId) -> Any:
    """A claim as the payer decided it: lines, and reasons in words."""
    found = payments.payment(payment)
    reads.one(request, practice=found.row.practice, subject=(PAYMENT, payment), shows=PaymentWholeOut)
    return _payment(found)


@router.get("/claims/{claim}/payments", response=list[PaymentOut])
@operation("remittances.read")
def list_payments_of_claim(request: Any, claim: Annotated[str, public_id("CLM")]) -> Any:
    """What payers decided about a claim."""
    found = stories.find(claim)
    if found is None:
        raise NotFound(f"There is no claim {claim}.")
    decided = payments.payments_of_claim(practice=found.practice_id, claim=claim)
    reads.many(request, of="payments of a claim", practices=[one.practice for one in decided], shows=PaymentOut)
    return [payment_answer(one) for one in decided]


@router.get("/provider-adjustments/{adjustment}", response=ProviderAdjustmentOut)
@operation("remittances.read")
def get_provider_adjustment(request: Any, adjustment: AdjustmentId) -> Any:
    """What a payer took or gave beside its claims, and the account where it is kept."""
    return _adjustment(files.adjustment(adjustment))


def _file(row: FileRow) -> dict[str, Any]:
    return {
        "id": row.public_id, "name": row.name, "state": row.state.value, "words": row.words, "size": row.size,
        "document": row.document, "findings": row.findings, "received_at": row.received_at,
        "received_by": row.received_by,
    }  # fmt: skip


def _remittance(one: Remittance) -> dict[str, Any]:
    return {
        "id": one.public_id, "file": one.file, "document": one.document, "payer": one.payer_name,
        "payee_npi": one.payee_npi, "trace": one.trace, "method": one.method, "paid_on": one.paid_on,
        "posted_on": one.posted_on, "posted_by": one.posted_by, "amount": one.amount, "charge": one.charge,
        "paid": one.paid, "provider_adjusted": one.provider_adjusted, "claims": one.claims,
        "unmatched": one.unmatched, "denied": one.denied, "state": one.state.value, "duplicate_of": one.duplicate_of,
        "deposit": deposit_answer(one.deposit) if one.deposit else None,
        "adjustments": [_adjustment(each) for each in one.adjustments],
    }  # fmt: skip


def _payment(found: Payment) -> dict[str, Any]:
    return payment_answer(found.row) | {
        "lines": [_service(line) for line in found.lines], "reasons": [_reason(one) for one in found.adjustments],
        "remarks": found.remarks, "applied_at": found.applied_at, "applied_by": found.applied_by, "why": found.why,
    }  # fmt: skip


def _service(line: ServiceRow) -> dict[str, Any]:
    return {
        "number": line.number, "claim_line": line.claim_line, "code": line.code, "modifiers": line.modifiers,
        "submitted_code": line.submitted_code, "units": None if line.units is None else str(line.units),
        "service_on": line.service_on, "charge": line.charge, "allowed": line.allowed, "paid": line.paid,
        "contractual": line.contractual, "other": line.other, "patient_share": line.patient_share,
        "left_open": line.denied, "prior": line.prior, "remarks": line.remarks,
        "reasons": [_reason(one) for one in line.adjustments],
    }  # fmt: skip


def _reason(one: AdjustmentRow) -> dict[str, Any]:
    return {
        "group": one.group,
        "reason": one.reason,
        "words": one.words,
        "amount": one.amount,
        "effect": one.effect.value,
    }


def _adjustment(row: ProviderAdjustmentRow) -> dict[str, Any]:
    return {
        "id": row.public_id, "remittance": row.remittance, "code": row.code, "words": row.words,
        "reference": row.reference, "amount": row.amount, "account": row.account,
    }  # fmt: skip
