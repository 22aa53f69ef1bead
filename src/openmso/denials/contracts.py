"""What leaves denials: denials as lists and pages show them, the words of categories and causes, permissions, work."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from openmso.claims.contracts.rulebook import DryRunView
from openmso.denials.states import A, Asked, S
from openmso.kit.classes import DataClass
from openmso.kit.money import ZERO, Money
from openmso.platform.access.contracts import Permission
from openmso.platform.documents.contracts import Purpose
from openmso.platform.ui.contracts import Status, Tone
from openmso.platform.work.contracts import FIRST_DUE, Kind

LINE = "denials"
PHI = frozenset({DataClass.DEMOGRAPHIC, DataClass.CLINICAL})
READ = Permission("denials.read", "see denials and appeals", line=LINE, classes=PHI)
WORK = Permission("denials.work", "answer denials", line=LINE, classes=PHI)
APPROVE = Permission("denials.approve", "approve write-offs of denials", line=LINE, classes=PHI)
SETUP = Permission("denials.setup", "change how the network treats denials")
PERMISSIONS: Iterable[Permission] = (READ, WORK, APPROVE, SETUP)

DENIAL, WRITE_OFF, APPEAL = "denials.denial", "denials.writeoff", "denials.appeal"
FIRST_TOUCH = "denials.first_touch"
"""The clock of agreements that a new denial runs by."""
TO_WORK, TO_APPROVE = FIRST_TOUCH, "denials.approve"
KINDS = (
    Kind(
        TO_WORK,
        "Denial",
        WORK.code,
        LINE,
        "denials:denial",
        ranked="Dollars × chance of winning × weight of the time left, and twenty more in the last week",
    ),
    Kind(TO_APPROVE, "Write-off to approve", APPROVE.code, LINE, "denials:denial", ranked=FIRST_DUE),
)
PURPOSES = (
    Purpose("denials.letter", "Appeal letter", READ.code),
    Purpose("denials.enclosure", "Enclosure of an appeal", READ.code),
    Purpose("denials.proof", "Proof that an appeal was sent", READ.code),
)
SENTENCES = {
    "denials.touched": "{actor} {what} {subject} of claim {claim}",
    "denials.written_off": "{actor} wrote off {amount} of {subject}: {why}",
    "denials.asked_write_off": "{actor} asked to write off {amount} of {subject}: {why}",
    "denials.refused_write_off": "{actor} did not approve the write-off of {subject}: {why}",
    "denials.to_patient": "{actor} moved {amount} of {subject} to the patient: {why}",
    "denials.resolved": "{actor} closed {count:denial} that payers have decided anew",
    "denials.appeal_drafted": "{actor} drafted appeal {subject} about {count:denial}",
    "denials.appeal_sent": "{actor} sent appeal {subject} by {method}",
    "denials.appeal_answered": "{actor} recorded the answer to appeal {subject}: {outcome}",
    "denials.appeal_dropped": "{actor} dropped appeal {subject}: {why}",
    "denials.caused": "{actor} says who caused {subject}: {cause}",
    "denials.mapped": "{actor} changed the map of reasons, version {number}: {what}",
    "denials.limited": "{actor} set what is written off without approval to {amount}",
    "denials.suggestion_dismissed": "{actor} does not want a rule against {what}: {why}",
    "denials.template_kept": "{actor} kept version {number} of the letter {name}",
}


class Category(Status):
    """What kind of denial it is: our own grouping of reason codes."""

    AUTH = "auth", "Authorization"
    REFERRAL = "referral", "Referral"
    ELIGIBILITY = "eligibility", "Eligibility"
    COB = "cob", "Other coverage"
    COB_OTHER_LIABILITY = "cob_other_liability", "Other liability"
    COB_PRIOR_PAYER = "cob_prior_payer", "Earlier payer"
    CODING_DEMOGRAPHIC = "coding_demographic", "Age or sex"
    CODING_DX = "coding_dx", "Diagnosis"
    CODING_MODIFIER = "coding_modifier", "Modifier"
    CODING_POS = "coding_pos", "Place of service"
    CODING_PROC = "coding_proc", "Procedure"
    BUNDLING = "bundling", "Bundling"
    FREQUENCY = "frequency", "Frequency"
    MED_NECESSITY = "med_necessity", "Medical necessity"
    LEVEL_OF_CARE = "level_of_care", "Level of care"
    NON_COVERED = "non_covered", "Not covered"
    BENEFIT_MAX = "benefit_max", "Benefit used up"
    NETWORK = "network", "Out of network"
    MISSING_INFO = "missing_info", "Missing information"
    DOCUMENTATION = "documentation", "Documents wanted"
    DUPLICATE = "duplicate", "Duplicate"
    TIMELY_FILING = "timely_filing", "Filed too late"
    PROVIDER_ENROLLMENT = "provider_enrollment", "Enrolment"
    CLIA = "clia", "CLIA"
    CONTRACT_SETUP = "contract_setup", "Contract setup"
    GRACE_PERIOD = "grace_period", "Grace period"
    PENDED = "pended", "Pending at the payer"
    APPEAL_UPHELD = "appeal_upheld", "Denial upheld"
    DENIAL_GENERIC = "denial_generic", "No reason given"
    COMPLIANCE = "compliance", "Compliance"
    REFUND_RECOUP = "refund_recoup", "Refund or recoupment"
    PAYMENT_REDUCTION = "payment_reduction", "Reduction to look at"
    CONTRACTUAL = "contractual", "Contract to look at"
    CAPITATION = "capitation", "Capitated"
    PATIENT_RESP = "patient_resp", "Patient's share to look at"
    INFO = "info", "Note of the payer"
    UNKNOWN = "unknown", "Unknown code"

    @classmethod
    def of(cls, name: str) -> Category:
        """The category of a name of the map; one we have no word for is unknown work."""
        return cls(name.lower()) if name.lower() in _CATEGORIES else cls.UNKNOWN


_CATEGORIES = {one.value for one in Category}


class Owner(Status):
    """The queue of those who answer a denial."""

    FRONT_END = "front_end", "Front end"
    AUTH = "auth", "Authorizations"
    CODING = "coding", "Coding"
    BILLING = "billing", "Billing"
    CLINICAL_APPEALS = "clinical_appeals", "Clinical appeals"
    CREDENTIALING = "credentialing", "Credentialing"
    CONTRACTING = "contracting", "Contracting"
    POSTING = "posting", "Posting"
    COMPLIANCE = "compliance", "Compliance"
    CREDIT_BALANCE = "credit_balance", "Credit balances"


class Cause(Status):
    """Who could have prevented it; where nobody of us could, the payer."""

    PRACTICE = "practice", "Practice", Tone.WARN
    MSO = "mso", "MSO", Tone.INFO
    PAYER = "payer", "Payer", Tone.NONE


class Act(Status):
    """What kind of answer an action is; the payer's clock that counts follows from it."""

    CORRECT = "correct", "Send corrected"
    APPEAL = "appeal", "Appeal"
    ASK = "ask", "Ask"
    PATIENT = "patient", "Move to the patient"
    WRITE_OFF = "writeoff", "Write off"


