"""What leaves exchange: partners, routes, transmissions, arrivals; permissions and words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from openmso.exchange.states import E, T
from openmso.kit.classes import DataClass
from openmso.platform.access.contracts import Permission
from openmso.platform.documents.contracts import MEGABYTE, Purpose
from openmso.platform.ui.contracts import Status, Tone
from openmso.platform.work.contracts import FIRST_DUE, Kind

LINE = "revenue_cycle"
READ = Permission("exchange.read", "see partners, routes and transmissions", line=LINE)
SEND = Permission(
    "exchange.send", "send files to partners again, or hand them in", line=LINE,
    classes=frozenset({DataClass.DEMOGRAPHIC, DataClass.CLINICAL}),
)  # fmt: skip
KEEP = Permission("exchange.keep", "keep trading partners and routes, and declare outages")
ENROL = Permission("exchange.enrol", "keep the EDI enrolments of a practice", line=LINE)
PERMISSIONS: Iterable[Permission] = (READ, SEND, KEEP, ENROL)

BY_HAND, FAILED, UNKNOWN, MAILBOX, CHASE = (
    "exchange.by_hand", "exchange.failed", "exchange.unknown_file", "exchange.mailbox", "exchange.enrolment",
)  # fmt: skip
KINDS = (
    Kind(
        BY_HAND,
        "File to be handed in",
        SEND.code,
        LINE,
        "exchange:transmission",
        ranked="After what failed; what is due first comes first",
    ),
    Kind(
        FAILED,
        "File that could not be sent",
        SEND.code,
        LINE,
        "exchange:transmission",
        ranked="Before what only waits: the payer gets nothing of it",
    ),
    Kind(UNKNOWN, "File that nobody can take", KEEP.code, "", "exchange:arrival", ranked=FIRST_DUE),
    Kind(MAILBOX, "Mailbox that cannot be read", KEEP.code, "", "exchange:partner", ranked=FIRST_DUE),
    Kind(
        CHASE,
        "EDI enrolment to be chased",
        ENROL.code,
        LINE,
        "exchange:enrolment",
        ranked="What the payer rejected first, then by the day to ask again",
    ),
)
PURPOSES = (
    Purpose("exchange.arrival", "File from a partner", bytes_max=200 * MEGABYTE, look_inside=False, sealed=True),
    Purpose("exchange.enrolment", "EDI enrolment paper", READ.code),
    Purpose("exchange.sent", "File as a partner got it", SEND.code, bytes_max=200 * MEGABYTE, look_inside=False),
)
SENTENCES = {
    "exchange.partner_added": "{actor} added the trading partner {name}",
    "exchange.partner_changed": "{actor} changed the trading partner {name}",
    "exchange.partner_down": "{actor} declared {name} down: {words}",
    "exchange.partner_up": "{actor} declared that {name} works again",
    "exchange.route_set": "{actor} set the route of {transaction} for {payer} to {partners} from {starts_on}",
    "exchange.sent": "{actor} sent {subject} to {partner}",
    "exchange.failed": "{subject} could not be sent: {words}",
    "exchange.handed_in": "{actor} handed {subject} in by hand: {words}",
    "exchange.downloaded": "{actor} took {subject} to hand it in",
    "exchange.tried_again": "{actor} had {subject} sent again",
    "exchange.given_up": "{actor} gave {subject} up",
    "exchange.enrolment_opened": "{actor} opened the enrolment {subject} of {transaction} with {payer}",
    "exchange.enrolment_moved": "Enrolment {subject} is now {state}: {words}",
    "exchange.enrolment_chased": "{actor} chased the enrolment {subject}",
    "exchange.arrived": "{subject} came from {partner}: {kinds}",
}


EnrolmentState = E
"""Where an enrolment stands."""


class PartnerKind(Status):
    """What a trading partner is."""

    CLEARINGHOUSE = "clearinghouse", "Clearinghouse"
    PAYER = "payer", "Payer direct"


class Way(Status):
    """How files travel to a partner and back."""

    SFTP = "sftp", "SFTP"
    HTTPS = "https", "HTTPS"
    MANUAL = "manual", "By hand"
    PAPER = "paper", "On paper"

    @property
    def needs_hands(self) -> bool:
        """Whether a person brings the file, or the paper."""
        return self in {Way.MANUAL, Way.PAPER}


class Transaction(Status):
    """What is exchanged: X12 005010 transactions of health care."""

    CLAIM_P = "837P", "Professional claims (837P)"
    CLAIM_I = "837I", "Institutional claims (837I)"
    REMITTANCE = "835", "Remittances (835)"
    ELIGIBILITY = "270", "Eligibility (270/271)"
    STATUS = "276", "Claim status (276/277)"
    AUTHORIZATION = "278", "Authorizations (278)"


@dataclass(frozen=True, slots=True)
class Settings:
    """What a partner's companion guide asks of the envelope; what is empty stays as the file has it."""

    sender: str = ""
    """ISA06, and GS02 where that has no value of its own."""
    sender_qualifier: str = ""
    receiver: str = ""
    receiver_qualifier: str = ""
    group_sender: str = ""
    group_receiver: str = ""
    submitter: str = ""
    """1000A NM109: the number that the partner gave the MSO."""
    receiver_name: str = ""
    """1000B NM103; its NM109 is the receiver."""
    usage: str = ""
    """ISA15: P production, T test."""
    separators: str = ""
    """Element, component, repetition and segment separator, as `*:^~`."""
    newlines: bool = True
    versions: str = ""
    """GS08 by transaction where it is not the usual one: `837P=005010X222A1 837I=005010X223A2`."""

    def version(self, transaction: str) -> str:
        """The GS08 of a transaction; empty for the usual one."""
        return dict(pair.split("=", 1) for pair in self.versions.split()).get(transaction, "")


