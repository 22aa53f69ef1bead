"""What leaves agreements: terms, versions, promises, permissions and the audit's sentences."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal

from openmso.agreements.fees.terms import FeeTerms
from openmso.agreements.fees.waterfall import Priority
from openmso.agreements.tasks.contracts import Task
from openmso.kit.classes import DataClass
from openmso.kit.periods import DayRange
from openmso.platform.access.contracts import Permission
from openmso.platform.documents.contracts import Purpose
from openmso.platform.ui.contracts import Status, Tone
from openmso.platform.work.contracts import FIRST_DUE, Span
from openmso.platform.work.contracts import Kind as WorkKind

READ = Permission("agreements.read", "read service agreements and their fees")
DRAFT = Permission("agreements.draft", "draft service agreements and amendments")
EXECUTE = Permission("agreements.execute", "record an agreement as executed", fresh=True)
TERMINATE = Permission("agreements.terminate", "terminate an agreement", fresh=True)
NOTICE = Permission("agreements.notice", "give notice that an agreement shall not be renewed")
FACTS = Permission("agreements.facts", "say what is so of a practice, for the rules of law")
LAW = Permission("agreements.law", "write rules of law")
COUNSEL = Permission("agreements.counsel", "record that counsel signed a rule of law off", fresh=True)
PERMISSIONS: Iterable[Permission] = (READ, DRAFT, EXECUTE, TERMINATE, NOTICE, FACTS, LAW, COUNSEL)

SENTENCES = {
    "agreements.drafted": "{actor} began the draft of agreement {subject}",
    "agreements.revised": "{actor} changed the draft of agreement {subject}",
    "agreements.withdrawn": "{actor} withdrew the draft of {subject}",
    "agreements.executed": "{actor} recorded {subject} as executed: version {number}, from {starts_on}",
    "agreements.amended": "{actor} recorded the amendment of {subject}: version {number}, from {starts_on}",
    "agreements.renewed": "{subject} renewed by its terms: version {number}, from {starts_on} until {ends_on}",
    "agreements.notice_given": "{actor} gave notice {side}: {subject} is not renewed on {ends_on}",
    "agreements.terminated": "{actor} terminated agreement {subject} from {ends_on}",
    "agreements.baa_signed": "{actor} recorded the business associate agreement {subject} from {starts_on}",
    "agreements.baa_ended": "{actor} ended the business associate agreement {subject} from {ends_on}",
    "agreements.law_written": "{actor} wrote version {number} of the rule of law {subject}",
    "agreements.law_withdrawn": "{actor} withdrew the rule of law {subject}: version {number} asks it of nobody",
    "agreements.law_signed_off": "{actor} recorded that {counsel} signed off {subject}, version {number}",
    "agreements.facts_said": "{actor} said what is so of the practice, for the rules of law",
}

LAW_WORK, RENEWAL_WORK = "agreements.law", "agreements.renewal"
KINDS = (
    WorkKind(LAW_WORK, "What a rule of law asks", FACTS.code, url="agreements:law", ranked=FIRST_DUE),
    WorkKind(
        RENEWAL_WORK,
        "Agreement whose term ends",
        NOTICE.code,
        url="agreements:agreement",
        ranked=FIRST_DUE,
        decides=True,
    ),
)

PURPOSES = (
    Purpose("agreements.signed", "Signed agreement", "agreements.read"),
    Purpose("agreements.baa", "Business associate agreement", "agreements.read"),
)


class S(Status):
    """Where an agreement stands. Whether it is in force on a day is a question of its dates as well."""

    DRAFT = "draft", "Draft", Tone.INFO
    WITHDRAWN = "withdrawn", "Withdrawn", Tone.NONE
    EXECUTED = "executed", "Executed", Tone.GOOD
    TERMINATED = "terminated", "Terminated", Tone.BAD


class Mode(Status):
    """How far the MSO goes in."""

    BPO = "bpo", "Tasks by the piece (BPO)"
    THIRD_PARTY = "third_party", "Third-party management"
    JOINT_VENTURE = "joint_venture", "Joint venture"
    FRIENDLY_PC = "friendly_pc", "Friendly PC"


class DoneBy(Status):
    """Who does the work of a line."""

    MSO = "mso", "MSO"
    SHARED = "shared", "Shared"


class Unit(Status):
    """What the target of a promise is counted in."""

    HOURS = "hours", "business hours"
    DAYS = "days", "business days"
    PERCENT = "percent", "percent"
    COUNT = "count", "count"


class Side(Status):
    """For whom a signer signs."""

    MSO = "mso", "For the MSO"
    PRACTICE = "practice", "For the practice"

    @property
    def within(self) -> str:
        """The same words within a sentence."""
        return f"{self.label[:1].lower()}{self.label[1:]}"


class InForce(Status):
    """An agreement on a day, in a word."""

    DRAFT = "draft", "Draft", Tone.INFO
    WITHDRAWN = "withdrawn", "Withdrawn", Tone.NONE
    AHEAD = "ahead", "Executed, not yet in force", Tone.INFO
    NOW = "now", "Executed, in force", Tone.GOOD
    ENDING = "ending", "In force, end agreed", Tone.WARN
    WINDING_DOWN = "winding_down", "Ended, winding down", Tone.WARN
    EXPIRED = "expired", "Expired", Tone.NONE
    TERMINATED = "terminated", "Terminated", Tone.BAD


@dataclass(frozen=True, slots=True)
class Promise:
    """A service level: a measure and its target; with `clock_hours` it is a clock in business hours.

    `kind` is the event whose clock it is (`claims.held`, `denials.first_touch`), the same word that whoever opens
    the work asks `queries.sla_due` about. `at_least` says on which side of the target is good.
    """

    kind: str
    words: str
    target: Decimal
    unit: Unit
    at_least: bool = False
    clock_hours: Decimal | None = None


DENIED_BY_US, REWORKED = "denials.caused", "denials.reworked"
"""Promises about denials that the MSO could have prevented: a share of claims sent, and business days to an answer."""


class Held(Status):
    """How an item of work stands to the promise that it runs by."""

    KEPT = "kept", "In time", Tone.GOOD
    LATE = "late", "Late", Tone.BAD
    RUNS = "runs", "Clock runs", Tone.INFO
    NONE = "none", "Nobody was needed", Tone.NONE


@dataclass(frozen=True, slots=True)
class Measured:
    """An item of work against the promise of its kind; hours are business hours of the agreement.

    `first` is from its coming to the first thing that a person did. Its whole life is split by whom it waited for:
    `ours` is what is left when the practice's time and the payer's are taken out.
    """

    span: Span
    held: Held
    first: Decimal | None
    ours: Decimal
    practices: Decimal
    payers: Decimal


@dataclass(frozen=True, slots=True)
class Level:
    """A promise in a month: its items by how they stand, and the business hours of their lives by cause."""

    kind: str
    words: str
    line: str
    hours: Decimal
    items: tuple[Measured, ...]

    def count(self, held: Held) -> int:
        """How many items stand so."""
        return sum(one.held is held for one in self.items)

    @property
    def kept(self) -> int:
        """How many were touched in time."""
        return self.count(Held.KEPT)

    @property
    def late(self) -> int:
        """How many were touched late, or not yet though the time is over."""
        return self.count(Held.LATE)

    @property
    def runs(self) -> int:
        """How many still have time."""
        return self.count(Held.RUNS)

    @property
    def judged(self) -> int:
        """How many items could be late: those that needed a person and whose clock has run or was stopped."""
        return self.kept + self.late

    @property
    def share(self) -> Decimal | None:
        """The part that was touched in time; nothing where nothing was judged."""
        return Decimal(self.kept) / self.judged if self.judged else None

    @property
    def ours(self) -> Decimal:
        """Business hours that its items waited for the MSO."""
        return sum((one.ours for one in self.items), Decimal(0))

    @property
    def practices(self) -> Decimal:
        """Business hours that its items waited for the practice: they do not count against the MSO."""
        return sum((one.practices for one in self.items), Decimal(0))

    @property
    def payers(self) -> Decimal:
        """Business hours that its items waited for payers: they do not count against the MSO."""
        return sum((one.payers for one in self.items), Decimal(0))


@dataclass(frozen=True, slots=True)
class Line:
    """A service line in scope, on some days: who does it, what the practice approves, what is promised.

    `also_opens` names data classes beyond the line's template (`protected` is open only where it is named).
    """

    code: str
    days: DayRange
    done_by: DoneBy = DoneBy.MSO
    approval: str = ""
    promises: tuple[Promise, ...] = ()
    also_opens: frozenset[DataClass] = frozenset()


@dataclass(frozen=True, slots=True)
class Hours:
    """Business hours of the agreement, in the practice's zone; Monday to Friday, US federal holidays off."""

    opens: time = time(8)
    closes: time = time(18)

    @property
    def a_day(self) -> Decimal:
        """How many business hours a business day has."""
        spent = datetime.combine(date.min, self.closes) - datetime.combine(date.min, self.opens)
        return Decimal(spent.total_seconds()) / 3600

    def whole_days(self, clock: Decimal) -> bool:
        """Whether so many business hours come to whole business days."""
        return bool(clock) and clock % self.a_day == 0

    def words(self, clock: Decimal, *, in_days: bool | None = None) -> str:
        """So many business hours as people say them: `2 business days`, `4 business hours`; in days where they may."""
        if self.whole_days(clock) if in_days is None else in_days:
            days = clock / self.a_day
            return f"{days.normalize():f} business day{'' if days == 1 else 's'}"
        return f"{clock.normalize():f} business hour{'' if clock == 1 else 's'}"


