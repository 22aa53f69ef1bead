"""What leaves remittances: files, remittances, payments, deposits, open lists; and permissions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from openmso.banking.contracts import BankLine
from openmso.kit.classes import DataClass
from openmso.kit.money import Money
from openmso.platform.access.contracts import Permission
from openmso.platform.documents.contracts import MEGABYTE, Purpose
from openmso.platform.ui.contracts import Status, Tone
from openmso.platform.work.contracts import Kind

_PHI = frozenset({DataClass.BUSINESS, DataClass.DEMOGRAPHIC, DataClass.CLINICAL})
READ = Permission("remittances.read", "see remittances and payments", line="payment_posting", classes=_PHI)
POST = Permission("remittances.post", "receive and post remittances", line="payment_posting", classes=_PHI)
MATCH = Permission("remittances.match", "match payments and deposits by hand", line="payment_posting", classes=_PHI)
PERMISSIONS: Iterable[Permission] = (READ, POST, MATCH)
PURPOSES = (
    Purpose(
        "remittances.arrival", "Remittance file as it came", bytes_max=200 * MEGABYTE, look_inside=False, sealed=True
    ),
    Purpose("remittances.paper", "Explanation of benefits on paper", "remittances.read", look_inside=False),
    Purpose("remittances.file", "Remittance file", "remittances.read", bytes_max=200 * MEGABYTE, look_inside=False),
)
KINDS = (
    Kind("remittances.unmatched_claim", "Payment without a claim", MATCH.code, "payment_posting",
         "remittances:payment"),
    Kind("remittances.quarantined", "Remittance file stopped", POST.code, "payment_posting", "remittances:file"),
    Kind(
        "remittances.unmatched_deposit", "Payment not in the bank", MATCH.code, "payment_posting",
        "remittances:remittance",
    ),
    Kind(
        "remittances.missing_remittance", "Money without its remittance", MATCH.code, "payment_posting",
        "remittances:pair",
    ),
    Kind(
        "remittances.unexplained_recoupment", "Money taken without a reason", MATCH.code, "payment_posting",
        "remittances:recoupment",
    ),
)  # fmt: skip
SENTENCES = {
    "remittances.received": "{actor} received the remittance file {subject}",
    "remittances.posted": "{actor} posted remittance {subject}: {claims:claim}, {amount}",
    "remittances.duplicate": "{actor} recognised remittance {subject} as a duplicate of {first}",
    "remittances.quarantined": "{actor} quarantined the file {subject}: {findings:finding}",
    "remittances.held": "{actor} held the file {subject}: {why}",
    "remittances.eob_opened": "{actor} began to type the paper {subject}: {amount} by {trace}",
    "remittances.eob_claim_typed": "{actor} typed what the paper {subject} says of claim {claim}",
    "remittances.eob_claim_removed": "{actor} took claim {claim} off the paper {subject}",
    "remittances.eob_provider_typed": "{actor} typed what the paper {subject} says of the practice as a whole",
    "remittances.eob_posted": "{actor} posted the paper {subject} as file {file}",
    "remittances.eob_withdrawn": "{actor} withdrew the paper {subject}: {why}",
    "remittances.claim_matched": "{actor} matched payment {subject} to claim {claim}: {why}",
    "remittances.deposit_matched": "{actor} matched deposit {subject}: remittance {remittance}, bank line {line}",
    "remittances.recoupment_explained": "{actor} said what {subject} answers: {answer}",
    "remittances.deposit_unmatched": "{actor} undid the deposit match {subject}: {why}",
}
PAYMENT = "remittances.payment"
ADJUSTMENT = "remittances.adjustment"
DEPOSIT = "remittances.deposit"
REMITTANCE = "remittances.remittance"
FILE = "remittances.file"


class FileState(Status):
    """Where an 835 file stands."""

    RECEIVED = "received", "Received", Tone.INFO
    POSTED = "posted", "Posted", Tone.GOOD
    DUPLICATE = "duplicate", "Duplicate", Tone.NONE
    QUARANTINED = "quarantined", "Quarantined", Tone.BAD
    HELD = "held", "Held", Tone.WARN


class EobState(Status):
    """Where a paper that is typed stands."""

    DRAFT = "draft", "Being typed", Tone.INFO
    POSTED = "posted", "Posted", Tone.GOOD
    WITHDRAWN = "withdrawn", "Withdrawn", Tone.NONE


class RemittanceState(Status):
    """What became of one remittance (one ST of a file)."""

    POSTED = "posted", "Posted", Tone.GOOD
    DUPLICATE = "duplicate", "Duplicate", Tone.NONE


class Outcome(Status):
    """What a payer decided about a claim, read from money and reasons, never from CLP02 alone."""

    PAID = "paid", "Paid", Tone.GOOD
    PARTLY_DENIED = "partly_denied", "Partly denied", Tone.WARN
    DENIED = "denied", "Denied", Tone.BAD
    ZERO = "zero", "Nothing to pay", Tone.NONE
    REVERSED = "reversed", "Taken back", Tone.WARN


class RecoupmentState(Status):
    """Where a reference between a payer and a practice stands."""

    HELD = "held", "Held against us", Tone.INFO
    UNEXPLAINED = "unexplained", "Not explained", Tone.WARN
    CLOSED = "closed", "Closed", Tone.GOOD


class Answer(Status):
    """What money beside claims answers, as a person says it."""

    REVERSAL = "reversal", "A claim that was taken back"
    REFUND = "refund", "A refund that we sent"
    LETTER = "letter", "An overpayment that the payer wrote about"
    BEFORE = "before", "From before these books"
    OTHER = "other", "Something else"
    OPEN = "open", "Not known after all"


class Effect(Status):
    """Where the money of one adjustment goes."""

    CONTRACTUAL = "contractual", "Contract", Tone.NONE
    OTHER = "other", "Other reduction", Tone.NONE
    PATIENT = "patient", "Patient owes", Tone.INFO
    DENIED = "denied", "Left open", Tone.BAD
    PRIOR = "prior", "Prior payer", Tone.NONE


@dataclass(frozen=True, slots=True)
class Reason:
    """One claim adjustment reason code (CARC): our category, whether it denies, our words, and what comes first.

    `owner` is the queue of those who answer it, `action` what they do first, `stage` where it could have been
    prevented (empty: not by us).
    """

    code: str
    category: str
    is_denial: bool
    words: str
    owner: str
    action: str
    stage: str


@dataclass(frozen=True, slots=True)
class DeniedLine:
    """A line of a claim payment (number 0: the claim itself) of which a payer left money open, and why it did."""

    payment: int
    payment_name: str
    remittance: str
    claim: int
    claim_line: int | None
    number: int
    payer: int | None
    payer_name: str
    payer_rank: int
    answered_on: date
    """The day that the payer's clocks count from: of the payment, else the accounting day."""
    service_on: date | None
    code: str
    modifiers: str
    charge: Money
    paid: Money
    denied: Money
    remarks: tuple[str, ...]
    reasons: tuple[AdjustmentRow, ...]
    """Those that leave money open, the largest first."""
    claim_charge: Money
    is_whole_claim: bool
    """The payer paid nothing of the claim."""


