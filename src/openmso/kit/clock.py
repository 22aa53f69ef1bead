"""Clock: the one place where the time is asked; everything inside is told.

Edges (a view, a job, a command) read `now()` once and pass it down. Days belong to a zone. What "today" is, is told in
two places: edges ask the actor, `actor.today` or `actor.day_in(practice)`; services ask `tenancy.today(practice, at)`
or, where practices are looked at together, `tenancy.network_day(at)`.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

MORNING = time(8)
"""When what was put off until a day comes back."""


def now() -> datetime:
    """This instant, in UTC."""
    return datetime.now(UTC)


def day_in(zone: str, at: datetime) -> date:
    """The calendar day in a time zone (IANA name) at an instant."""
    if at.tzinfo is None:
        raise ValueError("an instant has a time zone; this one has none")
    return at.astimezone(ZoneInfo(zone)).date()


def start_of(day: date, zone: str) -> datetime:
    """The instant, in UTC, at which a calendar day begins in a time zone (IANA name)."""
    return datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC)


def morning_of(day: date, zone: str) -> datetime:
    """The instant, in UTC, at which work that was put off until a day comes back in a time zone."""
    return datetime.combine(day, MORNING, ZoneInfo(zone)).astimezone(UTC)


def next_morning(at: datetime, zone: str) -> datetime:
    """The morning of the day after an instant: what "until tomorrow" means."""
    return morning_of(day_in(zone, at) + timedelta(days=1), zone)
