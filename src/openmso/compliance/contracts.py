"""What leaves compliance: arrangements with all that is known of them, payments judged, permissions, sentences."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from openmso.compliance.states import Flow as Flow
from openmso.compliance.states import Kind as Kind
from openmso.compliance.states import Method as Method
from openmso.compliance.states import Outcome as Outcome
from openmso.compliance.states import Party as Party
from openmso.compliance.states import Pay as Pay
from openmso.compliance.states import Reason as Reason
from openmso.compliance.states import Said as Said
from openmso.compliance.states import Side as Side
from openmso.compliance.states import Standing as Standing
from openmso.kit.errors import Refused
from openmso.kit.money import Money
from openmso.platform.access.contracts import Permission
from openmso.platform.documents.contracts import MEGABYTE, Purpose
from openmso.platform.documents.contracts import Paper as Paper
from openmso.platform.work.contracts import FIRST_DUE
from openmso.platform.work.contracts import Kind as WorkKind

READ = Permission("compliance.read", "see the arrangements with referral sources and what was paid under them")
KEEP = Permission("compliance.keep", "keep the register of arrangements with referral sources")
RUN = Permission("compliance.run", "check payments against the register of arrangements")
PERMISSIONS: Iterable[Permission] = (READ, KEEP, RUN)

ARRANGEMENT, LINE, PAYMENT_RUN = "compliance.arrangement", "compliance.payment_line", "compliance.payment_run"
KINDS = (
    WorkKind(LINE, "Payment that was stopped", KEEP.code, url="compliance:line", ranked=FIRST_DUE),
    WorkKind(ARRANGEMENT, "Arrangement that runs out", KEEP.code, url="compliance:arrangement", ranked=FIRST_DUE),
)
PAPER = Purpose("compliance.paper", "Paper of an arrangement", permission=READ.code)
PAYMENTS = Purpose("compliance.payments", "Payment run", permission=READ.code, bytes_max=5 * MEGABYTE)
SHEET = Purpose("compliance.sheet", "Arrangements to be entered", permission=KEEP.code, bytes_max=5 * MEGABYTE)
PURPOSES: Iterable[Purpose] = (PAPER, PAYMENTS, SHEET)
SENTENCES = {
    "compliance.registered": "{actor} registered {subject}: {title} ({kind}) with {party}",
    "compliance.entered": "{actor} entered {count:arrangement} from {subject}; {known} were there, {bad} are bad",
    "compliance.related": "{actor} named {name} as {relation} of the party of {subject}",
    "compliance.terms_written": "{actor} wrote term {number} of {subject}",
    "compliance.signed": "{actor} recorded that {side} signed term {number} of {subject}",
    "compliance.opined": "{actor} filed an opinion of value with {subject}: {appraiser}, until {expires_on}",
    "compliance.activated": "{actor} activated term {number} of {subject}",
    "compliance.ended": "{actor} ended {subject} as of {ends_on}",
    "compliance.answered": "{actor} answered {element} of {subject}: {said}",
    "compliance.run": "{actor} checked {count:payment} in {subject}; {stopped} stopped",
    "compliance.settled": "{actor} settled the stopped payment {subject}",
}
ONE_DAY = timedelta(days=1)


class UnreadablePayments(Refused):
    """The file is not a payment run that can be judged; nothing of it was. `findings` name line and field."""

    code = "payments_unreadable"

    def __init__(self, findings: Iterable[str], fix: str = "Mend the file and send it again.") -> None:
        self.findings = tuple(findings)
        more = f" And {len(self.findings) - 1} more." if len(self.findings) > 1 else ""
        super().__init__(f"{self.findings[0]}{more}", field="file", fix=fix)


# ---- the register ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class NewArrangement:
    """With whom about what. `npi` has ten digits and `ein` nine, or they are empty (an SSN is never kept here).

    `relation` says of whom a family member is family: of the physician who refers.
    """

    title: str
    kind: Kind
    party: Party
    name: str
    npi: str = ""
    ein: str = ""
    relation: str = ""


@dataclass(frozen=True, slots=True)
class NewTerm:
    """What is agreed from a day on; `ends_on` is the first day no longer, and nothing where it is open.

    `rate` is in dollars and cents per unit of `pay`; `hours_cap` are hours a calendar month. `reasonable` says why
    the arrangement makes sense even if nobody referred anything (42 CFR 411.351, commercially reasonable). `grounds`
    are the checklists of the exceptions and safe harbours relied on.
    """

    services: str
    pay: Pay
    rate: Decimal
    starts_on: date
    ends_on: date | None
    written_on: date | None
    reasonable: str
    grounds: tuple[str, ...]
    hours_cap: Decimal | None = None
    unit_words: str = ""
    in_advance: bool = True
    by_volume: bool = False
    holdover: bool = False
    why: str = ""
    paper: Paper | None = None


@dataclass(frozen=True, slots=True)
class NewOpinion:
    """What the value is in somebody's opinion: a range per unit of pay, good through `expires_on`."""

    method: Method
    low: Decimal
    high: Decimal
    unit: Pay
    appraiser: str
    opined_on: date
    expires_on: date
    words: str = ""
    paper: Paper | None = None


