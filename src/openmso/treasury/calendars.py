"""Banking days: Monday to Friday without the holidays of the Federal Reserve Banks."""

from __future__ import annotations

import functools
from datetime import date, timedelta

SATURDAY = 5


def is_banking_day(day: date) -> bool:
    """Whether ACH entries settle on a day."""
    return day.weekday() < SATURDAY and day not in _holidays(day.year)


def banking_day_after(day: date) -> date:
    """The next banking day."""
    day += timedelta(days=1)
    while not is_banking_day(day):
        day += timedelta(days=1)
    return day


@functools.cache
def _holidays(year: int) -> frozenset[date]:
    """The holidays of the Federal Reserve: one that falls on a Saturday is no holiday on the Friday before."""
    import holidays  # brings the calendars of the world along; most processes ask for no holiday

    return frozenset(holidays.financial_holidays("FED", years=[year]))
