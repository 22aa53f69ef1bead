"""What was metered for a fee: a count of a month, its definition as it was then, and the records that were counted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from openmso.kit.periods import Month
from openmso.kit.words import counted


@dataclass(frozen=True, slots=True)
class Counted:
    """A record that was counted: its public id, its day, how much of a unit it is.

    `late` where it belongs to a month that was settled before the record was there.
    """

    name: str
    on: date
    quantity: Decimal
    late: bool = False

    @property
    def month(self) -> Month:
        """The month to which it belongs."""
        return Month.of(self.on)


@dataclass(frozen=True, slots=True)
class Reading:
    """What a meter read for a month, with every record behind it."""

    count: str
    heading: str
    words: str
    records: Sequence[Counted]
    again: bool

    @property
    def quantity(self) -> Decimal:
        """What the fee is charged by."""
        return sum((one.quantity for one in self.records), Decimal(0))

    @property
    def late(self) -> int:
        """How many of the records came too late for their own month."""
        return sum(one.late for one in self.records)


@dataclass(frozen=True, slots=True)
class Metered:
    """A reading as it was frozen with a fee: name, heading, definition, quantity, records, late ones among them."""

    count: str
    heading: str
    words: str
    quantity: str
    records: int
    late: int

    @property
    def note(self) -> str:
        """What is said beside the count where some of it came late; else nothing."""
        return late_words(self.late)


def late_words(late: int) -> str:
    """What an invoice says of records of earlier months; nothing where there are none."""
    return f"{counted(late, 'of them', 'of them')} recorded after their month was settled" if late else ""


@dataclass(frozen=True, slots=True)
class MeteredRow:
    """A line of the list of what was counted; `url` where the reader may open it."""

    name: str
    on: date
    quantity: Decimal
    late: bool
    url: str = ""
