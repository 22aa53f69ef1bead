"""Deposit accounts and their instructions, runs with every step, loans and their movements, payments, bank files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from openmso.kit.money import ZERO, Money
from openmso.kit.periods import Month
from openmso.parties.contracts import AccountUse
from openmso.treasury.states import Changed, F, Formula, Held, Moved, Noted, P, Part, Pays, R


@dataclass(frozen=True, slots=True)
class Instruction:
    """A standing instruction: what leaves an account, to where, under which clause, since when, and who may end it."""

    public_id: str
    practice: int
    account: str
    account_name: str
    use: AccountUse
    target: str
    target_name: str
    target_holder: str
    to_mso: bool
    agreement: str
    version: int
    clause: str
    formula: Formula
    amount: Money | None
    starts_on: date
    state: Held
    given_at: datetime
    given_by: str
    revoked_at: datetime | None
    revoked_by: str
    revoked_why: str

    @property
    def words(self) -> str:
        """How much, in words."""
        if self.formula is Formula.ABOVE:
            return f"What is above {self.amount:,.2f}"
        return f"{self.amount:,.2f}" if self.formula is Formula.FIXED else self.formula.label

    def moves(self, there: Money) -> Money:
        """How much of what is there it moves; nothing where more was taken back than is there."""
        there = max(there, ZERO)
        if self.formula is Formula.ABOVE:
            return max(there - (self.amount or ZERO), ZERO)
        return min(self.amount or ZERO, there) if self.formula is Formula.FIXED else there


@dataclass(frozen=True, slots=True)
class Account:
    """A deposit account of a practice, and the instruction that holds for it."""

    practice: int
    practice_name: str
    public_id: str
    name: str
    bank_name: str
    masked_number: str
    use: AccountUse
    holder: str
    instruction: Instruction | None

    @property
    def is_government(self) -> bool:
        """Whether only the practice instructs it."""
        return self.use is AccountUse.DEPOSIT_GOVERNMENT


@dataclass(frozen=True, slots=True)
class Given:
    """A figure that a run was computed from, with what it opens to: ledger lines, or invoices."""

    key: str
    words: str
    amount: Money
    selection: Mapping[str, Any]
    invoices: tuple[tuple[str, str, str], ...] = ()
    """Statement, invoice number and amount of each."""


@dataclass(frozen=True, slots=True)
class Step:
    """A line of a run in its order: what was wanted, what the cash paid, what was advanced, what is left after it."""

    number: int
    line: str
    words: str
    wanted: Money
    paid: Money
    advanced: Money
    missing: Money
    left: Money
    how: str
    outcome: str


@dataclass(frozen=True, slots=True)
class Told:
    """A step in the life of a thing."""

    at: datetime
    state: str
    by: str
    why: str


@dataclass(frozen=True, slots=True)
class RunRow:
    """A month's run in the list of runs."""

    public_id: str
    practice: int
    practice_name: str
    month: Month
    state: R
    cash: Money
    fee_paid: Money
    advanced: Money
    residual: Money
    loan: Money
    held: Money
    proposed_at: datetime


@dataclass(frozen=True, slots=True)
class Run:
    """A month paid out: the terms, the figures, the steps, and where it stands."""

    row: RunRow
    practice_code: str
    agreement: str
    version: int
    sentence: str
    clause: str
    terms: Mapping[str, Any]
    opening: Mapping[str, Money]
    closing: Mapping[str, Money]
    given: tuple[Given, ...]
    steps: tuple[Step, ...]
    notes: tuple[str, ...]
    instruction: str
    swept: Money
    deposit_instruction: str
    collected: Money
    """What its instruction moves out of the deposit account of other payers."""
    content: str
    proposed_by: str
    proposed_by_user: str
    approved_by: str
    approved_at: datetime | None
    posted_on: date | None
    entries: tuple[tuple[int, str], ...]
    """Book and public id of each entry."""
    practice_entity: int
    mso_entity: int

    @property
    def public_id(self) -> str:
        """The name of the run."""
        return self.row.public_id

    @property
    def practice(self) -> int:
        """Whose it is."""
        return self.row.practice


@dataclass(frozen=True, slots=True)
class LoanMove:
    """What moved a loan: a positive amount adds to it. `balance` is what stands after it."""

    moved_on: date
    kind: Moved
    part: Part
    amount: Money
    balance: Money
    words: str
    run: str
    reverses: bool
    dispute: str = ""
    """What was won and credited, where no run moved it."""


@dataclass(frozen=True, slots=True)
class Loan:
    """A deficit loan of an agreement: what stands, of what, and whether both books say the same."""

    public_id: str
    practice: int
    practice_name: str
    agreement: str
    opened_on: date
    balance: Money
    advances: Money
    fees: Money
    interest: Money
    lent: Money
    repaid: Money
    ledger: Money | None = None
    """What the practice's book says; nothing where it is not in sight."""
    mso_ledger: Money | None = None

    @property
    def proven(self) -> bool:
        """Whether every book in sight says what the register says."""
        return all(one is None or one == self.balance for one in (self.ledger, self.mso_ledger))


@dataclass(frozen=True, slots=True)
class Payment:
    """A payment of a run: from one account to another, with the words that go along."""

    public_id: str
    practice: int
    practice_name: str
    run: str
    month: Month
    kind: Pays
    amount: Money
    from_account: str
    from_name: str
    from_use: AccountUse
    from_mso: bool
    to_account: str
    to_name: str
    to_holder: str
    to_bank: str
    reference: str
    state: P
    file: str
    trace: str
    changed: Changed
    returned_code: str
    returned_words: str
    needs: str
    """What has to be so before it goes out again; empty where nothing has."""
    related: str = ""
    """What makes who is paid related to somebody who acts for the practice or its MSO."""


@dataclass(frozen=True, slots=True)
class Correction:
    """What a bank notes of an account: what it was, what it is to be, and whether a second person took it over."""

    public_id: str
    practice: int
    practice_name: str
    payment: str
    file: str
    code: str
    words: str
    account: str
    account_name: str
    from_mso: bool
    was: str
    becomes: str
    state: Noted
    told_at: datetime
    told_by: str
    told_by_user: str
    decided_by: str
    decided_at: datetime | None
    why: str


@dataclass(frozen=True, slots=True)
class BankFile:
    """A file of payments for one bank account: what it holds, its digest, who prepared and who approved it."""

    public_id: str
    practice: int
    practice_name: str
    account: str
    account_name: str
    use: AccountUse
    from_mso: bool
    name: str
    effective_on: date
    entries: int
    amount: Money
    hash: int
    sha256: str
    document: str
    state: F
    prepared_at: datetime
    prepared_by: str
    prepared_by_user: str
    approved_by: str
    approved_at: datetime | None
    sent_at: datetime | None
    flagged: int
    returned: int
