"""Clock: the one place where the time is asked; everything inside is told.

Edges (a view, a job, a command) read `now()` once and pass it down. Days belong to a zone:
`day_in("America/New_York", now())` is the practice's calendar day at that instant.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo


def now() -> datetime:
    """This instant, in UTC."""
    return datetime.now(UTC)


def day_in(zone: str, at: datetime) -> date:
    """The calendar day in a time zone (IANA name) at an instant."""
    if at.tzinfo is None:
        raise ValueError("an instant has a time zone; this one has none")
    return at.astimezone(ZoneInfo(zone)).date()
