"""What callers of the API send and get."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

from ninja import Schema
from pydantic import Field

from openmso.parties.contracts import (
    AccountUse,
    Address,
    Basis,
    ContactRole,
    EntityForm,
    Filing,
    NpiType,
    PayerKind,
    Specialty,
)
from openmso.platform.api.schemas import Body, Count, public_id, text

PracticeId = Annotated[str, public_id("TEN")]
EntityId = Annotated[str, public_id("ENT")]
PayerId = Annotated[str, public_id("PAY")]
ClinicianId = Annotated[str, public_id("CLN")]
BankAccountId = Annotated[str, public_id("ACT")]
BillerId = Annotated[str, public_id("BIL")]
SiteId = Annotated[str, public_id("SIT")]
NoteId = Annotated[str, Field(pattern=r"^NT[EP]-[0-9A-Z]{8}(?:[0-9A-Z]{2})?$", examples=["NTE-7K2P9M4X"])]
PayerName = Annotated[
    str, Field(pattern=r"^(PAY-[0-9A-Z]{8}(?:[0-9A-Z]{2})?)?$", description="Public id of a payer, or nothing")
]
PracticeName = Annotated[
    str, Field(pattern=r"^(TEN-[0-9A-Z]{8}(?:[0-9A-Z]{2})?)?$", description="Public id of a practice, or nothing")
]


class AddressIn(Body):
    line1: Annotated[str, text(55)]
    line2: Annotated[str, text(55, length_min=0)] = ""
    city: Annotated[str, text(30)]
    state: Annotated[str, text(2)]
    zip: Annotated[str, text(9)]

    def address(self) -> Address:
        return Address(self.line1, self.line2, self.city, self.state, self.zip)


class PracticeChangeIn(Body):
    name: Annotated[str, text(120)]
    specialty: Specialty
    state: Annotated[str, text(2)]


class PracticeIn(PracticeChangeIn):
    code: Annotated[str, text(12)]
    legal_name: Annotated[str, text(120)]
    zone: Annotated[str, text(40)]
    starts_on: date


class PracticeOut(Schema):
    id: str
    code: str
    name: str
    legal_name: str
    specialty: str
    state: str
    zone: str


class PracticeRowOut(Schema):
    id: str
    code: str
    name: str
    specialty: str
    state: str
    clinicians: int
    sites: int
    billers: int


class MsoOut(Schema):
    id: str
    name: str
    legal_name: str
    ownership: str
    tax_status: str
    state: str


class EntityIn(Body):
    legal_name: Annotated[str, text(120)]
    form: EntityForm
    ein: Annotated[str, text(9)]
    basis: Basis
    fiscal_year_starts: Annotated[Count, Field(ge=1, le=12)] = 1
    starts_on: date


class EntityOut(Schema):
    id: str
    legal_name: str
    form: str
    ein: str
    basis: str
    fiscal_year_starts: int


class BillerChangeIn(Body):
    name: Annotated[str, text(60)]
    first_name: Annotated[str, text(35, length_min=0)] = ""
    taxonomy: Annotated[str, text(10)]
    phone: Annotated[str, text(10, length_min=0)] = ""
    address: AddressIn
    pay_to: AddressIn | None = None
    starts_on: date


class BillerIn(BillerChangeIn):
    entity: EntityId
    npi: Annotated[str, text(10)]
    npi_type: NpiType
    tin: Annotated[str, text(9)]


class BillerOut(Schema):
    id: str
    npi: str
    npi_type: str
    tin: str
    name: str
    taxonomy: str
    address: str
    pay_to: str


class SiteChangeIn(Body):
    name: Annotated[str, text(60)]
    address: AddressIn
    starts_on: date
    clia: Annotated[str, text(10, length_min=0)] | None = None


class SiteIn(SiteChangeIn):
    place_of_service: Annotated[str, text(2)]
    npi: Annotated[str, text(10, length_min=0)] = ""


class SiteOut(Schema):
    id: str
    name: str
    place_of_service: str
    clia: str
    address: str


class _ClinicianBody(Body):
    taxonomy: Annotated[str, text(10)]
    last_name: Annotated[str, text(60)]
    first_name: Annotated[str, text(35)]
    middle_name: Annotated[str, text(25, length_min=0)] = ""
    credential: Annotated[str, text(12, length_min=0)] = ""
    licence_number: Annotated[str, text(24, length_min=0)] = ""
    licence_state: Annotated[str, text(2, length_min=0)] = ""


class ClinicianIn(_ClinicianBody):
    npi: Annotated[str, text(10)]
    starts_on: date


class ClinicianChangeIn(_ClinicianBody):
    suffix: Annotated[str, text(10, length_min=0)] = ""
    ssn: Annotated[str, text(11, length_min=0)] = ""


class ClinicianOut(Schema):
    id: str
    npi: str
    taxonomy: str
    name: str
    starts_on: date
    ends_on: date | None


class ClinicianTimeIn(Body):
    """How much of full time a clinician works from a day on, as a part of one, and what shows it."""

    share: Annotated[str, Field(pattern=r"^(0\.\d{1,4}|1(\.0{1,4})?)$", examples=["0.6"])]
    starts_on: date
    shows: Annotated[str, text(200)]


class ClinicianTimeOut(Schema):
    """How much of full time was stated from a day on; of one day the one recorded last holds."""

    share: str
    starts_on: date
    shows: str
    recorded_at: datetime
    recorded_by: str


class LeavingIn(Body):
    ends_on: date


class PayerIn(Body):
    name: Annotated[str, text(60)]
    edi_id: Annotated[str, text(30)]
    kind: PayerKind
    filing: Filing
    timely_filing_days: Annotated[Count, Field(ge=1, le=3660)]
    corrected_days: Annotated[Count, Field(ge=1, le=3660)]
    appeal_days: Annotated[Count, Field(ge=1, le=3660)]
    phone: Annotated[str, text(10, length_min=0)] = ""
    address: AddressIn | None = None


class PayerOut(Schema):
    id: str
    name: str
    edi_id: str
    kind: str
    filing: str
    timely_filing_days: int
    corrected_days: int
    appeal_days: int


class LegalNameIn(Body):
    legal_name: Annotated[str, text(120)]
    starts_on: date


class BankAccountIn(Body):
    entity: EntityId
    name: Annotated[str, text(60)]
    bank_name: Annotated[str, text(60)]
    routing: Annotated[str, text(9)]
    account_number: Annotated[str, text(17)]
    use: AccountUse
    opened_on: date


class BankAccountOut(Schema):
    id: str
    name: str
    bank_name: str
    routing: str
    masked_number: str
    use: str
    closed_on: date | None


class ContactIn(Body):
    name: Annotated[str, text(80)]
    role: ContactRole
    email: Annotated[str, text(254, length_min=0)] = ""
    phone: Annotated[str, text(10, length_min=0)] = ""
    starts_on: date


class ContactOut(Schema):
    id: str
    name: str
    role: str
    email: str
    phone: str


class RevealIn(Body):
    why: Annotated[str, text(200)]


class SecretOut(Schema):
    shown: Annotated[str, Field(description="The number in clear; keep it nowhere")]


class PracticeNoteIn(Body):
    """A note about a practice, or about a payer there; `until` is its last day."""

    words: Annotated[str, text(500)]
    until: date | None = None
    payer: PayerName = ""


class NoteIn(Body):
    """A note about a payer, in one practice or, without it, in all; `until` is its last day."""

    words: Annotated[str, text(500)]
    until: date | None = None
    practice: PracticeName = ""


class NoteOut(Schema):
    """A note; without a payer it is about the practice, and `where` is the practice's name or every practice."""

    id: str
    words: str
    where: str
    payer: str
    until: date | None
    written_at: datetime
    written_by: str
