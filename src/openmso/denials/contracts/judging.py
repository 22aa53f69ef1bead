"""What is judged of a denial, and what it is worth."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from openmso.denials.contracts.words import Category, Owner
from openmso.kit.money import Money


@dataclass(frozen=True, slots=True)
class MapRule:
    """One line of the network's own map: what some codes of some payer mean here. Empty fields fit everything."""

    group: str
    reason: str
    remark: str
    payer: int | None
    category: str
    owner: str
    action: str
    stage: str
    number: int = 0
    why: str = ""
    by: str = ""
    at: datetime | None = None
    payer_name: str = ""


@dataclass(frozen=True, slots=True)
class Judged:
    """What the payer's codes mean: the category, whether it denies at all, who answers it first and how."""

    category: Category
    is_denial: bool
    owner: Owner
    action: str
    stage: str
    words: str
    """What the payer said, in our words."""
    note: str = ""
    """What is wrong with how the payer said it, or how the map was overruled."""


@dataclass(frozen=True, slots=True)
class Record:
    """How denials of a category ended so far at a practice: with one payer, and with all of them."""

    here: int = 0
    here_won: Decimal = Decimal(0)
    """Sum of the shares of their dollars that came in."""
    all: int = 0
    all_won: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class Worth:
    """What a denial is worth working on, and how that comes about."""

    amount: Money
    rate: Decimal
    weight: Decimal
    prior: Decimal
    category_rate: Decimal
    record: Record
    days_left: int | None

    @property
    def value(self) -> Money:
        """Dollars x win rate x weight of the time left, to the cent."""
        return Money((self.amount.amount * self.rate * self.weight).quantize(Decimal("0.01")))