@dataclass(frozen=True, slots=True)
class MapRule:
    """One line of the network's own map: what some codes of some payer mean here. Empty fields fit everything."""

    group: str
    reason: str
    remark: str
    payer: int | None
    category: str
    owner: str
    action: str
    stage: str
    number: int = 0
    why: str = ""
    by: str = ""
    at: datetime | None = None
    payer_name: str = ""


@dataclass(frozen=True, slots=True)
class Judged:
    """What the payer's codes mean: the category, whether it denies at all, who answers it first and how."""

    category: Category
    is_denial: bool
    owner: Owner
    action: str
    stage: str
    words: str
    """What the payer said, in our words."""
    note: str = ""
    """What is wrong with how the payer said it, or how the map was overruled."""


@dataclass(frozen=True, slots=True)
class Record:
    """How denials of a category ended so far at a practice: with one payer, and with all of them."""

    here: int = 0
    here_won: Decimal = Decimal(0)
    """Sum of the shares of their dollars that came in."""
    all: int = 0
    all_won: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class Worth:
    """What a denial is worth working on, and how that comes about."""

    amount: Money
    rate: Decimal
    weight: Decimal
    prior: Decimal
    category_rate: Decimal
    record: Record
    days_left: int | None

    @property
    def value(self) -> Money:
        """Dollars x win rate x weight of the time left, to the cent."""
        return Money((self.amount.amount * self.rate * self.weight).quantize(Decimal("0.01")))


