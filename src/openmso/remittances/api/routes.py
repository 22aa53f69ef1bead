"""The API of remittances: files are received, remittances and payments are read, payments and deposits are matched."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from ninja import File, Query, Router, Schema, Status
from ninja.files import UploadedFile
from pydantic import Field

from openmso.claims.queries import stories, turns
from openmso.kit import clock
from openmso.kit.classes import DataClass
from openmso.platform.api import reads
from openmso.platform.api.operations import operation
from openmso.platform.api.pages import PageAsk, PageOut, paged, total_of
from openmso.platform.api.queues import Queued, reasoned
from openmso.platform.api.reads import of_class
from openmso.platform.api.schemas import Amount, Body, ProgressOut, Words, public_id, sent, text
from openmso.platform.database import progress
from openmso.platform.tenancy.queries import key_in_scope
from openmso.platform.tenancy.scope import reading
from openmso.platform.ui.contracts import Filters
from openmso.platform.ui.contracts import PageAsk as RowsAsk
from openmso.remittances.contracts import PAYMENT, PaymentRow, RemittanceRow
from openmso.remittances.queries import cash, files, payments
from openmso.remittances.services import asking, deposits, matching, receiving
from openmso.remittances.tables import UNMATCHED

router = Router(tags=["Remittances and deposits"])
FileId = Annotated[str, public_id("RFL")]
RemittanceId = Annotated[str, public_id("ERA")]
PaymentId = Annotated[str, public_id("PMT")]
PracticeId = Annotated[str, public_id("TEN")]
ClaimId = Annotated[str, public_id("CLM")]
DepositId = Annotated[str, public_id("DEP")]
Why = Annotated[str, text(400)]


class FileFindingOut(Schema):
    """Something that is wrong with a file, and what to do about it."""

    code: str
    severity: str
    message: str
    fix: str
    offset: int | None


class ReceivedOut(Schema):
    """A file taken in for one practice."""

    id: str
    is_new: bool
    words: str


class ReceiptOut(Schema):
    """What became of an upload."""

    files: list[ReceivedOut]
    refused: list[FileFindingOut]


class FileOut(Schema):
    """Where a file stands, and why."""

    id: str
    name: str
    state: str
    words: str
    remittances: list[str]
    findings: list[FileFindingOut]
    progress: ProgressOut | None


class RemittanceOut(Schema):
    """One payment of a payer."""

    id: str
    payer: str
    trace: str
    method: str
    paid_on: date | None
    posted_on: date
    amount: Amount
    claims: int
    unmatched: int
    denied: int
    state: str
    deposit: str


class PaymentOut(Schema):
    """One claim as a payer decided it."""

    id: str
    remittance: str
    claim: str
    control: Annotated[str, of_class(DataClass.CLINICAL)]
    payer_control: Annotated[str, of_class(DataClass.CLINICAL)]
    patient: Annotated[str, of_class(DataClass.DEMOGRAPHIC)]
    service_on: Annotated[date | None, of_class(DataClass.CLINICAL)]
    charge: Amount
    contractual: Amount
    other: Amount
    patient_share: Amount
    left_open: Amount
    prior: Amount
    paid: Amount
    outcome: str
    forwarded: bool


class CashOut(Schema):
    """Cash posted is cash banked and cash in transit."""

    posted: Amount
    banked: Amount
    in_transit: Amount


class TurnOut(Schema):
    """One of the payers that a claim is asked of, one after the other: SBR01, what it paid and left."""

    ordinal: str
    payer: str
    paid: Amount | None
    left: Amount | None
    words: str


class MatchWhyIn(Body):
    """A reason in words."""

    why: Why


class MatchIn(Body):
    """The claim of a payment."""

    claim: Annotated[str, public_id("CLM")]
    why: Why


class PairIn(Body):
    """A remittance and a bank line that are one payment; `beside`: the other checks of the slip that the line is."""

    remittance: RemittanceId
    beside: Annotated[list[RemittanceId], Field(max_length=100)] = []
    line: Annotated[str, public_id("BNK")]
    why: Why


class UndoIn(Body):
    """Why a match is undone."""

    why: Why


class DepositOut(Schema):
    """A match."""

    id: str


@router.post("/remittance-files", response={201: ReceiptOut})
@operation("remittances.post", mailroom=True)
def receive_file(request: Any, file: File[UploadedFile]) -> Any:
    """Take an 835 in; its payees decide for which practices, a job posts it."""
    receipt = receiving.receive(
        actor=request.actor, practice=None, name=file.name or "", content=sent(file), at=clock.now()
    )
    taken = [{"id": one.file, "is_new": one.is_new, "words": one.words} for one in receipt.files]
    return Status(201, {"files": taken, "refused": receipt.refused})


@router.get("/remittance-files/{file}", response=FileOut)
@operation("remittances.read")
def get_file(request: Any, file: FileId) -> Any:
    """What became of a file."""
    return file_answer(file)


@router.get("/remittances", response=PageOut[RemittanceOut])
@operation("remittances.read")
def list_remittances(request: Any, page: Query[PageAsk], q: Words = "") -> Any:
    """Remittances, newest first; `q` looks in payers, traces and ids."""
    filters = Filters((), q)
    found = files.remittances(filters=filters, page=RowsAsk(page.page, page.size))
    total = total_of(found, lambda: files.tally(filters=filters))
    return paged(request, [_remittance(row) for row in found.rows], total, page)


@router.get("/remittances/{remittance}/payments", response=PageOut[PaymentOut])
@operation("remittances.read")
def list_payments(request: Any, remittance: RemittanceId, page: Query[PageAsk]) -> Any:
    """The claims of a remittance, in the order of the file."""
    files.remittance(remittance)
    found = payments.payments(filters=Filters(), page=RowsAsk(page.page, page.size), remittance=remittance)
    total = total_of(found, lambda: payments.tally(filters=Filters(), remittance=remittance))
    reads.many(request, of="payments", practices=[row.practice for row in found.rows], shows=PaymentOut)
    return paged(request, [payment_answer(row) for row in found.rows], total, page)


class QueuedPaymentOut(PaymentOut, Queued):
    """The same, with why it is next."""


@router.get("/unmatched-payments", response=PageOut[QueuedPaymentOut])
@operation("remittances.read")
def list_unmatched(request: Any, page: Query[PageAsk]) -> Any:
    """Payments whose claim was not found."""
    found = payments.unmatched(page=RowsAsk(page.page, page.size))
    reads.many(request, of="unmatched payments", practices=[row.practice for row in found.rows], shows=QueuedPaymentOut)
    return paged(
        request,
        reasoned(request, UNMATCHED, found.rows, payment_answer),
        total_of(found, payments.tally_unmatched),
        page,
    )


@router.post("/payments/{payment}/match", response=PaymentOut)
@operation("remittances.match")
def match_payment(request: Any, payment: PaymentId, body: MatchIn) -> Any:
    """Post an unmatched payment to a claim."""
    matching.match_claim(actor=request.actor, payment=payment, claim=body.claim, why=body.why, at=clock.now())
    with reading():
        return _shown(request, payments.payment(payment).row)


@router.get("/claims/{claim}/payers", response=list[TurnOut])
@operation("remittances.read")
def list_payers_of_claim(request: Any, claim: ClaimId) -> Any:
    """The payers of a claim in their turn: what each decided, or what it is waited for."""
    return _turns(claim)


@router.post("/claims/{claim}/next-payer", response=list[TurnOut])
@operation("claims.work")
def ask_next_payer(request: Any, claim: ClaimId) -> Any:
    """Make a claim ready for the next payer, with what the payers before decided."""
    asking.ask_next(actor=request.actor, claim=claim, at=clock.now())
    with reading():
        return _turns(claim)


@router.post("/claims/{claim}/next-payer/again", response=list[TurnOut])
@operation("claims.work")
def ask_payer_again(request: Any, claim: ClaimId, body: MatchWhyIn) -> Any:
    """Make a claim ready to be asked of the same later payer once more."""
    asking.ask_again(actor=request.actor, claim=claim, why=body.why, at=clock.now())
    with reading():
        return _turns(claim)


@router.post("/claims/{claim}/left-to-patient", response=list[TurnOut])
@operation("claims.work")
def leave_to_patient(request: Any, claim: ClaimId, body: MatchWhyIn) -> Any:
    """Do not ask the next payer: what the last one left is the patient's."""
    asking.leave_to_patient(actor=request.actor, claim=claim, why=body.why, at=clock.now())
    with reading():
        return _turns(claim)


