"""What leaves parties: frozen facts about the MSO, practices, billers, sites, clinicians, payers; and permissions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from openmso.kit.classes import DataClass
from openmso.platform.access.contracts import Permission
from openmso.platform.ui.contracts import Status, Tone

READ = Permission("parties.read", "see practices, billing providers, sites, clinicians and payers")
EDIT = Permission("parties.edit", "change the parties of a practice")
NETWORK = Permission("parties.network", "keep the registers of the network: practices and payers")
NOTE = Permission("parties.note", "write and end notes about payers and practices")
REVEAL = Permission(
    "parties.reveal",
    "reveal an SSN or a bank account number",
    classes=frozenset({DataClass.IDENTITY_SECRET}),
    fresh=True,
)
PERMISSIONS: Iterable[Permission] = (READ, EDIT, NETWORK, NOTE, REVEAL)

SENTENCES = {
    "parties.mso_registered": "{actor} registered the MSO {name}",
    "parties.practice_opened": "{actor} opened the practice {name}",
    "parties.practice_renamed": "{actor} recorded that the practice is called {name} from {starts_on}",
    "parties.practice_changed": "{actor} changed the specialty or state of the practice",
    "parties.entity_added": "{actor} added the legal entity {name}",
    "parties.entity_renamed": "{actor} recorded that {subject} is called {name} from {starts_on}",
    "parties.account_opened": "{actor} added the bank account {name}",
    "parties.account_closed": "{actor} closed the bank account {subject} from {ends_on}",
    "parties.biller_added": "{actor} added the billing provider {name} with NPI {npi}",
    "parties.biller_changed": "{actor} changed the profile of billing provider {subject} from {starts_on}",
    "parties.site_added": "{actor} added the site {name}",
    "parties.site_changed": "{actor} changed the profile of site {subject} from {starts_on}",
    "parties.clinician_added": "{actor} added the clinician {name} with NPI {npi}",
    "parties.clinician_changed": "{actor} changed the record of clinician {subject}",
    "parties.clinician_left": "{actor} recorded that clinician {subject} left on {ends_on}",
    "parties.enrolment_recorded": "{actor} recorded that {payer} has {subject} enrolled from {starts_on}",
    "parties.enrolment_ended": "{actor} recorded that the enrolment of {subject} with {payer} ended on {ends_on}",
    "parties.payer_added": "{actor} added the payer {name}",
    "parties.payer_changed": "{actor} changed the payer {name}",
    "parties.vendor_added": "{actor} added the vendor {name}",
    "parties.contact_added": "{actor} added the contact {name}",
    "parties.note_written": "{actor} wrote the note {note}",
    "parties.note_ended": "{actor} ended the note {note}",
}


class Ownership(Status):
    """Who owns the MSO; some rules of law turn on it."""

    INDEPENDENT = "independent", "Independent"
    HOSPITAL = "hospital", "Hospital-owned"
    PHYSICIAN = "physician", "Physician-owned"
    INVESTOR = "investor", "Investor-owned"
    NON_PROFIT = "non_profit", "Non-profit"


class TaxStatus(Status):
    """How the MSO is taxed."""

    CORPORATION = "corporation", "C corporation"
    S_CORPORATION = "s_corporation", "S corporation"
    PARTNERSHIP = "partnership", "Partnership"
    EXEMPT = "exempt", "Tax-exempt, 501(c)(3)"


class EntityForm(Status):
    """The legal form of an entity."""

    PC = "pc", "Professional corporation"
    PLLC = "pllc", "Professional LLC"
    PARTNERSHIP = "partnership", "Partnership"
    LLC = "llc", "LLC"
    CORPORATION = "corporation", "Corporation"
    NON_PROFIT = "non_profit", "Non-profit corporation"
    SOLE = "sole", "Sole proprietor"


class Basis(Status):
    """The accounting basis of an entity's books as its tax return keeps them."""

    CASH = "cash", "Cash"
    ACCRUAL = "accrual", "Accrual"


class Specialty(Status):
    """What a practice does, in our words."""

    PRIMARY_CARE = "primary_care", "Primary care"
    OPTOMETRY = "optometry", "Optometry"
    DERMATOLOGY = "dermatology", "Dermatology"
    BEHAVIORAL_HEALTH = "behavioral_health", "Behavioral health"
    PEDIATRICS = "pediatrics", "Pediatrics"
    OPHTHALMOLOGY = "ophthalmology", "Ophthalmology"
    DENTAL = "dental", "Dental"
    MULTI = "multi", "Multi-specialty"


class NpiType(Status):
    """Whose NPI: an individual's or an organization's (45 CFR 162.406)."""

    INDIVIDUAL = "1", "Type 1, individual"
    ORGANIZATION = "2", "Type 2, organization"


class PayerKind(Status):
    """The line of business of a payer; agreements exclude by it."""

    MEDICARE = "medicare", "Medicare"
    MEDICAID = "medicaid", "Medicaid"
    TRICARE = "tricare", "TRICARE"
    COMMERCIAL = "commercial", "Commercial"
    BLUES = "blues", "Blue Cross Blue Shield"
    VISION = "vision", "Vision plan"
    WORKERS_COMP = "workers_comp", "Workers' compensation"
    AUTO = "auto", "Auto"

    @property
    def is_government(self) -> bool:
        """Whether its money is a government receivable (42 CFR 424.73, 447.10)."""
        return self in {PayerKind.MEDICARE, PayerKind.MEDICAID, PayerKind.TRICARE}


class Filing(Status):
    """The claim filing indicator of a payer (837 SBR09): code values, our own labels."""

    MEDICARE_B = "MB", "Medicare part B"
    MEDICARE_ADVANTAGE = "16", "Medicare risk plan"
    MEDICAID = "MC", "Medicaid"
    TRICARE = "CH", "TRICARE"
    COMMERCIAL = "CI", "Commercial"
    PPO = "12", "PPO"
    HMO = "HM", "HMO"
    BLUES = "BL", "Blue plan"
    WORKERS_COMP = "WC", "Workers' compensation"
    AUTO = "AM", "Auto medical"
    OTHER = "ZZ", "Other"


class AccountUse(Status):
    """What a bank account is for."""

    DEPOSIT_GOVERNMENT = "deposit_government", "Deposits, government payers", Tone.WARN
    DEPOSIT = "deposit", "Deposits, other payers"
    OPERATING = "operating", "Operating"
    PAYROLL = "payroll", "Payroll"
    RESERVE = "reserve", "Reserve"


class ContactRole(Status):
    """What a contact is for."""

    OWNER = "owner", "Owner"
    ADMINISTRATOR = "administrator", "Administrator"
    BILLING = "billing", "Billing questions"
    PRIVACY = "privacy", "Privacy officer"
    LEGAL = "legal", "Legal notices"


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
