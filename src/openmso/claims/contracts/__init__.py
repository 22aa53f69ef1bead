"""What leaves claims: claims as others see them, lists and stories, and the permissions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from openmso.charges.contracts import Drug, Stay
from openmso.claims.states import S
from openmso.contracting.contracts import NOT_ASKED, Expected
from openmso.kit.classes import DataClass
from openmso.kit.money import Money
from openmso.parties.contracts import Clinician, Site
from openmso.patients.contracts import Coverage, Patient
from openmso.platform.access.contracts import Permission
from openmso.platform.ui.contracts import Segment, Status

PHI = frozenset({DataClass.DEMOGRAPHIC, DataClass.CLINICAL})
LINE = "revenue_cycle"
READ = Permission("claims.read", "see claims", line=LINE, classes=PHI)
WORK = Permission("claims.work", "build, correct and hold claims", line=LINE, classes=PHI)
SUBMIT = Permission("claims.submit", "send claims to payers", line=LINE, classes=PHI)
OVERRIDE = Permission("claims.override", "set a warning of the scrubber aside", line=LINE, classes=PHI)
ACKNOWLEDGE = Permission("claims.acknowledge", "take in acknowledgements of payers", line=LINE, classes=PHI)
DRAFT_RULES = Permission("claims.draft_rules", "write rules of the scrubber", line=LINE, classes=PHI)
RULES = Permission("claims.rules", "make rules of the scrubber live, and retire them", line=LINE)
FOLLOW = Permission("claims.follow", "say when payers are asked about claims")
PERMISSIONS: Iterable[Permission] = (READ, WORK, SUBMIT, OVERRIDE, ACKNOWLEDGE, DRAFT_RULES, RULES, FOLLOW)

SENTENCES = {
    "claims.built": "{actor} built {count:claim}: {ready} ready, {held} on hold",
    "claims.scrubbed": "{actor} scrubbed {count:claim}: {ready} ready, {held} on hold",
    "claims.held": "{actor} put claim {subject} on hold",
    "claims.unheld": "{actor} took claim {subject} off hold",
    "claims.amended": "{actor} changed {fields} of claim {subject}",
    "claims.overridden": "{actor} set the warning {code} of claim {subject} aside",
    "claims.submitted": "{actor} put claim {subject} in the next batch to {payer}",
    "claims.submitted_many": "{actor} put {count:claim} in the next batches",
    "claims.unsubmitted": "{actor} took claim {subject} back out of the batch",
    "claims.released": "{actor} released batch {subject} to {payer}: {count:claim}, {amount}",
    "claims.acknowledged": "{actor} took in {kind} {subject}: {accepted} accepted, {rejected} rejected",
    "claims.asked": "{actor} asked {payer} about {count:claim}: {subject}",
    "claims.follow_up_set": "{actor} had {payer} asked {days:day} after a claim left, again after {again:day}",
    "claims.adjudicated": "{actor} recorded what payers decided about {count:claim}",
    "claims.next_payer_asked": "{actor} had {count:claim} asked of the next payer",
    "claims.left_to_patient": "{actor} left what is open on claim {subject} to the patient",
    "claims.corrected": "{actor} made {subject} to {act} claim {original}",
    "claims.split": "{actor} split {count:line} off claim {subject}, as {made}",
    "claims.resubmitted": "{actor} asks anew for {count:line} of claim {original} in {subject}, {amount}",
    "claims.attachment_added": "{actor} put attachment {attachment} beside claim {subject}: {kind}",
    "claims.attachment_sent": "{actor} sent attachment {attachment} of claim {subject}",
    "claims.attachment_withdrawn": "{actor} withdrew attachment {attachment} of claim {subject}",
    "claims.closed": "{actor} closed claim {subject}",
    "claims.dropped": "{actor} dropped claim {subject}; its charges wait again",
    "claims.rule_drafted": "{actor} wrote the rule {subject}",
    "claims.rule_discarded": "{actor} threw the draft of the rule {subject} away",
    "claims.rule_live": "{actor} made version {number} of the rule {subject} live from {starts_on}",
    "claims.rule_retired": "{actor} retired the rule {subject}",
}


@dataclass(frozen=True, slots=True)
class Reduction:
    """One reason of a CAS, verbatim as the payer gave it."""

    group: str
    code: str
    amount: Decimal
    quantity: Decimal | None = None


@dataclass(frozen=True, slots=True)
class LineDecision:
    """What an earlier payer decided about one line of a claim (2430)."""

    line: int
    """The number of our line."""
    code: str
    modifiers: tuple[str, ...]
    units: Decimal
    paid: Decimal
    reductions: tuple[Reduction, ...] = ()

    @property
    def patient_share(self) -> Decimal:
        """What it leaves to the patient: all PR."""
        return sum((one.amount for one in self.reductions if one.group == "PR"), Decimal("0.00"))


@dataclass(frozen=True, slots=True)
class EarlierDecision:
    """All that one payer decided about a claim and that stands, as the next payer is told it (2320, 2330, 2430)."""

    rank: int
    """1 primary, 2 secondary, 3 tertiary."""
    payer_key: str
    """The payer's id as its remittance says it."""
    payer_control: str
    """CLP07; the next payer is told it in REF*F8."""
    paid_on: date | None
    paid: Decimal
    charge: Decimal
    source: str
    """Public id of the latest claim payment."""
    reductions: tuple[Reduction, ...] = ()
    """Of the claim level alone."""
    lines: tuple[LineDecision, ...] = ()
    remarks: tuple[str, ...] = ()
    """Of the claim (MOA03 to MOA07)."""
    unplaced: int = 0
    """Adjudicated lines that fit no line of ours."""

    @property
    def patient_share(self) -> Decimal:
        """What it leaves to the patient: all PR."""
        own = (one.amount for one in self.reductions if one.group == "PR")
        return sum((*own, *(line.patient_share for line in self.lines)), Decimal("0.00"))


