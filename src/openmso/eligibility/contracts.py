"""What leaves eligibility: checks, the benefit sheet, what a file of answers did; and permissions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from openmso.eligibility.states import R, S, Verdict
from openmso.kit.classes import DataClass
from openmso.kit.money import Money
from openmso.patients.contracts import Order, PlanKind
from openmso.platform.access.contracts import Permission
from openmso.platform.documents.contracts import MEGABYTE, Purpose
from openmso.platform.ui.contracts import Status
from openmso.platform.work.contracts import FIRST_DUE, Kind

LINE = "eligibility"
_PHI = frozenset({DataClass.DEMOGRAPHIC, DataClass.CLINICAL})
READ = Permission("eligibility.read", "see coverage checks and benefits", line=LINE, classes=_PHI)
CHECK = Permission("eligibility.check", "ask payers about coverage and take in their answers", line=LINE, classes=_PHI)
AUTHORIZE = Permission(
    "eligibility.authorize", "record authorizations, and the rules of payers that ask for them", line=LINE, classes=_PHI
)
PERMISSIONS: Iterable[Permission] = (READ, CHECK, AUTHORIZE)

INQUIRY, ANSWER = "eligibility.inquiry", "eligibility.answer"
REQUEST, REQUEST_FILE, REQUEST_ANSWER = (
    "eligibility.request", "eligibility.request_file", "eligibility.request_answer",
)  # fmt: skip
PURPOSES = (
    Purpose(INQUIRY, "Eligibility inquiry", READ.code, bytes_max=50 * MEGABYTE, look_inside=False),
    Purpose(ANSWER, "Eligibility answer", READ.code, bytes_max=50 * MEGABYTE, look_inside=False),
    Purpose(REQUEST_FILE, "Request for an authorization", READ.code),
    Purpose(REQUEST_ANSWER, "Answer about an authorization", READ.code, bytes_max=50 * MEGABYTE, look_inside=False),
)
FAILED, INACTIVE, OTHER_PAYER = "eligibility.failed", "eligibility.inactive", "eligibility.other_payer"
EXPIRING, TO_CHASE = "eligibility.expiring", "eligibility.permit_to_chase"
KINDS = (
    Kind(
        FAILED,
        "Coverage check failed",
        CHECK.code,
        LINE,
        "eligibility:check",
        ranked="Whose patient is seen today or tomorrow first, then by when it is due",
    ),
    Kind(
        INACTIVE,
        "Coverage inactive: find another",
        CHECK.code,
        LINE,
        "eligibility:check",
        ranked="Whose patient is seen today or tomorrow first, then by when it is due",
    ),
    Kind(
        OTHER_PAYER,
        "Another payer found",
        CHECK.code,
        LINE,
        "eligibility:check",
        ranked="Whose patient is seen today or tomorrow first, then by when it is due",
    ),
    Kind(EXPIRING, "Authorization runs out", AUTHORIZE.code, LINE, ranked=FIRST_DUE),
    Kind(
        TO_CHASE,
        "Authorization to be worked on",
        AUTHORIZE.code,
        LINE,
        "eligibility:request",
        ranked="What the payer refused or sent back before what it thinks about",
    ),
)
SENTENCES = {
    "eligibility.requested": "{actor} asked for {count:coverage check}",
    "eligibility.asked": "{actor} sent {count:coverage check} to {payer}",
    "eligibility.answered": "{actor} took in answers to {count:coverage check}",
    "eligibility.put_off": "{count:coverage check} of {actor} could not be asked: {why}",
    "eligibility.rule_added": "{actor} recorded that {payer} asks for a {kind} of {codes} from {starts_on}",
    "eligibility.permit_asked": "{actor} asked {payer} for {kind} {subject}",
    "eligibility.permits_answered": "{actor} took in answers to {count:request} for authorizations",
    "eligibility.authorized": "{actor} recorded {kind} {subject} of {payer}",
    "eligibility.taken_as_coverage": "{actor} took a payer that check {subject} found as a coverage",
}


class Permit(Status):
    """What a payer wants before a service."""

    AUTHORIZATION = "authorization", "Authorization"
    REFERRAL = "referral", "Referral"


@dataclass(frozen=True, slots=True)
class CheckDraft:
    """A question about one patient on one day; without a coverage it is a visit that nobody is asked about."""

    patient_id: int
    coverage_id: int | None
    payer_id: int | None
    on: date
    visit_id: int | None = None
    service_types: tuple[str, ...] = ("30",)


@dataclass(frozen=True, slots=True)
class CheckRow:
    """A check as the worklist shows it."""

    id: int
    public_id: str
    practice: int
    practice_name: str
    patient: str
    payer: str
    on: date
    visit_on: date | None
    state: S
    verdict: Verdict
    words: str
    plan: str
    copay: Money | None
    deductible_left: Money | None
    answered_at: datetime | None


@dataclass(frozen=True, slots=True)
class OtherPayer:
    """Somebody besides the payer asked, whom the answer names."""

    name: str
    payer_id: str = ""
    role: str = ""
    """In words."""
    member_id: str = ""
    group: str = ""
    plan: str = ""
    starts_on: date | None = None
    ends_on: date | None = None
    phone: str = ""
    services: str = ""
    is_real: bool = False
    """Whether it stands behind the plan: it, and not the payer that was asked, takes the claims."""


@dataclass(frozen=True, slots=True)
class BenefitLine:
    """What the plan says of one kind of service, in or out of its network."""

    service: str
    """Service type code; the empty text for the plan as a whole."""
    words: str
    network: str
    """`in`, `out`, or the empty text where it makes no difference or is not said."""
    is_covered: bool | None = None
    copay: Money | None = None
    coinsurance: Decimal | None = None
    """The patient's share of a hundred."""
    deductible: Money | None = None
    deductible_left: Money | None = None
    out_of_pocket: Money | None = None
    out_of_pocket_left: Money | None = None
    family_deductible_left: Money | None = None
    family_out_of_pocket_left: Money | None = None
    limits: tuple[str, ...] = ()
    allowance: Money | None = None
    """What the plan pays of it at most."""
    months: int | None = None
    """One of it in so many months."""
    next_on: date | None = None
    """From when the payer gives it again."""
    is_counted: bool = False
    """The payer does not say from when: it is counted from what was done here last."""
    needs_authorization: bool = False

    @property
    def deductible_met(self) -> Money | None:
        """What counts towards the deductible already."""
        if self.deductible is None or self.deductible_left is None:
            return None
        return self.deductible - self.deductible_left


