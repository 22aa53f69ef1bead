"""What leaves codes: loads with their checks, edits, and the permissions over them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from openmso.platform.access.contracts import Permission
from openmso.platform.documents.contracts import MEGABYTE, Purpose

READ = Permission("codes.read", "look up codes and the loads they came with")
LOAD = Permission("codes.load", "load and undo editions of code sets")
PERMISSIONS: Iterable[Permission] = (READ, LOAD)
PURPOSES = (Purpose("codes.file", "Code set file", permission=LOAD.code, bytes_max=200 * MEGABYTE),)
SENTENCES = {
    "codes.loaded": "{actor} loaded {subject}: {kind}, edition {edition}, {rows} rows",
    "codes.undone": "{actor} took back {subject}, {kind}, edition {edition}: {why}",
}


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file by the name its sender gave it."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Check:
    """A check that a file passed, and what it found, in words."""

    name: str
    words: str


@dataclass(frozen=True, slots=True)
class LoadedFile:
    """One file of a load, as it is kept."""

    name: str
    sha256: str
    size: int
    document: str


@dataclass(frozen=True, slots=True)
class LoadRow:
    """One edition of one kind, as the register shows it; `starts_on` is the first day it holds."""

    public_id: str
    kind: str
    title: str
    edition: str
    starts_on: date
    sha256: str
    rows: int
    checks: tuple[Check, ...]
    files: tuple[LoadedFile, ...]
    licence_holder: str
    licence_users: int | None
    loaded_at: datetime
    loaded_by: str
    undone_at: datetime | None
    undone_by: str
    undone_why: str
    is_new: bool = False
    """Whether this very call brought it; the same bytes twice are one load."""


@dataclass(frozen=True, slots=True)
class PairEdit:
    """An NCCI procedure-to-procedure edit: column 2 is not paid beside column 1 of the same day.

    `indicator` is CMS's modifier indicator: 0 never both, 1 with a modifier that says why.
    """

    column1: str
    column2: str
    indicator: str


@dataclass(frozen=True, slots=True)
class UnitEdit:
    """A medically unlikely edit; `indicator` is CMS's MAI: 1 of a line, 2 and 3 of a day of service."""

    code: str
    units: int
    indicator: str


@dataclass(frozen=True, slots=True)
class AddOnEdit:
    """An add-on code and the primaries one of which must be paid beside it.

    `edit_type` is CMS's: 1 the list is whole, 2 the contractor says which (the list is empty), 3 the contractor may
    accept others.
    """

    code: str
    primaries: tuple[str, ...]
    edit_type: str


@dataclass(frozen=True, slots=True)
class AgeSex:
    """Whom a code is for: completed years, both included, and sex (F, M or empty for either)."""

    sex: str = ""
    age_first: int | None = None
    age_last: int | None = None

    @property
    def words(self) -> str:
        """As a phrase: for women of 12 to 50 years."""
        who = {"F": "women", "M": "men"}.get(self.sex, "people")
        if self.age_first is None and self.age_last is None:
            return f"for {who}"
        if self.age_last is None:
            return f"for {who} from {self.age_first} years on"
        years = f"{self.age_first or 0} to {self.age_last}" if self.age_first != self.age_last else f"{self.age_last}"
        return f"for {who} of {years} years"

    def takes_age(self, years: int | Decimal) -> bool:
        """Whether somebody of so many completed years is within."""
        return (self.age_first is None or self.age_first <= years) and (self.age_last is None or years <= self.age_last)


@dataclass(frozen=True, slots=True)
class Frequency:
    """How often a payer pays services of a family: at most so many in so many full months (None: in a lifetime)."""

    family: frozenset[str]
    """The codes that are counted together."""
    most: int
    months: int | None
    payer_kind: str = ""
    payer: str = ""
    document: str = ""

    @property
    def words(self) -> str:
        """As a phrase: once in a lifetime; once in 11 full months."""
        often = "once" if self.most == 1 else f"{self.most} times"
        return f"{often} in {'a lifetime' if self.months is None else f'{self.months} full months'}"

    def is_of(self, kind: str, edi_id: str) -> bool:
        """Whether a payer of this kind and id says so."""
        return self.payer in {"", edi_id} and self.payer_kind in {"", kind}


