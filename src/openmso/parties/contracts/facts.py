"""The parties themselves, as other apps see them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from openmso.parties.contracts.choices import (
    AccountUse,
    Basis,
    ContactRole,
    EntityForm,
    Filing,
    NpiType,
    Ownership,
    PayerKind,
    Specialty,
    TaxStatus,
)


@dataclass(frozen=True, slots=True)
class Address:
    """An address in the United States, fit for the N3 and N4 segments of an 837."""

    line1: str
    line2: str
    city: str
    state: str
    zip: str

    @property
    def one_line(self) -> str:
        """As a person writes it on one line; of an empty address the empty text."""
        zip_code = f"{self.zip[:5]}-{self.zip[5:]}" if len(self.zip) == 9 else self.zip
        street = ", ".join(part for part in (self.line1, self.line2, self.city) if part)
        return f"{street}, {self.state} {zip_code}" if street else ""

    def __bool__(self) -> bool:
        return bool(self.line1)


NO_ADDRESS = Address("", "", "", "", "")


@dataclass(frozen=True, slots=True)
class Mso:
    """The MSO: `id` is its tenant."""

    id: int
    code: str
    name: str
    legal_name: str
    ownership: Ownership
    tax_status: TaxStatus
    state: str
    zone: str
    public_id: str


@dataclass(frozen=True, slots=True)
class Practice:
    """A practice as of a day: `id` is its tenant, `name` what people call it."""

    id: int
    public_id: str
    code: str
    name: str
    legal_name: str
    specialty: Specialty
    state: str
    zone: str


@dataclass(frozen=True, slots=True)
class LegalEntity:
    """A legal entity as of a day: `id` is its `tenancy.Entity`, `practice` its tenant."""

    id: int
    public_id: str
    practice: int
    legal_name: str
    form: EntityForm
    ein: str
    basis: Basis
    fiscal_year_starts: int
    closed_on: date | None = None


@dataclass(frozen=True, slots=True)
class BankAccount:
    """A bank account of an entity; the number is masked, `vault` reveals it with a reason."""

    id: int
    public_id: str
    practice: int
    entity: int
    name: str
    bank_name: str
    routing: str
    masked_number: str
    use: AccountUse
    closed_on: date | None = None


@dataclass(frozen=True, slots=True)
class BillingProvider:
    """A billing provider as of a day (loops 2010AA and 2010AB of the 837)."""

    id: int
    public_id: str
    practice: int
    entity: int
    npi: str
    npi_type: NpiType
    tin: str
    name: str
    first_name: str
    middle_name: str
    suffix: str
    taxonomy: str
    address: Address
    pay_to: Address
    phone: str
    closed_on: date | None = None


@dataclass(frozen=True, slots=True)
class Site:
    """A site as of a day (place of service and loop 2310C of the 837)."""

    id: int
    public_id: str
    practice: int
    name: str
    npi: str
    place_of_service: str
    clia: str
    address: Address
    closed_on: date | None = None


def called(first: str, middle: str, last: str, suffix: str, credential: str) -> str:
    """How a clinician is called: the name as it is said, and the credential."""
    person = " ".join(part for part in (first, middle, last, suffix) if part)
    return f"{person}, {credential}" if credential else person


@dataclass(frozen=True, slots=True)
class ClinicianTime:
    """How much of full time a clinician works from a day on, as a part of one, and what shows it."""

    starts_on: date
    share: Decimal
    shows: str
    recorded_at: datetime
    recorded_by: str


@dataclass(frozen=True, slots=True)
class Clinician:
    """A clinician of a practice (loop 2310B of the 837)."""

    id: int
    public_id: str
    practice: int
    npi: str
    taxonomy: str
    last_name: str
    first_name: str
    middle_name: str
    suffix: str
    credential: str
    licence_number: str
    licence_state: str
    starts_on: date
    ends_on: date | None = None
    masked_ssn: str = ""

    @property
    def name(self) -> str:
        """First and last name, with the credential."""
        return called(self.first_name, self.middle_name, self.last_name, self.suffix, self.credential)


@dataclass(frozen=True, slots=True)
class PayerEnrolment:
    """A payer takes the services of a clinician, or of the practice itself, from a day on.

    `ends_on` is the first day it takes none of.
    """

    public_id: str
    practice: int
    clinician_id: int | None
    clinician: str
    """A name; `The practice itself` where it is that."""
    payer_id: int
    payer: str
    number: str
    starts_on: date
    ends_on: date | None


@dataclass(frozen=True, slots=True)
class Payer:
    """A payer of the network's register."""

    id: int
    public_id: str
    name: str
    edi_id: str
    kind: PayerKind
    filing: Filing
    timely_filing_days: int
    corrected_days: int
    appeal_days: int
    address: Address
    phone: str
    closed_on: date | None = None


@dataclass(frozen=True, slots=True)
class Vendor:
    """A vendor of a tenant; numbers are masked."""

    id: int
    public_id: str
    practice: int
    name: str
    address: Address
    email: str
    phone: str
    masked_tin: str
    related_party: str


@dataclass(frozen=True, slots=True)
class Contact:
    """A person to call or write to."""

    public_id: str
    practice: int
    name: str
    role: ContactRole
    email: str
    phone: str


@dataclass(frozen=True, slots=True)
class PracticeRow:
    """A line of the list of practices."""

    public_id: str
    code: str
    name: str
    specialty: Specialty
    state: str
    clinicians: int
    sites: int
    billers: int


@dataclass(frozen=True, slots=True)
class BillerProfile:
    """What can change about a billing provider: name, taxonomy, addresses, telephone.

    For a type 1 NPI `name` is the last name. `pay_to` is given only where money goes to another address.
    """

    name: str
    taxonomy: str
    address: Address
    pay_to: Address = NO_ADDRESS
    phone: str = ""
    first_name: str = ""
    middle_name: str = ""
    suffix: str = ""


@dataclass(frozen=True, slots=True)
class Person:
    """A clinician's name and licence."""

    last_name: str
    first_name: str
    middle_name: str = ""
    suffix: str = ""
    credential: str = ""
    licence_number: str = ""
    licence_state: str = ""


@dataclass(frozen=True, slots=True)
class PayerFacts:
    """What is recorded about a payer; days are counted as its manual says (timely filing from the service)."""

    name: str
    edi_id: str
    kind: PayerKind
    filing: Filing
    timely_filing_days: int = 365
    corrected_days: int = 180
    appeal_days: int = 120
    address: Address = NO_ADDRESS
    phone: str = ""


@dataclass(frozen=True, slots=True)
class Note:
    """What people should know of a payer, a practice or both while they work; without a practice it is for all."""

    public_id: str
    words: str
    practice: int | None
    where: str
    """The practice's name."""
    payer_id: str
    payer: str
    until: date | None
    written_at: datetime
    written_by: str
    ended_at: datetime | None
