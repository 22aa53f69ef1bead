"""Appeals with their letters, enclosures and answers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from openmso.denials.contracts.denials import DenialRow
from openmso.denials.states import A
from openmso.kit.money import Money

AppealState = A
"""Where an appeal stands, for those above."""


@dataclass(frozen=True, slots=True)
class AppealRow:
    """An appeal as the list shows it."""

    public_id: str
    practice: int
    practice_name: str
    payer: str
    level: int
    level_words: str
    title: str
    state: A
    amount: Money
    won: Money
    due_on: date
    drafted_at: datetime
    drafted_by: str
    sent_on: date | None
    method: str
    answered_on: date | None


@dataclass(frozen=True, slots=True)
class EnclosureRow:
    """A document that goes with an appeal, or proves that it left."""

    document: str
    name: str
    is_proof: bool
    at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class Appeal:
    """An appeal with all that its page shows."""

    row: AppealRow
    body: str
    template: str
    letter: str
    proof: str
    sent_by: str
    answer_note: str
    denials: tuple[DenialRow, ...]
    papers: tuple[EnclosureRow, ...]


@dataclass(frozen=True, slots=True)
class Overturned:
    """How appeals to a payer at a level ended."""

    payer: str
    level: int
    level_words: str
    answered: int
    won: int
    amount: Money
    promised: Money

    @property
    def share(self) -> Decimal:
        """Of those that were answered, how many were won at least in part."""
        return Decimal(self.won) / self.answered if self.answered else Decimal(0)
