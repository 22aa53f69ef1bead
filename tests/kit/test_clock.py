"""Days begin where people live: at midnight there, whatever the clocks did in the night."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from openmso.kit import clock

MAINE, GUAM = "America/New_York", "Pacific/Guam"


@pytest.mark.parametrize(
    ("day", "zone", "begins"),
    [
        (date(2026, 3, 8), MAINE, datetime(2026, 3, 8, 5, tzinfo=UTC)),
        (date(2026, 3, 9), MAINE, datetime(2026, 3, 9, 4, tzinfo=UTC)),
        (date(2026, 3, 8), GUAM, datetime(2026, 3, 7, 14, tzinfo=UTC)),
    ],
)
def test_a_day_begins_at_midnight_of_its_zone(day: date, zone: str, begins: datetime) -> None:
    assert clock.start_of(day, zone) == begins
    assert clock.day_in(zone, begins) == day


@pytest.mark.parametrize(
    ("at", "back"),
    [
        (datetime(2026, 3, 2, 15, tzinfo=UTC), datetime(2026, 3, 3, 13, tzinfo=UTC)),
        (datetime(2026, 3, 3, 4, 30, tzinfo=UTC), datetime(2026, 3, 3, 13, tzinfo=UTC)),  # still Monday in Maine
        (datetime(2026, 3, 7, 15, tzinfo=UTC), datetime(2026, 3, 8, 12, tzinfo=UTC)),  # summer time began
    ],
)
def test_until_tomorrow_is_the_morning_of_the_next_day(at: datetime, back: datetime) -> None:
    assert clock.next_morning(at, MAINE) == back


def test_an_instant_without_a_zone_has_no_day() -> None:
    with pytest.raises(ValueError, match="has a time zone"):
        clock.day_in(MAINE, datetime(2026, 3, 2))  # noqa: DTZ001
