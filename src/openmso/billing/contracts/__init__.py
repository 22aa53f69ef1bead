"""What leaves billing: accounts, payments, permissions, kinds of work."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from openmso.billing.contracts.collecting import AgencyRow as AgencyRow
from openmso.billing.contracts.collecting import ApplicationRow as ApplicationRow
from openmso.billing.contracts.collecting import ChaseRow as ChaseRow
from openmso.billing.contracts.collecting import PlacementRow as PlacementRow
from openmso.billing.contracts.collecting import ProofRow as ProofRow
from openmso.billing.contracts.collecting import SweepRow as SweepRow
from openmso.billing.contracts.collecting import SweptRow as SweptRow
from openmso.billing.contracts.payouts import PayoutLineRow as PayoutLineRow
from openmso.billing.contracts.payouts import PayoutRow as PayoutRow
from openmso.billing.contracts.tables import TableKind as TableKind
from openmso.billing.contracts.tables import TableRow as TableRow
from openmso.billing.states import AT_THE_DESK as AT_THE_DESK
from openmso.billing.states import Bag as Bag
from openmso.billing.states import C, Charging, Making, NoStatement, Outcome, P, Paying, R, Slipped, Told, V, Why
from openmso.billing.states import Cause as Cause
from openmso.billing.states import Deed as Deed
from openmso.billing.states import Ground as Ground
from openmso.billing.states import Hold as Hold
from openmso.billing.states import L as L
from openmso.billing.states import Method as Method
from openmso.billing.states import Reach as Reach
from openmso.billing.states import SweepKind as SweepKind
from openmso.billing.states import Way as Way
from openmso.kit.classes import DataClass
from openmso.kit.money import Money
from openmso.platform.access.contracts import Permission
from openmso.platform.documents.contracts import Purpose
from openmso.platform.ui.contracts import Status
from openmso.platform.work.contracts import FIRST_DUE, Kind

LINE = "patient_billing"
_PHI = frozenset({DataClass.BUSINESS, DataClass.DEMOGRAPHIC, DataClass.CLINICAL})
READ = Permission("billing.read", "see what patients owe and paid", line=LINE, classes=_PHI)
COLLECT = Permission("billing.collect", "take patients' payments, apply them and take them back", line=LINE,
                     classes=_PHI)  # fmt: skip
STATE = Permission("billing.state", "send statements and hold them back", line=LINE, classes=_PHI)
REPAY = Permission("billing.repay", "investigate and return what payers paid too much", line=LINE, classes=_PHI)
APPROVE = Permission("billing.approve", "approve and pay what others ask to give back to patients", line=LINE,
                     classes=_PHI)  # fmt: skip
DEPOSIT = Permission("billing.deposit", "bring patients' payments to the bank and find them there", line=LINE,
                     classes=_PHI)  # fmt: skip
SETUP = Permission("billing.setup", "decide how patients are billed", line=LINE)
TABLES = Permission("billing.tables", "load tables of law and of poverty guidelines for the whole house")
PERMISSIONS: Iterable[Permission] = (READ, COLLECT, STATE, REPAY, APPROVE, DEPOSIT, SETUP, TABLES)

PAYMENT = "billing.payment"
SLIP = "billing.slip"
PAYOUT, TO_TIE = "billing.payout", "billing.payout"
CARD = "billing.card"
ACCOUNT = "billing.account"
UNAPPLIED = "billing.unapplied"
POLICY = "billing.policy"
RUN = "billing.run"
UNREACHED = "billing.unreached"
PLAN, TO_APPROVE_PLAN, PLAN_MISSED = "billing.plan", "billing.plan_asked", "billing.plan_missed"
CARD_DECLINED = "billing.card_declined"
ASSISTANCE, TO_HELP = "billing.assistance", "billing.assistance"
TABLE = "billing.table"
SWEEP, TO_SWEEP = "billing.sweep", "billing.sweep"
PLACEMENT, AGENCY, TO_CALL = "billing.placement", "billing.agency", "billing.call"
REFUND, TO_REFUND = "billing.refund", "billing.refund"
OVERPAYMENT, TO_RETURN = "billing.overpayment", "billing.overpayment"
KINDS = (
    Kind(UNAPPLIED, "Patient's money not applied", COLLECT.code, LINE, "billing:payment", ranked=FIRST_DUE),
    Kind(UNREACHED, "Patient not reachable", STATE.code, LINE, "billing:account", ranked=FIRST_DUE),
    Kind(TO_APPROVE_PLAN, "Payment plan to approve", APPROVE.code, LINE, "billing:plan", ranked=FIRST_DUE),
    Kind(
        PLAN_MISSED,
        "Instalment missed",
        COLLECT.code,
        LINE,
        "billing:plan",
        ranked="Broken plans before plans with an instalment missed",
    ),
    Kind(CARD_DECLINED, "Card not charged", COLLECT.code, LINE, "billing:plan", ranked=FIRST_DUE),
    Kind(TO_REFUND, "Refund to approve", APPROVE.code, LINE, "billing:refund", ranked=FIRST_DUE),
    Kind(TO_TIE, "Card payout that does not tie", DEPOSIT.code, LINE, "billing:payout", ranked=FIRST_DUE),
    Kind(TO_SWEEP, "Run over accounts to decide", APPROVE.code, LINE, "billing:sweep", ranked=FIRST_DUE),
    Kind(TO_HELP, "Financial assistance to decide", APPROVE.code, LINE, "billing:application", ranked=FIRST_DUE),
    Kind(TO_CALL, "Patient to call", STATE.code, LINE, "billing:account", ranked=FIRST_DUE),
    Kind(
        TO_RETURN,
        "Payer paid too much",
        REPAY.code,
        LINE,
        "billing:overpayment",
        ranked="What the law wants back by a day (42 CFR 401.305) before what a contract does",
    ),
)
PURPOSES = (
    Purpose("billing.statements", "Statements of patients", READ.code),
    Purpose("billing.tables", "Tables of law and of poverty guidelines", TABLES.code),
    Purpose("billing.proof", "Proofs of income", READ.code),
    Purpose("billing.letters", "Letters to patients who do not pay", READ.code),
    Purpose("billing.agency", "Files for and from collection agencies", READ.code),
    Purpose("billing.payouts", "Payout reports of card providers", READ.code),
    Purpose("billing.mail_list", "Whom statements go to", READ.code),
)
SENTENCES = {
    "billing.payment_taken": "{actor} took {amount} from a patient as {subject}, {method}",
    "billing.payment_applied": "{actor} applied {amount} of {subject} to what the patient owes",
    "billing.payment_withdrawn": "{actor} took {amount} of {subject} back from what it had paid for",
    "billing.help_asked": "{actor} took an application for charity care, {subject}",
    "billing.help_granted": "{actor} granted {subject}: {percent} percent, {amount}",
    "billing.table_loaded": "{actor} loaded {subject}: {kind}, edition {edition}, {count:row}",
    "billing.table_activated": "{actor} put {subject} in force: {kind}, edition {edition}, {count:row}",
    "billing.table_undone": "{actor} took back {subject}, {kind}, edition {edition}",
    "billing.help_presumed": "{actor} presumed that {subject} is due: {ground}",
    "billing.help_taken_back": "{actor} took {subject} back: {amount} is owed again",
    "billing.help_proved": "{actor} put a proof with {subject}",
    "billing.help_denied": "{actor} did not grant {subject}",
    "billing.sweep_made": "{actor} made {subject}, {kind}: {count:account} of {amount}",
    "billing.sweep_approved": "{actor} approved {subject}, {kind}: {count:account} of {amount}",
    "billing.sweep_done": "{actor} did {subject}, {kind}: {count:account} of {amount}",
    "billing.sweep_taken_up": "{actor} had {subject} go on after {count:account}",
    "billing.sweep_refused": "{actor} did not approve {subject}",
    "billing.sweep_left_out": "{actor} left {count:account} out of {subject}",
    "billing.sweep_taken_back": "{actor} took back what {subject} had given up of an account: {amount}",
    "billing.agency_named": "{actor} named the collection agency {subject}",
    "billing.recalled": "{actor} recalled {count:account} from an agency",
    "billing.agency_file_taken": "{actor} took a file of {subject}: {count:row}, {amount}",
    "billing.slip_made": "{actor} put {count:payment} of {amount} on the deposit slip {subject}",
    "billing.slip_banked": "{actor} found {subject} in the bank: {amount}, line {line}",
    "billing.slip_unbanked": "{actor} undid the deposit of {subject}",
    "billing.slip_torn": "{actor} took the deposit slip {subject} apart",
    "billing.statements_sent": "{actor} sent {count:statement} of {amount} as {subject}, none to {passed:account}",
    "billing.statements_held": "{actor} holds back the statements of a patient: {reason}",
    "billing.statements_released": "{actor} no longer holds back the statements of a patient",
    "billing.policy_decided": "{actor} decided how patients are billed, version {number}",
    "billing.notices_sent": "{actor} sent {count:notice} of statements, {failed} failed",
    "billing.plan_asked": "{actor} asks to have {amount} paid by plan {subject}, outside the practice's policy",
    "billing.plan_made": "{actor} has {amount} paid by plan {subject}, {instalment} a month from {first_on}",
    "billing.plan_approved": "{actor} approved plan {subject} of {amount}",
    "billing.plan_refused": "{actor} did not approve plan {subject} of {amount}",
    "billing.plan_ended": "{actor} ended plan {subject} with {left} of it open",
    "billing.plan_kept": "Plan {subject} of {amount} is paid",
    "billing.plan_broken": "Plan {subject} is broken: {missed:instalment} missed, {left} of it open",
    "billing.texts_allowed": "{actor} wrote down that a patient allows text messages",
    "billing.texts_stopped": "{actor} wrote down that a patient allows no text messages",
    "billing.card_kept": "{actor} put a card on file, {cap} at most a charge",
    "billing.card_asked": "{actor} asked a patient for a card, {cap} at most a charge",
    "billing.charge_called_off": "{actor} called a charge of {amount} off",
    "billing.texts_replied": "A patient replied {word} to a text message",
    "billing.card_ended": "{actor} took a card off file",
    "billing.page_opened": "{actor} opened {subject} and said the birth date",
    "billing.refund_asked": "{actor} asked to give {amount} back to a patient as {subject}",
    "billing.payout_taken": "{actor} took the payout {subject} of {amount} with {count:line}",
    "billing.payout_tied": "{actor} tied the payout {subject} of {amount}; {fee} are fees",
    "billing.payout_line_tied": "{actor} said which payment a line of {subject} is",
    "billing.refund_paid": "{actor} approved and paid {subject} of {amount}",
    "billing.refund_refused": "{actor} did not approve {subject} of {amount}",
    "billing.overpayment_investigated": "{actor} began to investigate {subject}",
    "billing.overpayment_concluded": "{actor} ended the investigation of {subject}: {cause}",
    "billing.overpayment_returned": "{actor} returned {amount} to the payer as {subject}",
    "billing.payment_reversed": "{actor} took back {subject} of {amount}",
}

UNGRANTED = {
    "billing.page_opened": "a patient's own statement",
    "billing.texts_replied": "a patient's own word",
    "billing.plan_kept": "what was owed by the plan is paid",
    "billing.plan_broken": "the clock of the plan's instalments, by the practice's policy",
}
"""What happens by what was agreed before, with nobody's grant behind it."""


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
class PaymentRow:
    """A patient's payment in a list. `left` is neither applied nor given back."""

    id: int
    public_id: str
    practice: int
    practice_name: str
    patient: str
    name: str
    method: Method
    amount: Money
    left: Money
    reference: str
    received_on: date
    received_at: datetime
    received_by: str
    state: P
    entry: str
    reversed_on: date | None
    reversed_why: str


