"""Service levels of a month: how long it took until a person did something about what came, and whom it waited for.

The clock is the promise's. It runs from an item's coming to the first human act; hours in which the item waited for
the practice or a payer are theirs and do not count against the MSO (they are told apart, as its whole life is).
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

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


def of_month(practice: int, month: Month, *, at: datetime) -> list[Level]:
    """Every promise with a clock of the agreement that was in force at the end of a month, by what came in it.

    A promise about which no kind of work waits is measured elsewhere and is left out.
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
    since, until = clock.start_of(month.first, zone), clock.start_of(month.plus(1).first, zone)
    spans = measures.spans(practice=practice, kinds=list(promised), since=since, until=until)
    return [
        Level(
            kind, promise.words, line, promise.clock_hours or NO_HOURS,
            tuple(
                measured(span, calendar, promise.clock_hours or NO_HOURS, at) for span in spans if span.kind == kind
            ),
        )
        for kind, (promise, line) in promised.items()
    ]  # fmt: skip


def measured(span: Span, calendar: BusinessCalendar, hours: Decimal, at: datetime) -> Measured:
    """An item against a promise of so many business hours until its first touch, as it stands at an instant."""
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


def _not_ours(span: Span, calendar: BusinessCalendar, until: datetime) -> Decimal:
    return sum((_waited(span, calendar, one, until=until) for one in (Party.PRACTICE, Party.PAYER)), NO_HOURS)


def _waited(span: Span, calendar: BusinessCalendar, party: Party, *, until: datetime) -> Decimal:
    """The business hours that an item waited for somebody before an instant."""
    stretches = ((since, min(ended, until)) for since, ended, whom in span.waits if whom is party)
    return sum((calendar.between(since, ended) for since, ended in stretches), NO_HOURS)