@dataclass(frozen=True, slots=True)
class Sheet:
    """The benefits of one answer, as a person at the desk reads them."""

    verdict: Verdict
    plan: str = ""
    insurance_type: str = ""
    starts_on: date | None = None
    ends_on: date | None = None
    lines: tuple[BenefitLine, ...] = ()
    others: tuple[OtherPayer, ...] = ()
    primary_care: tuple[str, ...] = ()
    messages: tuple[str, ...] = ()

    @property
    def components(self) -> tuple[BenefitLine, ...]:
        """What the plan gives one of in so many months, or up to an amount: an eye examination, lenses, frames."""
        return tuple(one for one in self.lines if one.months is not None or one.allowance is not None)

    def line(self, *services: str) -> BenefitLine | None:
        """The first line of one of the services, in network before it is not said before out of it."""
        rank = {"in": 0, "": 1, "out": 2}
        for service in services:
            found = [one for one in self.lines if one.service == service]
            if found:
                return min(found, key=lambda one: rank[one.network])
        return None


@dataclass(frozen=True, slots=True)
class CoverRow:
    """A coverage of a patient, with what its payer said last; `components` have their frequency and next day."""

    public_id: str
    kind: PlanKind
    order: Order
    payer: str
    plan: str
    member_id: str
    starts_on: date
    ends_on: date | None
    holds: bool
    copay: Money
    verdict: Verdict
    check: str
    """Public id of the last answered check; empty when there is none."""
    answered_at: datetime | None
    components: tuple[BenefitLine, ...] = ()


@dataclass(frozen=True, slots=True)
class PatientCovers:
    """What covers a patient, now and before, by kind of plan and in order."""

    patient: str
    name: str
    practice: int
    covers: tuple[CoverRow, ...]


@dataclass(frozen=True, slots=True)
class Check:
    """A check as its page shows it."""

    row: CheckRow
    patient_id: str
    coverage: str
    """Public id of the coverage asked about; empty when there is none."""
    coverage_words: str
    service_types: tuple[str, ...]
    fix: str
    tries: int
    retry_at: datetime | None
    requested_at: datetime
    requested_by: str
    asked_at: datetime | None
    request_document: str
    answer_document: str
    sha256: str
    span: tuple[int, int]
    sheet: Sheet