@dataclass(frozen=True, slots=True)
class Relative:
    """Somebody of the party's family, or an entity of theirs, by whom a payment is recognised too."""

    name: str
    relation: str
    npi: str = ""
    ein: str = ""


@dataclass(frozen=True, slots=True)
class Term:
    """A version of the terms of an arrangement, with its signatures and the day on which it was activated."""

    public_id: str
    number: int
    services: str
    pay: Pay
    rate: Decimal
    starts_on: date
    ends_on: date | None
    written_on: date | None
    reasonable: str
    grounds: tuple[str, ...]
    hours_cap: Decimal | None = None
    unit_words: str = ""
    in_advance: bool = True
    by_volume: bool = False
    holdover: bool = False
    why: str = ""
    document: str = ""
    ours_signed_on: date | None = None
    party_signed_on: date | None = None
    activated_on: date | None = None
    recorded_at: datetime | None = None
    recorded_by: str = ""
    activated_at: datetime | None = None
    activated_by: str = ""

    @property
    def signed_on(self) -> date | None:
        """The day on which both had signed."""
        if self.ours_signed_on is None or self.party_signed_on is None:
            return None
        return max(self.ours_signed_on, self.party_signed_on)

    @property
    def last_on(self) -> date | None:
        """Its last day; nothing where it is open."""
        return self.ends_on - ONE_DAY if self.ends_on else None

    @property
    def unit(self) -> str:
        """Per what the rate is, in words."""
        return f"per {self.unit_words}" if self.pay is Pay.UNIT and self.unit_words else self.pay.label

    @property
    def formula(self) -> str:
        """The pay in words: `$180.00 an hour, at most 20 hours a month`."""
        cap = f", at most {self.hours_cap.normalize():f} hours a month" if self.hours_cap is not None else ""
        return f"${self.rate:,.2f} {self.unit}{cap}"

    def pays_as(self, other: Term) -> bool:
        """Whether the pay is the same."""
        mine, theirs = (self.pay, self.rate, self.hours_cap), (other.pay, other.rate, other.hours_cap)
        return mine == theirs


@dataclass(frozen=True, slots=True)
class Opinion:
    """An opinion of fair market value, good through `expires_on`."""

    public_id: str
    method: Method
    low: Decimal
    high: Decimal
    unit: Pay
    appraiser: str
    opined_on: date
    expires_on: date
    words: str = ""
    document: str = ""
    recorded_at: datetime | None = None
    recorded_by: str = ""

    def holds_on(self, day: date) -> bool:
        """Whether it was given by then and has not expired."""
        return self.opined_on <= day <= self.expires_on

    @property
    def range(self) -> str:
        """The range in words."""
        return f"${self.low:,.2f} to ${self.high:,.2f} {self.unit.label}"


