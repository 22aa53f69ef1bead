"""The claims that fees are charged by."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from itertools import starmap

from openmso.agreements.registry import Record
from openmso.claims.models.claims import Claim
from openmso.kit.periods import DayRange
from openmso.platform.tenancy import queries as tenancy


def sent(practices: Collection[int], days: DayRange) -> Iterator[Record]:
    """The original claims of some practices that were first sent within some days."""
    rows = Claim.objects.filter(frequency="1")
    yield from starmap(Record, tenancy.named_by_day(rows, "first_sent_on", practices, days))
