"""Promises with a clock that were missed: whose cause it was, who said so, and what counts towards a credit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from openmso.agreements.contracts import Held, Level, Measured
from openmso.kit.periods import Month
from openmso.platform.work.contracts import Span
from openmso.settlement.states import SaidOf, Whose


@dataclass(frozen=True, slots=True)
class Cause:
    """Whose cause a missed promise was, as the last word has it; without any word (`said` is nothing) the MSO's."""

    whose: Whose = Whose.MSO
    said: SaidOf | None = None
    why: str = ""
    by: str = ""
    at: datetime | None = None

    @property
    def counts(self) -> Whose:
        """Whose it counts as: what is contested is the MSO's until the practice agrees."""
        return Whose.MSO if self.said is SaidOf.CONTESTED else self.whose

    @property
    def words(self) -> str:
        """The cause and where it stands: `A payer, contested by the practice`."""
        return f"{self.whose.label}, {self.said.label[:1].lower()}{self.said.label[1:]}" if self.said else "Nobody said"


UNSAID = Cause()


@dataclass(frozen=True, slots=True)
class Judged:
    """An item against its promise, and whose cause it was where it was late."""

    kind: str
    promise: str
    measured: Measured
    cause: Cause | None
    place: str
    """The practice's public id."""
    month: Month
    """With which it is judged."""

    @property
    def span(self) -> Span:
        """Its life."""
        return self.measured.span

    @property
    def held(self) -> Held:
        """How it stands to the promise."""
        return self.measured.held

    @property
    def first(self) -> Decimal | None:
        """Business hours to the first thing that a person did."""
        return self.measured.first

    @property
    def ours(self) -> Decimal:
        """Business hours that it waited for the MSO."""
        return self.measured.ours

    @property
    def practices(self) -> Decimal:
        """Business hours that it waited for the practice."""
        return self.measured.practices

    @property
    def payers(self) -> Decimal:
        """Business hours that it waited for a payer."""
        return self.measured.payers

    @property
    def whose(self) -> str:
        """Whose cause it counts as, where it was late."""
        return self.cause.counts.label if self.cause else ""

    @property
    def said(self) -> str:
        """What was said of it, where it was late."""
        return self.cause.words if self.cause else ""

    def counts_as(self, whose: Whose) -> bool:
        """Whether it was late by somebody's cause."""
        return self.cause is not None and self.cause.counts is whose


@dataclass(frozen=True, slots=True)
class Kept:
    """A promise in a month: its items, and those that were late by whose cause it was."""

    level: Level
    judged: tuple[Judged, ...]
    practice: int
    place: str
    """The practice's public id."""
    month: Month

    def count(self, wanted: Callable[[Judged], bool]) -> int:
        """How many items are so."""
        return sum(wanted(one) for one in self.judged)

    @property
    def by_cause(self) -> dict[Whose, int]:
        """How many were late by whose cause."""
        return {whose: sum(one.counts_as(whose) for one in self.judged) for whose in Whose}

    @property
    def share(self) -> Decimal | None:
        """The part that was in time of what was in time or late by the MSO's cause; nothing where there is none."""
        judged = self.level.kept + self.by_cause[Whose.MSO]
        return Decimal(self.level.kept) / judged if judged else None

    @property
    def contested(self) -> int:
        """How many causes the practice contests."""
        return self.count(lambda one: one.cause is not None and one.cause.said is SaidOf.CONTESTED)

    @property
    def unsaid(self) -> int:
        """Of how many that were late nobody said whose cause it was."""
        return self.count(lambda one: one.cause is not None and one.cause.said is None)


@dataclass(frozen=True, slots=True)
class KeptMonth:
    """What was done of what was promised in a month, as it stood at `judged_at`.

    `given_back` are items of months settled before whose cause became the MSO's since: they count with this month.
    """

    practice: int
    practice_public_id: str
    practice_name: str
    month: Month
    settlement: str
    judged_at: datetime
    kept: tuple[Kept, ...]
    given_back: int

    @property
    def late(self) -> int:
        """How many were late."""
        return sum(one.level.late for one in self.kept)

    def by(self, whose: Whose) -> int:
        """How many were late by somebody's cause."""
        return sum(one.by_cause[whose] for one in self.kept)

    @property
    def credited(self) -> int:
        """How many items a credit of the fee counts: those of the MSO's cause alone."""
        return self.by(Whose.MSO) + self.given_back


@dataclass(frozen=True, slots=True)
class Word:
    """A word about a cause, with its papers (id and name)."""

    what: SaidOf
    whose: Whose
    why: str
    at: datetime
    by: str
    papers: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Missed:
    """An item that was judged by a promise, everything that was said of its cause, and its place."""

    practice: int
    practice_public_id: str
    practice_name: str
    month: Month
    settlement: str
    hours: Decimal
    one: Judged
    words: tuple[Word, ...]