@dataclass(frozen=True, slots=True)
class FindingRow:
    """Something about a file that a person should know, with the place in the file."""

    code: str
    severity: str
    message: str
    fix: str
    segment: int | None = None
    offset: int | None = None
    loop: str = ""


@dataclass(frozen=True, slots=True)
class ReceivedFile:
    """A file taken in for one practice."""

    file: str
    practice: int
    is_new: bool
    words: str


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of an upload: a file for each practice paid in it, and what was refused."""

    files: tuple[ReceivedFile, ...]
    refused: tuple[FindingRow, ...] = ()


@dataclass(frozen=True, slots=True)
class RemittanceOutcome:
    """What became of one remittance of a file."""

    public_id: str
    state: RemittanceState
    trace: str
    amount: Money
    claims: int
    posted: int
    unmatched: int
    duplicate_of: str
    words: str


@dataclass(frozen=True, slots=True)
class FileOutcome:
    """What became of one file."""

    file: str
    state: FileState
    words: str
    remittances: tuple[RemittanceOutcome, ...] = ()
    findings: tuple[FindingRow, ...] = ()


@dataclass(frozen=True, slots=True)
class FileRow:
    """A file as the list of uploads shows it."""

    public_id: str
    practice: int
    name: str
    state: FileState
    size: int
    received_at: datetime
    received_by: str
    document: str
    words: str
    findings: int
    arrival: str
    """The document of the file as it came, sealed at the MSO."""
    is_cut: bool


@dataclass(frozen=True, slots=True)
class RemittanceRow:
    """A remittance as the list shows it."""

    public_id: str
    practice: int
    payer_name: str
    trace: str
    method: str
    paid_on: date | None
    posted_on: date
    amount: Money
    claims: int
    unmatched: int
    denied: int
    state: RemittanceState
    deposit: str
    """`matched`, `open` or `none needed`."""
    file: str


@dataclass(frozen=True, slots=True)
class Remittance:
    """One remittance with all that its page shows at once."""

    id: int
    public_id: str
    practice: int
    entity: int
    file: str
    file_name: str
    document: str
    received_at: datetime
    payer_name: str
    payer_key: str
    payee_npi: str
    payee_tin: str
    trace: str
    trace_payer: str
    method: str
    paid_on: date | None
    posted_on: date
    posted_at: datetime
    posted_by: str
    amount: Money
    charge: Money
    paid: Money
    line_paid: Money
    line_count: int
    provider_adjusted: Money
    claims: int
    unmatched: int
    denied: int
    state: RemittanceState
    duplicate_of: str
    span: tuple[int, int]
    deposit: Deposit | None = None
    adjustments: tuple[ProviderAdjustmentRow, ...] = ()


@dataclass(frozen=True, slots=True)
class PaymentRow:
    """A claim payment as lists show it."""

    id: int
    public_id: str
    practice: int
    remittance: str
    payer_name: str
    paid_on: date | None
    control: str
    payer_control: str
    claim: str
    """Public id of the claim, or empty while unmatched."""
    patient: str
    service_on: date | None
    charge: Money
    contractual: Money
    other: Money
    patient_share: Money
    denied: Money
    prior: Money
    paid: Money
    outcome: Outcome
    forwarded: bool
    document: str
    span: tuple[int, int]

    @property
    def is_matched(self) -> bool:
        """Whether it was posted to a claim."""
        return bool(self.claim)


@dataclass(frozen=True, slots=True)
class AdjustmentRow:
    """One reason of a CAS, with our words."""

    group: str
    reason: str
    words: str
    amount: Money
    effect: Effect


@dataclass(frozen=True, slots=True)
class ServiceRow:
    """One service line as adjudicated."""

    number: int
    claim_line: int | None
    """Number of our claim line, where one was found."""
    code: str
    modifiers: str
    submitted_code: str
    service_on: date | None
    units: Decimal | None
    charge: Money
    allowed: Money | None
    contractual: Money
    other: Money
    patient_share: Money
    denied: Money
    prior: Money
    paid: Money
    remarks: str
    adjustments: tuple[AdjustmentRow, ...]
    span: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Payment:
    """A claim payment with its lines and reasons."""

    row: PaymentRow
    lines: tuple[ServiceRow, ...]
    adjustments: tuple[AdjustmentRow, ...]
    """Of the claim level."""
    remarks: str
    applied_at: datetime | None
    applied_by: str
    why: str


@dataclass(frozen=True, slots=True)
class ProviderAdjustmentRow:
    """Money of a remittance that is about no claim of it (PLB); positive takes from the payment."""

    public_id: str
    practice: int
    remittance: str
    code: str
    words: str
    reference: str
    amount: Money
    """As the file says it."""
    account: str
    span: tuple[int, int]

    @property
    def taken(self) -> Money:
        """With the sign it has for us: what is taken is negative."""
        return -self.amount


@dataclass(frozen=True, slots=True)
class Deposit:
    """A remittance and the bank line that carries its money."""

    public_id: str
    practice: int
    remittance: str
    line: str
    amount: Money
    method: str
    """`trace`, `amount` or `hand`."""
    why: str
    posted_on: date
    matched_at: datetime
    matched_by: str
    gap: int | None = None
    """Business days from the money to the 835 (below zero: the 835 came first); None if it was not counted."""


@dataclass(frozen=True, slots=True)
class Wait:
    """How long a remittance has waited for its money, or money for its remittance."""

    days: int
    """Business days since it was received."""
    is_late: bool
    words: str


@dataclass(frozen=True, slots=True)
class OpenRemittance:
    """A remittance whose money was not yet found in the bank."""

    id: int
    public_id: str
    practice: int
    entity: int
    payer_name: str
    trace: str
    trace_payer: str
    method: str
    paid_on: date | None
    posted_on: date
    amount: Money
    age: int
    """Days since it was to be paid."""
    received_on: date
    """The practice's day on which its file came."""
    payee_npi: str
    payee_tin: str
    waited: Wait
    """Since it was received, by CORE."""
    fit: str = ""
    """Which bank lines could be its money, in words; told where a list shows it."""