@dataclass(frozen=True, slots=True)
class Ending:
    """The first day on which an arrangement is no more, and why."""

    ends_on: date
    why: str
    at: datetime | None = None
    by: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What was said of an element of a checklist, and what shows it."""

    element: str
    said: Said
    evidence: str
    document: str = ""
    at: datetime | None = None
    by: str = ""


@dataclass(frozen=True, slots=True)
class Arrangement:
    """An arrangement with all that was added to it, the first of each first."""

    key: int
    public_id: str
    practice: int
    practice_code: str
    practice_name: str
    title: str
    kind: Kind
    party: Party
    name: str
    npi: str
    ein: str
    relation: str
    terms: tuple[Term, ...] = ()
    opinions: tuple[Opinion, ...] = ()
    relatives: tuple[Relative, ...] = ()
    answers: tuple[Answer, ...] = ()
    ending: Ending | None = None
    registered_at: datetime | None = None
    registered_by: str = ""


@dataclass(frozen=True, slots=True)
class ArrangementRow:
    """An arrangement as the register lists it on a day."""

    public_id: str
    practice: int
    practice_code: str
    practice_name: str
    title: str
    kind: Kind
    party: Party
    name: str
    npi: str
    ein: str
    standing: Standing
    formula: str
    starts_on: date | None
    last_on: date | None
    fmv_on: date | None
    signed_on: date | None
    gaps: int
    registered_at: datetime | None
    related: str = ""
    """What makes the party related to somebody who acts for the practice or its MSO."""


# ---- checklists -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Point:
    """An element of a checklist for an arrangement: what is said of it, by the register itself or by somebody.

    A point that facts know only by recollection (`recalled`) warns where it is not met, and counsel confirms it.
    """

    code: str
    words: str
    citation: str
    recalled: bool
    by_register: bool
    said: Said
    evidence: str
    rule: str = ""
    document: str = ""
    by: str = ""
    at: datetime | None = None

    @property
    def is_gap(self) -> bool:
        """Whether something is missing."""
        return self.said in {Said.UNMET, Said.OPEN}


@dataclass(frozen=True, slots=True)
class Checked:
    """A checklist as it stands for an arrangement."""

    code: str
    words: str
    citation: str
    points: tuple[Point, ...]

    @property
    def gaps(self) -> int:
        """How many elements are not met or not answered."""
        return sum(one.is_gap for one in self.points)


# ---- payments -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Payment:
    """A line of a payment run: to whom, how much, for which days (both included), with what shows the work."""

    number: int
    payee: str
    amount: Money
    npi: str = ""
    ein: str = ""
    starts_on: date | None = None
    through: date | None = None
    hours: Decimal | None = None
    units: Decimal | None = None
    time_record: str = ""
    arrangement: str = ""
    reference: str = ""


@dataclass(frozen=True, slots=True)
class Earlier:
    """What was released before under an arrangement: days (both included), and hours."""

    arrangement: str
    starts_on: date
    through: date
    hours: Decimal | None
    said: str


@dataclass(frozen=True, slots=True)
class Known:
    """A physician or source of referrals who has no arrangement of their own in the register: by name, NPI, EIN."""

    name: str
    what: str
    npi: str = ""
    ein: str = ""


@dataclass(frozen=True, slots=True)
class Register:
    """All that payments of a practice are judged by: its arrangements, those of others in reach, known physicians."""

    practice: int
    arrangements: tuple[Arrangement, ...]
    known: tuple[Known, ...] = ()
    earlier: tuple[Earlier, ...] = ()


@dataclass(frozen=True, slots=True)
class Fault:
    """A reason why a payment is stopped, with what it found and the rule behind it."""

    reason: Reason
    words: str
    citation: str


@dataclass(frozen=True, slots=True)
class Judged:
    """What becomes of a payment: its outcome, why it is stopped, and what is to be watched where it is not."""

    payment: Payment
    outcome: Outcome
    faults: tuple[Fault, ...] = ()
    arrangement: str = ""
    term: int | None = None
    expected: Money | None = None
    note: str = ""

    @property
    def reason(self) -> Reason | None:
        """The gravest reason."""
        return self.faults[0].reason if self.faults else None


@dataclass(frozen=True, slots=True)
class LineRow:
    """A line of a payment run as it was judged, and how compliance settled it where it was stopped."""

    public_id: str
    run: str
    practice: int
    practice_name: str
    judged_at: datetime
    payment: Payment
    outcome: Outcome
    faults: tuple[Fault, ...]
    arrangement: str
    arrangement_title: str
    term: int | None
    expected: Money | None
    note: str
    settled: str
    settled_by: str
    settled_at: datetime | None
    related: str = ""
    """What makes the payee related to somebody who acts for the practice or its MSO."""

    @property
    def reason(self) -> Reason | None:
        """The gravest reason."""
        return self.faults[0].reason if self.faults else None

    @property
    def says(self) -> str:
        """Why it is stopped, or what is to be watched, in words."""
        return " ".join(one.words for one in self.faults) or self.note


@dataclass(frozen=True, slots=True)
class RunRow:
    """A payment run: its file, and what came of its lines."""

    public_id: str
    practice: int
    practice_public_id: str
    practice_code: str
    practice_name: str
    document: str
    file_name: str
    judged_on: date
    judged_at: datetime
    judged_by: str
    count: int
    amount: Money
    released: int
    stopped: int
    stopped_amount: Money
    is_new: bool = True
    unsettled: int = 0