@dataclass(frozen=True, slots=True)
class DenialRow:
    """A denial as the queue shows it."""

    id: int
    public_id: str
    practice: int
    practice_name: str
    claim: str
    patient: str
    payer: str
    clinician: str
    code: str
    service_on: date | None
    reason: str
    """As the payer wrote it: `CO-197 N290`."""
    words: str
    category: Category
    owner: Owner
    cause: Cause
    action: str
    state: S
    denied_on: date
    due_on: date | None
    charge: Money
    amount: Money
    rate: Decimal
    weight: Decimal
    value: Money
    recovered: Money
    is_denial: bool
    assignee: str = ""
    why_next: str = ""


@dataclass(frozen=True, slots=True)
class Happened:
    """One thing that happened to a denial."""

    at: datetime
    actor: str
    what: str
    note: str
    amount: Money | None


@dataclass(frozen=True, slots=True)
class WriteOffRow:
    """A write-off that was asked for."""

    public_id: str
    denial: str
    practice: int
    amount: Money
    why: str
    state: Asked
    asked_by: str
    asked_at: datetime
    asked_user: str
    decided_by: str
    decided_at: datetime | None
    decided_why: str
    entry: str


@dataclass(frozen=True, slots=True)
class Alike:
    """How others like it ended: the same category and payer at this practice."""

    ended: int
    recovered: int
    written_off: int
    patient: int
    amount: Money
    came_in: Money


@dataclass(frozen=True, slots=True)
class Denial:
    """A denial with all that its page shows at once."""

    row: DenialRow
    payer_id: int | None
    remittance: str
    payment: str
    number: int
    claim_line: int | None
    line_control: str
    modifiers: str
    codes: tuple[str, ...]
    remarks: tuple[str, ...]
    note: str
    group: str
    charge: Money
    stage: str
    cause_why: str
    correct_by: date | None
    appeal_by: date | None
    resent_as: str
    is_first: bool
    touched_at: datetime | None
    resolved_on: date | None
    written_off: Money
    to_patient: Money
    worth: Worth
    history: tuple[Happened, ...] = ()
    write_offs: tuple[WriteOffRow, ...] = ()
    siblings: tuple[DenialRow, ...] = ()
    """The other denials of the claim."""
    alike: Alike = field(default_factory=lambda: Alike(0, 0, 0, 0, ZERO, ZERO))


AppealState = A
"""Where an appeal stands, for those above."""


@dataclass(frozen=True, slots=True)
class AppealRow:
    """An appeal as the list shows it."""

    public_id: str
    practice: int
    practice_name: str
    payer: str
    level: int
    level_words: str
    title: str
    state: A
    amount: Money
    won: Money
    due_on: date
    drafted_at: datetime
    drafted_by: str
    sent_on: date | None
    method: str
    answered_on: date | None


