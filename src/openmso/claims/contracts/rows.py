"""Claims as others see them: keys, lists, the page of one, what it is made of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from openmso.charges.contracts import Drug, Stay
from openmso.claims.states import S
from openmso.contracting.contracts import NOT_ASKED, Expected
from openmso.kit.money import Money
from openmso.parties.contracts import Clinician, Site
from openmso.patients.contracts import Coverage, Patient
from openmso.platform.ui.contracts import Segment


@dataclass(frozen=True, slots=True)
class LineKey:
    """A line, as answers of payers name it."""

    id: int
    number: int
    line_control: str
    code: str
    modifiers: tuple[str, ...]
    units: Decimal
    amount: Money
    service_on: date


@dataclass(frozen=True, slots=True)
class ClaimKey:
    """A claim, as answers of payers name it."""

    id: int
    public_id: str
    practice: int
    control: str
    payer_id: int | None
    patient_id: int
    billing_provider_id: int | None
    state: S
    total: Money
    service_on: date
    lines: tuple[LineKey, ...] = ()

    @property
    def practice_id(self) -> int:
        """The tenant."""
        return self.practice

    @property
    def is_voided(self) -> bool:
        """Whether nobody is asked with it any more."""
        return self.state is S.VOIDED


@dataclass(frozen=True, slots=True)
class FindingRow:
    """A finding of the scrubber, as it stands on a claim."""

    code: str
    severity: str
    words: str
    fix: str
    field: str
    line: int | None
    source: str
    overridden: bool = False
    override_why: str = ""
    is_firm: bool = False
    """Nobody may set it aside: without it there is no valid 837."""

    @property
    def blocks(self) -> bool:
        """Whether it keeps the claim from going out."""
        return self.severity != "warn"

    @property
    def tone(self) -> str:
        """How it is to be taken on a screen."""
        return "bad" if self.blocks else "info" if self.overridden else "warn"


@dataclass(frozen=True, slots=True)
class LineRow:
    """A line with its money."""

    id: int
    number: int
    line_control: str
    code: str
    modifiers: tuple[str, ...]
    pointers: tuple[int, ...]
    units: Decimal
    service_on: date
    place_of_service: str
    charged: Money
    paid: Money
    adjusted: Money
    patient: Money
    open: Money
    flagged: bool = False
    service_through: date | None = None
    drug: Drug | None = None
    expected: Expected = NOT_ASKED
    """What the first payer should allow for its charge, by which term."""
    carried_to: str = ""
    """The claim that asks for it now; it is not in the total of this one."""

    revenue_code: str = ""
    minutes: int | None = None
    is_denied_whole: bool = False
    """The payer denied all of it, and nothing else was decided about it."""

    @property
    def letters(self) -> str:
        """The diagnosis pointers as a form prints them: AB."""
        return "".join(chr(64 + pointer) for pointer in self.pointers if 0 < pointer <= 12)


@dataclass(frozen=True, slots=True)
class ExpectedLine:
    """A line of a first payer's claim, with what its contract expects."""

    id: int
    claim_id: int
    visit_id: int
    payer_id: int | None
    number: int
    code: str
    modifiers: tuple[str, ...]
    units: Decimal
    place_of_service: str
    service_on: date
    charge: Money
    expected: Expected


@dataclass(frozen=True, slots=True)
class KindLine:
    """A line of a day at the practice, as far as its price depends on it; `expected` as the charge was told."""

    code: str
    modifiers: tuple[str, ...]
    units: Decimal
    charge: Money
    place_of_service: str
    expected: Money | None


@dataclass(frozen=True, slots=True)
class DayKind:
    """Days of a clinician that are alike: the lines of each, how many such days, what payers allowed for all of them.

    `on` is the first day of their quarter.
    """

    on: date
    lines: tuple[KindLine, ...]
    clinician: int | None
    times: int
    allowed: Money


