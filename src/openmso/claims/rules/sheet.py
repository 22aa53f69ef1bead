"""The claim sheet: everything the rules judge and the 837 says, as plain frozen values."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from openmso.claims.rules.findings import Book

from openmso.charges.contracts import Stay
from openmso.claims.contracts import EarlierDecision
from openmso.codes.contracts import AgeSex, Covered, Frequency, Standing, Surgery
from openmso.eligibility.contracts import Permitting

MBI = re.compile(
    r"[1-9][AC-HJKMNP-RT-Y][AC-HJKMNP-RT-Y0-9]\d[AC-HJKMNP-RT-Y][AC-HJKMNP-RT-Y0-9]\d"
    r"[AC-HJKMNP-RT-Y]{2}\d{2}"
)
"""A Medicare Beneficiary Identifier (CMS)."""


@dataclass(frozen=True, slots=True)
class Place:
    """An address; empty when nobody told it."""

    line1: str = ""
    line2: str = ""
    city: str = ""
    state: str = ""
    zip: str = ""

    @property
    def is_whole(self) -> bool:
        """Whether street, city, state and ZIP are there (N3 and N4)."""
        return bool(self.line1 and self.city and self.state and self.zip)


@dataclass(frozen=True, slots=True)
class Human:
    """A person on a claim: patient (2010CA) or subscriber (2010BA)."""

    last: str
    first: str
    middle: str = ""
    suffix: str = ""
    born_on: date | None = None
    sex: str = "U"
    address: Place = Place()


@dataclass(frozen=True, slots=True)
class Cover:
    """The coverage that is asked (2000B)."""

    member_id: str
    order: str
    relationship: str
    starts_on: date
    ends_on: date | None = None
    group: str = ""
    plan_name: str = ""
    insurance_type: str = ""
    subscriber: Human | None = None
    """None when the patient is the subscriber."""


@dataclass(frozen=True, slots=True)
class Insurer:
    """Who is asked to pay (2010BB)."""

    name: str
    edi_id: str
    kind: str
    filing: str
    filing_days: int
    corrected_days: int = 180
    address: Place = Place()


@dataclass(frozen=True, slots=True)
class Biller:
    """Who bills (2000A, 2010AA, 2010AB)."""

    name: str
    npi: str
    tax_id: str
    taxonomy: str
    address: Place
    first: str = ""
    middle: str = ""
    suffix: str = ""
    is_person: bool = False
    pay_to: Place = Place()
    phone: str = ""


@dataclass(frozen=True, slots=True)
class Renderer:
    """A clinician: who rendered (2310B) or referred (2310A)."""

    last: str
    first: str
    npi: str
    taxonomy: str = ""
    middle: str = ""
    suffix: str = ""


@dataclass(frozen=True, slots=True)
class Facility:
    """Where it was done (2310C)."""

    name: str
    npi: str = ""
    address: Place = Place()
    clia: str = ""


@dataclass(frozen=True, slots=True)
class Medicine:
    """What was given (2410)."""

    ndc: str
    quantity: Decimal
    unit: str = "UN"


@dataclass(frozen=True, slots=True)
class Line:
    """One service line (2400)."""

    number: int
    control: str
    code: str
    modifiers: tuple[str, ...]
    units: Decimal
    charge: Decimal
    service_on: date
    pointers: tuple[int, ...]
    service_through: date | None = None
    place_of_service: str = ""
    code_system: str = ""
    is_priced: bool = True
    drug: Medicine | None = None
    note: str = ""
    revenue_code: str = ""
    minutes: int | None = None
    """How long it took, where somebody told."""


@dataclass(frozen=True, slots=True)
class Earlier:
    """A payer that was asked before this one, and what it decided (2320, 2330, 2430)."""

    order: str
    cover: Cover
    payer: Insurer
    decision: EarlierDecision


@dataclass(frozen=True, slots=True)
class Attached:
    """What goes beside the claim (2300 PWK): what it is, how it goes, the number it bears."""

    kind: str
    way: str
    control: str


@dataclass(frozen=True, slots=True)
class Pair:
    """An NCCI procedure-to-procedure edit: modifier indicator 0 never, 1 with a modifier."""

    first: str
    second: str
    indicator: str


@dataclass(frozen=True, slots=True)
class UnitLimit:
    """A medically unlikely edit: most units, and whether of a line (1) or of a day (2, 3)."""

    units: int
    indicator: str


@dataclass(frozen=True, slots=True)
class AddOn:
    """An add-on edit: its primaries, and whether the list is whole (1), the contractor's (2) or open (3)."""

    primaries: tuple[str, ...]
    edit_type: str = "1"


@dataclass(frozen=True, slots=True)
class Past:
    """A service that the practice did for the patient before."""

    code: str
    service_on: date
    follow_up: int = 0
    """Days after it that its price holds (MPFS global days)."""


@dataclass(frozen=True, slots=True)
class Spent:
    """What the patient's therapy of a year comes to with a line, and above what the claim says KX, in dollars."""

    amount: Decimal
    threshold: Decimal
    by: str = "in this practice alone"
    """Whose figures these are, in words."""


