"""What leaves estimates: estimates with their lines, the visits of the desk, drafts; and permissions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from openmso.estimates.states import S
from openmso.kit.classes import DataClass
from openmso.kit.money import Money
from openmso.platform.access.contracts import Permission
from openmso.platform.documents.contracts import Purpose
from openmso.platform.ui.contracts import Status
from openmso.platform.work.contracts import Kind as WorkKind
from openmso.scheduling.contracts import VisitStatus

LINE = "front_office"
_PHI = frozenset({DataClass.DEMOGRAPHIC, DataClass.CLINICAL})
READ = Permission("estimates.read", "see estimates and what the desk collects", line=LINE, classes=_PHI)
MAKE = Permission("estimates.make", "make estimates and give them to patients", line=LINE, classes=_PHI)
PERMISSIONS: Iterable[Permission] = (READ, MAKE)

PAPER, OWED, EXCEEDED = "estimates.paper", "estimates.owed", "estimates.exceeded"
PURPOSES = (Purpose(PAPER, "Estimate for a patient", READ.code),)
KINDS = (
    WorkKind(
        OWED,
        "Good faith estimate owed",
        MAKE.code,
        LINE,
        "estimates:estimate",
        ranked="By the federal deadline of each (45 CFR 149.610)",
    ),
    WorkKind(
        EXCEEDED,
        "Billed above its estimate",
        MAKE.code,
        LINE,
        "estimates:estimate",
        ranked="Before what is only owed: the patient may dispute it",
    ),
)
SENTENCES = {
    "estimates.owed": "{count:good faith estimate} became due when visits were scheduled",
    "estimates.made": "{actor} made estimate {subject}, {amount} in all",
    "estimates.given": "{actor} gave estimate {subject} to the patient {way}",
    "estimates.usual_said": "{actor} said what “{words}” usually comes to: {count:service}",
    "estimates.usual_ended": "{actor} ended what “{words}” usually comes to",
    "estimates.dropped": "{actor} dropped estimate {subject}: {why}",
}


class Kind(Status):
    """What is estimated."""

    GOOD_FAITH = "good_faith", "Good faith estimate"
    SHARE = "share", "Patient's share"


class Asked(Status):
    """What started the clock."""

    SCHEDULED = "scheduled", "Scheduled"
    REQUESTED = "requested", "Asked for"
    OFFERED = "offered", "Offered"


class Way(Status):
    """How an estimate reached the patient."""

    HAND = "hand", "By hand, on paper"
    MAIL = "mail", "By mail"
    ELECTRONIC = "electronic", "Electronically"


@dataclass(frozen=True, slots=True)
class ItemDraft:
    """A service that is expected; without an amount it costs what the fee schedule says, without words its label."""

    code: str
    modifiers: tuple[str, ...] = ()
    units: Decimal = Decimal(1)
    amount: Money | None = None
    words: str = ""


@dataclass(frozen=True, slots=True)
class EstimateDraft:
    """What is to be estimated; `coverage` is the public id of the one that pays, only of a patient's share."""

    kind: Kind
    patient: str
    service_on: date
    items: tuple[ItemDraft, ...]
    reason: str
    diagnoses: tuple[str, ...] = ()
    visit: str = ""
    coverage: str = ""
    place_of_service: str = "11"
    asked: Asked = Asked.OFFERED


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the arithmetic."""

    words: str
    amount: Money | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """A service of an estimate: what is charged, what the payer should allow, what the patient pays of it and why."""

    number: int
    code: str
    modifiers: tuple[str, ...]
    words: str
    units: Decimal
    charge: Money
    allowed: Money | None
    share: Money
    steps: tuple[Step, ...]
    is_charge_typed: bool = False
    """Somebody said what it costs; else the fee schedule did."""

    def as_item(self) -> ItemDraft:
        """The service as it was asked for, to be estimated anew."""
        return ItemDraft(
            self.code, self.modifiers, self.units, self.charge if self.is_charge_typed else None, self.words
        )


@dataclass(frozen=True, slots=True)
class EstimateRow:
    """An estimate as lists show it; `due_on` is the last day on which it is in time."""

    id: int
    public_id: str
    practice: int
    practice_name: str
    patient: str
    patient_id: int
    visit_id: int | None
    kind: Kind
    asked: Asked
    asked_at: datetime
    due_on: date | None
    service_on: date
    state: S
    charge: Money
    share: Money
    given_at: datetime | None
    billed: Money | None
    document: str


@dataclass(frozen=True, slots=True)
class Party:
    """Who renders or bills, as an estimate names them."""

    name: str
    npi: str
    tin: str = ""
    state: str = ""


@dataclass(frozen=True, slots=True)
class Estimate:
    """An estimate as its page and its paper show it."""

    row: EstimateRow
    reason: str
    diagnoses: tuple[str, ...]
    lines: tuple[Line, ...]
    patient: str
    """Public id."""
    visit: str
    """Public id; empty when nothing is scheduled yet."""
    born_on: date | None
    payer: str
    made_at: datetime | None
    made_by: str
    way: Way | None
    why: str
    biller: Party | None
    clinician: Party | None
    site: str
    place_of_service: str = "11"


@dataclass(frozen=True, slots=True)
class DeskRow:
    """A visit, and what the desk collects at it; `why` says where the amount comes from, or why there is none."""

    visit: str
    practice: int
    practice_name: str
    patient: str
    patient_id: str
    service_on: date
    reason: str
    payer: str
    plan: str
    collect: Money | None
    why: str
    estimate: str
    status: VisitStatus
    undo_on: date | None
    collected: Money
    """What the desk took at this visit."""
    due: Money | None
    """What of `collect` is not taken yet."""
    owes: Money
    """What the patient owes from before."""
    receipts: tuple[str, ...]
    led: str = ""
    """Why this payer, where a patient has, or the reason asks for, a medical and a vision plan."""


@dataclass(frozen=True, slots=True)
class Usual:
    """The services that a reason for a visit usually comes to, as a practice has said."""

    public_id: str
    practice: int
    practice_name: str
    words: str
    """Of the reason, in small letters."""
    items: tuple[ItemDraft, ...]
    said_at: datetime
    said_by: str
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class Charged:
    """A service as it was charged at visits for a reason: at how many of how many."""

    code: str
    modifiers: tuple[str, ...]
    units: Decimal
    visits: int
    of: int

    @property
    def share(self) -> Decimal:
        """At how many of a hundred visits, with one place."""
        return (Decimal(100 * self.visits) / self.of).quantize(Decimal("0.1"))