@dataclass(frozen=True, slots=True)
class AllowedCode:
    """Lines of one code that a payer decided: what was expected, and what it paid and left to the patient."""

    code: str
    lines: int
    expected: Money
    allowed: Money
    ids: tuple[int, ...]
    """Of the claim lines."""


@dataclass(frozen=True, slots=True)
class ClaimRow:
    """A line of the worklist."""

    id: int
    public_id: str
    practice: int
    practice_name: str
    patient: str
    payer: str
    state: S
    reason: str
    service_on: date
    due_on: date | None
    charged: Money
    open: Money
    sent_at: datetime | None
    blocks: int
    warnings: int


@dataclass(frozen=True, slots=True)
class Claim:
    """A claim with everything its page shows at once; panels of higher apps get this."""

    id: int
    public_id: str
    practice: int
    practice_name: str
    patient_id: int
    patient: str
    patient_born_on: date | None
    payer_id: int | None
    payer: str
    clinician: str
    site: str
    state: S
    state_at: datetime
    ordinal: str
    frequency: str
    original: str
    payer_control: str
    service_on: date
    service_through: date | None
    place_of_service: str
    diagnoses: tuple[str, ...]
    prior_authorization: str
    due_on: date | None
    charged: Money
    paid: Money
    adjusted: Money
    patient_share: Money
    denied: Money
    open: Money
    hold_reason: str
    version: int
    practice_public_id: str
    payer_public_id: str
    is_held_by_hand: bool = False
    sheet_version: int = 1
    split_from: str = ""
    """The claim whose lines it asks for, where it was split off or its denied lines are asked for anew."""
    form: str = "P"
    """P professional, I institutional."""
    stay: Stay | None = None
    attending: str = ""
    lines: tuple[LineRow, ...] = ()
    findings: tuple[FindingRow, ...] = ()

    @property
    def is_expected(self) -> bool:
        """Whether it was asked what its lines should bring."""
        return any(line.expected.words for line in self.asked)

    @property
    def asked(self) -> tuple[LineRow, ...]:
        """The lines that this claim asks for: those that no other one asks for now."""
        return tuple(line for line in self.lines if not line.carried_to)

    @property
    def expected(self) -> Money:
        """What the lines that a contract prices should bring together."""
        return Money.total(line.expected.amount for line in self.asked if line.expected.amount is not None)

    @property
    def practice_id(self) -> int:
        """The tenant."""
        return self.practice


@dataclass(frozen=True, slots=True)
class Sources:
    """What a claim is made of, and among what one may choose instead; public ids, empty where there is none."""

    claim: Claim
    patient: Patient
    coverages: tuple[Coverage, ...]
    coverage: str
    clinicians: tuple[Clinician, ...]
    clinician: str
    sites: tuple[Site, ...]
    site: str


@dataclass(frozen=True, slots=True)
class RawView:
    """The bytes of a file that speak of one claim."""

    title: str
    document: str
    name: str
    sha256: str
    loop: str
    segments: tuple[Segment, ...]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A claim that an answer might be about."""

    id: int
    public_id: str
    patient_name: str
    service_on: date
    charge: Money
    open: Money
    payer_name: str
    why: str


@dataclass(frozen=True, slots=True)
class ClaimMeasure:
    """A claim: who, when and how much. Days are the practice's own; `gone_on` is the day it was replaced or voided.

    A claim is asked of one payer after the other: `payer` is whose turn it is, `first_payer` whose it was first.
    `ordinal` is that of the first one; `version` (how often it was sent) and `rejected` are told of its turn.
    """

    id: int
    public_id: str
    payer: int | None
    first_payer: int | None
    clinician: int | None
    ordinal: str
    frequency: str
    state: S
    service_on: date
    built_on: date
    sent_on: date | None
    gone_on: date | None
    settled_on: date | None
    """The day from which nothing of it is open: paid, closed."""
    version: int
    charge: Decimal
    open: Decimal
    answered: bool
    rejected: bool