@dataclass(frozen=True, slots=True)
class Covered:
    """Diagnoses for which a payer covers a service: from a first to a last one, what begins with it within, or a list.

    `state` are those in which it binds, blanks between; empty for everywhere.
    """

    first: str
    last: str
    payer_kind: str = ""
    payer: str = ""
    state: str = ""
    document: str = ""
    listed: frozenset[str] = frozenset()

    def is_of(self, kind: str, edi_id: str, state: str) -> bool:
        """Whether it binds a payer of this kind and id in a state."""
        binds = not self.state or state in self.state.split()
        return binds and self.payer in {"", edi_id} and self.payer_kind in {"", kind}

    def takes(self, diagnosis: str) -> bool:
        """Whether a diagnosis is within."""
        if self.listed:
            return diagnosis in self.listed
        return self.first <= diagnosis and diagnosis[: len(self.last)] <= self.last


@dataclass(frozen=True, slots=True)
class RelativeValue:
    """A row of the physician fee schedule's relative value file, its columns named as in the file.

    `modifier` is 26, TC, 53 or empty. Where a setting is NA the file repeats the other setting's practice expense.
    `pre`, `intra` and `post` are shares of the global package. The second factor is that of qualifying participants in
    advanced payment models (since 2026). What is named `opps` makes the most that imaging is paid, with the same work,
    and is 0 where nothing caps it. `edition` is the release that answered.
    """

    code: str
    modifier: str
    status: str
    work: Decimal
    pe_nonfacility: Decimal
    pe_facility: Decimal
    mp: Decimal
    na_nonfacility: bool
    na_facility: bool
    pctc: str
    global_days: str
    pre: Decimal
    intra: Decimal
    post: Decimal
    mult_proc: str
    bilateral: str
    asst_surg: str
    co_surg: str
    team_surg: str
    endo_base: str
    imaging_family: str
    conversion_factor: Decimal
    conversion_factor_qp: Decimal | None
    opps_pe_nonfacility: Decimal
    opps_pe_facility: Decimal
    opps_mp: Decimal
    edition: str


@dataclass(frozen=True, slots=True)
class Surgery:
    """What the fee schedule says of a service as surgery: its bilateral indicator (0, 1, 2, 3, 9) and global days."""

    bilateral: str = ""
    global_days: str = ""


@dataclass(frozen=True, slots=True)
class Locality:
    """A Medicare locality of a contractor (MAC) and its geographic practice cost indices of a year."""

    mac: str
    state: str
    locality: str
    name: str
    gpci_work: Decimal
    gpci_pe: Decimal
    gpci_mp: Decimal


@dataclass(frozen=True, slots=True)
class PlaceOfService:
    """A place of service; Medicare pays there at its facility rate, or not."""

    code: str
    name: str
    is_facility: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """How a code stands in the edition of a day."""

    is_billable: bool = True
    """Not a heading."""
    starts_on: date | None = None
    ends_on: date | None = None
    """The first day it is used no more."""

    def is_used_on(self, day: date) -> bool:
        """Whether it can be used on a day."""
        return (self.starts_on is None or self.starts_on <= day) and (self.ends_on is None or day < self.ends_on)


@dataclass(frozen=True, slots=True)
class CodeEntry:
    """A code of a set as its edition of a day says it; `ends_on` is the first day on which it is used no more."""

    kind: str
    set_name: str
    edition: str
    code: str
    category: str
    label: str
    words: str
    starts_on: date | None
    ends_on: date | None
    is_billable: bool

    def holds(self, on: date) -> bool:
        """Whether it can be used on a day."""
        return (self.starts_on is None or self.starts_on <= on) and (self.ends_on is None or on < self.ends_on)


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A pair edit as one of its codes sees it: the other code, and whether the other is paid (column 1) or not (2)."""

    code: str
    column: str
    indicator: str
    starts_on: date
    ends_on: date | None
    rationale: str


@dataclass(frozen=True, slots=True)
class Then:
    """What an edition said of a code: its name, its first day and the value, in words."""

    what: str
    edition: str
    starts_on: date
    words: str


@dataclass(frozen=True, slots=True)
class About:
    """Everything that holds about a code on a day, and what editions said over time, the latest first."""

    code: str
    on: date
    entries: tuple[CodeEntry, ...]
    units: UnitEdit | None
    add_on: AddOnEdit | None
    add_ons: tuple[str, ...]
    """The add-on codes that it is a primary of."""
    values: tuple[RelativeValue, ...]
    is_telehealth: bool
    pairs: tuple[Neighbour, ...]
    pair_count: int
    """How many pairs there are; the tuple is cut."""
    history: tuple[Then, ...]
    limits: tuple[str, ...] = ()
    """Whom it is for, how often and for which diagnoses payers pay it, in words."""

    @property
    def label(self) -> str:
        """What to call it: the first label of the sets that have it."""
        return next((one.label for one in self.entries if one.label), "")
