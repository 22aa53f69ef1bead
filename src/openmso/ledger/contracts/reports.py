"""What the ledger answers: lists of books and months, statements, and the proof of a book."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from openmso.kit.money import Money
from openmso.kit.periods import Month
from openmso.ledger.contracts import Account, Book, Journal, Method, Source
from openmso.ledger.states import PeriodState


@dataclass(frozen=True, slots=True)
class BookRow:
    """A book in the list of books: where its periods and numbers stand, and whether it balances.

    `to_close` counts the months that are over and still open.
    """

    public_id: str
    name: str
    method: Method
    open_months: tuple[Month, ...]
    latest_closed: Month | None
    entries: int
    latest_name: str
    cash: Money
    receivable: Money
    to_close: int
    balanced: bool


@dataclass(frozen=True, slots=True)
class PeriodRow:
    """A month of a book. `why_not` says, per act, what stands in its way; an act that is missing is possible."""

    month: Month
    fiscal_year: int
    state: PeriodState
    entries: int
    debits: Money
    moved_by: str
    moved_at: datetime | None
    why: str
    why_not: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class TrialRow:
    """An account over some months. Opening and closing are debits less credits."""

    account: Account
    opening: Money
    debits: Money
    credits: Money

    @property
    def closing(self) -> Money:
        """The balance at the end, debits less credits."""
        return self.opening + self.debits - self.credits


@dataclass(frozen=True, slots=True)
class TrialBalance:
    """All accounts that moved or stand, by code; opening and closing columns sum to zero, debits to credits."""

    book: Book
    method: Method
    starts_on: date
    through: date
    rows: tuple[TrialRow, ...]

    @property
    def opening(self) -> Money:
        """The sum of the opening column: zero, or the books are broken."""
        return Money.total(row.opening for row in self.rows)

    @property
    def debits(self) -> Money:
        """The sum of the debits."""
        return Money.total(row.debits for row in self.rows)

    @property
    def credits(self) -> Money:
        """The sum of the credits."""
        return Money.total(row.credits for row in self.rows)

    @property
    def closing(self) -> Money:
        """The sum of the closing column: zero, or the books are broken."""
        return Money.total(row.closing for row in self.rows)

    @property
    def balanced(self) -> bool:
        """Whether it proves the books."""
        return not self.opening and not self.closing and self.debits == self.credits


@dataclass(frozen=True, slots=True)
class StatementRow:
    """An account's figures, one per column, in the sign in which the statement shows them."""

    account: Account
    figures: tuple[Money, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """A group of accounts and its totals, one per column."""

    key: str
    title: str
    rows: tuple[StatementRow, ...]
    totals: tuple[Money, ...]


@dataclass(frozen=True, slots=True)
class Statement:
    """An income statement (columns are ranges of days) or a balance sheet (columns are days; `starts` is empty).

    `results` are the named lines under the sections: net patient revenue, net income; or the equation's two sides.
    """

    book: Book
    method: Method
    starts: tuple[date, ...]
    ends: tuple[date, ...]
    sections: tuple[Section, ...]
    results: Mapping[str, tuple[Money, ...]]


@dataclass(frozen=True, slots=True)
class Turnover:
    """What moved on an account within some days."""

    debits: Money
    credits: Money


@dataclass(frozen=True, slots=True)
class EntryRow:
    """An entry in the list of entries."""

    public_id: str
    name: str
    posted_on: date
    journal: Journal
    memo: str
    total: Money
    lines: int
    source: Source | None
    posted_by: str
    reverses: str
    reversed_by: str


@dataclass(frozen=True, slots=True)
class Standing:
    """How many entries some days hold, the latest number of their year, and whether the year's numbers are whole."""

    entries: int
    latest: str
    gapless: bool


@dataclass(frozen=True, slots=True)
class Flaw:
    """Something that is wrong with the books, in words: found by `check`, never by luck."""

    code: str
    words: str
    where: str = ""


@dataclass(frozen=True, slots=True)
class Proof:
    """What a check of one book found: how much was looked at, sums that two machines can compare, and the flaws."""

    book: Book
    entries: int
    lines: int
    debits: Money
    digest: str
    flaws: tuple[Flaw, ...]

    @property
    def sound(self) -> bool:
        """Whether nothing was found."""
        return not self.flaws
