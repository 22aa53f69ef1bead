"""What fees are charged by of what lies below agreements: people at work, and work that was closed."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from decimal import ROUND_HALF_UP, Decimal
from itertools import starmap

from openmso.agreements.registry import Record
from openmso.kit.periods import DayRange
from openmso.parties.queries import providers
from openmso.platform.access import queries as access
from openmso.platform.access.contracts import Side
from openmso.platform.work import measures

SHARE = Decimal("0.0001")


def at_work(practices: Collection[int], days: DayRange) -> Iterator[Record]:
    """The clinicians of some practices who are at work on any of some days, each on their first of them."""
    for practice, name, held in providers.held_within(practices, days):
        yield Record(practice, name, held.starts_on)


def full_time(practices: Collection[int], days: DayRange) -> Iterator[Record]:
    """The same, each by the share of the days on which they are there, and of full time that they work on them."""
    whole = Decimal(days.days or 1)
    for practice, name, first, worked in providers.worked_within(practices, days):
        yield Record(practice, name, first, (worked / whole).quantize(SHARE, ROUND_HALF_UP))


def closed(practices: Collection[int], days: DayRange) -> Iterator[Record]:
    """The items of work of some practices that a person of the MSO closed within some days."""
    yield from closed_of_kind(practices, days, "")


def closed_of_kind(practices: Collection[int], days: DayRange, kind: str) -> Iterator[Record]:
    """The same of one kind of work."""
    people = access.people_of(Side.MSO, practices)
    yield from starmap(Record, measures.closed_by(people, within=days, kind=kind))
