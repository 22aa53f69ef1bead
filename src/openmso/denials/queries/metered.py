"""The work on denials that fees are charged by."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from itertools import starmap

from openmso.agreements.registry import Record
from openmso.denials.models.appeals import Appeal
from openmso.denials.models.denials import Denial
from openmso.kit.periods import DayRange
from openmso.platform.tenancy import queries as tenancy


def worked(practices: Collection[int], days: DayRange) -> Iterator[Record]:
    """The denials of some practices about which a person first did something within some days."""
    yield from starmap(Record, tenancy.named_by_instant(Denial.objects.all(), "touched_at", practices, days))


def appeals(practices: Collection[int], days: DayRange) -> Iterator[Record]:
    """The appeals of some practices that were sent within some days."""
    yield from starmap(Record, tenancy.named_by_day(Appeal.objects.all(), "sent_on", practices, days))