def _turns(claim: str) -> list[dict[str, Any]]:
    stories.key(claim)
    return [
        {
            "ordinal": one.ordinal, "payer": one.payer, "words": one.state,
            "paid": None if one.paid is None else str(one.paid), "left": None if one.left is None else str(one.left),
        }
        for one in turns.chain(claim)
    ]  # fmt: skip


@router.post("/deposits", response={201: DepositOut})
@operation("remittances.match")
def match_deposit(request: Any, body: PairIn) -> Any:
    """Match a remittance and a bank line by hand, or all checks of a slip with the line that it is."""
    made = deposits.match_deposit(
        actor=request.actor, remittance=body.remittance, beside=body.beside, line=body.line, why=body.why,
        at=clock.now(),
    )  # fmt: skip
    return Status(201, {"id": made})


@router.post("/deposits/{deposit}/undo", response=DepositOut)
@operation("remittances.match")
def unmatch_deposit(request: Any, deposit: DepositId, body: UndoIn) -> Any:
    """Undo a match by reversing its entry; checks that were paid in together are open again together."""
    deposits.unmatch_deposit(actor=request.actor, deposit=deposit, why=body.why, at=clock.now())
    return {"id": deposit}


@router.get("/cash-position", response=CashOut)
@operation("remittances.read")
def get_cash_position(request: Any, practice: PracticeId) -> Any:
    """Where the money of a practice's remittances is."""
    found = cash.cash_position(practice=key_in_scope(practice))
    return {"posted": str(found.posted), "banked": str(found.banked), "in_transit": str(found.in_transit)}


