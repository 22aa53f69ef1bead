"""The questions to payers that fees are charged by."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from itertools import starmap

from openmso.agreements.registry import Record
from openmso.eligibility.models import Check, Request
from openmso.eligibility.states import S
from openmso.kit.periods import DayRange
from openmso.platform.tenancy import queries as tenancy


def answered(practices: Collection[int], days: DayRange) -> Iterator[Record]:
    """The checks of coverage of some practices that were answered within some days."""
    rows = Check.objects.filter(state=S.ANSWERED)
    yield from starmap(Record, tenancy.named_by_instant(rows, "answered_at", practices, days))


def asked(practices: Collection[int], days: DayRange) -> Iterator[Record]:
    """The requests for authorizations of some practices that were asked within some days."""
    yield from starmap(Record, tenancy.named_by_instant(Request.objects.all(), "asked_at", practices, days))
