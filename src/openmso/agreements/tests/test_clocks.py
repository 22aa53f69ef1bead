"""Business time: what counts towards a promise, across nights, week-ends, holidays and clock changes."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openmso.agreements import testing
from openmso.agreements.calendars import BusinessCalendar, federal_holidays, is_business_day
from openmso.agreements.contracts import Hours
from openmso.agreements.queries import clocks
from openmso.agreements.testing import NOW, Cast
from openmso.platform.tenancy.scope import reading

MAINE = ZoneInfo("America/New_York")
CALENDAR = BusinessCalendar("America/New_York", time(8), time(18))
START = datetime(2024, 1, 1, tzinfo=UTC)
instants = st.integers(0, 4 * 365 * 24 * 60).map(lambda minutes: START + timedelta(minutes=minutes))
hours = st.integers(0, 400).map(lambda quarters: Decimal(quarters) / 4)


def due(at: str, business_hours: str) -> str:
    found = CALENDAR.due(datetime.fromisoformat(at).replace(tzinfo=MAINE), Decimal(business_hours))
    return found.astimezone(MAINE).strftime("%Y-%m-%d %H:%M")


def passed(since: str, until: str) -> str:
    a, b = (datetime.fromisoformat(one).replace(tzinfo=MAINE) for one in (since, until))
    return str(CALENDAR.between(a, b))


def test_hours_that_passed_are_those_of_business_days() -> None:
    assert passed("2026-03-02T09:00", "2026-03-02T13:30") == "4.50"
    assert passed("2026-03-06T17:00", "2026-03-09T11:00") == "4.00"
    assert passed("2026-03-07T12:00", "2026-03-08T12:00") == "0.00"
    assert passed("2026-03-03T12:00", "2026-03-02T12:00") == "0.00"


@pytest.mark.parametrize(
    ("at", "business_hours", "expected"),
    [
        ("2026-03-02T09:00", "4", "2026-03-02 13:00"),  # within a Monday
        ("2026-03-02T17:00", "4", "2026-03-03 11:00"),  # over the night
        ("2026-03-06T17:00", "4", "2026-03-09 11:00"),  # over a week-end, and the change to summer time
        ("2026-03-07T12:00", "10", "2026-03-09 18:00"),  # begun on a Saturday
        ("2026-03-02T07:00", "0", "2026-03-02 08:00"),  # before opening: due at the opening
        ("2026-03-02T18:00", "1", "2026-03-03 09:00"),  # at closing: the next day
        ("2026-03-02T15:00", "20", "2026-03-04 15:00"),  # two business days keep the hour
        ("2026-11-25T17:00", "2", "2026-11-27 09:00"),  # over Thanksgiving
        ("2026-07-02T17:00", "2", "2026-07-06 09:00"),  # Independence Day on a Saturday is observed on Friday
        ("2026-10-30T17:00", "2", "2026-11-02 09:00"),  # over the change to winter time
        ("2027-12-30T17:00", "2", "2028-01-03 09:00"),  # New Year 2028 is observed on 31 December 2027
    ],
)
def test_business_hours_pass_only_in_business_time(at: str, business_hours: str, expected: str) -> None:
    assert due(at, business_hours) == expected


def test_eleven_federal_holidays_a_year() -> None:
    assert date(2026, 6, 19) in federal_holidays(2026)
    assert not is_business_day(date(2026, 1, 19))  # Martin Luther King
    assert is_business_day(date(2026, 11, 27))  # the day after Thanksgiving is no federal holiday


@given(instants, hours, hours)
def test_more_hours_are_never_due_earlier_and_the_due_time_is_business_time(
    at: datetime, one: Decimal, more: Decimal
) -> None:
    first, second = CALENDAR.due(at, one), CALENDAR.due(at, one + more)
    local = first.astimezone(MAINE)

    assert at <= first <= second
    assert is_business_day(local.date())
    assert time(8) <= local.time() <= time(18)


@given(instants, hours, hours)
def test_hours_can_be_spent_in_two_parts(at: datetime, one: Decimal, other: Decimal) -> None:
    assert CALENDAR.due(CALENDAR.due(at, one), other) == CALENDAR.due(at, one + other)


@given(instants, hours)
def test_until_it_is_due_as_many_hours_pass_as_were_promised(at: datetime, promised: Decimal) -> None:
    assert CALENDAR.between(at, CALENDAR.due(at, promised)) == promised


@pytest.mark.parametrize("bad", [Decimal(-1), Decimal(10**6)])
def test_absurd_hours_are_a_bug(bad: Decimal) -> None:
    with pytest.raises(ValueError, match="no number of business hours"):
        CALENDAR.due(NOW, bad)


def test_an_instant_without_a_zone_is_a_bug() -> None:
    with pytest.raises(ValueError, match="has none"):
        CALENDAR.due(datetime(2026, 3, 2), Decimal(1))  # noqa: DTZ001


@pytest.mark.parametrize(
    ("business_hours", "words"),
    [("20", "2 business days"), ("10", "1 business day"), ("4", "4 business hours"), ("1", "1 business hour")],
)
def test_hours_are_said_as_people_say_them(business_hours: str, words: str) -> None:
    assert Hours().words(Decimal(business_hours)) == words


@pytest.mark.django_db
class TestPromises:
    """What the agreement in force promises decides; else the house's own clock."""

    def test_a_promised_clock_is_the_agreements(self, cast: Cast) -> None:
        with cast.scope(), reading():
            assert clocks.sla_due(cast.rockland.id, "denials", "denials.first_touch", NOW) == NOW + timedelta(
                days=14, hours=-1
            )  # ten business days over two week-ends and the change to summer time

    def test_without_a_promise_the_house_has_its_own(self, cast: Cast) -> None:
        with cast.scope(), reading():
            assert clocks.sla_due(cast.rockland.id, "it", "practice.answer", NOW) == NOW + timedelta(hours=4)
            assert clocks.sla_due(cast.rockland.id, "it", "something.new", NOW) == NOW + timedelta(days=3)

    def test_the_zone_is_the_practices(self, cast: Cast) -> None:
        from openmso.parties import testing as parties

        mesa = parties.practice(at=NOW, code="MESA", name="Mesa Primary Care", state="AZ", zone="America/Phoenix")
        testing.executed(cast.mso, mesa, at=NOW)
        morning = datetime(2026, 3, 2, 14, tzinfo=UTC)  # 07:00 in Tucson, 09:00 in Maine
        with cast.scope(mesa), reading():
            assert clocks.sla_due(mesa.id, "it", "practice.answer", morning) == datetime(2026, 3, 2, 19, tzinfo=UTC)
