"""What the business reads and writes in a 270 and a 271, as frozen records.

The hierarchy (HL 20 source, 21 receiver, 22 subscriber, 23 dependent) is made from the records on writing and
dissolved into them on reading: each person who is asked about, or told of, is one record.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal

from edi.x12.values import Event, Party, Procedure, RawSegment, Reference, Span, event, reference


@dataclass(frozen=True, slots=True)
class InquiryHeader:
    """ST and BHT of a 270 or 271."""

    reference: str
    """BHT03: the sender's number of the inquiry; a 271 that is answered at once repeats it."""
    created_on: date | None
    created_at: time | None
    control: str = ""
    """ST02."""
    purpose: str = "13"
    """BHT02: 13 request, 01 cancellation, 36 authority to deduct; in a 271 11 response, 06 confirmation."""
    version: str = "005010X279A1"


@dataclass(frozen=True, slots=True)
class Trace:
    """TRN: our number of the inquiry (`2` in a 271 repeats it, `1` is the sender's own), and who gave it."""

    kind: str
    number: str
    origin: str = ""
    """TRN03: 9 and the company's id, or 3 and a DUNS number."""
    division: str = ""


@dataclass(frozen=True, slots=True)
class Insured:
    """2100C or 2100D: the subscriber or a dependent."""

    party: Party
    """NM1*IL or NM1*03, with `id` the member id; REF, N3, N4 and PRV are on it."""
    birth_on: date | None = None
    gender: str = ""
    relationship: str = ""
    """INS02: 18 self, 01 spouse, 19 child, 34 other adult."""
    is_changed: bool = False
    """INS03 001: a payer's answer that differs from what was asked with."""
    events: tuple[Event, ...] = ()
    """DTP: 291 plan, 346 plan begin, 347 plan end, 307 eligibility, 356/357 eligibility begin and end, 472 service."""
    other: tuple[RawSegment, ...] = ()
    """HI, MPI and whatever has no typed place."""

    def on(self, *qualifiers: str) -> Event | None:
        """The first date under one of the qualifiers."""
        return event(self.events, *qualifiers)


@dataclass(frozen=True, slots=True)
class Asked:
    """2110C or 2110D of a 270: what is asked about the person."""

    service_types: tuple[str, ...] = ("30",)
    """EQ01: 30 health plan, 98 office visit, AL vision, MH mental health ..."""
    procedure: Procedure | None = None
    """EQ02."""
    level: str = ""
    """EQ03: FAM."""
    insurance_type: str = ""
    references: tuple[Reference, ...] = ()
    events: tuple[Event, ...] = ()
    other: tuple[RawSegment, ...] = ()
    """AMT and III."""


@dataclass(frozen=True, slots=True)
class Inquiry:
    """One person asked about: the dependent when there is one, else the subscriber."""

    header: InquiryHeader
    source: Party
    """2100A: the payer."""
    receiver: Party
    """2100B: the provider who asks."""
    subscriber: Insured
    dependent: Insured | None = None
    asked: tuple[Asked, ...] = (Asked(),)
    traces: tuple[Trace, ...] = ()
    span: Span | None = None

    @property
    def person(self) -> Insured:
        """Who is asked about."""
        return self.dependent or self.subscriber


@dataclass(frozen=True, slots=True)
class Refusal:
    """AAA: the request, or a part of it, was not answered."""

    level: str
    """source, receiver, subscriber, dependent or benefit: whose part it is."""
    reason: str
    """AAA03: 42 unable to respond now, 71 birth date, 72 member id, 73 name, 75 not found, 76 twice in file ..."""
    follow_up: str = ""
    """AAA04: C correct and resubmit, N do not, R resubmission allowed, P resubmit the original, W wait 30 days ..."""
    valid: str = ""
    """AAA01: N the request was not valid, Y it was."""
    segment: int = 0
    offset: int = 0


@dataclass(frozen=True, slots=True)
class Delivery:
    """HSD: how often a service may be had: `quantity` of `unit` (VS visits, DY days) per `count` of `period`."""

    unit: str = ""
    quantity: Decimal | None = None
    sample: str = ""
    """HSD03: DA day, MO month, VS visit, WK week, YR year."""
    sample_count: Decimal | None = None
    period: str = ""
    """HSD05: 6 hour, 7 day, 21 years, 22 service year, 23 calendar year, 32 lifetime, 34 month ..."""
    period_count: Decimal | None = None
    pattern: str = ""
    time: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """III: a place of service (qualifier ZZ), a diagnosis (BK, ABK) or, by `category`, a kind of illness."""

    qualifier: str
    code: str
    category: str = ""


@dataclass(frozen=True, slots=True)
class Benefit:
    """2110C or 2110D of a 271: one EB and what follows it."""

    information: str
    """EB01: 1-5 active, 6-8 inactive, A coinsurance, B copay, C deductible, F limit, G out of pocket, I not covered,
    L primary care provider, R other payer, X provider, MC Medicaid managed care ..."""
    level: str = ""
    """EB02: IND, FAM ..."""
    service_types: tuple[str, ...] = ()
    """EB03: 1 medical, 30 health plan, 98 office visit, AL vision, AM frames, AO lenses, MH mental health ..."""
    insurance_type: str = ""
    """EB04: HM, PR, MA, MB, MC, C1, QM ..."""
    plan: str = ""
    period: str = ""
    """EB06: 22 service year, 23 calendar year, 25 contract, 26 episode, 27 visit, 29 remaining, 32 lifetime ..."""
    amount: Decimal | None = None
    percent: Decimal | None = None
    """EB08 as sent: .2 is twenty percent."""
    unit: str = ""
    """EB09: VS visits, DY days, P6 number of services ..."""
    quantity: Decimal | None = None
    authorization: str = ""
    """EB11: Y, N or U."""
    in_network: str = ""
    """EB12: Y, N, U or W (does not matter)."""
    procedure: Procedure | None = None
    deliveries: tuple[Delivery, ...] = ()
    references: tuple[Reference, ...] = ()
    events: tuple[Event, ...] = ()
    refusals: tuple[Refusal, ...] = ()
    messages: tuple[str, ...] = ()
    places: tuple[Place, ...] = ()
    parties: tuple[Party, ...] = ()
    """2120C or 2120D: other payers, primary care providers, plan sponsors."""
    other: tuple[RawSegment, ...] = ()
    span: Span | None = None

    @property
    def is_active(self) -> bool:
        return self.information in ACTIVE

    @property
    def is_inactive(self) -> bool:
        return self.information in INACTIVE

    def reference(self, *qualifiers: str) -> str:
        """The first REF value under one of the qualifiers, or the empty string."""
        return reference(self.references, *qualifiers)


ACTIVE = frozenset("12345")
INACTIVE = frozenset("678")


@dataclass(frozen=True, slots=True)
class Eligibility:
    """The answer about one person; of a 271 that was refused before any person, what it says without one."""

    header: InquiryHeader
    source: Party
    receiver: Party
    subscriber: Insured | None
    dependent: Insured | None = None
    traces: tuple[Trace, ...] = ()
    refusals: tuple[Refusal, ...] = ()
    """AAA of every level above the benefits: those of source and receiver hold for everybody below."""
    benefits: tuple[Benefit, ...] = ()
    span: Span | None = None

    @property
    def person(self) -> Insured | None:
        """Who is told of."""
        return self.dependent or self.subscriber

    @property
    def trace(self) -> str:
        """Our number, repeated by the answerer; where the answerer says 1 for 2, the first there is."""
        repeated = next((one.number for one in self.traces if one.kind == "2"), "")
        return repeated or next((one.number for one in self.traces), "")
