"""What payers decided about claims, what they left to patients, and whose turn it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from openmso.claims.states import S
from openmso.kit.money import Money


@dataclass(frozen=True, slots=True)
class Reduction:
    """One reason of a CAS, verbatim as the payer gave it."""

    group: str
    code: str
    amount: Decimal
    quantity: Decimal | None = None


@dataclass(frozen=True, slots=True)
class LineDecision:
    """What an earlier payer decided about one line of a claim (2430)."""

    line: int
    """The number of our line."""
    code: str
    modifiers: tuple[str, ...]
    units: Decimal
    paid: Decimal
    reductions: tuple[Reduction, ...] = ()

    @property
    def patient_share(self) -> Decimal:
        """What it leaves to the patient: all PR."""
        return sum((one.amount for one in self.reductions if one.group == "PR"), Decimal("0.00"))


@dataclass(frozen=True, slots=True)
class EarlierDecision:
    """All that one payer decided about a claim and that stands, as the next payer is told it (2320, 2330, 2430)."""

    rank: int
    """1 primary, 2 secondary, 3 tertiary."""
    payer_key: str
    """The payer's id as its remittance says it."""
    payer_control: str
    """CLP07; the next payer is told it in REF*F8."""
    paid_on: date | None
    paid: Decimal
    charge: Decimal
    source: str
    """Public id of the latest claim payment."""
    reductions: tuple[Reduction, ...] = ()
    """Of the claim level alone."""
    lines: tuple[LineDecision, ...] = ()
    remarks: tuple[str, ...] = ()
    """Of the claim (MOA03 to MOA07)."""
    unplaced: int = 0
    """Adjudicated lines that fit no line of ours."""

    @property
    def patient_share(self) -> Decimal:
        """What it leaves to the patient: all PR."""
        own = (one.amount for one in self.reductions if one.group == "PR")
        return sum((*own, *(line.patient_share for line in self.lines)), Decimal("0.00"))


@dataclass(frozen=True, slots=True)
class Turn:
    """One payer in the line of those that a claim is asked of."""

    ordinal: str
    words: str
    """Primary, secondary, tertiary."""
    payer: str
    paid: Money | None
    """None while it has not decided."""
    left: Money | None
    """What it left to the patient."""
    state: str
    """What it did, or what it is waited for, in words."""
    tone: str = "none"


@dataclass(frozen=True, slots=True)
class PatientPart:
    """What payers left to a patient of a line of a claim; `line` 0 is what they said of the claim as a whole."""

    claim_id: int
    claim: str
    patient_id: int
    payer_id: int | None
    biller_id: int | None
    service_on: date
    line_id: int | None
    line: int
    code: str
    amount: Money


@dataclass(frozen=True, slots=True)
class DecidedLine:
    """A line and what all decisions about it come to."""

    id: int
    charge_id: int
    number: int
    line_control: str
    code: str
    charged: Money
    paid: Money
    adjusted: Money
    patient: Money


@dataclass(frozen=True, slots=True)
class Circumstances:
    """Under which circumstances a line was asked for."""

    diagnosis: str
    """The first that it points to, empty if none."""
    place: str
    rendering: str
    """NPI of who rendered it, empty if nobody is named."""
    beside: frozenset[str]
    """The other codes of its claim."""


@dataclass(frozen=True, slots=True)
class DecidedClaim:
    """A claim and what all decisions about it come to."""

    id: int
    public_id: str
    control: str
    patient_id: int
    payer_id: int | None
    clinician_id: int | None
    biller_id: int | None
    first_sent_on: date | None
    ordinal: str
    frequency: str
    original_id: int | None
    state: S
    service_on: date
    payer_control: str
    charged: Money
    paid: Money
    adjusted: Money
    patient: Money
    lines: tuple[DecidedLine, ...] = ()
