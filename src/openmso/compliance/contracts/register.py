"""The register: arrangements with all that was added to them, and their checklists."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from openmso.compliance.states import Kind, Method, Party, Pay, Said, Standing
from openmso.platform.documents.contracts import Paper

ONE_DAY = timedelta(days=1)


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
class Agreed:
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


@dataclass(frozen=True, slots=True)
class NewTerm(Agreed):
    """A version of terms to be written, with its paper if there is one."""

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Term(Agreed):
    """A version of the terms of an arrangement, with its signatures and the day on which it was activated."""

    public_id: str
    number: int
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