@dataclass(frozen=True, slots=True)
class Party:
    """A party as it signs: its legal entity, and name and EIN as they stood then."""

    tenant: int
    entity: int
    legal_name: str
    ein: str


class Shown(Status):
    """A figure of the MSO's own finances that it can promise to show the practice."""

    LIQUIDITY = "liquidity", "Liquidity: what is liquid beside what is owed soon"
    DAYS_CASH = "days_cash", "Days of expenses that the cash covers"
    NET_INCOME = "net_income", "Net income of each month"
    REVENUE_SHARE = "revenue_share", "What share of its revenue the practice is"


@dataclass(frozen=True, slots=True)
class Quorum:
    """How many seats of each class of a joint board make a quorum."""

    practice: int
    mso: int

    @property
    def sentence(self) -> str:
        """In words."""
        return f"A joint board decides with {self.practice} of the practice's seats and {self.mso} of the MSO's"


@dataclass(frozen=True, slots=True)
class Terms:
    """What an agreement says: the content of a draft, and of every executed version.

    `days` is the term (the end is the first day on which it no longer holds; open when it has none). `payments` is the
    priority in which what comes in is paid out, where the MSO pays for the practice. `tasks` are the scope matrix of
    its lines; versions from before there was one have none. `shows` are figures of the MSO's own finances that the
    practice sees: none that is not named. `quorum` is that of joint boards, where it is agreed.
    """

    mode: Mode
    mso: Party
    practice: Party
    days: DayRange
    lines: tuple[Line, ...]
    fee: FeeTerms | None
    reserved: tuple[str, ...] = ()
    hours: Hours = field(default_factory=Hours)
    renewal_months: int = 12
    notice_days: int = 90
    payments: Priority | None = None
    tasks: tuple[Task, ...] = ()
    shows: tuple[Shown, ...] = ()
    quorum: Quorum | None = None

    def line(self, code: str) -> Line | None:
        """The line of a code, when it is in scope at all."""
        return next((line for line in self.lines if line.code == code), None)


