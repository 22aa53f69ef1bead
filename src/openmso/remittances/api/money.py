"""The API of remittances, continued: one remittance, one payment, adjustments, deposits and what is still open."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from ninja import Query, Schema, Status
from pydantic import Field

from openmso.banking.contracts import BankLine
from openmso.claims.queries import stories
from openmso.kit.classes import DataClass
from openmso.kit.errors import NotFound
from openmso.kit.ids import NAME
from openmso.platform.api import reads
from openmso.platform.api.operations import operation
from openmso.platform.api.pages import PageAsk, PageOut, paged, total_of
from openmso.platform.api.reads import of_class
from openmso.platform.api.schemas import Amount, Body, Words, public_id
from openmso.platform.tenancy.queries import key_in_scope
from openmso.platform.tenancy.scope import reading
from openmso.platform.ui.contracts import Filters
from openmso.platform.ui.contracts import PageAsk as RowsAsk
from openmso.remittances.api.routes import (
    DepositId,
    FileId,
    FileOut,
    PaymentId,
    PaymentOut,
    PracticeId,
    RemittanceId,
    file_answer,
    payment_answer,
)
from openmso.remittances.api.routes import (
    router as router,
)
from openmso.remittances.contracts import (
    PAYMENT,
    AdjustmentRow,
    Deposit,
    FileRow,
    OpenRemittance,
    Payment,
    ProviderAdjustmentRow,
    Punctuality,
    Remittance,
    ServiceRow,
)
from openmso.remittances.queries import banked, files, payments
from openmso.remittances.services import deposits, posting

Waiting = Annotated[str, Field(pattern=f"^(ERA|BNK)-{NAME}$", examples=["ERA-7K2P9M4X"])]
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
    service_on: Annotated[date | None, Clinical]
    charge: Amount
    paid: Amount
    contractual: Amount
    other: Amount
    patient_share: Amount
    left_open: Amount
    prior: Amount
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


class DepositWholeOut(Schema):
    """A remittance and the bank line that carries its money."""

    id: str
    remittance: str
    line: str
    amount: Amount
    method: str
    why: str
    posted_on: date
    matched_at: datetime
    matched_by: str
    gap: Annotated[
        int | None, Field(description="Business days from the money to the 835, below zero if the 835 came first")
    ]


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


class OpenRemittanceOut(Schema):
    """A remittance whose money was not yet found in the bank; `age` in days."""

    id: str
    payer: str
    trace: str
    paid_on: date | None
    amount: Amount
    age: int
    received_on: date
    business_days: Annotated[int, Field(description="Since it was received")]
    late: Annotated[bool, Field(description="Four business days have passed, and the day it is to be paid")]
    fit: Annotated[str, Field(description="Which bank lines could be its money, in words")]


class OpenLineOut(Schema):
    """Money in the bank that no remittance explains yet."""

    id: str
    account: str
    posted_on: date
    amount: Amount
    description: str
    trace: str
    payer_id: Annotated[str, Field(description="TRN03, as the line says it")]
    age: Annotated[int, Field(description="Days since it came")]
    business_days: Annotated[
        int | None, Field(description="Since it came; none of what is no health plan's payment by its own words")
    ]
    late: bool
    fit: Annotated[str, Field(description="Which remittances could explain it, in words")]


class CandidateOut(Schema):
    """A remittance and a bank line that could be one payment; `named`: by its trace, but with other cents."""

    remittance: OpenRemittanceOut
    line: OpenLineOut
    by: Annotated[str, Field(description="`trace`, `amount` (and day), `cents` or `named`")]


class FollowUpTextOut(Schema):
    """What to write to a payer about the half that is late, or has other cents."""

    text: Annotated[str, Field(description="Names no patient; empty where there is nothing to ask yet")]


class PunctualityOut(Schema):
    """How one payer's 835 and money came together in a year, and what waits; days are business days."""

    payer: str
    payer_id: str
    deposits: int
    late_remittances: int
    late_money: int
    mean_days: Annotated[str | None, Field(description="Of those that were more than three days apart")]
    worst_days: int
    awaited: int
    awaited_amount: Amount
    awaited_late: int
    missing: int
    missing_amount: Amount
    missing_late: int


class AgainIn(Body):
    """On which accounting day; without one, the payment's own day."""

    posted_on: date | None = None


class SweepIn(Body):
    """In which practice to look."""

    practice: PracticeId


class SweepOut(Schema):
    """How many were found."""

    matched: int


@router.get("/remittance-files", response=PageOut[FileRowOut])
@operation("remittances.read")
def list_remittance_files(request: Any, page: Query[PageAsk]) -> Any:
    """Files as they came, the latest first."""
    found = files.files(page=RowsAsk(page.page, page.size))
    return paged(request, [_file(row) for row in found.rows], total_of(found, files.tally_files), page)


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


@router.get("/deposits", response=PageOut[DepositWholeOut])
@operation("remittances.read")
def list_deposits(request: Any, page: Query[PageAsk], q: Words = "") -> Any:
    """The matches between remittances and bank lines that stand, the latest first."""
    filters = Filters((), q)
    found = banked.deposits(filters=filters, page=RowsAsk(page.page, page.size))
    total = total_of(found, lambda: banked.tally_deposits(filters=filters))
    return paged(request, [_deposit(one) for one in found.rows], total, page)


