"""What leaves patients: frozen patients and coverages, the drafts that make them, and the permissions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, NamedTuple

from openmso.kit.classes import DataClass
from openmso.kit.money import ZERO, Money
from openmso.parties.contracts import NO_ADDRESS, Address
from openmso.platform.access.contracts import Permission
from openmso.platform.ui.contracts import Status

DEMOGRAPHIC = frozenset({DataClass.DEMOGRAPHIC})
READ = Permission("patients.read", "see patients and their coverages", line="front_office", classes=DEMOGRAPHIC)
EDIT = Permission("patients.edit", "register and change patients", line="front_office", classes=DEMOGRAPHIC)
PERMISSIONS: Iterable[Permission] = (READ, EDIT)

SENTENCES = {
    "patients.registered": "{actor} registered patient {subject}",
    "patients.registered_many": "{actor} registered {count:patient}",
    "patients.changed": "{actor} changed {fields} of patient {subject}",
    "patients.covered": "{actor} added a coverage to patient {subject} from {starts_on}",
    "patients.coverage_corrected": "{actor} corrected {fields} of coverage {subject}",
    "patients.coverage_ended": "{actor} ended coverage {subject} from {ends_on}",
}


class Sex(Status):
    """Administrative sex, as 837 DMG03 says it."""

    FEMALE = "F", "Female"
    MALE = "M", "Male"
    UNKNOWN = "U", "Unknown"


class Relationship(Status):
    """What the patient is to the subscriber: values of 837 SBR02 and PAT01, our own labels."""

    SELF = "18", "Self"
    SPOUSE = "01", "Spouse"
    CHILD = "19", "Child"
    OTHER = "G8", "Other"


class Order(Status):
    """Which payer is asked first."""

    PRIMARY = "P", "Primary"
    SECONDARY = "S", "Secondary"
    TERTIARY = "T", "Tertiary"


class PlanKind(Status):
    """What a plan is for: medical and vision plans stand side by side, each with an order of its own."""

    MEDICAL = "medical", "Medical"
    VISION = "vision", "Vision"


@dataclass(frozen=True, slots=True)
class Person:
    """A person as an insurer knows them."""

    last_name: str
    first_name: str
    middle_name: str = ""
    suffix: str = ""
    born_on: date | None = None
    sex: Sex = Sex.UNKNOWN
    address: Address = NO_ADDRESS

    def is_another(self, than: Person) -> bool:
        """Whether neither name nor birth date fits: one of the two may change, or have been mistyped."""
        if self.last_name.casefold() == than.last_name.casefold():
            return False
        if self.born_on is None or than.born_on is None:
            return self.first_name.casefold() != than.first_name.casefold()
        return self.born_on != than.born_on

    def called(self, last_name: str, first_name: str, born_on: date | None) -> Person:
        """The same person under other names, or born on another day."""
        return replace(self, last_name=last_name, first_name=first_name, born_on=born_on)

    @property
    def name(self) -> str:
        """First, middle and last name."""
        return " ".join(part for part in (self.first_name, self.middle_name, self.last_name, self.suffix) if part)


@dataclass(frozen=True, slots=True)
class Patient:
    """A patient of one practice."""

    id: int
    public_id: str
    practice: int
    mrn: str
    person: Person
    phone: str = ""
    email: str = ""

    @property
    def name(self) -> str:
        """First, middle and last name."""
        return self.person.name


@dataclass(frozen=True, slots=True)
class Coverage:
    """A promise of a payer to pay for a patient, from a day to before another."""

    id: int
    public_id: str
    practice: int
    patient_id: int
    payer_id: int
    order: Order
    member_id: str
    group_number: str
    plan_name: str
    relationship: Relationship
    subscriber: Person | None
    """None when the patient is the subscriber."""
    starts_on: date
    ends_on: date | None
    copay: Money
    insurance_type: str = ""
    kind: PlanKind = PlanKind.MEDICAL

    def holds_on(self, day: date) -> bool:
        """Whether it is in force on a day."""
        return self.starts_on <= day and (self.ends_on is None or day < self.ends_on)


@dataclass(frozen=True, slots=True)
class PatientDraft:
    """A patient to be registered. `source` and `source_id` name them in the system that they come from."""

    person: Person
    mrn: str = ""
    phone: str = ""
    email: str = ""
    ssn: str = field(default="", repr=False)
    source: str = ""
    source_id: str = ""


@dataclass(frozen=True, slots=True)
class CoverageDraft:
    """A coverage to be recorded; `subscriber` only when the patient is not the subscriber.

    Without a kind it is a vision plan where its payer is one, else medical.
    """

    payer_id: int
    member_id: str
    starts_on: date
    ends_on: date | None = None
    order: Order = Order.PRIMARY
    group_number: str = ""
    plan_name: str = ""
    relationship: Relationship = Relationship.SELF
    subscriber: Person | None = None
    copay: Money = ZERO
    insurance_type: str = ""
    kind: PlanKind | None = None


@dataclass(frozen=True, slots=True)
class PatientRow:
    """A line of the list of patients."""

    id: int
    public_id: str
    practice: int
    practice_name: str
    mrn: str
    name: str
    born_on: date | None
    phone: str


class PersonWords(NamedTuple):
    """What a claim says of a person, as it is kept: one of many thousand, of which most are only looked at."""

    last_name: str
    first_name: str
    middle_name: str
    suffix: str
    born_on: date | None
    sex: str
    line1: str
    line2: str
    city: str
    state: str
    zip: str


class CoverWords(NamedTuple):
    """What a claim says of a coverage, as it is kept; `subscriber` are the columns of `PersonWords`, if another's."""

    member_id: str
    order: str
    relationship: str
    starts_on: date
    ends_on: date | None
    group_number: str
    plan_name: str
    insurance_type: str
    subscriber: tuple[Any, ...] = ()
