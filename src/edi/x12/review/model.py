"""What the business reads and writes in a 278 (005010X217), as frozen records: one patient event, and its services."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal

from edi.x12.values import Event, Party, Procedure, RawSegment, Reference, Span, event

ANSWERED = "11"
"""BHT02 of an answer; 13 is a request."""


@dataclass(frozen=True, slots=True)
class ReviewHeader:
    """ST and BHT."""

    reference: str
    """BHT03; an answer repeats that of the request."""
    created_on: date | None = None
    created_at: time | None = None
    control: str = "0001"
    purpose: str = "13"
    """BHT02: 13 request, 11 response."""


@dataclass(frozen=True, slots=True)
class Person:
    """The subscriber (NM1*IL) or a dependent (NM1*QC)."""

    party: Party
    birth_on: date | None = None
    gender: str = ""


@dataclass(frozen=True, slots=True)
class Refusal:
    """AAA: what was asked cannot be judged; `level` is the HL code of who is at fault (20, 21, 22, 23, EV, SS)."""

    level: str
    reason: str
    """AAA03: 33 input errors, 72 invalid member id, 15 data missing ..."""
    follow_up: str = ""
    """AAA04: C correct and resubmit, N do not resubmit, R resubmit ..."""


@dataclass(frozen=True, slots=True)
class Decision:
    """HCR: what was decided."""

    action: str
    """HCR01: A1 certified in total, A3 not certified, A4 pended, A6 modified, C cancelled, CT ask the payer."""
    number: str = ""
    """HCR02: the review identification number, which is the authorization's."""
    reason: str = ""
    """HCR03: industry code of a reason."""


@dataclass(frozen=True, slots=True)
class Service:
    """2000F: one service that is asked for, and what was decided about it."""

    procedure: Procedure
    units: Decimal | None = None
    """HSD02, of visits or units; SV104 where there is no HSD."""
    unit: str = "UN"
    revenue_code: str = ""
    dates: tuple[Event, ...] = ()
    decision: Decision | None = None
    trace: str = ""
    other: tuple[RawSegment, ...] = ()


@dataclass(frozen=True, slots=True)
class Review:
    """2000E: one patient event, in its context; in an answer with what was decided."""

    header: ReviewHeader
    payer: Party
    """2010A, NM1*X3: who reviews."""
    provider: Party
    """2010B, NM1*1P or FA: who asks."""
    subscriber: Person
    trace: str
    """TRN02: ours, which the answer repeats."""
    dependent: Person | None = None
    category: str = "HS"
    """UM01: HS services, SC specialty care (a referral), AR admission."""
    kind: str = "I"
    """UM02: I initial, R renewal, S revised, 3 cancel, 4 extension."""
    service_type: str = ""
    """UM03: 3 consultation, A7 psychiatric ..."""
    place: str = ""
    """UM04-1: place of service, or the first two digits of the type of bill."""
    place_qualifier: str = "B"
    diagnoses: tuple[str, ...] = ()
    """Without the point, the principal first."""
    dates: tuple[Event, ...] = ()
    """AAH event, 472 service, 435 admission; in an answer 036 and 102 beside them."""
    units: Decimal | None = None
    """HSD02 of the event."""
    services: tuple[Service, ...] = ()
    performer: Party | None = None
    """2010EA NM1*SJ: who is to do it, where not who asks."""
    decision: Decision | None = None
    refusals: tuple[Refusal, ...] = ()
    messages: tuple[str, ...] = ()
    references: tuple[Reference, ...] = ()
    other: tuple[RawSegment, ...] = ()
    span: Span | None = None

    @property
    def is_answer(self) -> bool:
        """Whether it says what was decided, or why nothing could be."""
        return self.decision is not None or bool(self.refusals) or self.header.purpose == ANSWERED

    @property
    def decided(self) -> Decision | None:
        """What was decided: of the event, else of its first service that says so."""
        return self.decision or next((one.decision for one in self.services if one.decision), None)

    def on(self, *qualifiers: str) -> Event | None:
        """The first date under one of the qualifiers, of the event or of a service."""
        return event(self.dates, *qualifiers) or next(
            (found for one in self.services if (found := event(one.dates, *qualifiers))), None
        )
