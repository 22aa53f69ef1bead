"""Periods: months and half-open ranges of days.

Ranges include their first day and exclude their end, which may be open (`None`): ranges that touch do not
overlap, and a range of no days can exist.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, slots=True, order=True)
class Month:
    """A calendar month, written `2026-03`."""

    year: int
    number: int

    def __post_init__(self) -> None:
        if not (1 <= self.number <= 12 and 1900 <= self.year <= 2999):
            raise ValueError(f"{self.year}-{self.number} is not a month")

    @classmethod
    def of(cls, day: date) -> Month:
        """The month a day falls in."""
        return cls(day.year, day.month)

    @classmethod
    def parse(cls, text: str) -> Month:
        """A month from `YYYY-MM`; raises `ValueError` with the form expected."""
        year, _, number = text.partition("-")
        if not (len(year) == 4 and len(number) == 2 and (year + number).isdigit()):
            raise ValueError(f"{text!r} is not a month; write it as 2026-03")
        return cls(int(year), int(number))

    @property
    def first(self) -> date:
        """Its first day."""
        return date(self.year, self.number, 1)

    @property
    def last(self) -> date:
        """Its last day."""
        return date(self.year, self.number, self.days)

    @property
    def days(self) -> int:
        """How many days it has."""
        return calendar.monthrange(self.year, self.number)[1]

    @property
    def range(self) -> DayRange:
        """Its days as a half-open range."""
        return DayRange(self.first, self.plus(1).first)

    @property
    def words(self) -> str:
        """`March 2026`, as a sentence says it."""
        return f"{self.first:%B %Y}"

    def plus(self, months: int) -> Month:
        """The month so many months later (or earlier, when negative)."""
        index = self.year * 12 + self.number - 1 + months
        return Month(index // 12, index % 12 + 1)

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.number:02d}"


def thirty_360(starts_on: date, ends_on: date) -> int:
    """Days from one day to another where every month has thirty, by the bond basis (ISDA 2006, 4.16(f)).

    The end is not counted: from 15 February to 1 March are sixteen, from 31 March to 1 April one.
    """
    first = min(starts_on.day, 30)
    last = 30 if ends_on.day == 31 and first == 30 else ends_on.day
    return 360 * (ends_on.year - starts_on.year) + 30 * (ends_on.month - starts_on.month) + last - first


@dataclass(frozen=True, slots=True)
class DayRange:
    """Days from `starts_on` to before `ends_on`; an open range has no end."""

    starts_on: date
    ends_on: date | None = None

    def __post_init__(self) -> None:
        if self.ends_on is not None and self.ends_on < self.starts_on:
            raise ValueError(f"a range cannot end on {self.ends_on}, before it starts on {self.starts_on}")

    def __contains__(self, day: date) -> bool:
        return self.starts_on <= day and (self.ends_on is None or day < self.ends_on)

    @property
    def days(self) -> int | None:
        """How many days it has; `None` when it is open."""
        return None if self.ends_on is None else (self.ends_on - self.starts_on).days

    def meets(self, other: DayRange) -> DayRange | None:
        """The days in both, or `None` when there is no such day."""
        starts = max(self.starts_on, other.starts_on)
        ends = min((end for end in (self.ends_on, other.ends_on) if end is not None), default=None)
        return DayRange(starts, ends) if ends is None or starts < ends else None

    def __iter__(self) -> Iterator[date]:
        if self.ends_on is None:
            raise ValueError("an open range has no last day to walk to")
        return (self.starts_on + timedelta(days=n) for n in range((self.ends_on - self.starts_on).days))
