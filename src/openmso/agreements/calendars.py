"""Business time: hours that count towards a promise, in the practice's zone. Pure.

A business day is Monday to Friday without the US federal holidays (5 USC 6103, observed days included). The clock
runs from opening to closing; what comes outside waits for the next opening.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import lru_cache
from zoneinfo import ZoneInfo

HOURS_MAX = Decimal(10_000)
SATURDAY = 5


@dataclass(frozen=True, slots=True)
class BusinessCalendar:
    """The business hours of one agreement, in one time zone (IANA name)."""

    zone: str
    opens: time
    closes: time

    def due(self, at: datetime, hours: Decimal) -> datetime:
        """The instant (UTC) at which so many business hours have passed since an instant.

        Hours are spent as the wall clock shows them: on the day of a clock change the business day is as long as
        on any other. Raises `ValueError` for an instant without a zone and for hours that are negative or absurd.
        """
        if at.tzinfo is None:
            raise ValueError("an instant has a time zone; this one has none")
        if not 0 <= hours <= HOURS_MAX:
            raise ValueError(f"{hours} is no number of business hours")
        zone = ZoneInfo(self.zone)
        here = at.astimezone(zone).replace(tzinfo=None)
        left = timedelta(seconds=float(hours * 3600))
        day, now = here.date(), here
        while True:
            starts, ends = datetime.combine(day, self.opens), datetime.combine(day, self.closes)
            if is_business_day(day) and now <= ends:
                begins = max(now, starts)
                if begins + left <= ends:
                    return (begins + left).replace(tzinfo=zone).astimezone(ZoneInfo("UTC"))
                left -= ends - begins
            day += timedelta(days=1)
            now = datetime.combine(day, time.min)

    def between(self, since: datetime, until: datetime) -> Decimal:
        """The business hours (hundredths) from an instant to another; none where the other is not later."""
        zone = ZoneInfo(self.zone)
        begins, ends = (one.astimezone(zone).replace(tzinfo=None) for one in (since, until))
        passed, day = timedelta(0), begins.date()
        while day <= ends.date():
            if is_business_day(day):
                opens, closes = datetime.combine(day, self.opens), datetime.combine(day, self.closes)
                passed += max(min(closes, ends) - max(opens, begins), timedelta(0))
            day += timedelta(days=1)
        return (Decimal(int(passed.total_seconds())) / 3600).quantize(Decimal("0.01"))


def is_business_day(day: date) -> bool:
    """Monday to Friday, and no federal holiday."""
    return day.weekday() < SATURDAY and day not in federal_holidays(day.year)


def business_days(after: date, through: date) -> int:
    """How many business days there are after a day, through another."""
    return sum(is_business_day(after + timedelta(days=n)) for n in range(1, (through - after).days + 1))


def business_day(after: date, number: int) -> date:
    """The business day that comes so many after a day; a number is at least one."""
    day = after
    while number > 0:
        day += timedelta(days=1)
        number -= is_business_day(day)
    return day


@lru_cache(maxsize=64)
def federal_holidays(year: int) -> frozenset[date]:
    """The days off of a year, observed ones included (New Year's Day may be observed in the year before)."""
    import holidays  # brings the calendars of the world along; most processes ask for no holiday

    return frozenset(
        day for day in holidays.country_holidays("US", years=[year, year + 1], observed=True) if day.year == year
    )
