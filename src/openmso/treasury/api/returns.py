"""Operations of what banks send back: returns and notes are read, accounts corrected, payments authorized anew."""

from __future__ import annotations

from typing import Any

from ninja import Status

from openmso.platform.api.operations import operation
from openmso.platform.api.schemas import decoded
from openmso.platform.tenancy.queries import key_in_scope
from openmso.platform.tenancy.scope import reading
from openmso.treasury.api import schemas
from openmso.treasury.api.files import router as router
from openmso.treasury.api.files import told
from openmso.treasury.api.schemas import CorrectionId, PaymentId
from openmso.treasury.contracts import PREPARE, READ, RELEASE, Correction
from openmso.treasury.queries import paying as files
from openmso.treasury.services import correcting, returning


@router.post("/bank-returns", response={201: schemas.ReturnsOut})
@operation(PREPARE.code)
def take_bank_returns(request: Any, body: schemas.ReturnsIn) -> Any:
    """Read a bank's file of returns or notes: what came back is open again, notes wait for a second person."""
    with reading():
        practice = key_in_scope(body.practice)
    done = returning.take(
        actor=request.actor, practice=practice, name=body.name, content=decoded(body.document), at=request.actor.at
    )
    return Status(201, done)


@router.get("/account-corrections", response=list[schemas.AccountCorrectionOut])
@operation(READ.code)
def list_account_corrections(request: Any) -> Any:
    """What banks note of accounts, the latest first; account numbers are told by their last digits."""
    return [correction_data(one) for one in files.corrections()]


@router.post("/account-corrections/{correction}/decision", response=schemas.AccountCorrectionOut)
@operation(RELEASE.code)
def decide_account_correction(request: Any, correction: CorrectionId, body: schemas.CorrectionDecisionIn) -> Any:
    """Take over what a bank noted, never who read it; or leave the account as it is, with the reason."""
    if body.takes_over:
        done = correcting.approve(actor=request.actor, correction=correction, at=request.actor.at)
    else:
        done = correcting.decline(actor=request.actor, correction=correction, why=body.why, at=request.actor.at)
    return correction_data(done)


@router.post("/run-payments/{run_payment}/authorization", response=schemas.BankFileOut)
@operation(RELEASE.code)
def authorize_run_payment(request: Any, run_payment: PaymentId, body: schemas.PayoutWhyIn) -> Any:
    """Record that the payee authorized anew what came back, with what shows it; the file in which it was."""
    return told(returning.authorize(actor=request.actor, payment=run_payment, why=body.why, at=request.actor.at))


def correction_data(one: Correction) -> dict[str, Any]:
    """A note of a bank as plain data: what the API and the command say."""
    return {
        "id": one.public_id, "practice": one.practice_name, "payment": one.payment, "bank_file": one.file,
        "code": one.code, "words": one.words, "account": one.account, "account_name": one.account_name, "was": one.was,
        "becomes": one.becomes, "state": one.state.value, "told_at": one.told_at, "told_by": one.told_by,
        "decided_at": one.decided_at, "decided_by": one.decided_by, "why": one.why,
    }  # fmt: skip