@dataclass(frozen=True, slots=True)
class UnexplainedLine:
    """Money in the bank that no remittance explains yet, and which remittances could, in words."""

    line: BankLine
    fit: str
    age: int
    """Days since it came."""
    waited: Wait | None
    """Since it came, by CORE; None of what is no health plan's payment by its own words."""


@dataclass(frozen=True, slots=True)
class Punctuality:
    """How one payer's 835 and money come together, and what of it waits; amounts of what waits."""

    payer_name: str
    payer_key: str
    """TRN03, or the name where the payer gives none."""
    deposits: int
    """Matches of the time looked at whose days were counted."""
    late_remittances: int
    """Of them, those whose 835 came more than three business days after the money."""
    late_money: int
    """Those whose money came more than three business days after the 835."""
    mean_days: Decimal | None
    """Business days between the two, on average, of those that were late."""
    worst_days: int
    awaited: int
    awaited_amount: Money
    awaited_late: int
    missing: int
    """Payments in the bank, named as this payer's, without an 835."""
    missing_amount: Money
    missing_late: int

    @property
    def on_time(self) -> Decimal | None:
        """The share of deposits within CORE's three business days, from 0 to 1."""
        late = self.late_remittances + self.late_money
        return Decimal(self.deposits - late) / self.deposits if self.deposits else None


