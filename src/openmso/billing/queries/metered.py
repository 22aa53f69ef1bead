"""The statements to patients that fees are charged by."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from itertools import starmap

from openmso.agreements.registry import Record
from openmso.billing.models.statements import Statement
from openmso.kit.periods import DayRange
from openmso.platform.tenancy import queries as tenancy


def statements(practices: Collection[int], days: DayRange) -> Iterator[Record]:
    """The statements of some practices that were made for patients within some days."""
    rows = Statement.objects.filter(reason="")
    yield from starmap(Record, tenancy.named_by_day(rows, "on", practices, days))
