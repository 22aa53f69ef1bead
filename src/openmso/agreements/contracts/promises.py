"""Promises, and how items of work stand to them."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from openmso.agreements.contracts.states import Held, Unit
from openmso.platform.work.contracts import Span


@dataclass(frozen=True, slots=True)
class Promise:
    """A service level: a measure and its target; with `clock_hours` it is a clock in business hours.

    `kind` is the event whose clock it is (`claims.held`, `denials.first_touch`), the same word that whoever opens
    the work asks `queries.sla_due` about. `at_least` says on which side of the target is good.
    """

    kind: str
    words: str
    target: Decimal
    unit: Unit
    at_least: bool = False
    clock_hours: Decimal | None = None


DENIED_BY_US, REWORKED = "denials.caused", "denials.reworked"
"""Promises about denials that the MSO could have prevented: a share of claims sent, and business days to an answer."""


@dataclass(frozen=True, slots=True)
class Measured:
    """An item of work against the promise of its kind; hours are business hours of the agreement.

    `first` is from its coming to the first thing that a person did. Its whole life is split by whom it waited for:
    `ours` is what is left when the practice's time and the payer's are taken out.
    """

    span: Span
    held: Held
    first: Decimal | None
    ours: Decimal
    practices: Decimal
    payers: Decimal


@dataclass(frozen=True, slots=True)
class Level:
    """A promise in a month: its items by how they stand, and the business hours of their lives by cause."""

    kind: str
    words: str
    line: str
    hours: Decimal
    items: tuple[Measured, ...]

    def count(self, held: Held) -> int:
        """How many items stand so."""
        return sum(one.held is held for one in self.items)

    @property
    def kept(self) -> int:
        """How many were touched in time."""
        return self.count(Held.KEPT)

    @property
    def late(self) -> int:
        """How many were touched late, or not yet though the time is over."""
        return self.count(Held.LATE)

    @property
    def runs(self) -> int:
        """How many still have time."""
        return self.count(Held.RUNS)

    @property
    def judged(self) -> int:
        """How many items could be late: those that needed a person and whose clock has run or was stopped."""
        return self.kept + self.late

    @property
    def share(self) -> Decimal | None:
        """The part that was touched in time; nothing where nothing was judged."""
        return Decimal(self.kept) / self.judged if self.judged else None

    @property
    def ours(self) -> Decimal:
        """Business hours that its items waited for the MSO."""
        return sum((one.ours for one in self.items), Decimal(0))

    @property
    def practices(self) -> Decimal:
        """Business hours that its items waited for the practice: they do not count against the MSO."""
        return sum((one.practices for one in self.items), Decimal(0))

    @property
    def payers(self) -> Decimal:
        """Business hours that its items waited for payers: they do not count against the MSO."""
        return sum((one.payers for one in self.items), Decimal(0))
