"""What leaves charges: charge lines, drafts, prices, and the permissions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from openmso.charges.states import S
from openmso.contracting.contracts import NOT_ASKED, Expected
from openmso.kit.classes import DataClass
from openmso.kit.money import Money
from openmso.platform.access.contracts import Permission
from openmso.platform.access.reserved import Act

CLINICAL = frozenset({DataClass.DEMOGRAPHIC, DataClass.CLINICAL})
READ = Permission("charges.read", "see charges", line="revenue_cycle", classes=CLINICAL)
CAPTURE = Permission("charges.capture", "record, change and void charges", line="revenue_cycle", classes=CLINICAL)
FEES = Permission("charges.fees", "publish fee schedules", line="revenue_cycle")
PERMISSIONS: Iterable[Permission] = (READ, CAPTURE, FEES)

PRICES = Act("charges.publish_fees", "RD13", "publish prices", "charges:fees")
ACTS: Iterable[Act] = (PRICES,)

MODIFIERS_MAX = 4
"""Of one line (837P SV101-3 to SV101-6)."""

SENTENCES = {
    "charges.captured": "{actor} captured {count:charge} of {visits:visit}, {amount} in all",
    "charges.priced": "{actor} priced {count:charge} that had no price",
    "charges.amended": "{actor} changed {fields} of charge {subject}",
    "charges.voided": "{actor} voided charge {subject}",
    "charges.held": "{actor} put charge {subject} on hold",
    "charges.let_go": "{actor} took charge {subject} off hold",
    "charges.stay_kept": "{actor} wrote down what the facility says of a visit of {subject}",
    "charges.fees_published": "{actor} published {count:fee} of schedule {name} from {starts_on}",
}


@dataclass(frozen=True, slots=True)
class Drug:
    """What was given: the NDC (11 digits), how much, in F2, GR, ME, ML or UN."""

    ndc: str
    quantity: Decimal
    unit: str = "UN"


@dataclass(frozen=True, slots=True)
class Occurrence:
    """An occurrence code with its day, or an occurrence span code with its days (NUBC FL 31 to 36)."""

    code: str
    on: date
    through: date | None = None


@dataclass(frozen=True, slots=True)
class ValueCode:
    """A value code and its amount (NUBC FL 39 to 41)."""

    code: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Surgery:
    """A procedure of an inpatient stay by its ICD-10-PCS code, and its day (NUBC FL 74)."""

    code: str
    on: date


@dataclass(frozen=True, slots=True)
class Stay:
    """What a facility says of a visit on an institutional claim: type of bill, admission, codes, who attended.

    Code values are the NUBC's; we keep what the facility enters. Hours are those of admission and discharge, 00 to 23.
    """

    bill_type: str
    """Type of facility and of bill, two digits: 13, 71, 11. The third is the claim's frequency."""
    admission_type: str = "3"
    admission_source: str = ""
    patient_status: str = "01"
    admitted_on: date | None = None
    admitted_hour: str = ""
    discharged_hour: str = ""
    admitting_diagnosis: str = ""
    conditions: tuple[str, ...] = ()
    occurrences: tuple[Occurrence, ...] = ()
    values: tuple[ValueCode, ...] = ()
    attending_id: int | None = None
    """None: who rendered the visit attended."""
    operating_id: int | None = None
    visit_reasons: tuple[str, ...] = ()
    """Why the patient came, in ICD-10-CM, three at most (NUBC FL 70); of outpatients."""
    procedures: tuple[Surgery, ...] = ()
    """The principal one first; of inpatients."""

    @property
    def is_inpatient(self) -> bool:
        """Whether somebody was admitted: hospitals, skilled nursing and the like bill 1 or 2 as second digit."""
        return self.bill_type[1:] in {"1", "2"} and self.bill_type[:1] in {"1", "2", "4", "6"}


@dataclass(frozen=True, slots=True)
class Charge:
    """One thing done at a visit, priced."""

    id: int
    public_id: str
    practice: int
    visit_id: int
    patient_id: int
    number: int
    code: str
    modifiers: tuple[str, ...]
    pointers: tuple[int, ...]
    units: Decimal
    service_on: date
    service_through: date | None
    amount: Money
    is_priced: bool
    state: S
    code_system: str = ""
    """The system of a code that no payer takes (`SNOMED CT`); empty for HCPCS and CPT."""
    drug: Drug | None = None
    note: str = ""
    source_id: str = ""
    expected: Expected = NOT_ASKED
    """What the first payer should allow for it, since it was charged."""
    revenue_code: str = ""
    """Four digits, where a facility bills it; empty for what a professional bills."""
    minutes: int | None = None
    """How long it took, of what is billed by time."""

    @property
    def is_institutional(self) -> bool:
        """Whether a facility bills it."""
        return bool(self.revenue_code)


@dataclass(frozen=True, slots=True)
class ChargeDraft:
    """A charge line to be captured. Without an amount it is priced by the fee schedule of its day.

    One with a revenue code is a facility's; it may have no procedure code, and then has its amount.
    """

    code: str
    service_on: date
    modifiers: tuple[str, ...] = ()
    pointers: tuple[int, ...] = (1,)
    units: Decimal = Decimal(1)
    amount: Money | None = None
    otherwise: Money | None = None
    """What it is charged at when no fee schedule has a price."""
    service_through: date | None = None
    code_system: str = ""
    drug: Drug | None = None
    note: str = ""
    source_id: str = ""
    revenue_code: str = ""
    minutes: int | None = None


@dataclass(frozen=True, slots=True)
class VisitCharges:
    """All that was done at one visit; diagnoses in order of importance, pointers count from 1."""

    visit_id: int
    patient_id: int
    diagnoses: tuple[str, ...]
    lines: tuple[ChargeDraft, ...]
    diagnosis_system: str = ""
    """The system of codes that no payer takes (`SNOMED CT`); empty for ICD-10-CM."""
    stay: Stay | None = None
    """What the facility says of it, where it bills some of the lines."""


@dataclass(frozen=True, slots=True)
class Coding:
    """The diagnoses of a visit, in order."""

    visit_id: int
    diagnoses: tuple[str, ...]
    system: str = ""


@dataclass(frozen=True, slots=True)
class FeeDraft:
    """What one code costs from a day on; a modifier where it has its own price."""

    code: str
    amount: Money
    modifier: str = ""


@dataclass(frozen=True, slots=True)
class FeeRow:
    """A price that holds: of one unit of a code, under a modifier where it has its own; `payer` empty is everybody."""

    code: str
    modifier: str
    amount: Money
    schedule: str
    payer: str
    label: str
    starts_on: date


@dataclass(frozen=True, slots=True)
class ScheduleRow:
    """A schedule with its latest version, and how many prices that has."""

    public_id: str
    name: str
    payer: str
    label: str
    starts_on: date
    prices: int


@dataclass(frozen=True, slots=True)
class Priced:
    """A unit price and the fee schedule version it comes from."""

    amount: Money
    schedule: str
    version: str
    starts_on: date


@dataclass(frozen=True, slots=True)
class Tally:
    """How the charges of a practice stand: captured = waiting + held + billed + voided, lines and money."""

    captured: int
    waiting: int
    held: int
    billed: int
    voided: int
    captured_amount: Money
    waiting_amount: Money
    held_amount: Money
    billed_amount: Money
    voided_amount: Money

    @property
    def is_conserved(self) -> bool:
        """Whether every captured line and cent is somewhere."""
        parts = self.waiting + self.held + self.billed + self.voided
        money = Money.total((self.waiting_amount, self.held_amount, self.billed_amount, self.voided_amount))
        return parts == self.captured and money == self.captured_amount
