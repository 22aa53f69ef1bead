"""Who counts what fees are charged by, and who sums what they are a share of: the apps that own the records tell it.

A figure by name is said here so that a draft which names another is told so before it is signed.

A meter finds records by practice and day; what is counted, and by which day, is said in `fees.units`. The day is one of
the practice's own calendar.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from openmso.agreements.fees.units import OF_KIND, unit_of
from openmso.kit.periods import DayRange

ONE = Decimal(1)


@dataclass(frozen=True, slots=True)
class Record:
    """One thing that is counted: whose it is, its public id, its day, and how much of a unit it is."""

    practice: int
    name: str
    on: date
    quantity: Decimal = ONE


Find = Callable[[Collection[int], DayRange], Iterable[Record]]
FindOfKind = Callable[[Collection[int], DayRange, str], Iterable[Record]]


@dataclass(frozen=True, slots=True)
class Meter:
    """How the records behind a count are found, and which page opens one for whom.

    What stands (a clinician) is counted `again` in every month; what happened (a claim sent) once. `find_of_kind` finds
    those of one kind of work alone.
    """

    count: str
    find: Find
    url: str = ""
    permission: str = ""
    again: bool = False
    find_of_kind: FindOfKind | None = None

    @property
    def words(self) -> str:
        """What is counted."""
        known = unit_of(self.count)
        return known.words if known else ""

    @property
    def heading(self) -> str:
        """What the count is called on paper."""
        known = unit_of(self.count)
        return known.heading if known else self.count


@dataclass(frozen=True, slots=True)
class NamedFigure:
    """A figure of a month that terms may name: what it is called on paper, what it is, and its categories if any."""

    name: str
    heading: str
    words: str
    categories: tuple[str, ...] = ()


_meters: dict[str, Meter] = {}
_figures: dict[str, NamedFigure] = {}


def add_meters(*meters: Meter) -> None:
    """Declare meters; each counts a unit that `fees.units` defines, and nobody else counts it."""
    for one in meters:
        if unit_of(one.count) is None:
            raise ValueError(f"the meter {one.count} counts no unit that is defined")
        if one.count in _meters and _meters[one.count] != one:
            raise ValueError(f"the meter {one.count} is declared twice")
        _meters[one.count] = one


def meter(count: str) -> Meter | None:
    """The meter of a count by its name, `tasks:denials.first_touch` too; none where nobody counts that."""
    if found := _meters.get(count):
        return found
    plural, _, kind = count.partition(OF_KIND)
    base = _meters.get(plural)
    if not kind or base is None or base.find_of_kind is None:
        return None
    find = base.find_of_kind

    def of_kind(practices: Collection[int], days: DayRange) -> Iterable[Record]:
        return find(practices, days, kind)

    return replace(base, count=count, find=of_kind)


def meters() -> tuple[Meter, ...]:
    """All of them, in the order of their declaration."""
    return tuple(_meters.values())


def add_figures(*figures: NamedFigure) -> None:
    """Declare figures that terms may name; whoever declares one can give it for any month."""
    for one in figures:
        if _figures.setdefault(one.name, one) != one or one.name in _meters:
            raise ValueError(f"the figure {one.name} is declared twice")


def figure(name: str) -> NamedFigure | None:
    """A figure by its name in terms; none where nobody declared it."""
    return _figures.get(name)


def figures() -> tuple[NamedFigure, ...]:
    """All of them, in the order of their declaration."""
    return tuple(_figures.values())
