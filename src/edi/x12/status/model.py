"""What the business reads in a 276 and a 277 (005010X212), as frozen records."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal

from edi.x12.values import Event, Party, Procedure, RawSegment, Reference, Span, reference


@dataclass(frozen=True, slots=True)
class StatusHeader:
    """BHT of the set that a record stands in."""

    control: str
    """ST02."""
    reference: str
    """BHT03."""
    created_on: date | None
    created_at: time | None = None


@dataclass(frozen=True, slots=True)
class Patient:
    """The subscriber (2000D) or the dependent (2000E): whose claim it is."""

    party: Party
    birth_on: date | None = None
    gender: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """One composite of an STC (01, 10 or 11), with the rest of its segment."""

    category: str
    """A0-A8 acknowledged, P0-P5 pending, F0-F4 finalized, R0-R17 more is wanted, D0 not found, E0-E4 error."""
    code: str
    entity: str = ""
    effective_on: date | None = None
    charge: Decimal | None = None
    """STC04."""
    paid: Decimal | None = None
    """STC05."""
    decided_on: date | None = None
    """STC06: the day of adjudication."""
    remitted_on: date | None = None
    """STC08."""
    trace: str = ""
    """STC09: the number of the check or EFT."""
    text: str = ""
    """STC12."""


@dataclass(frozen=True, slots=True)
class StatusLine:
    """2210 (asked) or 2220 (answered): one service line."""

    procedure: Procedure
    charge: Decimal | None
    paid: Decimal | None = None
    units: Decimal | None = None
    line_control: str = ""
    """REF*FJ."""
    told: tuple[Told, ...] = ()
    dates: tuple[Event, ...] = ()


@dataclass(frozen=True, slots=True)
class StatusInquiry:
    """One claim asked about."""

    header: StatusHeader
    source: Party
    """Who is asked: the payer."""
    receiver: Party
    """Who asks: the sender of the file."""
    provider: Party
    subscriber: Patient
    trace: str
    """TRN02: comes back in the answer."""
    dependent: Patient | None = None
    references: tuple[Reference, ...] = ()
    """1K payer's claim number, EJ patient control number, BLT type of bill, D9 clearinghouse number."""
    charge: Decimal | None = None
    """AMT*T3."""
    dates: tuple[Event, ...] = ()
    """472 service."""
    lines: tuple[StatusLine, ...] = ()
    other: tuple[RawSegment, ...] = ()
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class StatusAnswer:
    """What is said of one claim, or of all that a receiver or provider asked."""

    header: StatusHeader
    level: str
    """`receiver`, `provider` or `claim`."""
    source: Party
    receiver: Party
    trace: str
    """TRN02 of what was asked; at the levels above a claim often 0."""
    told: tuple[Told, ...]
    provider: Party | None = None
    subscriber: Patient | None = None
    dependent: Patient | None = None
    references: tuple[Reference, ...] = ()
    dates: tuple[Event, ...] = ()
    lines: tuple[StatusLine, ...] = ()
    other: tuple[RawSegment, ...] = ()
    span: Span | None = None

    @property
    def payer_control(self) -> str:
        """REF*1K: the payer's number of the claim."""
        return reference(self.references, "1K")

    @property
    def patient_control(self) -> str:
        """REF*EJ: our number of the claim, where the payer gives it back."""
        return reference(self.references, "EJ")
