"""What the business reads and writes in an 837, as frozen records.

A `Claim` knows its billing provider, subscriber, patient and payer; the hierarchy (HL) of the file is made from them
on writing and dissolved into them on reading. Claims that stand together and share a provider or a subscriber (equal
values) share the HL.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal

from edi.x12.findings import Finding
from edi.x12.values import (
    Address,
    Adjustment,
    Amount,
    Contact,
    Event,
    Party,
    Procedure,
    RawSegment,
    Reference,
    Span,
    amount,
    event,
    reference,
)

ONE = Decimal(1)


@dataclass(frozen=True, slots=True)
class BatchHeader:
    """ST and BHT with the submitter (1000A) and the receiver (1000B)."""

    reference: str
    """BHT03: our batch number; a 277CA names it in its 2200B TRN02."""
    created_on: date | None
    created_at: time | None
    submitter: Party
    """NM1*41; `id` is the transmitter id, `contacts` at least one."""
    receiver: Party
    """NM1*40."""
    control: str = ""
    """ST02."""
    version: str = "005010X222A1"
    """GS08 and ST03: says professional (X222) or institutional (X223)."""
    purpose: str = "00"
    """BHT02: 00 original, 18 reissue."""
    kind: str = "CH"
    """BHT06: CH chargeable, RP reporting (encounters)."""
    interchange_control: str = ""
    group_control: str = ""
    sender: str = ""
    receiver_code: str = ""
    """ISA08."""
    span: Span | None = None

    @property
    def is_institutional(self) -> bool:
        return "X223" in self.version or "X096" in self.version


@dataclass(frozen=True, slots=True)
class BillingProvider:
    """2000A and 2010AA: who bills, under which NPI and tax id."""

    name: str
    """Organization, or last name when `first` is given."""
    npi: str
    tax_id: str
    address: Address
    tax_id_qualifier: str = "EI"
    """EI employer number, SY social security number."""
    first: str = ""
    middle: str = ""
    taxonomy: str = ""
    is_person: bool = False
    references: tuple[Reference, ...] = ()
    """2010AA REF other than the tax id (0B licence, 1G, G2)."""
    contacts: tuple[Contact, ...] = ()
    pay_to: Address | None = None
    """2010AB, when the money goes to another address."""
    pay_to_plan: Party | None = None
    """2010AC."""


@dataclass(frozen=True, slots=True)
class Payer:
    """2010BB (or 2330B): who is asked to pay."""

    name: str
    id: str
    id_qualifier: str = "PI"
    address: Address | None = None
    references: tuple[Reference, ...] = ()
    """2U, EI, FY, NF secondary ids; G2 and LU the billing provider's ids with this payer; F8 (2330B) the claim's."""


@dataclass(frozen=True, slots=True)
class Patient:
    """2000C and 2010CA: the patient when not the subscriber."""

    last: str
    first: str
    birth_on: date | None
    gender: str = "U"
    relationship: str = "19"
    """PAT01: 01 spouse, 19 child, 20 employee, 21 unknown, 39, 40, 53, G8 other."""
    middle: str = ""
    suffix: str = ""
    address: Address | None = None
    references: tuple[Reference, ...] = ()


@dataclass(frozen=True, slots=True)
class Subscriber:
    """2000B and 2010BA: whose coverage is asked."""

    last: str
    member_id: str
    first: str = ""
    middle: str = ""
    suffix: str = ""
    is_person: bool = True
    birth_on: date | None = None
    gender: str = ""
    address: Address | None = None
    sequence: str = "P"
    """SBR01: P primary, S secondary, T tertiary, A-H further: the place of the payer that this claim goes to."""
    is_patient: bool = True
    """SBR02 = 18."""
    group: str = ""
    group_name: str = ""
    insurance_type: str = ""
    """SBR05, only for Medicare as secondary: 12, 13, 14, 15, 16, 41, 42, 43, 47."""
    filing_code: str = "CI"
    """SBR09: CI commercial, MB Medicare B, MC Medicaid, BL Blue Cross, 12 PPO, HM ..."""
    id_qualifier: str = "MI"
    references: tuple[Reference, ...] = ()


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """One code of the HI with ABK/ABF (or ICD-9 BK/BF); pointers count from 1 in the order given here."""

    code: str
    """Without the point: E119."""
    qualifier: str = ""
    """ABK principal and ABF other; left empty, the first one is written ABK and the rest ABF."""
    present_on_admission: str = ""


@dataclass(frozen=True, slots=True)
class Cause:
    """CLM11: the accident that the claim comes from. Codes AA auto, EM employment, OA other."""

    codes: tuple[str, ...]
    state: str = ""
    country: str = ""


@dataclass(frozen=True, slots=True)
class Drug:
    """2410: the NDC (11 digits, no hyphens) of what was given, how much, in F2/GR/ME/ML/UN."""

    ndc: str
    quantity: Decimal
    unit: str = "UN"
    prescription: str = ""


@dataclass(frozen=True, slots=True)
class Attachment:
    """PWK: a paper that goes beside the claim."""

    kind: str
    """PWK01: what it is (OZ support data, 03 report, B4 referral form, M1 medical record ...)."""
    sent_by: str
    """PWK02: AA on request, BM mail, EL electronically, EM e-mail, FT file transfer, FX fax."""
    control: str = ""
    """PWK06: the number it bears, so that the payer finds its claim; not needed with AA."""


@dataclass(frozen=True, slots=True)
class Admission:
    """CL1 of an institutional claim: type of admission, point of origin, patient status (code values of the NUBC)."""

    kind: str
    source: str
    status: str


@dataclass(frozen=True, slots=True)
class LineAdjudication:
    """2430: what a prior payer did with this line."""

    payer_id: str
    """SVD01 = NM109 of that payer's 2330B."""
    paid: Decimal
    procedure: Procedure
    units: Decimal = ONE
    adjustments: tuple[Adjustment, ...] = ()
    paid_on: date | None = None
    remaining: Decimal | None = None
    """AMT*EAF: what the patient still owes."""
    revenue_code: str = ""
    bundled_into: str = ""
    """SVD06: the number (LX01) of the line that this one was paid with, where the payer bundled it."""