class AttachmentKind(Status):
    """What goes beside a claim (PWK01), in our own words."""

    RECORD = "M1", "Medical record"
    OPERATIVE = "OB", "Operative note"
    RADIOLOGY = "RR", "Radiology report"
    LABORATORY = "LA", "Laboratory results"
    PATHOLOGY = "P4", "Pathology report"
    THERAPY = "PN", "Physical therapy notes"
    PLAN = "08", "Plan of treatment"
    REFERRAL = "B4", "Referral"
    CERTIFICATE = "CT", "Certificate"
    DIAGNOSTIC = "DG", "Diagnostic report"
    REMITTANCE = "EB", "Explanation of benefits"
    PHOTOGRAPHS = "XP", "Photographs"
    OTHER = "OZ", "Other support"


class AttachmentWay(Status):
    """How it goes (PWK02), in our own words."""

    ELECTRONIC = "EL", "Electronically"
    FAX = "FX", "By fax"
    MAIL = "BM", "By mail"
    E_MAIL = "EM", "By e-mail"
    FILE = "FT", "By file transfer"
    AT_HAND = "AA", "Kept until asked for"


@dataclass(frozen=True, slots=True)
class AttachmentRow:
    """An attachment of a claim, as its page shows it."""

    control: str
    """PWK06: the number that the claim and the paper both bear."""
    practice: int
    kind: AttachmentKind
    way: AttachmentWay
    note: str
    added_by: str
    sent_on: date | None
    sent_by: str

    @property
    def waits(self) -> bool:
        """Whether somebody must send it."""
        return self.sent_on is None and self.way is not AttachmentWay.AT_HAND


@dataclass(frozen=True, slots=True)
class Turn:
    """One payer in the line of those that a claim is asked of."""

    ordinal: str
    words: str
    """Primary, secondary, tertiary."""
    payer: str
    paid: Money | None
    """None while it has not decided."""
    left: Money | None
    """What it left to the patient."""
    state: str
    """What it did, or what it is waited for, in words."""
    tone: str = "none"


