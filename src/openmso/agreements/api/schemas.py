"""What callers of the API send and get."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Annotated, Any, Literal, Self

from ninja import Schema
from pydantic import Field, model_validator

from openmso.agreements.contracts import (
    DoneBy,
    Mode,
    Shown,
    Side,
)
from openmso.agreements.tasks.contracts import Who
from openmso.platform.api.schemas import Amount, Body, Count, public_id, text

AgreementId = Annotated[str, public_id("AGR")]
BaaId = Annotated[str, public_id("BAA")]
PracticeId = Annotated[str, public_id("TEN")]
EntityId = Annotated[str, public_id("ENT")]
PayerId = Annotated[str, public_id("PAY")]
Paper = Annotated[str, Field(min_length=8, max_length=4_000_000, description="The signed PDF, in base64")]
Why = Annotated[str, text(200)]
ROWS_MAX = 5_000


class PromiseIn(Body):
    kind: Annotated[str, text(40)]
    words: Annotated[str, text(120)]
    business_hours: Annotated[Count | None, Field(ge=1, le=1000)] = None
    at_most: Annotated[
        Count | None, Field(gt=0, le=100, description="A figure that is not exceeded, with its unit")
    ] = None
    unit: Literal["percent", "days"] = "percent"

    @model_validator(mode="after")
    def is_clock_or_figure(self) -> Self:
        """Either a clock or a figure."""
        if (self.business_hours is None) == (self.at_most is None):
            raise ValueError("A promise has a clock in business hours, or a figure that is not exceeded.")
        return self


class AgreedLineIn(Body):
    code: Annotated[str, text(24)]
    starts_on: date | None = None
    ends_on: date | None = None
    done_by: DoneBy = DoneBy.MSO
    approval: Annotated[str, text(60, length_min=0)] = ""
    promises: Annotated[list[PromiseIn], Field(max_length=20)] = []


class VolumeBandIn(Body):
    first: Annotated[Count, Field(ge=1, le=9_999_999)]
    last: Annotated[Count, Field(ge=1, le=9_999_999)]
    price: Annotated[Amount | None, Field(description="Of each unit; none: within the fee")] = None


class VolumeIn(Body):
    bands: Annotated[list[VolumeBandIn], Field(min_length=1, max_length=10)]
    above: Annotated[Amount | None, Field(description="Of each unit above the last band; none: nothing more")] = None


class TaskLevelIn(Body):
    kind: Annotated[str, text(40)]
    at_least: Annotated[Count, Field(ge=1, le=100, description="Percent that is to be in time")]
    credit: Annotated[str, Field(pattern=r"^0\.\d{1,4}$", description="Share of the fee, as 0.02")]


class TaskIn(Body):
    code: Annotated[str, Field(max_length=60, description="A task of the catalogue")]
    starts_on: date | None = None
    ends_on: Annotated[date | None, Field(description="The first day on which it is no longer in scope")] = None
    does: Who | None = None
    decides: Who | None = None
    approves: Who | None = None
    told: Who | None = None
    outside: Annotated[str, text(60, length_min=0)] = ""
    volume: VolumeIn | None = None
    level: TaskLevelIn | None = None


class QuorumIn(Body):
    """How many seats of each class make a quorum."""

    practice: Annotated[Count, Field(ge=1, le=9)]
    mso: Annotated[Count, Field(ge=1, le=9)]


class TermsIn(Body):
    mode: Mode
    mso_entity: EntityId
    practice_entity: EntityId
    starts_on: date
    ends_on: Annotated[date | None, Field(description="The first day on which it no longer holds")] = None
    lines: Annotated[list[AgreedLineIn], Field(max_length=20)]
    fee: Annotated[dict[str, Any] | None, Field(description="Fee terms, as `openmso fee quote` takes them")] = None
    payments: Annotated[
        dict[str, Any] | None, Field(description="The priority of payments, as `openmso fee waterfall` takes it")
    ] = None
    reserved: Annotated[list[Annotated[str, text(4)]], Field(max_length=20)] = []
    opens: time = time(8)
    closes: time = time(18)
    renewal_months: Annotated[Count, Field(ge=0, le=120)] = 12
    notice_days: Annotated[Count, Field(ge=0, le=730)] = 90
    tasks: Annotated[
        list[TaskIn] | None,
        Field(max_length=300, description="The scope matrix; none: as it was, and as the catalogue has it"),
    ] = None
    shows: Annotated[
        list[Shown], Field(max_length=10, description="Figures of the MSO's finances that the practice sees")
    ] = []
    quorum: Annotated[QuorumIn | None, Field(description="Of joint boards, where it is agreed")] = None
    summary: Annotated[str, text(200, length_min=0)] = ""


class DraftIn(TermsIn):
    practice: PracticeId


class AmendmentIn(TermsIn):
    effective_on: date


class SignerIn(Body):
    side: Side
    name: Annotated[str, text(80)]
    title: Annotated[str, text(80)]
    signed_at: datetime


class ExecutionIn(Body):
    document: Paper
    name: Annotated[str, text(120)] = "agreement.pdf"
    signers: Annotated[list[SignerIn], Field(min_length=1, max_length=20)]
    unreviewed: Annotated[str, Field(max_length=200, description="Why it was signed without a review by counsel")] = ""


class TerminationIn(Body):
    ends_on: date
    why: Why
    wind_down_lines: Annotated[list[Annotated[str, text(24)]], Field(max_length=20)] = []
    winds_down_until: date | None = None


class BaaIn(Body):
    practice: PracticeId
    document: Paper
    starts_on: date
    ends_on: date | None = None
    incident_notice_hours: Annotated[Count, Field(ge=1, le=1440)] = 48


class EndIn(Body):
    ends_on: date
    why: Why


class WithdrawalIn(Body):
    why: Why


class NoticeIn(Body):
    why: Why


class QuestionIn(Body):
    terms: dict[str, Any]
    period: Annotated[str, Field(max_length=10, examples=["2026-03", "2026-Q1", "2026"])]
    inputs: dict[str, Any]
    in_force: dict[str, Any] | None = None
    paid: Amount | None = None


class IdOut(Schema):
    id: str


class AgreementRowOut(Schema):
    id: str
    practice: str
    standing: str
    mode: str
    version: int
    starts_on: date
    ends_on: date | None
    fee: str


class VersionOut(Schema):
    id: str
    number: int
    starts_on: date
    mode: str
    lines: list[str]
    fee: str
    fee_terms: dict[str, Any] | None
    payments: dict[str, Any] | None
    shows: list[str]
    quorum: dict[str, int] | None
    document: str
    document_sha256: str
    executed_at: datetime
    signers: list[str]


class NoticeOut(Schema):
    side: str
    ends_on: date
    given_on: date
    why: str
    by: str


class AgreementOut(Schema):
    id: str
    practice: str
    state: str
    standing: str
    terminated_on: date | None
    notices: list[NoticeOut]
    has_draft: bool
    versions: list[VersionOut]