@router.get("/deposits/{deposit}", response=DepositWholeOut)
@operation("remittances.read")
def get_deposit(request: Any, deposit: DepositId) -> Any:
    """One match: both sides, how it was found, who did it."""
    return _deposit(banked.deposit(deposit))


@router.get("/awaited-remittances", response=PageOut[OpenRemittanceOut])
@operation("remittances.read")
def list_awaited(request: Any, page: Query[PageAsk], q: Words = "") -> Any:
    """Remittances whose money was not found in the bank yet, the oldest first."""
    filters = Filters((), q)
    found = banked.awaited(filters=filters, page=RowsAsk(page.page, page.size), on=request.actor.today)
    total = total_of(found, lambda: banked.tally_awaited(filters=filters, on=request.actor.today))
    return paged(request, [_open(one) for one in found.rows], total, page)


@router.get("/unexplained-lines", response=PageOut[OpenLineOut])
@operation("remittances.read")
def list_unexplained(request: Any, page: Query[PageAsk], q: Words = "") -> Any:
    """Money in the bank that no remittance explains yet."""
    filters, on = Filters((), q), request.actor.today
    found = banked.unexplained(filters=filters, page=RowsAsk(page.page, page.size), on=on)
    total = total_of(found, lambda: banked.tally_unexplained(filters=filters, on=on))
    return paged(request, [_line(one.line, on, one.fit) for one in found.rows], total, page)


@router.get("/payer-punctuality", response=list[PunctualityOut])
@operation("remittances.read")
def list_payer_punctuality(request: Any) -> Any:
    """How far each payer's remittances and money are apart, those with most that is late first."""
    return [_punctuality(one) for one in banked.punctuality(on=request.actor.today)]


@router.get("/deposit-candidates/{waiting}", response=list[CandidateOut])
@operation("remittances.read")
def list_deposit_candidates(request: Any, waiting: Waiting) -> Any:
    """What could be the other half of an open remittance, or of a bank line, the best reason first."""
    on = request.actor.today
    _, fits = banked.candidates(waiting, on=on)
    return [{"remittance": _open(one.remittance), "line": _line(one.line, on), "by": one.by} for one in fits]


@router.get("/payer-follow-ups/{waiting}", response=FollowUpTextOut)
@operation("remittances.read")
def get_payer_follow_up(request: Any, waiting: Waiting) -> Any:
    """What to write to the payer about an open remittance or bank line whose other half is late."""
    on = request.actor.today
    given, fits = banked.candidates(waiting, on=on)
    return {"text": banked.follow_up(given, fits, on=on)}


@router.post("/deposit-searches", response={201: SweepOut})
@operation("remittances.match")
def match_deposits(request: Any, body: SweepIn) -> Any:
    """Match all of a practice's money that is surely there."""
    actor, practice = request.actor, key_in_scope(body.practice)
    return Status(201, {"matched": deposits.match_deposits(actor=actor, practice=practice, at=actor.at)})


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
        "deposit": _deposit(one.deposit) if one.deposit else None,
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
        "service_on": line.service_on, "charge": line.charge, "paid": line.paid, "contractual": line.contractual,
        "other": line.other, "patient_share": line.patient_share, "left_open": line.denied, "prior": line.prior,
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


def _deposit(one: Deposit) -> dict[str, Any]:
    return {
        "id": one.public_id, "remittance": one.remittance, "line": one.line, "amount": one.amount,
        "method": one.method, "why": one.why, "posted_on": one.posted_on, "matched_at": one.matched_at,
        "matched_by": one.matched_by, "gap": one.gap,
    }  # fmt: skip


def _open(one: OpenRemittance) -> dict[str, Any]:
    return {
        "id": one.public_id, "payer": one.payer_name, "trace": one.trace, "paid_on": one.paid_on,
        "amount": one.amount, "age": one.age, "received_on": one.received_on, "business_days": one.waited.days,
        "late": one.waited.is_late, "fit": one.fit,
    }  # fmt: skip


def _line(one: BankLine, on: date, fit: str = "") -> dict[str, Any]:
    waited = banked.waited(one, on=on)
    return {
        "id": one.public_id, "account": one.account, "posted_on": one.posted_on, "amount": one.amount,
        "description": one.description, "trace": one.trace, "payer_id": one.trace_payer,
        "age": max(0, (on - one.posted_on).days), "business_days": waited.days if waited else None,
        "late": bool(waited and waited.is_late), "fit": fit,
    }  # fmt: skip


def _punctuality(one: Punctuality) -> dict[str, Any]:
    return {
        "payer": one.payer_name, "payer_id": one.payer_key, "deposits": one.deposits,
        "late_remittances": one.late_remittances, "late_money": one.late_money,
        "mean_days": None if one.mean_days is None else str(one.mean_days), "worst_days": one.worst_days,
        "awaited": one.awaited, "awaited_amount": one.awaited_amount, "awaited_late": one.awaited_late,
        "missing": one.missing, "missing_amount": one.missing_amount, "missing_late": one.missing_late,
    }  # fmt: skip
