"""When something is due: what the agreement promises, in the business time of the practice."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from openmso.agreements import calendars, rules
from openmso.agreements.calendars import BusinessCalendar
from openmso.agreements.contracts import Hours, Terms, Version
from openmso.agreements.queries import agreements
from openmso.kit import clock
from openmso.platform.access.registry import LINES
from openmso.platform.tenancy import queries as tenancy


def sla_due(practice: int, line: str, kind: str, at: datetime) -> datetime:
    """The instant by which work of a kind that came up at an instant is due.

    The clock is the one the agreement in force that day promises for the line and kind; where it promises none, the
    house's own. Hours are business hours of the agreement in the practice's zone.
    """
    zone = tenancy.zone(practice)
    version = agreements.in_force(practice, clock.day_in(zone, at))
    hours = promised(version, line, kind)
    calendar = calendar_of(zone, version.terms.hours if version else Hours())
    return calendar.due(at, hours if hours is not None else rules.CLOCKS.get(kind, rules.CLOCK_DEFAULT))


business_days = calendars.business_days
"""How many business days there are after a day, through another."""
business_day = calendars.business_day
"""The business day that comes so many after a day."""


def closing(practice: int, day: date) -> datetime:
    """The instant at which a practice closes on a day: when what is due on it is due."""
    zone = tenancy.zone(practice)
    version = agreements.in_force(practice, day)
    hours = version.terms.hours if version else Hours()
    return datetime.combine(day, hours.closes, ZoneInfo(zone)).astimezone(UTC)


def promised(version: Version | None, line: str, kind: str) -> Decimal | None:
    """The business hours that a version promises for a kind of work in a line, if it promises any."""
    found = version.terms.line(line) if version else None
    promises = found.promises if found else ()
    return next((promise.clock_hours for promise in promises if promise.kind == kind), None)


def calendar_of(zone: str, hours: Hours) -> BusinessCalendar:
    """The business calendar of some hours in a zone."""
    return BusinessCalendar(zone, hours.opens, hours.closes)


def promises(terms: Terms) -> list[tuple[str, str, str]]:
    """What is promised: the line, the measure, the limit in words."""
    return [
        (
            LINES[line.code],
            promise.words,
            terms.hours.words(promise.clock_hours)
            if promise.clock_hours is not None
            else f"{'at least' if promise.at_least else 'at most'} {promise.target} {promise.unit.label}",
        )
        for line in terms.lines
        for promise in line.promises
    ]
