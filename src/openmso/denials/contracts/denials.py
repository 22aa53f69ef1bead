"""Denials as lists and pages show them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from openmso.denials.contracts.judging import Worth
from openmso.denials.contracts.words import Category, Cause, Owner
from openmso.denials.states import Asked, S
from openmso.kit.money import ZERO, Money


@dataclass(frozen=True, slots=True)
class DenialRow:
    """A denial as the queue shows it."""

    id: int
    public_id: str
    practice: int
    practice_name: str
    claim: str
    patient: str
    payer: str
    clinician: str
    code: str
    service_on: date | None
    reason: str
    """As the payer wrote it: `CO-197 N290`."""
    words: str
    category: Category
    owner: Owner
    cause: Cause
    action: str
    state: S
    denied_on: date
    due_on: date | None
    charge: Money
    amount: Money
    rate: Decimal
    weight: Decimal
    value: Money
    recovered: Money
    is_denial: bool
    assignee: str = ""
    why_next: str = ""


@dataclass(frozen=True, slots=True)
class Happened:
    """One thing that happened to a denial."""

    at: datetime
    actor: str
    what: str
    note: str
    amount: Money | None


@dataclass(frozen=True, slots=True)
class WriteOffRow:
    """A write-off that was asked for."""

    public_id: str
    denial: str
    practice: int
    amount: Money
    why: str
    state: Asked
    asked_by: str
    asked_at: datetime
    asked_user: str
    decided_by: str
    decided_at: datetime | None
    decided_why: str
    entry: str


@dataclass(frozen=True, slots=True)
class Alike:
    """How others like it ended: the same category and payer at this practice."""

    ended: int
    recovered: int
    written_off: int
    patient: int
    amount: Money
    came_in: Money


@dataclass(frozen=True, slots=True)
class Denial:
    """A denial with all that its page shows at once."""

    row: DenialRow
    payer_id: int | None
    remittance: str
    payment: str
    number: int
    claim_line: int | None
    line_control: str
    modifiers: str
    codes: tuple[str, ...]
    remarks: tuple[str, ...]
    note: str
    group: str
    charge: Money
    stage: str
    cause_why: str
    correct_by: date | None
    appeal_by: date | None
    resent_as: str
    is_first: bool
    touched_at: datetime | None
    resolved_on: date | None
    written_off: Money
    to_patient: Money
    worth: Worth
    history: tuple[Happened, ...] = ()
    write_offs: tuple[WriteOffRow, ...] = ()
    siblings: tuple[DenialRow, ...] = ()
    """The other denials of the claim."""
    alike: Alike = field(default_factory=lambda: Alike(0, 0, 0, 0, ZERO, ZERO))


@dataclass(frozen=True, slots=True)
class No:
    """One denial that a bulk act refused, and why."""

    denial: str
    code: str
    words: str
    fix: str = ""


@dataclass(frozen=True, slots=True)
class Answered:
    """What a bulk act did, and what it refused; it never dies on the one that cannot be done."""

    done: tuple[str, ...] = ()
    refused: tuple[No, ...] = ()
    made: str = ""
    """Public id of what came about: the appeal, the corrected claim."""
