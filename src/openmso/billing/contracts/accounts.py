"""Accounts of patients: what is owed line by line, plans, statements, and the pages that show them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from openmso.billing.contracts.collecting import (
    PlacementRow,
)
from openmso.billing.contracts.paying import CardRow, ConsentRow, PaymentRow, SettledPart
from openmso.billing.contracts.repaying import RefundRow
from openmso.billing.states import (
    Hold,
    L,
    Making,
    NoStatement,
    Outcome,
    Told,
    Way,
)
from openmso.kit.money import Money
from openmso.platform.ui.contracts import Status


@dataclass(frozen=True, slots=True)
class OwedLine:
    """A patient's part of a line of a claim (line 0: of the claim as a whole), and what settled it so far."""

    practice: int
    claim_id: int
    claim: str
    patient_id: int
    biller_id: int | None
    payer_id: int | None
    line_id: int | None
    line: int
    code: str
    service_on: date
    share: Money
    settled: Money

    @property
    def owed(self) -> Money:
        """What is still owed; negative where more was settled than the patient's part is now."""
        return self.share - self.settled


@dataclass(frozen=True, slots=True)
class AccountRow:
    """A patient's account in a list."""

    patient_id: int
    patient: str
    practice: int
    practice_name: str
    name: str
    mrn: str
    owed: Money
    unapplied: Money
    oldest_on: date | None
    hold: Hold | None
    hold_why: str
    hold_until: date | None
    statements: int
    last_statement_on: date | None


@dataclass(frozen=True, slots=True)
class PlanRow:
    """A payment plan. `left` is still owed of it, `due` is due and not paid; `beyond` is what needed approval."""

    public_id: str
    practice: int
    practice_name: str
    patient: str
    name: str
    amount: Money
    instalment: Money
    count: int
    first_on: date
    beyond: str
    why: str
    state: L
    made_at: datetime
    made_by: str
    decided_at: datetime | None
    decided_by: str
    decided_why: str
    left: Money
    due: Money
    missed: int
    next_on: date | None

    @property
    def paid(self) -> Money:
        """What of it is no longer owed."""
        return self.amount - self.left


@dataclass(frozen=True, slots=True)
class PlannedInstalment:
    """An instalment of a plan, and what of it is not paid."""

    number: int
    due_on: date
    amount: Money
    open: Money
    is_missed: bool


@dataclass(frozen=True, slots=True)
class PatientPage:
    """What a patient sees of a statement on line, as it stands now; `due` is what is asked for today.

    `texts` says whether they allow text messages; none where there is no number to send them to.
    """

    statement: str
    practice: int
    practice_name: str
    phone: str
    patient: str
    lines: tuple[OwedLine, ...]
    owed: Money
    due: Money
    plan: PlanRow | None
    months: tuple[tuple[int, Money], ...]
    first_on: date
    card: CardRow | None
    texts: bool | None
    takes_cards: bool
    is_test: bool
    origin: str


@dataclass(frozen=True, slots=True)
class StatementRow:
    """What a run made of an account: a statement, or the reason why not."""

    public_id: str
    practice: int
    run: str
    patient: str
    name: str
    on: date
    reason: NoStatement | None
    words: str
    amount: Money
    way: Way | None
    notice: Told | None

    @property
    def is_sent(self) -> bool:
        """Whether there is a statement."""
        return self.reason is None

    @property
    def outcome(self) -> Status:
        """What the run made of the account."""
        return self.reason or Outcome.SENT


@dataclass(frozen=True, slots=True)
class RunRow:
    """A run of statements. `paper` and `mail_list` are documents."""

    public_id: str
    practice: int
    practice_name: str
    on: date
    made_at: datetime
    made_by: str
    sent: int
    passed: int
    amount: Money
    paper: str
    mail_list: str
    state: Making
    whole: int | None
    looked: int


@dataclass(frozen=True, slots=True)
class AccountPage:
    """A patient's account with its lines, payments, settlements and plans, as they stand now."""

    row: AccountRow
    lines: tuple[OwedLine, ...]
    payments: tuple[PaymentRow, ...]
    settled: tuple[SettledPart, ...]
    statements: tuple[StatementRow, ...]
    plans: tuple[PlanRow, ...]
    refunds: tuple[RefundRow, ...]
    card: CardRow | None
    texts: ConsentRow | None
    placements: tuple[PlacementRow, ...]
