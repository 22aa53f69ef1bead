"""What leaves billing of patients who do not pay: stages, runs, agencies, placements."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from openmso.billing.states import Deed, Ground, Helped, Placed, Stage, Sweeping, Swept
from openmso.billing.states import SweepKind as SweepKind
from openmso.kit.money import Money


@dataclass(frozen=True, slots=True)
class ChaseRow:
    """How far a patient was asked for what they owe, what comes next (none where something stops it), and why."""

    patient: str
    practice: int
    practice_name: str
    name: str
    owed: Money
    stage: Stage
    stage_on: date | None
    next: Stage | None
    due_on: date | None
    words: str


@dataclass(frozen=True, slots=True)
class SweepRow:
    """A run over the accounts of a practice. `paper` and `sheet` are documents."""

    id: int
    public_id: str
    practice: int
    practice_name: str
    kind: SweepKind
    agency: str
    on: date
    state: Sweeping
    made_at: datetime
    made_by: str
    made_user: str
    decided_at: datetime | None
    decided_by: str
    decided_why: str
    count: int
    amount: Money
    paper: str
    sheet: str
    whole: int | None
    looked: int


@dataclass(frozen=True, slots=True)
class SweptRow:
    """What a run proposes for an account, why, and what came of it."""

    number: int
    practice: int
    sweep: str
    patient: str
    name: str
    deed: Deed
    amount: Money
    words: str
    state: Swept
    why: str
    act: str


@dataclass(frozen=True, slots=True)
class AgencyRow:
    """A collection agency, and what it has and brought."""

    public_id: str
    practice: int
    practice_name: str
    name: str
    fee_percent: Decimal
    out: int
    out_amount: Money
    recovered: Money
    fees: Money


@dataclass(frozen=True, slots=True)
class PlacementRow:
    """An account that was handed over to an agency."""

    public_id: str
    practice: int
    practice_name: str
    patient: str
    name: str
    agency: str
    amount: Money
    placed_on: date
    state: Placed
    ended_on: date | None
    ended_why: str
    recovered: Money
    fee: Money


@dataclass(frozen=True, slots=True)
class ApplicationRow:
    """An application for charity care. `percent` is income against the guideline, `discount` what the scale gives."""

    public_id: str
    practice: int
    practice_name: str
    patient: str
    name: str
    state: Helped
    household: int
    income: Money
    percent: int
    year: int
    discount: int
    paper: str
    asked_at: datetime
    asked_by: str
    asked_user: str
    decided_at: datetime | None
    decided_by: str
    decided_why: str
    valid_until: date | None
    given: Money
    letter: str
    ground: Ground | None
    """The fact by which it is presumed; none where income was told."""
    evidence: str
    reversed_at: datetime | None
    reversed_by: str
    reversed_why: str
    reversed_amount: Money


@dataclass(frozen=True, slots=True)
class ProofRow:
    """A document that proves what an application says."""

    document: str
    name: str
    at: datetime
    by: str
