"""Annual budgets: figures by account and month in versions, how they came about, and how the books compare."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from openmso.governance.states import B
from openmso.kit.money import Money
from openmso.kit.periods import Month
from openmso.ledger.contracts import Kind

Grid = Mapping[str, tuple[Money, ...]]
"""The figures of a year: by account, twelve months, in the sign in which an income statement shows them."""
MONTHS = 12


class Fallback(StrEnum):
    """What holds where a budget is not agreed in time."""

    BUDGET = "budget"
    ACTUALS = "actuals"

    @property
    def words(self) -> str:
        """What holds then, in words."""
        return "last year's budget" if self is Fallback.BUDGET else "last year's actual figures"


@dataclass(frozen=True, slots=True)
class NewBudget:
    """A budget to prepare: of which book, from which month, agreed by which day, and what holds otherwise.

    `growth` changes last year's figures by so many percent to begin with; `index` those of the fallback.
    """

    book: str
    first: Month
    agree_by: date
    fallback: Fallback
    index: Decimal = Decimal(0)
    growth: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class Version:
    """A version of the figures: who made it, why, and from what."""

    number: int
    made_at: datetime
    made_by: str
    user: str
    why: str
    basis: str
    grid: Grid


@dataclass(frozen=True, slots=True)
class BudgetMove:
    """A step of a budget."""

    to: B
    at: datetime
    by: str
    why: str
    version: int
    meeting: str


@dataclass(frozen=True, slots=True)
class BudgetRow:
    """A budget as lists show it; totals are of the version that holds, else of the latest."""

    public_id: str
    practice: int
    practice_name: str
    book: str
    book_name: str
    first: Month
    state: B
    agree_by: date
    version: int
    income: Money
    expenses: Money

    @property
    def net(self) -> Money:
        """Income less expenses."""
        return self.income - self.expenses

    @property
    def name(self) -> str:
        """`2027`, or `July 2026 to June 2027`."""
        return year_words(self.first)


@dataclass(frozen=True, slots=True)
class AccountLine:
    """An account of a budget: its months, its year, and the same of the year before."""

    code: str
    name: str
    kind: Kind
    months: tuple[Money, ...]
    prior: Money

    @property
    def year(self) -> Money:
        """The sum of its months."""
        return Money.total(self.months)

    @property
    def change(self) -> Money:
        """The year less the year before."""
        return self.year - self.prior


@dataclass(frozen=True, slots=True)
class Budget:
    """A budget with its versions, what happened to it, and the lines of the version that is shown."""

    row: BudgetRow
    practice_public_id: str
    fallback: Fallback
    index: Decimal
    versions: tuple[Version, ...]
    moves: tuple[BudgetMove, ...]
    shown: Version
    lines: tuple[AccountLine, ...]

    @property
    def rule(self) -> str:
        """What holds where it is not agreed in time, as a sentence."""
        more = f", changed by {self.index.normalize():f} %" if self.index else ""
        return f"Where it is not agreed by {self.row.agree_by:%-d %B %Y}, {self.fallback.words} holds{more}."


@dataclass(frozen=True, slots=True)
class Variance:
    """An account over some months: planned, actual, and whether the difference speaks for the practice."""

    code: str
    name: str
    kind: Kind
    planned: Money
    actual: Money

    @property
    def difference(self) -> Money:
        """Actual less planned."""
        return self.actual - self.planned

    @property
    def is_good(self) -> bool:
        """Whether the difference is to the practice's good: more income, or less cost."""
        return self.difference.amount >= 0 if self.kind is Kind.REVENUE else self.difference.amount <= 0

    @property
    def share(self) -> Decimal | None:
        """The difference as a share of what was planned."""
        return self.difference.amount / abs(self.planned.amount) if self.planned else None


def year_words(first: Month) -> str:
    """`2027`, or `July 2026 to June 2027`."""
    if first.first.month == 1:
        return str(first.first.year)
    return f"{first.first:%B %Y} to {first.plus(MONTHS - 1).first:%B %Y}"