@dataclass(frozen=True, slots=True)
class PartnerFacts:
    """What is recorded about a partner. A secret that is `None` stays what it was."""

    name: str
    kind: PartnerKind
    way: Way
    host: str = ""
    port: int = 0
    host_key: str = ""
    user: str = ""
    password: str | None = None
    private_key: str | None = None
    outgoing: str = ""
    incoming: str = ""
    settings: Settings = field(default_factory=Settings)
    realtime: str = ""
    """Where questions are posted, to be answered at once; by HTTPS alone."""


@dataclass(frozen=True, slots=True)
class Partner:
    """A trading partner; secrets are not in it, only whether they are there."""

    id: int
    public_id: str
    name: str
    kind: PartnerKind
    way: Way
    host: str
    port: int
    host_key: str
    user: str
    has_password: bool
    has_private_key: bool
    outgoing: str
    incoming: str
    settings: Settings
    is_down: bool
    down_since: datetime | None
    down_words: str
    polled_at: datetime | None = None
    poll_words: str = ""
    closed_on: date | None = None
    realtime: str = ""
    """Where questions are answered at once; empty: they go as files."""

    @property
    def state(self) -> PartnerState:
        """Whether files go to it now."""
        return PartnerState.DOWN if self.is_down else PartnerState.UP

    @property
    def reached_at(self) -> str:
        """Where it is reached, in words."""
        return f"{self.host}:{self.port}" if self.host else "By a person"


class PartnerState(Status):
    """Whether a partner takes files."""

    UP = "up", "Working", Tone.GOOD
    DOWN = "down", "Down", Tone.BAD


@dataclass(frozen=True, slots=True)
class RouteRow:
    """A route as it is in force: for whom, by which partners in which order."""

    public_id: str
    payer: str
    """The name of the payer; "All payers" where it is for every one without a route of its own."""
    payer_id: int | None
    transaction: Transaction
    practice: int | None
    practice_name: str
    partners: tuple[Partner, ...]
    starts_on: date

    @property
    def now(self) -> str:
        """Where files go at this moment."""
        working = next((one for one in self.partners if not one.is_down), None)
        return working.name if working else "By hand: every partner is down"


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A file that is to leave: what it is, whose, and what it was made from."""

    transaction: str
    payer: int | None
    document: str
    name: str
    subject: tuple[str, str]
    about: str
    """What is in it, in words without a patient: `12 claims, $3,400.00`."""


@dataclass(frozen=True, slots=True)
class TransmissionRow:
    """A transmission as lists show it."""

    public_id: str
    practice: int
    practice_name: str
    transaction: str
    payer: str
    partner: str
    partner_id: str
    name: str
    about: str
    subject: tuple[str, str]
    document: str
    state: T
    words: str
    tries: int
    created_at: datetime
    sent_at: datetime | None
    next_at: datetime | None
    size: int
    sha256: str
    is_uploaded: bool


@dataclass(frozen=True, slots=True)
class TransmissionEvent:
    """Something that happened to a transmission."""

    at: datetime
    what: str
    partner: str
    words: str
    actor: str


@dataclass(frozen=True, slots=True)
class TransmissionPage:
    """A transmission and its story, oldest first."""

    row: TransmissionRow
    events: tuple[TransmissionEvent, ...]


@dataclass(frozen=True, slots=True)
class ArrivalRow:
    """A file that a partner sent."""

    public_id: str
    partner: str
    name: str
    kinds: str
    size: int
    sha256: str
    document: str
    is_repeat: bool
    arrived_at: datetime
    words: str


@dataclass(frozen=True, slots=True)
class Sent:
    """What a round of sending did."""

    sent: int = 0
    put_off: int = 0
    failed: int = 0
    by_hand: int = 0


@dataclass(frozen=True, slots=True)
class Polled:
    """What a look into a partner's mailbox found."""

    partner: str
    arrived: int
    repeats: int
    words: str = ""
    """Why the mailbox could not be read; empty when it could."""


@dataclass(frozen=True, slots=True)
class EnrolmentRow:
    """Whether a payer takes, or sends, files of a kind for a billing provider."""

    public_id: str
    practice: int
    practice_name: str
    payer: str
    payer_id: int
    transaction: Transaction
    biller: str
    npi: str
    tin: str
    partner: str
    number: str
    state: E
    requested_on: date
    state_on: date
    chase_on: date | None
    live_on: date | None
    words: str


@dataclass(frozen=True, slots=True)
class Unenrolled:
    """A payer whose remittances have a route to a practice that no enrolment asks for."""

    practice: int
    practice_name: str
    payer: str
    payer_id: int
    partner: str


@dataclass(frozen=True, slots=True)
class EnrolmentEvent:
    """A step of an enrolment: what it became, who says so, and the paper that shows it."""

    at: datetime
    state: E
    words: str
    actor: str
    document: str


@dataclass(frozen=True, slots=True)
class EnrolmentPage:
    """An enrolment and its story, oldest first."""

    row: EnrolmentRow
    events: tuple[EnrolmentEvent, ...]
