"""What operations of claims take and give."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from ninja import Schema
from pydantic import Field

from openmso.charges.contracts import MODIFIERS_MAX
from openmso.claims.rules.lines import LINES_MAX
from openmso.kit.classes import DataClass
from openmso.platform.api.reads import of_class
from openmso.platform.api.schemas import Amount, Body, Count, Words, public_id, text

ClaimId = Annotated[str, public_id("CLM")]
RunId = Annotated[str, public_id("RUN")]
Why = Annotated[str, text(300)]
Code = Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9]{1,11}$", examples=["ROCK"], description="Code of the practice")]
SENT_AT_ONCE_MAX = 1000


class FindingOut(Schema):
    """What the scrubber found."""

    code: str
    severity: str
    words: str
    fix: str
    field: str
    line: int | None
    source: str
    overridden: bool


class ClaimRowOut(Schema):
    """A claim in a list."""

    id: str
    practice: str
    patient: Annotated[str, of_class(DataClass.DEMOGRAPHIC)]
    payer: str
    state: str
    reason: str
    service_on: Annotated[date, of_class(DataClass.CLINICAL)]
    file_by: date | None
    charged: Amount
    open: Amount


class ClaimLineOut(Schema):
    """A line with its money."""

    number: int
    control: str
    code: Annotated[str, of_class(DataClass.CLINICAL)]
    modifiers: Annotated[list[str], of_class(DataClass.CLINICAL)]
    pointers: Annotated[list[int], of_class(DataClass.CLINICAL)]
    units: Annotated[str, of_class(DataClass.CLINICAL)]
    service_on: Annotated[date, of_class(DataClass.CLINICAL)]
    charged: Amount
    paid: Amount
    adjusted: Amount
    patient: Amount
    open: Amount
    expected: Amount | None
    expected_words: str
    expected_source: str
    carried_to: Annotated[str, Field(description="The claim that asks for it now; not in this one's total")]


class ClaimOut(ClaimRowOut):
    """A claim with its lines and findings. charged = paid + adjusted + patient + open."""

    frequency: str
    original: str
    split_from: Annotated[str, Field(description="The claim whose lines this one asks for")]
    payer_control: str
    diagnoses: Annotated[list[str], of_class(DataClass.CLINICAL)]
    paid: Amount
    adjusted: Amount
    patient_share: Amount
    denied: Amount
    hold_reason: str
    sheet_version: int
    lines: list[ClaimLineOut]
    findings: list[FindingOut]


class EventOut(Schema):
    """Something that happened to a claim."""

    at: datetime
    title: Annotated[str, of_class(DataClass.CLINICAL)]
    note: Annotated[str, of_class(DataClass.CLINICAL)]
    tone: str


class RefusedOut(Schema):
    """A claim a bulk act refused."""

    claim: str
    code: str
    words: str
    fix: str


class RunReasonOut(Schema):
    """A reason for which a bulk act refused claims, and all of these; what mends it where it is the same for all."""

    words: str
    fix: str
    claims: list[str]


class RunOut(Schema):
    """How far a bulk act has come; `refused` tells the first 500, `reasons` all."""

    id: str
    act: str
    total: int
    done: int
    refused: list[RefusedOut]
    reasons: list[RunReasonOut]
    finished_at: datetime | None


class BatchOut(Schema):
    """An 837 file that left."""

    id: str
    payer: str
    document: str
    interchange_control: int
    claims: int
    total: Amount
    sent_at: datetime


class BuiltOut(Schema):
    """What building made."""

    claims: list[str]
    ready: int
    held: int


class AcknowledgedOut(Schema):
    """What a file of answers said."""

    document: str
    kinds: list[str]
    accepted: int
    rejected: int
    unmatched: int
    replayed: bool


class WhyIn(Body):
    """A reason in words."""

    why: Why


class OverrideIn(Body):
    """A finding to set aside."""

    code: Annotated[str, text(40)]
    line: Count | None = None
    why: Why


class CorrectIn(Body):
    """A correction: 7 replaces, 8 voids."""

    frequency: Annotated[str, Field(pattern=r"^[78]$")]
    why: Why


class PermitsAskedOut(Schema):
    """The requests that were made."""

    requests: list[str]


Lines = Annotated[list[Annotated[int, Field(ge=1, le=99)]], Field(min_length=1, max_length=LINES_MAX)]


class SplitIn(Body):
    """Lines that go to a claim of their own, by number."""

    lines: Lines
    why: Why


class ResubmitIn(SplitIn):
    """Denied lines that are asked for anew: 1 in a new claim, 7 in a corrected one."""

    frequency: Annotated[str, Field(pattern=r"^[17]$")] = "1"


class DrugIn(Body):
    """What was given: the NDC and how much of it."""

    ndc: Annotated[str, Field(pattern=r"^\d{11}$")]
    quantity: Annotated[str, Field(pattern=r"^\d{1,7}(\.\d{1,3})?$")]
    unit: Literal["F2", "GR", "ME", "ML", "UN"] = "UN"


Modifiers = Annotated[list[Annotated[str, Field(pattern=r"^[A-Z0-9]{2}$")]], Field(max_length=MODIFIERS_MAX)]


class LineChangeIn(Body):
    """New codes of a line; what is left out stays."""

    number: Annotated[Count, Field(ge=1, le=999)]
    code: Annotated[str, Field(pattern=r"^[A-Z0-9]{5}$")] | None = None
    modifiers: Modifiers | None = None
    pointers: list[Annotated[Count, Field(ge=1, le=12)]] | None = None
    units: Annotated[str, Field(pattern=r"^\d{1,4}(\.\d{1,3})?$")] | None = None
    amount: Annotated[str, Field(pattern=r"^\d{1,8}\.\d{2}$")] | None = None
    service_on: date | None = None
    service_through: date | None = None
    minutes: Annotated[Count, Field(ge=1, le=1440)] | None = None
    drug: DrugIn | None = None
    drugless: bool = False


class NewLineIn(Body):
    """One more line of the visit; without an amount it costs what the fee schedule says."""

    code: Annotated[str, Field(pattern=r"^[A-Z0-9]{5}$")]
    modifiers: Modifiers = []
    pointers: Annotated[list[Annotated[Count, Field(ge=1, le=12)]], Field(min_length=1, max_length=4)] = [1]
    units: Annotated[str, Field(pattern=r"^\d{1,4}(\.\d{1,3})?$")] = "1"
    amount: Annotated[str, Field(pattern=r"^\d{1,8}\.\d{2}$")] | None = None
    service_on: date
    service_through: date | None = None
    minutes: Annotated[Count, Field(ge=1, le=1440)] | None = None
    drug: DrugIn | None = None


class ChangeIn(Body):
    """What is changed on a claim that no payer has; what is left out stays."""

    sheet_version: Count
    diagnoses: list[Annotated[str, Field(pattern=r"^[A-Z0-9]{3,7}$")]] | None = None
    prior_authorization: Words | None = None
    lines: list[LineChangeIn] = []
    more: Annotated[list[NewLineIn], Field(max_length=LINES_MAX)] = []


class SelectionIn(Body):
    """Claims to act on together."""

    claims: Annotated[list[ClaimId], Field(min_length=1, max_length=SENT_AT_ONCE_MAX)]


class BillingPracticeIn(Body):
    """A practice by its code."""

    practice: Code