@dataclass(frozen=True, slots=True)
class LineKey:
    """A line, as answers of payers name it."""

    id: int
    number: int
    line_control: str
    code: str
    modifiers: tuple[str, ...]
    units: Decimal
    amount: Money
    service_on: date


@dataclass(frozen=True, slots=True)
class ClaimKey:
    """A claim, as answers of payers name it."""

    id: int
    public_id: str
    practice: int
    control: str
    payer_id: int | None
    patient_id: int
    billing_provider_id: int | None
    state: S
    total: Money
    service_on: date
    lines: tuple[LineKey, ...] = ()

    @property
    def practice_id(self) -> int:
        """The tenant."""
        return self.practice

    @property
    def is_voided(self) -> bool:
        """Whether nobody is asked with it any more."""
        return self.state is S.VOIDED


@dataclass(frozen=True, slots=True)
class FindingRow:
    """A finding of the scrubber, as it stands on a claim."""

    code: str
    severity: str
    words: str
    fix: str
    field: str
    line: int | None
    source: str
    overridden: bool = False
    override_why: str = ""
    is_firm: bool = False
    """Nobody may set it aside: without it there is no valid 837."""

    @property
    def blocks(self) -> bool:
        """Whether it keeps the claim from going out."""
        return self.severity != "warn"

    @property
    def tone(self) -> str:
        """How it is to be taken on a screen."""
        return "bad" if self.blocks else "info" if self.overridden else "warn"


@dataclass(frozen=True, slots=True)
class LineRow:
    """A line with its money."""

    id: int
    number: int
    line_control: str
    code: str
    modifiers: tuple[str, ...]
    pointers: tuple[int, ...]
    units: Decimal
    service_on: date
    place_of_service: str
    charged: Money
    paid: Money
    adjusted: Money
    patient: Money
    open: Money
    flagged: bool = False
    service_through: date | None = None
    drug: Drug | None = None
    expected: Expected = NOT_ASKED
    """What the first payer should allow for its charge, by which term."""
    carried_to: str = ""
    """The claim that asks for it now; it is not in the total of this one."""

    revenue_code: str = ""
    is_denied_whole: bool = False
    """The payer denied all of it, and nothing else was decided about it."""

    @property
    def letters(self) -> str:
        """The diagnosis pointers as a form prints them: AB."""
        return "".join(chr(64 + pointer) for pointer in self.pointers if 0 < pointer <= 12)


@dataclass(frozen=True, slots=True)
class ExpectedLine:
    """A line of a first payer's claim, with what its contract expects."""

    id: int
    claim_id: int
    visit_id: int
    payer_id: int | None
    number: int
    code: str
    modifiers: tuple[str, ...]
    units: Decimal
    place_of_service: str
    service_on: date
    charge: Money
    expected: Expected


@dataclass(frozen=True, slots=True)
class KindLine:
    """A line of a day at the practice, as far as its price depends on it; `expected` as the charge was told."""

    code: str
    modifiers: tuple[str, ...]
    units: Decimal
    charge: Money
    place_of_service: str
    expected: Money | None


@dataclass(frozen=True, slots=True)
class DayKind:
    """Days of a clinician that are alike: the lines of each, how many such days, what payers allowed for all of them.

    `on` is the first day of their quarter.
    """

    on: date
    lines: tuple[KindLine, ...]
    clinician: int | None
    times: int
    allowed: Money


@dataclass(frozen=True, slots=True)
class ClaimRow:
    """A line of the worklist."""

    id: int
    public_id: str
    practice: int
    practice_name: str
    patient: str
    payer: str
    state: S
    reason: str
    service_on: date
    due_on: date | None
    charged: Money
    open: Money
    sent_at: datetime | None
    blocks: int
    warnings: int


