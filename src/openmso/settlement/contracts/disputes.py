"""Disputes of an invoice: what is contested, what was said about it, and what was given back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from openmso.kit.money import ZERO, Money
from openmso.kit.periods import Month
from openmso.platform.documents.contracts import Content
from openmso.settlement.contracts.statements import Settlement
from openmso.settlement.states import HELD, RELEASED, D


@dataclass(frozen=True, slots=True)
class DisputeRow:
    """A line of the list of disputes: what is contested of which invoice, and where that stands.

    `held` is what is still disputed; of the `amount` the rest was `credited`, or `released` when it ended.
    """

    public_id: str
    practice: int
    practice_name: str
    settlement: str
    invoice: str
    month: Month
    row: int
    label: str
    reason: str
    amount: Money
    credited: Money
    state: D
    stage: D
    opened_at: datetime
    opened_by: str
    opened_by_user: str
    due_on: date | None
    settled_at: datetime | None
    of_paid: bool = False
    """Whether it is about what was paid: nothing is held, and what is won is paid back."""

    @property
    def contested(self) -> Money:
        """What is still contested and not credited."""
        return self.amount - self.credited if self.state in HELD else ZERO

    @property
    def held(self) -> Money:
        """What of it is not due yet; nothing of what was paid."""
        return ZERO if self.of_paid else self.contested

    @property
    def released(self) -> Money:
        """What became due when the dispute ended; of what was paid, what stays paid."""
        return self.amount - self.credited if self.state in RELEASED else ZERO


@dataclass(frozen=True, slots=True)
class Said:
    """A step of a dispute: what it became, who said what, what was credited by it, and the papers (id and name)."""

    state: D
    came_from: str
    at: datetime
    by: str
    why: str
    credited: Money
    due_on: date | None
    papers: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Memo:
    """A credit memo: its number, what it gives back, its paper and its entries."""

    public_id: str
    number: str
    dispute: str
    amount: Money
    issued_on: date
    issued_by: str
    document: str
    practice_entry: str
    mso_entry: str


@dataclass(frozen=True, slots=True)
class Dispute:
    """A dispute with its story, oldest step first, and the credit memos that came of it."""

    row: DisputeRow
    story: tuple[Said, ...]
    memos: tuple[Memo, ...]
    settlement: Settlement


@dataclass(frozen=True, slots=True)
class Paper:
    """A file that somebody brings along."""

    name: str
    content: Content
    media_type: str
