"""Facts of the books that others may care about, and how the trail tells them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class PeriodClosed:
    """A month of a book was closed; its figures stand until somebody opens it again."""

    entity: int
    month: str


@dataclass(frozen=True)
class PeriodReopened:
    """A closed month was opened again; what was computed from it may no longer hold."""

    entity: int
    month: str
    why: str


@dataclass(frozen=True)
class YearClosed:
    """A fiscal year's income and expenses were closed into retained earnings."""

    entity: int
    fiscal_year: int
    entry: str


SENTENCES: Mapping[str, str] = {
    "ledger.book_opened": "{actor} opened the books of {book}, from {month}",
    "ledger.account_added": "{actor} added account {code} {name} to {subject}",
    "ledger.account_retired": "{actor} retired account {code} of {subject}",
    "ledger.account_restored": "{actor} restored account {code} of {subject}",
    "ledger.posted": "{actor} posted entry {name}, {subject}",
    "ledger.posted_many": "{actor} posted {entries:entry,entries}, {first} to {last}",
    "ledger.reversed": "{actor} reversed entry {original} by {subject}",
    "ledger.period_opened": "{actor} opened {month}",
    "ledger.period_closed": "{actor} closed {month}",
    "ledger.period_reopened": "{actor} opened {month} again",
    "ledger.period_locked": "{actor} locked {month} for good",
    "ledger.year_closed": "{actor} closed fiscal year {year} by {subject}",
}