@dataclass(frozen=True, slots=True)
class Notice:
    """Notice by a side that a term is not renewed; `ends_on` is the first day after that term."""

    side: Side
    ends_on: date
    given_on: date
    why: str
    by: str


@dataclass(frozen=True, slots=True)
class Signer:
    """Who signed, for whom, in what role, when."""

    side: Side
    name: str
    title: str
    signed_at: datetime


@dataclass(frozen=True, slots=True)
class SignedDocument:
    """A signed paper, as it was scanned or exported: a PDF."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Version:
    """An executed version: its terms hold from `starts_on`, as the signed document with this SHA-256 says."""

    public_id: str
    agreement: str
    number: int
    starts_on: date
    terms: Terms
    summary: str
    document: str
    document_sha256: str
    executed_at: datetime
    signers: tuple[Signer, ...]


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft: of a new agreement, or of an amendment of an executed one, to hold from `starts_on`."""

    agreement: str
    number: int
    starts_on: date
    terms: Terms
    summary: str
    revised_at: datetime
    drafted_by: str
    """Public id of the account that wrote it, as it stands."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """A service agreement with its versions, oldest first; `draft` is the one being written, if any."""

    public_id: str
    practice: int
    mso: int
    state: S
    versions: tuple[Version, ...]
    draft: Draft | None
    terminated_on: date | None = None
    terminated_why: str = ""
    winds_down_until: date | None = None
    wind_down_lines: tuple[str, ...] = ()

    def version_on(self, on: date) -> Version | None:
        """The version that holds on a day; none before the start, after the end, or once terminated."""
        if self.terminated_on is not None and on >= self.terminated_on:
            return None
        begun = [version for version in self.versions if version.starts_on <= on]
        return begun[-1] if begun and on in begun[-1].terms.days else None

    @property
    def latest(self) -> Version | None:
        """The version signed last, whenever it holds."""
        return self.versions[-1] if self.versions else None


@dataclass(frozen=True, slots=True)
class Baa:
    """A business associate agreement of a practice (45 CFR 164.504(e)); `days` already knows an early end."""

    public_id: str
    practice: int
    days: DayRange
    incident_notice_hours: int
    document: str
    document_sha256: str
    ended_why: str = ""


@dataclass(frozen=True, slots=True)
class AgreementRow:
    """A line of the list of agreements."""

    public_id: str
    practice_name: str
    practice_code: str
    mode: Mode
    standing: InForce
    version: int
    starts_on: date
    ends_on: date | None
    lines: int
    fee: str
    patient_data: bool


@dataclass(frozen=True, slots=True)
class LineToday:
    """A row of the matrix: a line, what of it is open today and why not."""

    line: Line
    words: str
    open: bool
    reason: str
    opens: tuple[str, ...]
    grant: str


@dataclass(frozen=True, slots=True)
class Move:
    """A step in the life of an agreement, for its timeline."""

    to: S
    at: datetime
    by: str
    why: str
