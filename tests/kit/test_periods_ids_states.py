"""Months, ranges of days, identifiers and tables of moves."""

from __future__ import annotations

from datetime import UTC, date, datetime
from enum import StrEnum

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openmso.kit import clock, ids
from openmso.kit.periods import DayRange, Month
from openmso.kit.states import IllegalMove, check_move, mermaid, table_is_whole

days = st.dates(min_value=date(2020, 1, 1), max_value=date(2030, 12, 31))


@given(days, st.integers(min_value=-60, max_value=60))
def test_a_month_so_many_months_on_and_back_is_itself(day: date, months: int) -> None:
    month = Month.of(day)

    assert month.plus(months).plus(-months) == month
    assert day in month.range
    assert month.last not in month.plus(1).range


@pytest.mark.parametrize("text", ["2026-13", "2026-3", "26-03", "march", ""])
def test_what_is_not_a_month_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="month"):
        Month.parse(text)


def test_ranges_that_touch_do_not_meet() -> None:
    january, february = Month(2026, 1).range, Month(2026, 2).range

    assert january.meets(february) is None
    assert january.meets(DayRange(date(2026, 1, 31))) == DayRange(date(2026, 1, 31), date(2026, 2, 1))
    assert january.days == 31
    assert DayRange(date(2026, 1, 1)).days is None


def test_a_range_of_no_days_exists_and_a_backward_one_does_not() -> None:
    assert DayRange(date(2026, 1, 1), date(2026, 1, 1)).days == 0
    with pytest.raises(ValueError, match="before it starts"):
        DayRange(date(2026, 1, 2), date(2026, 1, 1))


def test_a_day_belongs_to_a_zone() -> None:
    late = datetime(2026, 1, 1, 2, 30, tzinfo=UTC)

    assert clock.day_in("America/New_York", late) == date(2025, 12, 31)
    with pytest.raises(ValueError, match="time zone"):
        clock.day_in("America/New_York", datetime(2026, 1, 1))  # noqa: DTZ001


@given(st.from_regex(r"[12][0-9]{8}", fullmatch=True))
def test_one_check_digit_in_ten_makes_an_npi(nine: str) -> None:
    npi = ids.npi_with_check(nine)

    assert ids.npi_is_valid(npi)
    assert sum(ids.npi_is_valid(nine + str(digit)) for digit in range(10)) == 1


@pytest.mark.parametrize("npi", ["1234567890", "123456789", "12345678933", "3234567893", "１２３４５６７８９３"])
def test_what_is_not_an_npi(npi: str) -> None:
    assert not ids.npi_is_valid(npi)


def test_the_published_example_is_an_npi() -> None:
    assert ids.npi_is_valid("1234567893")  # the worked example of the NPI check digit standard


def test_public_ids_read_well_and_differ() -> None:
    made = {*(ids.public_id("CLM") for _ in range(1000)), *ids.public_ids("CLM", 1000)}

    assert len(made) == 2000
    assert all(ids.is_public_id(each) for each in made)
    assert ids.is_public_id("CLM-7K2P9M4X"), "older ones are as good"
    assert not ids.is_public_id("CLM-7K2P9M4O")
    assert not ids.is_public_id("CLM-7K2P9M4X2")


def test_no_two_ids_made_together_are_alike_however_few_names_there_are() -> None:
    """Nine hundred names of two letters: drawn once each, hundreds of them would meet."""
    assert len({*ids.public_ids("CLM", 900, length=2)}) == 900
    with pytest.raises(ValueError, match="no 901 names"):
        ids.public_ids("CLM", 901, length=2)


def test_what_a_text_names_first_is_an_older_id_or_a_newer_one() -> None:
    assert ids.named_first("BAT-7K2P9M4X") == ["BAT-7K2P9M4X"]
    assert ids.named_first("BAT-7K2P9M4XQ3 0001") == ["BAT-7K2P9M4X", "BAT-7K2P9M4XQ3"]
    assert ids.named_first("0001") == []


class Door(StrEnum):
    OPEN = "open"
    SHUT = "shut"
    WALLED = "walled"


MOVES = {Door.OPEN: {Door.SHUT}, Door.SHUT: {Door.OPEN, Door.WALLED}, Door.WALLED: frozenset[Door]()}


def test_a_move_the_table_has_not_is_refused_with_the_ones_it_has() -> None:
    check_move(MOVES, noun="door", frm=Door.OPEN, to=Door.SHUT)
    with pytest.raises(IllegalMove, match="from here it goes to open, walled"):
        check_move(MOVES, noun="door", frm=Door.SHUT, to=Door.SHUT)
    with pytest.raises(IllegalMove, match="this is an end"):
        check_move(MOVES, noun="door", frm=Door.WALLED, to=Door.OPEN)


def test_a_table_says_something_of_every_state() -> None:
    assert table_is_whole(MOVES, Door)
    assert not table_is_whole({Door.OPEN: {Door.SHUT}}, Door)
    assert "shut --> walled" in mermaid(MOVES)


@pytest.mark.parametrize(
    ("typed", "inside", "outside"),
    [
        ("7K2P9M4X", "CLM-7K2P9M4X", "CLM-7K2P9M4Y"),
        ("clm-7k", "CLM-7KZZZZZZ", "CLM-7M222222"),
        ("clm-7k", "CLM-7KZZZZZZZZ", "CLM-7M22222222"),
        ("7K2P9M4X", "CLM-7K2P9M4XQ3", "CLM-7K2P9M4YQ3"),
        ("7K2P9M4XQ3", "CLM-7K2P9M4XQ3", "CLM-7K2P9M4X"),
        ("Z", "CLM-Z2222222", "CLM-YZZZZZZZ"),
    ],
)
def test_what_was_typed_of_a_public_id_is_a_range_of_names(typed: str, inside: str, outside: str) -> None:
    first, last = ids.beginning("CLM", typed)
    assert first <= inside <= last
    assert not first <= outside <= last


@pytest.mark.parametrize("typed", ["", "  ", "CLM-", "OKAFOR", "7K2P9M4XQ39", "ERA-7K"])
def test_what_begins_no_public_id_is_no_range(typed: str) -> None:
    assert ids.beginning("CLM", typed) is None
