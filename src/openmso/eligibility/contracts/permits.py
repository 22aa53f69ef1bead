"""What payers ask for before a service, their yes, and what they are asked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from openmso.eligibility.states import R
from openmso.platform.ui.contracts import Status


class Permit(Status):
    """What a payer wants before a service."""

    AUTHORIZATION = "authorization", "Authorization"
    REFERRAL = "referral", "Referral"


@dataclass(frozen=True, slots=True)
class RuleDraft:
    """What a payer asks for, from a day on; `source` says where it says so."""

    payer_id: int
    kind: Permit
    first_code: str
    last_code: str
    starts_on: date
    source: str
    places: tuple[str, ...] = ()
    diagnoses: tuple[str, ...] = ()
    ends_on: date | None = None


@dataclass(frozen=True, slots=True)
class AuthorizationRule:
    """A rule as lists show it, and as claims are judged by it."""

    public_id: str
    practice: int
    payer_id: int
    payer: str
    kind: Permit
    first_code: str
    last_code: str
    places: tuple[str, ...]
    diagnoses: tuple[str, ...]
    starts_on: date
    ends_on: date | None
    source: str

    @property
    def codes(self) -> str:
        """`90837`, or `90832-90838`."""
        return self.first_code if self.first_code == self.last_code else f"{self.first_code}-{self.last_code}"


@dataclass(frozen=True, slots=True)
class AuthorizationDraft:
    """A payer's yes; `ends_on` is the last day it holds, `units` None as many as are needed."""

    patient_id: int
    payer_id: int
    kind: Permit
    number: str
    first_code: str
    last_code: str
    starts_on: date
    ends_on: date
    units: Decimal | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Authorization:
    """A payer's yes as lists show it, and as claims are judged by it."""

    public_id: str
    practice: int
    practice_name: str
    patient_id: int
    patient: str
    payer_id: int
    payer: str
    kind: Permit
    number: str
    first_code: str
    last_code: str
    starts_on: date
    ends_on: date
    units: Decimal | None
    note: str
    used: Decimal | None = None
    """Units that claims have used of it, where units are counted."""

    @property
    def codes(self) -> str:
        """`90837`, or `90832-90838`."""
        return self.first_code if self.first_code == self.last_code else f"{self.first_code}-{self.last_code}"

    def covers(self, code: str, on: date) -> bool:
        """Whether it says yes to a code on a day."""
        return self.first_code <= code <= self.last_code and self.starts_on <= on <= self.ends_on


@dataclass(frozen=True, slots=True)
class Permitting:
    """What one line of a claim lacks: in words, with what mends it; `blocks` keeps the claim from going out."""

    line: int
    kind: Permit
    words: str
    fix: str
    blocks: bool = True


@dataclass(frozen=True, slots=True)
class RequestDraft:
    """What a payer is asked to authorize or refer: one service, between two days; for which claim, if any."""

    patient_id: int
    payer_id: int
    kind: Permit
    code: str
    starts_on: date
    ends_on: date
    units: Decimal | None = None
    place: str = "11"
    diagnoses: tuple[str, ...] = ()
    claim: str = ""


@dataclass(frozen=True, slots=True)
class RequestRow:
    """A request as lists and its page show it."""

    public_id: str
    practice: int
    practice_name: str
    patient: str
    payer: str
    kind: Permit
    code: str
    units: Decimal | None
    starts_on: date
    ends_on: date
    diagnoses: tuple[str, ...]
    state: R
    words: str
    number: str
    authorization: str
    claim: str
    asked_at: datetime
    asked_by: str
    answered_at: datetime | None
    document: str
    answer: str


@dataclass(frozen=True, slots=True)
class RequestsTaken:
    """What a file of answers did: authorized at least in part, pending, refused or sent back, of no request of ours."""

    document: str
    authorized: int
    pended: int
    refused: int
    unmatched: int