@dataclass(frozen=True, slots=True)
class SlipRow:
    """A deposit slip: the payments of a day that go to the bank together. `line` is the bank line that carries it."""

    id: int
    public_id: str
    practice: int
    practice_name: str
    entity: int
    bag: Bag
    taken_on: date
    amount: Money
    count: int
    state: Slipped
    made_at: datetime
    made_by: str
    line: str
    fee: Money
    banked_on: date | None
    how: str
    why: str
    entry: str


@dataclass(frozen=True, slots=True)
class SettledPart:
    """One row of what settled a patient's part: negative takes back."""

    act: str
    why: Why
    payment: str
    claim: str
    line: int
    amount: Money
    on: date
    at: datetime
    by: str
    entry: str
    note: str


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
class ChargeRow:
    """An instalment that is charged to a card: when, how much, and how it stands."""

    public_id: str
    practice: int
    number: int
    charge_on: date
    amount: Money
    state: Charging
    words: str
    last4: str


@dataclass(frozen=True, slots=True)
class ConsentRow:
    """What a patient said last about text messages, how, and who wrote it down."""

    is_given: bool
    how: str
    at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class CardRow:
    """A card on file as people know it, and what it may be charged."""

    public_id: str
    practice: int
    provider: str
    brand: str
    last4: str
    expires_on: date | None
    state: C
    reach: Reach
    cap: Money
    notice_days: int
    cancel_days: int
    agreed_at: datetime
    agreed_by: str
    ends_on: date
    ended_why: str