@dataclass(frozen=True, slots=True)
class OtherCoverage:
    """2320 with 2330A and 2330B: another payer of the same patient, and what it has done with the claim."""

    payer: Payer
    subscriber: Party
    """2330A, NM1*IL."""
    sequence: str = "P"
    relationship: str = "18"
    group: str = ""
    group_name: str = ""
    insurance_type: str = ""
    filing_code: str = "CI"
    adjustments: tuple[Adjustment, ...] = ()
    """Claim level only; verbatim from that payer's 835."""
    paid: Decimal | None = None
    """AMT*D."""
    remaining: Decimal | None = None
    """AMT*EAF."""
    noncovered: Decimal | None = None
    """AMT*A8."""
    benefits_assigned: str = "Y"
    """OI03."""
    patient_signature: str = ""
    """OI04."""
    release: str = "Y"
    """OI06."""
    outpatient: RawSegment = ()
    """MOA, copied from the 835."""
    inpatient: RawSegment = ()
    paid_on: date | None = None
    """DTP*573; left out on writing where the lines say it."""
    claim_control: str = ""
    """2330B REF*F8: that payer's claim number."""
    providers: tuple[Party, ...] = ()
    """2330C to 2330G (institutional to 2330I): providers under the ids that this payer knows them by."""
    other: tuple[RawSegment, ...] = ()


