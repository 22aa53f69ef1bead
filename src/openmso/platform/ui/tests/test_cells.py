"""How values are written: exact, with signs, and safe."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openmso.kit.money import Money
from openmso.kit.periods import Month
from openmso.platform.ui import cells
from openmso.platform.ui.contracts import Column, Status, Tone

CENTS = st.integers(-(10**12), 10**12)


@given(CENTS)
def test_an_amount_can_be_read_back_from_what_is_shown(cents: int) -> None:
    shown = cells.money_text(Money.cents(cents))

    assert Decimal(shown.replace(",", "").replace("\u2212", "-")) == Decimal(cents).scaleb(-2)
    assert "-" not in shown


@pytest.mark.parametrize(
    ("amount", "sign", "shown"),
    [
        ("-1234.5", "", "−1,234.50"), ("1284", "$", "$1,284.00"), ("-86.4", "$", "−$86.40"), ("3.12", "+", "+3.12"),
        ("0", "+", "0.00"),
    ],
)  # fmt: skip
def test_signs_stand_where_a_reader_expects_them(amount: str, sign: str, shown: str) -> None:
    assert cells.money_text(Money.of(amount), sign) == shown


def test_zero_and_nothing_are_quiet_and_not_the_same() -> None:
    assert cells.money(Money.of("0")) == '<span class="zero">0.00</span>'
    assert cells.money(None) == '<span class="zero">–</span>'


def test_a_negative_is_bad_news_only_where_it_is_said_to_be() -> None:
    assert "neg" not in cells.money(Money.of("-5"))
    assert 'class="neg"' in cells.money(Money.of("-5"), "tone")


def test_days_months_and_instants_cannot_be_misread() -> None:
    assert cells.day_text(date(2026, 3, 4)) == "4 Mar 2026"
    assert cells.month_text(Month(2026, 10)) == "October 2026"
    assert cells.instant_text(datetime(2026, 11, 18, 9, 14, tzinfo=UTC)) == "18 Nov 2026 09:14 UTC"
    assert 'datetime="2026-11-18T09:14:00+00:00" data-local' in cells.instant(datetime(2026, 11, 18, 9, 14, tzinfo=UTC))


def test_a_status_is_mark_word_and_tone() -> None:
    class S(Status):
        DENIED = "denied", "Denied", Tone.BAD
        ON_HOLD = "on_hold"

    assert cells.status(S.DENIED).count("bad") == 2
    assert "On hold" in cells.status(S.ON_HOLD)
    assert S("denied") is S.DENIED


@pytest.mark.parametrize(
    ("name", "letters"), [("Nadia Aziz", "NA"), ("Dr. Mara von Rockland", "DR"), ("", "?"), ("Cher", "C")]
)
def test_initials_are_of_the_first_and_the_last_word(name: str, letters: str) -> None:
    assert cells.initials(name) == letters


@dataclass(frozen=True)
class Line:
    name: str
    paid: Money


def test_what_a_file_brought_cannot_become_markup() -> None:
    column = Column("name", "Name", link=lambda row: 'javascript:"', hint=lambda row: "<b>")

    html = cells.html(column, Line("<script>", Money.of("1")))

    assert "<script>" not in html
    assert "<b>" not in html
    assert '"javascript:&quot;"' in html


def test_money_with_rows_behind_it_is_a_figure_that_opens() -> None:
    html = cells.html(Column("paid", "Paid", "money", link=lambda row: "/rows"), Line("x", Money.of("12.5")))

    assert html == '<a href="/rows" class="fig">12.50</a>'


@pytest.mark.parametrize(
    ("months", "text"),
    [
        ("", "–"),
        ("2026-09", "Sep 2026"),
        ("2026-11 2026-09 2026-10", "Sep–Nov 2026"),
        ("2026-12 2027-01", "Dec 2026–Jan 2027"),
        ("2026-01 2026-03", "Jan 2026, Mar 2026"),
    ],
)
def test_months_that_follow_each_other_are_one_range(months: str, text: str) -> None:
    assert cells.months_text([Month.parse(one) for one in months.split()]) == text