@dataclass(frozen=True, slots=True)
class Claim:
    """A claim with everything its page shows at once; panels of higher apps get this."""

    id: int
    public_id: str
    practice: int
    practice_name: str
    patient_id: int
    patient: str
    patient_born_on: date | None
    payer_id: int | None
    payer: str
    clinician: str
    site: str
    state: S
    state_at: datetime
    ordinal: str
    frequency: str
    original: str
    payer_control: str
    service_on: date
    service_through: date | None
    place_of_service: str
    diagnoses: tuple[str, ...]
    prior_authorization: str
    due_on: date | None
    charged: Money
    paid: Money
    adjusted: Money
    patient_share: Money
    denied: Money
    open: Money
    hold_reason: str
    version: int
    practice_public_id: str
    payer_public_id: str
    is_held_by_hand: bool = False
    sheet_version: int = 1
    split_from: str = ""
    """The claim whose lines it asks for, where it was split off or its denied lines are asked for anew."""
    form: str = "P"
    """P professional, I institutional."""
    stay: Stay | None = None
    attending: str = ""
    lines: tuple[LineRow, ...] = ()
    findings: tuple[FindingRow, ...] = ()

    @property
    def is_expected(self) -> bool:
        """Whether it was asked what its lines should bring."""
        return any(line.expected.words for line in self.asked)

    @property
    def asked(self) -> tuple[LineRow, ...]:
        """The lines that this claim asks for: those that no other one asks for now."""
        return tuple(line for line in self.lines if not line.carried_to)

    @property
    def expected(self) -> Money:
        """What the lines that a contract prices should bring together."""
        return Money.total(line.expected.amount for line in self.asked if line.expected.amount is not None)

    @property
    def practice_id(self) -> int:
        """The tenant."""
        return self.practice


@dataclass(frozen=True, slots=True)
class PatientPart:
    """What payers left to a patient of a line of a claim; `line` 0 is what they said of the claim as a whole."""

    claim_id: int
    claim: str
    patient_id: int
    payer_id: int | None
    biller_id: int | None
    service_on: date
    line_id: int | None
    line: int
    code: str
    amount: Money


@dataclass(frozen=True, slots=True)
class DecidedLine:
    """A line and what all decisions about it come to."""

    id: int
    charge_id: int
    number: int
    line_control: str
    code: str
    charged: Money
    paid: Money
    adjusted: Money
    patient: Money


@dataclass(frozen=True, slots=True)
class DecidedClaim:
    """A claim and what all decisions about it come to."""

    id: int
    public_id: str
    control: str
    patient_id: int
    payer_id: int | None
    clinician_id: int | None
    biller_id: int | None
    first_sent_on: date | None
    ordinal: str
    frequency: str
    original_id: int | None
    state: S
    service_on: date
    payer_control: str
    charged: Money
    paid: Money
    adjusted: Money
    patient: Money
    lines: tuple[DecidedLine, ...] = ()


@dataclass(frozen=True, slots=True)
class Sources:
    """What a claim is made of, and among what one may choose instead; public ids, empty where there is none."""

    claim: Claim
    patient: Patient
    coverages: tuple[Coverage, ...]
    coverage: str
    clinicians: tuple[Clinician, ...]
    clinician: str
    sites: tuple[Site, ...]
    site: str