@dataclass(frozen=True, slots=True)
class Lists:
    """What the loaded lists of the days say of the claim's codes; a code that is on none of them is in none."""

    services: Mapping[str, AgeSex] = field(default_factory=dict)
    """Whom procedures are for."""
    diagnoses: Mapping[str, AgeSex] = field(default_factory=dict)
    waived: Mapping[str, str | None] = field(default_factory=dict)
    """Tests: `QW`, `No QW`, None for one that a whole list does not have; without entry where no list knows it."""
    frequencies: Mapping[str, tuple[Frequency, ...]] = field(default_factory=dict)
    coverage: Mapping[str, tuple[Covered, ...]] = field(default_factory=dict)
    surgery: Mapping[str, Surgery] = field(default_factory=dict)
    """Of codes with modifiers about sides and split care."""
    parts: frozenset[tuple[str, date, str]] = frozenset()
    """Code, day and modifier (54, 55) of other claims of the same patient and clinician."""
    therapy: Mapping[int, Spent] = field(default_factory=dict)
    """By line, of therapy for Medicare Part B."""


NO_LISTS = Lists()


@dataclass(frozen=True, slots=True)
class Whose:
    """Where a claim stands in the network, as the scopes of rules name it: codes and public ids, empty if unknown."""

    practice: str = ""
    specialty: str = ""
    state: str = ""
    payer: str = ""
    payer_kind: str = ""


@dataclass(frozen=True, slots=True)
class Context:
    """What must be known besides the claim itself, asked for a whole set of claims at once."""

    today: date
    same_day: tuple[str, ...] = ()
    """Other live claims of the same patient, day, payer order and code: their public ids."""
    pairs: tuple[Pair, ...] = ()
    limits: Mapping[str, UnitLimit] | None = None
    add_ons: Mapping[str, AddOn] | None = None
    enrolled: tuple[tuple[date, date | None], ...] | None = None
    """The days on which the payer has enrolled who rendered; None: nothing is recorded of this payer."""
    practice_enrolled: tuple[tuple[date, date | None], ...] | None = None
    """The same of the practice itself; None: the payer is not recorded to enrol practices."""
    lists: Lists = NO_LISTS
    follow_up: Mapping[str, int] = field(default_factory=dict)
    """Days of follow-up that the price of a code of the claim holds, where it holds any."""
    standing: Mapping[str, Standing | None] = field(default_factory=dict)
    """How diagnoses and HCPCS codes of the claim stand on their days; None: the edition does not have it.

    A code of which nothing is known (no edition answers for the day) is not in it.
    """
    earlier: Mapping[tuple[str, date], Decimal] = field(default_factory=dict)
    """Units by code and day on other live claims of the same patient and payer."""
    history: tuple[Past, ...] = ()
    """What the patient had done before: services with days of follow-up, those paid only so often, the last visit."""
    decided_on: date | None = None
    """The day of the payer's last decision about the claim that this one replaces."""
    whose: Whose = Whose()
    book: Book | None = None
    """The rules that are asked of the claim; None: the house's own, as they are."""
    permits: tuple[Permitting, ...] = ()
    """Authorizations and referrals that lines lack, as the payer's rules and what is on file say."""


@dataclass(frozen=True, slots=True)
class ClaimSheet:
    """A claim as it would go out today."""

    control: str
    total: Decimal
    frequency: str
    order: str
    place_of_service: str
    service_on: date
    diagnoses: tuple[str, ...]
    lines: tuple[Line, ...]
    patient: Human
    cover: Cover | None = None
    payer: Insurer | None = None
    biller: Biller | None = None
    rendering: Renderer | None = None
    referring: Renderer | None = None
    facility: Facility | None = None
    service_through: date | None = None
    diagnosis_system: str = ""
    record_number: str = ""
    payer_control: str = ""
    prior_authorization: str = ""
    referral_number: str = ""
    delay_reason: str = ""
    accident: str = ""
    """AA auto, EM employment, OA other; empty: no accident."""
    accident_state: str = ""
    accident_on: date | None = None
    patient_paid: Decimal = Decimal("0.00")
    attachments: tuple[Attached, ...] = ()
    earlier: tuple[Earlier, ...] = ()
    """Those asked before, in their order."""
    kind: str = "P"
    """P professional, I institutional."""
    stay: Stay | None = None
    """What the facility says besides, on an institutional claim."""
    attending: Renderer | None = None
    operating: Renderer | None = None

    @property
    def is_institutional(self) -> bool:
        """Whether a facility bills (837I, UB-04)."""
        return self.kind == "I"

    @property
    def clia(self) -> str:
        """The laboratory certificate of the place."""
        return self.facility.clia if self.facility else ""

    @property
    def last_service_on(self) -> date:
        """The day filing limits count from."""
        return last_day(self.service_on, self.service_through, self.lines)


def last_day(service_on: date, service_through: date | None, lines: Sequence[Line]) -> date:
    """The last day on which something of a claim was done."""
    return max([service_through or service_on, *[line.service_through or line.service_on for line in lines]])


def are_plain(
    control: str, order: str, service_on: date, payer: Insurer | None,
    patient: tuple[str, str, date | None, str, str, str, str, str], cover: tuple[str, str, date, date | None] | None,
) -> bool:  # fmt: skip
    """Whether patient, coverage and a claim's number are as nearly all are: named, born, insured and at home somewhere.

    It may say no of what is in order, and never yes of what a rule about people would remark on.
    """
    last, first, born_on, sex, street, city, state, place = patient
    if payer is None or cover is None or not 2 <= len(payer.edi_id) <= 15:
        return False
    member, relationship, starts_on, ends_on = cover
    if payer.kind == "medicare" and not MBI.fullmatch(member):
        return False
    return bool(
        order == "P" and relationship == "18" and ends_on is None and starts_on <= service_on
        and 2 <= len(member) <= 80 and member.isalnum() and 1 <= len(control) <= 20
        and last[:1].isalpha() and first[:1].isalpha() and born_on is not None and born_on <= service_on
        and sex in {"F", "M"} and street and city and state
        and len(place) in {5, 9} and place.isascii() and place.isdigit()
    )  # fmt: skip