@dataclass(frozen=True, slots=True)
class ServiceLine:
    """2400 with SV1 (professional) or SV2 (institutional)."""

    procedure: Procedure
    charge: Decimal
    units: Decimal = ONE
    unit: str = "UN"
    """UN units, MJ minutes, DA days."""
    service_on: date | None = None
    service_through: date | None = None
    """None when it is one day."""
    pointers: tuple[int, ...] = (1,)
    """Up to four, from 1, most important first."""
    place_of_service: str = ""
    """Only where it differs from the claim's."""
    line_control: str = ""
    """REF*6R: comes back in the 835."""
    emergency: bool = False
    revenue_code: str = ""
    """SV201."""
    drug: Drug | None = None
    references: tuple[Reference, ...] = ()
    dates: tuple[Event, ...] = ()
    """DTP other than 472."""
    amounts: tuple[Amount, ...] = ()
    notes: tuple[tuple[str, str], ...] = ()
    """NTE: (reference code, text)."""
    providers: tuple[Party, ...] = ()
    """2420: 82 rendering, DK ordering, DQ supervising, 77 facility ..."""
    adjudications: tuple[LineAdjudication, ...] = ()
    other: tuple[RawSegment, ...] = ()
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class Claim:
    """2300: one claim, in its context."""

    control: str
    """CLM01: comes back in 277CA and 835; at most 20 characters are safe."""
    charge: Decimal
    billing: BillingProvider
    subscriber: Subscriber
    payer: Payer
    lines: tuple[ServiceLine, ...]
    diagnoses: tuple[Diagnosis, ...]
    patient: Patient | None = None
    """None when the subscriber is the patient."""
    place_of_service: str = "11"
    """CLM05-1; institutional the first two digits of the type of bill, whose third is the frequency."""
    facility_qualifier: str = "B"
    """B place of service (professional), A type of bill (institutional)."""
    frequency: str = "1"
    """CLM05-3: 1 original, 7 replacement, 8 void; 7 and 8 need `payer_control`."""
    payer_control: str = ""
    """REF*F8: the payer's claim number of the claim that is replaced or voided."""
    provider_signature: str = "Y"
    assignment: str = "A"
    """CLM07: A assigned, B only laboratory, C not assigned."""
    benefits_assigned: str = "Y"
    """CLM08: Y, N, W."""
    release: str = "Y"
    """CLM09: Y, I."""
    patient_signature: str = ""
    """CLM10: P when the provider signed for the patient."""
    cause: Cause | None = None
    special_program: str = ""
    delay_reason: str = ""
    clearinghouse_control: str = ""
    """REF*D9."""
    prior_authorization: str = ""
    """REF*G1."""
    referral: str = ""
    """REF*9F."""
    references: tuple[Reference, ...] = ()
    """2300 REF other than F8, D9, G1, 9F: EA medical record, X4 CLIA, LU ..."""
    dates: tuple[Event, ...] = ()
    """2300 DTP: 431 onset, 454 initial treatment, 439 accident, 435 admission, 434 statement ..."""
    amounts: tuple[Amount, ...] = ()
    """2300 AMT: F5 patient paid."""
    notes: tuple[tuple[str, str], ...] = ()
    codes: tuple[RawSegment, ...] = ()
    """HI other than diagnoses (condition, occurrence, value, procedure codes), element by element."""
    providers: tuple[Party, ...] = ()
    """2310: DN referring, 82 rendering, 77 facility, DQ supervising, 71 attending, 72 operating ..."""
    other_coverages: tuple[OtherCoverage, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    admission: Admission | None = None
    """Institutional only."""
    other: tuple[RawSegment, ...] = ()
    findings: tuple[Finding, ...] = ()
    span: Span | None = None

    def provider(self, *roles: str) -> Party | None:
        """The first 2310 provider in one of the roles."""
        return next((p for p in self.providers if p.role in roles), None)

    @property
    def rendering(self) -> Party | None:
        return self.provider("82")

    @property
    def patient_paid(self) -> Decimal | None:
        """AMT*F5."""
        return amount(self.amounts, "F5")

    def reference(self, *qualifiers: str) -> str:
        return reference(self.references, *qualifiers)

    def date(self, *qualifiers: str) -> date | None:
        found = event(self.dates, *qualifiers)
        return found.on if found else None


@dataclass(frozen=True, slots=True)
class BatchTotals:
    """The end of one ST: how many claims, for how much, and what is wrong with it."""

    control: str
    claims: int
    lines: int
    charge: Decimal
    findings: tuple[Finding, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Batch:
    """One ST of an 837 to be written: the header and the claims, in the order of the file."""

    header: BatchHeader
    claims: Iterable[Claim]
