"""Service levels of a month: how long it took until a person did something about what came, and whom it waited for.

The clock is the promise's. It runs from an item's coming to the first human act; hours in which the item waited for
the practice or a payer are theirs and do not count against the MSO (they are told apart, as its whole life is).
A month is judged at an instant, by what had happened until then: what happens later changes no month that was told.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from functools import partial

from openmso.agreements.calendars import BusinessCalendar
from openmso.agreements.contracts import Held, Level, Measured
from openmso.agreements.queries import agreements, clocks
from openmso.kit import clock
from openmso.kit.periods import Month
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.work import measures
from openmso.platform.work import queries as work
from openmso.platform.work.contracts import Span
from openmso.platform.work.states import Party

NO_HOURS = Decimal("0.00")


def of_month(practice: int, month: Month, *, at: datetime, told_at: datetime | None = None) -> list[Level]:
    """Every promise with a clock of the agreement that was in force at the end of a month, by what came in it.

    Judged as it stood at `at`. `told_at` is when the month before was judged: what still had time then is judged with
    this month, so that every item is judged once. A promise about which no kind of work waits is measured elsewhere
    and is left out.
    """
    version, zone = agreements.in_force(practice, month.last), tenancy.zone(practice)
    if version is None:
        return []
    known = work.kind_codes()
    promised = {
        one.kind: (one, line.code)
        for line in version.terms.lines
        for one in line.promises
        if one.clock_hours is not None and one.kind in known
    }
    calendar = clocks.calendar_of(zone, version.terms.hours)
    begins, ends = clock.start_of(month.first, zone), clock.start_of(month.plus(1).first, zone)
    spans = measures.spans(practice=practice, kinds=list(promised), since=begins, until=ends)
    left = [] if told_at is None else measures.spans(
        practice=practice, kinds=list(promised), since=clock.start_of(month.plus(-1).first, zone), until=begins,
        open_at=told_at,
    )  # fmt: skip
    found = []
    for kind, (promise, line) in promised.items():
        hours = promise.clock_hours or NO_HOURS
        judge = partial(measured, calendar=calendar, hours=hours)
        ran = [one for one in left if one.kind == kind and told_at and judge(one, at=told_at).held is Held.RUNS]
        counted = (judge(one, at=at) for one in [*ran, *spans] if one.kind == kind and one.opened_at <= at)
        found.append(Level(kind, promise.words, line, hours, tuple(counted)))
    return found


def measured(span: Span, calendar: BusinessCalendar, hours: Decimal, at: datetime) -> Measured:
    """An item against a promise of so many business hours until its first touch, as it stood at an instant."""
    span = _as_of(span, at)
    ended = span.done_at or at
    theirs = {
        party: _waited(span, calendar, party, until=ended) for party in (Party.PRACTICE, Party.PAYER)
    }  # fmt: skip
    first = None
    if span.touched_at is not None:
        first = calendar.between(span.opened_at, span.touched_at) - _not_ours(span, calendar, span.touched_at)
    if first is None and span.done_at is not None:
        held = Held.NONE
    elif first is not None:
        held = Held.KEPT if first <= hours else Held.LATE
    else:
        open_for = calendar.between(span.opened_at, at) - _not_ours(span, calendar, at)
        held = Held.RUNS if open_for <= hours else Held.LATE
    ours = calendar.between(span.opened_at, ended) - theirs[Party.PRACTICE] - theirs[Party.PAYER]
    return Measured(span, held, first, ours, theirs[Party.PRACTICE], theirs[Party.PAYER])


def _as_of(span: Span, at: datetime) -> Span:
    """The life of an item as it was known at an instant."""
    touched, ended = (one if one is not None and one <= at else None for one in (span.touched_at, span.done_at))
    return replace(span, touched_at=touched, touched_by=span.touched_by if touched else "", done_at=ended)


def _not_ours(span: Span, calendar: BusinessCalendar, until: datetime) -> Decimal:
    return sum((_waited(span, calendar, one, until=until) for one in (Party.PRACTICE, Party.PAYER)), NO_HOURS)


def _waited(span: Span, calendar: BusinessCalendar, party: Party, *, until: datetime) -> Decimal:
    """The business hours that an item waited for somebody before an instant."""
    stretches = ((since, min(ended, until)) for since, ended, whom in span.waits if whom is party)
    return sum((calendar.between(since, ended) for since, ended in stretches), NO_HOURS)