@dataclass(frozen=True, slots=True)
class EnclosureRow:
    """A document that goes with an appeal, or proves that it left."""

    document: str
    name: str
    is_proof: bool
    at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class Appeal:
    """An appeal with all that its page shows."""

    row: AppealRow
    body: str
    template: str
    letter: str
    proof: str
    sent_by: str
    answer_note: str
    denials: tuple[DenialRow, ...]
    papers: tuple[EnclosureRow, ...]


@dataclass(frozen=True, slots=True)
class Overturned:
    """How appeals to a payer at a level ended."""

    payer: str
    level: int
    level_words: str
    answered: int
    won: int
    amount: Money
    promised: Money

    @property
    def share(self) -> Decimal:
        """Of those that were answered, how many were won at least in part."""
        return Decimal(self.won) / self.answered if self.answered else Decimal(0)


class Method(Status):
    """How an appeal leaves; each leaves a proof of its own."""

    MAIL = "mail", "Mail"
    FAX = "fax", "Fax"
    PORTAL = "portal", "Payer's portal"


@dataclass(frozen=True, slots=True)
class CauseRow:
    """Denials of one value of a dimension, what became of them, and the filter of the queue that finds them."""

    key: str
    words: str
    count: int
    amount: Money
    recovered: Money
    written_off: Money
    open: Money
    practice: int
    mso: int
    payer: int
    query: str


@dataclass(frozen=True, slots=True)
class Promised:
    """What is promised about denials, as a month kept it: `value` counts those that the MSO could have prevented.

    `mso`, `practice` and `payer` are how many each could have, or must answer for; `sent` the claims first sent.
    """

    kind: str
    words: str
    measured: str
    target: Decimal | None
    unit: str
    value: Decimal | None
    mso: int
    practice: int
    payer: int
    sent: int

    @property
    def is_kept(self) -> bool | None:
        """Whether the promise was kept; nothing where none was made, or there is nothing to measure."""
        return None if self.target is None or self.value is None else self.value <= self.target


@dataclass(frozen=True, slots=True)
class PromisedRow:
    """A denial behind a promise: business days until somebody did something about it, and why it is whose it is."""

    row: DenialRow
    days: int
    why: str


@dataclass(frozen=True, slots=True)
class Measure:
    """A measure of claim integrity: its share where it is one, what it is made of, and its definition."""

    code: str
    words: str
    share: Decimal | None
    made_of: str
    definition: str


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What one payer keeps denying for one reason, and so what a rule of the scrubber could catch."""

    payer: str
    """Public id."""
    payer_name: str
    code: str
    reason: str
    group: str
    remark: str
    """The remark that came with most of them, if any."""
    words: str
    category: Category
    count: int
    """First denials of lines of the last 90 days."""
    sent: int
    """Lines of the same payer and code that left in these days, and those denied that had left before."""
    practices: int
    amount: Money
    since: date
    rule: str = ""
    """The draft that asks for the same."""
    rule_title: str = ""

    @property
    def key(self) -> str:
        """Its name in addresses."""
        return f"{self.payer}-{self.code}-{self.reason}"

    @property
    def said(self) -> str:
        """The reason as payers write it."""
        return f"{self.group}-{self.reason}"

    @property
    def share(self) -> Decimal:
        """Of the lines sent, how many were denied."""
        return Decimal(self.count) / self.sent if self.sent else Decimal(0)


@dataclass(frozen=True, slots=True)
class SuggestedRule:
    """A suggestion with the text that a rule would have, what it would have done, and the denials behind it."""

    suggestion: Suggestion
    text: Mapping[str, Any]
    when: str
    dry_run: DryRunView


@dataclass(frozen=True, slots=True)
class No:
    """One denial that a bulk act refused, and why."""

    denial: str
    code: str
    words: str
    fix: str = ""


@dataclass(frozen=True, slots=True)
class Answered:
    """What a bulk act did, and what it refused; it never dies on the one that cannot be done."""

    done: tuple[str, ...] = ()
    refused: tuple[No, ...] = ()
    made: str = ""
    """Public id of what came about: the appeal, the corrected claim."""