@dataclass(frozen=True, slots=True)
class Fit:
    """A remittance and a bank line that could be one payment, and what speaks for it."""

    remittance: OpenRemittance
    line: BankLine
    by: str
    """`trace`, `amount` (and day), `cents`, or `named`: the trace number with other cents."""


@dataclass(frozen=True, slots=True)
class CashPosition:
    """Conservation of cash: what was posted is in the bank or on its way."""

    posted: Money
    banked: Money
    in_transit: Money

    @property
    def holds(self) -> bool:
        """Whether every cent posted is one or the other."""
        return self.posted == self.banked + self.in_transit


@dataclass(frozen=True, slots=True)
class Recoupment:
    """What stands between a payer and a practice on one reference: WO, FB, 72 and their like."""

    public_id: str
    """Of the first adjustment that bears the reference."""
    practice: int
    practice_name: str
    payer_key: str
    payer_name: str
    reference: str
    codes: str
    amount: Money
    """As the files say it: positive was taken from us and not left before; negative is held, to be taken later."""
    first_on: date
    last_on: date
    items: int
    age: int
    """Days since the first of them."""
    state: RecoupmentState
    words: str

    @property
    def held(self) -> Money:
        """What the payer holds against us; negative where it took more than it held."""
        return -self.amount


@dataclass(frozen=True, slots=True)
class Movement:
    """One line of the ledger between a payer and a practice, and what the payer holds against us after it."""

    row: ProviderAdjustmentRow
    practice_name: str
    payer_name: str
    posted_on: date
    held: Money


@dataclass(frozen=True, slots=True)
class ExplanationRow:
    """What somebody said that a reference answers."""

    amount: Money
    answer: Answer
    answers: str
    why: str
    explained_at: datetime
    explained_by: str


@dataclass(frozen=True, slots=True)
class RecoupmentPage:
    """One reference with its movements, the payments that took claims back under it, and what was said of it."""

    row: Recoupment
    movements: tuple[Movement, ...]
    """Oldest first, with what is held on this reference after each."""
    reversals: tuple[tuple[str, date, Money], ...]
    """Public id of the payment, its accounting day, what it paid."""
    explanations: tuple[ExplanationRow, ...]
    """Latest first."""


@dataclass(frozen=True, slots=True)
class TypedRow:
    """A paper that is typed, as lists show it."""

    public_id: str
    practice: int
    practice_name: str
    payer: str
    trace: str
    paid_on: date
    amount: Money
    claims: int
    state: EobState
    opened_at: datetime
    opened_by: str


@dataclass(frozen=True, slots=True)
class PaymentMeasure:
    """One claim payment as it was applied; amounts of a reversal are negative. Days are accounting days."""

    claim: int
    applied_on: date
    rank: int
    outcome: Outcome
    is_reversal: bool
    is_duplicate: bool
    """The payer had the claim already and judged nothing."""
    paid: Decimal
    contractual: Decimal
    other: Decimal
    denied: Decimal


@dataclass(frozen=True, slots=True)
class JudgedLine:
    """A claim line as the first payer's decisions stand together: what it paid, left to the patient and denied.

    `kept` is what it kept of its payment by sequestration. `payment` and `reasons` (`CO-45`) are the latest that is no
    reversal; `is_recoded` says that the payer judged another code than was billed.
    """

    claim_id: int
    claim: str
    line_id: int
    line: int
    payment: str
    paid: Money
    patient: Money
    denied: Money
    kept: Money
    reasons: frozenset[str]
    is_recoded: bool

    @property
    def allowed(self) -> Money:
        """What it allowed: paid, the patient's share, and what it kept."""
        return self.paid + self.patient + self.kept