def file_answer(file: str) -> dict[str, Any]:
    """What became of a file; raises `NotFound`."""
    row = files.file(file)
    outcome = files.outcome_of(row.practice, file)
    return {
        "id": file, "name": row.name, "state": row.state.value, "words": row.words, "findings": outcome.findings,
        "remittances": [one.public_id for one in outcome.remittances], "progress": progress.told(file),
    }  # fmt: skip


def _remittance(row: RemittanceRow) -> dict[str, Any]:
    return {
        "id": row.public_id, "payer": row.payer_name, "trace": row.trace, "method": row.method,
        "paid_on": row.paid_on, "posted_on": row.posted_on, "amount": str(row.amount), "claims": row.claims,
        "unmatched": row.unmatched, "denied": row.denied, "state": row.state.value, "deposit": row.deposit,
    }  # fmt: skip


def _shown(request: Any, row: PaymentRow) -> dict[str, Any]:
    """A payment, and the trail told that it was read."""
    reads.one(request, practice=row.practice, subject=(PAYMENT, row.public_id), shows=PaymentOut)
    return payment_answer(row)


def payment_answer(row: PaymentRow) -> dict[str, Any]:
    """A payment as lists show it."""
    return {
        "id": row.public_id, "remittance": row.remittance, "claim": row.claim, "control": row.control,
        "payer_control": row.payer_control, "patient": row.patient, "service_on": row.service_on,
        "charge": str(row.charge), "contractual": str(row.contractual), "other": str(row.other),
        "patient_share": str(row.patient_share), "left_open": str(row.denied), "prior": str(row.prior),
        "paid": str(row.paid), "outcome": row.outcome.value, "forwarded": row.forwarded,
    }  # fmt: skip