@dataclass(frozen=True, slots=True)
class OnlineRow:
    """A payment that was begun on line; `payment` is what it became."""

    public_id: str
    practice: int
    practice_name: str
    patient: str
    name: str
    provider: str
    reference: str
    amount: Money
    state: Paying
    words: str
    payment: str
    made_at: datetime
    settled_at: datetime | None


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


@dataclass(frozen=True, slots=True)
class RefundRow:
    """A refund: what is to go back of which payment, who asked, who decided."""

    public_id: str
    practice: int
    practice_name: str
    patient: str
    name: str
    payment: str
    amount: Money
    why: str
    state: R
    asked_at: datetime
    asked_by: str
    decided_at: datetime | None
    decided_by: str
    decided_why: str
    reference: str
    entry: str


@dataclass(frozen=True, slots=True)
class OverpaymentRow:
    """What a payer paid too much on a claim. `due_on` is the law's last day, where it sets one."""

    public_id: str
    practice: int
    practice_name: str
    claim: str
    payer: str
    has_clock: bool
    amount: Money
    identified_on: date
    began_on: date | None
    ended_on: date | None
    due_on: date | None
    state: V
    cause: Cause | None
    why: str
    reference: str
    returned: Money
    entry: str
    closed_on: date | None


@dataclass(frozen=True, slots=True)
class Answered:
    """What a bulk act came to: how many were done, and the first reason why others were not."""

    done: int
    refused: int
    words: str