@dataclass(frozen=True, slots=True)
class Sent:
    """What asking did: how many were sent, and what became of them at once."""

    asked: int = 0
    answered: int = 0
    put_off: int = 0
    failed: int = 0
    documents: tuple[str, ...] = ()

    def plus(self, other: Sent) -> Sent:
        """Both together."""
        return Sent(
            self.asked + other.asked, self.answered + other.answered, self.put_off + other.put_off,
            self.failed + other.failed, (*self.documents, *other.documents),
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Taken:
    """What a file of answers did."""

    document: str
    answered: int
    refused: int
    """Answers that are none: the payer asks for other data, or for another try."""
    unmatched: int
    """Answers to no question of this practice."""
    silent: int = 0
    """Questions of the file's inquiry that it says nothing about."""
    checks: tuple[str, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class RuleDraft:
    """What a payer asks for, from a day on; `source` says where it says so."""

    payer_id: int
    kind: Permit
    first_code: str
    last_code: str
    starts_on: date
    source: str
    places: tuple[str, ...] = ()
    diagnoses: tuple[str, ...] = ()
    ends_on: date | None = None


@dataclass(frozen=True, slots=True)
class AuthorizationRule:
    """A rule as lists show it, and as claims are judged by it."""

    public_id: str
    practice: int
    payer_id: int
    payer: str
    kind: Permit
    first_code: str
    last_code: str
    places: tuple[str, ...]
    diagnoses: tuple[str, ...]
    starts_on: date
    ends_on: date | None
    source: str

    @property
    def codes(self) -> str:
        """`90837`, or `90832-90838`."""
        return self.first_code if self.first_code == self.last_code else f"{self.first_code}-{self.last_code}"


@dataclass(frozen=True, slots=True)
class AuthorizationDraft:
    """A payer's yes; `ends_on` is the last day it holds, `units` None as many as are needed."""

    patient_id: int
    payer_id: int
    kind: Permit
    number: str
    first_code: str
    last_code: str
    starts_on: date
    ends_on: date
    units: Decimal | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Authorization:
    """A payer's yes as lists show it, and as claims are judged by it."""

    public_id: str
    practice: int
    practice_name: str
    patient_id: int
    patient: str
    payer_id: int
    payer: str
    kind: Permit
    number: str
    first_code: str
    last_code: str
    starts_on: date
    ends_on: date
    units: Decimal | None
    note: str
    used: Decimal | None = None
    """Units that claims have used of it, where units are counted."""

    @property
    def codes(self) -> str:
        """`90837`, or `90832-90838`."""
        return self.first_code if self.first_code == self.last_code else f"{self.first_code}-{self.last_code}"

    def covers(self, code: str, on: date) -> bool:
        """Whether it says yes to a code on a day."""
        return self.first_code <= code <= self.last_code and self.starts_on <= on <= self.ends_on


@dataclass(frozen=True, slots=True)
class Permitting:
    """What one line of a claim lacks: in words, with what mends it; `blocks` keeps the claim from going out."""

    line: int
    kind: Permit
    words: str
    fix: str
    blocks: bool = True


@dataclass(frozen=True, slots=True)
class RequestDraft:
    """What a payer is asked to authorize or refer: one service, between two days; for which claim, if any."""

    patient_id: int
    payer_id: int
    kind: Permit
    code: str
    starts_on: date
    ends_on: date
    units: Decimal | None = None
    place: str = "11"
    diagnoses: tuple[str, ...] = ()
    claim: str = ""


@dataclass(frozen=True, slots=True)
class RequestRow:
    """A request as lists and its page show it."""

    public_id: str
    practice: int
    practice_name: str
    patient: str
    payer: str
    kind: Permit
    code: str
    units: Decimal | None
    starts_on: date
    ends_on: date
    diagnoses: tuple[str, ...]
    state: R
    words: str
    number: str
    authorization: str
    claim: str
    asked_at: datetime
    asked_by: str
    answered_at: datetime | None
    document: str
    answer: str


@dataclass(frozen=True, slots=True)
class RequestsTaken:
    """What a file of answers did: authorized at least in part, pending, refused or sent back, of no request of ours."""

    document: str
    authorized: int
    pended: int
    refused: int
    unmatched: int
