"""Operations: deposit accounts are instructed and instructions revoked; bank files are prepared, approved and taken."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from ninja import Query, Status

from openmso.kit.money import Money
from openmso.platform.api.operations import operation
from openmso.platform.api.pages import PageAsk, PageOut, paged
from openmso.platform.api.queues import reasoned
from openmso.platform.api.schemas import PracticeName, Words
from openmso.platform.tenancy.queries import key_in_scope
from openmso.platform.tenancy.scope import reading
from openmso.platform.ui.contracts import Filters
from openmso.platform.ui.contracts import PageAsk as RowsAsk
from openmso.treasury.api import schemas
from openmso.treasury.api.runs import filters_of, payment_data
from openmso.treasury.api.runs import router as router
from openmso.treasury.api.schemas import AccountId, FileId, InstructionId
from openmso.treasury.contracts import (
    INSTRUCT,
    PREPARE,
    READ,
    RELEASE,
    SEND,
    Account,
    BankFile,
    Instruction,
)
from openmso.treasury.queries import accounts
from openmso.treasury.queries import paying as files
from openmso.treasury.services import instructing, paying
from openmso.treasury.states import Formula
from openmso.treasury.tables import BANK_FILES


@router.get("/deposit-accounts", response=list[schemas.DepositAccountOut])
@operation(READ.code)
def list_deposit_accounts(request: Any) -> Any:
    """Deposit accounts in the practices' names, each with the standing instruction that holds for it."""
    return [_account(one) for one in accounts.accounts(on=request.actor.today)]


@router.post("/deposit-accounts/{deposit_account}/instructions", response={201: schemas.InstructionOut})
@operation(INSTRUCT.code)
def instruct_deposit_account(request: Any, deposit_account: AccountId, body: schemas.InstructIn) -> Any:
    """Give a standing instruction; only a person of the practice can (42 CFR 424.73, 447.10)."""
    with reading():
        one = accounts.account(deposit_account, on=request.actor.today)
    made = instructing.instruct(
        actor=request.actor, practice=one.practice, account=deposit_account, target=body.target,
        formula=Formula(body.formula), amount=None if body.amount is None else Money.of(body.amount),
        clause=body.clause, starts_on=body.starts_on, at=request.actor.at,
    )  # fmt: skip
    return Status(201, _instruction(made))


@router.get("/standing-instructions", response=list[schemas.InstructionOut])
@operation(READ.code)
def list_standing_instructions(request: Any) -> Any:
    """Standing instructions, those that were revoked with them, the latest first."""
    return [_instruction(one) for one in accounts.instructions()]


@router.post("/standing-instructions/{instruction}/revocation", response=schemas.InstructionOut)
@operation(INSTRUCT.code)
def revoke_standing_instruction(request: Any, instruction: InstructionId, body: schemas.RevokeIn) -> Any:
    """Revoke an instruction at once; what was not with the bank yet is stopped."""
    done = instructing.revoke(actor=request.actor, instruction=instruction, why=body.why, at=request.actor.at)
    return _instruction(done)


@router.get("/bank-files", response=PageOut[schemas.QueuedBankFileRowOut])
@operation(READ.code)
def list_bank_files(
    request: Any, page: Query[PageAsk], state: schemas.FileState | None = None, practice: PracticeName | None = None,
    q: Words = "",
) -> Any:  # fmt: skip
    """Files of payments for banks, the latest first."""
    asked = RowsAsk(page.page, page.size, "prepared_at", desc=True)
    found = files.files(Filters(tuple(filters_of(state, practice)), q), asked)
    return paged(request, reasoned(request, BANK_FILES, found.rows, _row), found.total or 0, page)


@router.get("/payments-to-file", response=list[schemas.RunPaymentOut])
@operation(PREPARE.code)
def list_payments_to_file(request: Any) -> Any:
    """Payments of posted runs that stand in no bank file."""
    return [payment_data(one) for one in files.to_pay()]


@router.post("/bank-files", response={201: schemas.BankFileOut})
@operation(PREPARE.code)
def prepare_bank_file(request: Any, body: schemas.PrepareIn) -> Any:
    """Put what waits to be paid out of an account into a file, for a second person to approve."""
    with reading():
        practice = key_in_scope(body.practice)
    made = paying.prepare(actor=request.actor, practice=practice, account=body.account, on=body.on, at=request.actor.at)
    return Status(201, told(made.public_id))


@router.get("/bank-files/{bank_file}", response=schemas.BankFileOut)
@operation(READ.code)
def get_bank_file(request: Any, bank_file: FileId) -> Any:
    """A file with its payees, totals and digest."""
    return _file(files.file(bank_file))


@router.post("/bank-files/{bank_file}/approval", response=schemas.BankFileOut)
@operation(RELEASE.code)
def approve_bank_file(request: Any, bank_file: FileId) -> Any:
    """Approve a file: never who prepared it; out of the government account only a person of the practice."""
    paying.approve(actor=request.actor, file=bank_file, at=request.actor.at)
    return told(bank_file)


@router.post("/bank-files/{bank_file}/taking")
@operation(SEND.code)
def take_bank_file(request: Any, bank_file: FileId) -> Any:
    """Take an approved file to the bank, once: its bytes, as they were approved."""
    name, content = paying.take(actor=request.actor, file=bank_file, at=request.actor.at)
    return HttpResponse(
        content, content_type="application/octet-stream",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )  # fmt: skip


@router.post("/bank-files/{bank_file}/cancellation", response=schemas.BankFileOut)
@operation(PREPARE.code)
def cancel_bank_file(request: Any, bank_file: FileId, body: schemas.PayoutWhyIn) -> Any:
    """Cancel a file that was not taken; its payments wait to be paid."""
    paying.cancel(actor=request.actor, file=bank_file, why=body.why, at=request.actor.at)
    return told(bank_file)


def _account(one: Account) -> dict[str, Any]:
    return {
        "id": one.public_id, "practice": one.practice_name, "name": one.name, "bank_name": one.bank_name,
        "masked_number": one.masked_number, "use": one.use.value, "holder": one.holder,
        "instruction": _instruction(one.instruction) if one.instruction else None,
    }  # fmt: skip


def _instruction(one: Instruction) -> dict[str, Any]:
    return {
        "id": one.public_id, "account": one.account, "target": one.target, "target_holder": one.target_holder,
        "agreement": one.agreement, "clause": one.clause, "formula": one.formula.value, "amount": one.amount,
        "starts_on": one.starts_on, "state": one.state.value, "given_by": one.given_by, "given_at": one.given_at,
        "revoked_by": one.revoked_by, "revoked_at": one.revoked_at, "revoked_why": one.revoked_why,
    }  # fmt: skip


def _row(one: BankFile) -> dict[str, Any]:
    return {
        "id": one.public_id, "practice": one.practice_name, "account": one.account, "state": one.state.value,
        "effective_on": one.effective_on, "payments": one.entries, "amount": one.amount, "entry_hash": one.hash,
        "sha256": one.sha256, "flagged": one.flagged, "returned": one.returned, "prepared_by": one.prepared_by,
        "prepared_at": one.prepared_at, "approved_by": one.approved_by, "approved_at": one.approved_at,
        "sent_at": one.sent_at,
    }  # fmt: skip


def _file(one: BankFile) -> dict[str, Any]:
    return _row(one) | {"payees": [payment_data(each) for each in files.payments_in(one.practice, one.public_id)]}


def told(bank_file: str) -> dict[str, Any]:
    """A file as it stands now."""
    with reading():
        return _file(files.file(bank_file))
