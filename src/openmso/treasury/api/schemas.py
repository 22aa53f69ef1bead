"""What callers of treasury send and get."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from ninja import Schema
from pydantic import Field

from openmso.platform.api.queues import Queued
from openmso.platform.api.schemas import Amount, Body, MonthName, PracticeName, Yes, public_id, text

RunId = Annotated[str, public_id("WFR")]
LoanId = Annotated[str, public_id("LON")]
AccountId = Annotated[str, public_id("ACT")]
InstructionId = Annotated[str, public_id("SIN")]
FileId = Annotated[str, public_id("BKF")]
PaymentId = Annotated[str, public_id("TPM")]
CorrectionId = Annotated[str, public_id("NOC")]
RunState = Literal["proposed", "approved", "posted", "withdrawn", "reversed"]
FileState = Literal["prepared", "approved", "sent", "cancelled"]
FigureName = Annotated[str, Field(pattern=r"^[a-z_]{1,40}$", examples=["practice_expenses"])]


class ProposeIn(Body):
    practice: PracticeName
    month: MonthName


class PostIn(Body):
    on: Annotated[date | None, Field(description="The day of the entries; today where it is left out")] = None


class PayoutWhyIn(Body):
    why: Annotated[str, text(200)]


class RevokeIn(Body):
    why: Annotated[str, text(400, length_min=0)] = ""


class InstructIn(Body):
    target: Annotated[AccountId, Field(description="Another account of the practice")]
    formula: Literal["all", "above", "fixed"]
    amount: Amount | None = None
    clause: Annotated[str, text(200)]
    starts_on: date


class PrepareIn(Body):
    practice: PracticeName
    account: AccountId
    on: Annotated[date | None, Field(description="When it settles; the next banking day where it is left out")] = None


class ReturnsIn(Body):
    practice: PracticeName
    name: Annotated[str, text(200)] = "returns.ach"
    document: Annotated[str, Field(max_length=4_000_000, description="The bank's file, in base64")]


class WaterfallRunRowOut(Schema):
    """A month paid out; `loan` and `held` stand after it."""

    id: str
    practice: str
    month: str
    state: str
    cash: Amount
    fee_paid: Amount
    advanced: Amount
    residual: Amount
    loan: Amount
    held: Amount
    proposed_at: datetime


class QueuedWaterfallRunRowOut(WaterfallRunRowOut, Queued):
    """The same, with why it is next."""


class RunFigureOut(Schema):
    """What a run was computed from; one that `opens` has ledger lines, others name invoices."""

    figure: str
    words: str
    amount: Amount
    opens: bool
    invoices: list[str]


class RunStepOut(Schema):
    """A line in the order of the agreement, with what became of it."""

    number: int
    line: str
    words: str
    wanted: Amount
    paid: Amount
    advanced: Amount
    missing: Amount
    left: Amount
    how: str
    outcome: str


class RunPaymentOut(Schema):
    """A payment of a run; `changed` says whether the payee's account is the one that was paid last."""

    id: str
    run: str
    kind: str
    amount: Amount
    from_account: str
    to_account: str
    to_holder: str
    to_bank: str
    reference: str
    state: str
    file: str
    trace: str
    changed: str
    returned_code: str
    needs: str


class WaterfallRunOut(WaterfallRunRowOut):
    """A run with its terms, figures, steps, payments and entries."""

    agreement: str
    version: int
    sentence: str
    opening: dict[str, Amount]
    closing: dict[str, Amount]
    figures: list[RunFigureOut]
    steps: list[RunStepOut]
    notes: list[str]
    instruction: str
    swept: Amount
    deposit_instruction: str
    collected: Amount
    proposed_by: str
    approved_by: str
    approved_at: datetime | None
    posted_on: date | None
    entries: list[str]
    payments: list[RunPaymentOut]


class LineOut(Schema):
    """A ledger line behind a figure of a run."""

    entry: str
    name: str
    number: int
    posted_on: date
    memo: str
    debit: Amount
    credit: Amount
    source_kind: str
    source_id: str


class LoanRowOut(Schema):
    """A deficit loan; `proven` says whether the books in sight say the same."""

    id: str
    practice: str
    agreement: str
    opened_on: date
    balance: Amount
    advances: Amount
    fees: Amount
    interest: Amount
    lent: Amount
    repaid: Amount
    proven: bool


class LoanMoveOut(Schema):
    """What moved a loan; a positive amount adds to it."""

    moved_on: date
    kind: str
    part: str
    amount: Amount
    balance: Amount
    words: str
    run: str
    dispute: str
    reverses: bool


class LoanOut(LoanRowOut):
    """A loan with everything that moved it, oldest first."""

    movements: list[LoanMoveOut]


class InstructionOut(Schema):
    """A standing instruction of the practice."""

    id: str
    account: str
    target: str
    target_holder: str
    agreement: str
    clause: str
    formula: str
    amount: Amount | None
    starts_on: date
    state: str
    given_by: str
    given_at: datetime
    revoked_by: str
    revoked_at: datetime | None
    revoked_why: str


class DepositAccountOut(Schema):
    """A deposit account in the practice's name, and the instruction that holds for it."""

    id: str
    practice: str
    name: str
    bank_name: str
    masked_number: str
    use: str
    holder: str
    instruction: InstructionOut | None


class BankFileRowOut(Schema):
    """A bank file with what the bank's confirmation is compared with."""

    id: str
    practice: str
    account: str
    state: str
    effective_on: date
    payments: int
    amount: Amount
    entry_hash: int
    sha256: str
    flagged: int
    returned: int
    prepared_by: str
    prepared_at: datetime
    approved_by: str
    approved_at: datetime | None
    sent_at: datetime | None


class QueuedBankFileRowOut(BankFileRowOut, Queued):
    """The same, with why it is next."""


class BankFileOut(BankFileRowOut):
    """A bank file with its payees."""

    payees: list[RunPaymentOut]


class ReturnsOut(Schema):
    """What a file of returns came to."""

    document: str
    returned: list[str]
    known: int
    unknown: list[str]
    noted: list[str]
    words: str


class AccountCorrectionOut(Schema):
    """What a bank notes of an account: what it was and is to be (last digits alone), and whether it was taken over."""

    id: str
    practice: str
    payment: str
    bank_file: str
    code: str
    words: str
    account: str
    account_name: str
    was: str
    becomes: str
    state: Literal["told", "taken", "declined"]
    told_at: datetime
    told_by: str
    decided_at: datetime | None
    decided_by: str
    why: str


class CorrectionDecisionIn(Body):
    """Whether what a bank noted is taken over; why not, where it is not."""

    takes_over: Yes
    why: Annotated[str, text(200, length_min=0)] = ""