@dataclass(frozen=True, slots=True)
class RawView:
    """The bytes of a file that speak of one claim."""

    title: str
    document: str
    name: str
    sha256: str
    loop: str
    segments: tuple[Segment, ...]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A claim that an answer might be about."""

    id: int
    public_id: str
    patient_name: str
    service_on: date
    charge: Money
    open: Money
    payer_name: str
    why: str


@dataclass(frozen=True, slots=True)
class Built:
    """What building and scrubbing made."""

    claims: tuple[str, ...] = ()
    ready: int = 0
    held: int = 0


@dataclass(frozen=True, slots=True)
class No:
    """One claim that a bulk act refused, and why."""

    claim: str
    code: str
    words: str
    fix: str = ""


@dataclass(frozen=True, slots=True)
class Answered:
    """What a bulk act did: it never dies on line 7 of 900."""

    done: tuple[str, ...] = ()
    refused: tuple[No, ...] = ()


@dataclass(frozen=True, slots=True)
class SubmissionRef:
    """A frozen submission."""

    public_id: str
    claim: str
    version: int
    sha256: str


@dataclass(frozen=True, slots=True)
class BatchRef:
    """An 837P that left."""

    public_id: str
    practice: int
    payer_id: int
    payer: str
    document: str
    interchange_control: int
    group_control: int
    claims: int
    total: Money
    sent_at: datetime


@dataclass(frozen=True, slots=True)
class AckSummary:
    """What an acknowledgement file said."""

    document: str
    kinds: tuple[str, ...] = ()
    accepted: int = 0
    rejected: int = 0
    unmatched: int = 0
    replayed: bool = False
    findings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Conservation:
    """Charges captured = lines on claims + lines waiting + held + voided; and on claims = sent + not sent yet."""

    captured: Money
    on_claims: Money
    waiting: Money
    held: Money
    voided: Money
    sent: Money
    not_sent: Money

    @property
    def holds(self) -> bool:
        """Whether no cent is missing."""
        whole = Money.total((self.on_claims, self.waiting, self.held, self.voided)) == self.captured
        return whole and self.sent + self.not_sent == self.on_claims


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason for which a bulk run refused claims: in words, what mends it, and the claims, in the run's order."""

    key: str
    words: str
    fix: str
    claims: tuple[str, ...]

    @property
    def count(self) -> int:
        """How many claims."""
        return len(self.claims)


@dataclass(frozen=True, slots=True)
class RunView:
    """How far a bulk run has come; `refused` are the first of those that the reasons count, the commonest first."""

    public_id: str
    act: str
    total: int
    done: int
    refused: tuple[No, ...] = ()
    finished_at: datetime | None = None
    reasons: tuple[Reason, ...] = ()

    @property
    def refused_count(self) -> int:
        """How many claims were refused, for any reason."""
        return sum(reason.count for reason in self.reasons)


@dataclass(frozen=True, slots=True)
class BatchPage:
    """A batch with its claims and what was answered."""

    ref: BatchRef
    sha256: str
    receiver: str
    claims: tuple[ClaimRow, ...]
    answers: tuple[AckRow, ...]


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """What an acknowledgement says of one claim number."""

    control: str
    claim: str
    is_accepted: bool
    words: str
    fix: str

    @property
    def tone(self) -> str:
        """How it is to be taken."""
        return "good" if self.is_accepted else "bad"


@dataclass(frozen=True, slots=True)
class AckRow:
    """An acknowledgement with its answers."""

    public_id: str
    practice: int
    kind: str
    document: str
    control: str
    words: str
    batch: str
    received_at: datetime
    accepted: int
    rejected: int
    unmatched: int
    answers: tuple[AnswerRow, ...] = ()


@dataclass(frozen=True, slots=True)
class ClaimMeasure:
    """A claim: who, when and how much. Days are the practice's own; `gone_on` is the day it was replaced or voided."""

    id: int
    payer: int | None
    clinician: int | None
    ordinal: str
    frequency: str
    state: S
    service_on: date
    built_on: date
    sent_on: date | None
    gone_on: date | None
    settled_on: date | None
    """The day from which nothing of it is open: paid, closed."""
    version: int
    charge: Decimal
    open: Decimal
    answered: bool
    rejected: bool


@dataclass(frozen=True, slots=True)
class InquiryRef:
    """A 276 that was sent: how many claims it asks about."""

    public_id: str
    practice: int
    payer_id: int
    payer: str
    document: str
    claims: int
    asked_at: datetime


@dataclass(frozen=True, slots=True)
class FollowUpRow:
    """When a payer is asked about claims, and whether by a rule of its own."""

    payer: str
    name: str
    days: int
    again_days: int
    asks_max: int
    is_own: bool
