"""The rules of billing, plain values in and out."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from openmso.billing.rules import numbers, owing
from openmso.kit.money import Money


@dataclass(frozen=True)
class Line:
    name: str
    owed: Money


def lines(*owed: str) -> list[Line]:
    return [Line(str(place), Money.of(amount)) for place, amount in enumerate(owed, start=1)]


@pytest.mark.parametrize(
    ("amount", "owed", "parts"),
    [
        ("50.00", ["20.00", "40.00"], [("1", "20.00"), ("2", "30.00")]),
        ("50.00", ["20.00"], [("1", "20.00")]),
        ("50.00", ["0.00", "-5.00", "60.00"], [("3", "50.00")]),
        ("50.00", [], []),
    ],
)
def test_money_goes_to_the_first_lines_and_never_beyond_what_they_owe(
    amount: str, owed: list[str], parts: list[tuple[str, str]]
) -> None:
    found = owing.oldest_first(Money.of(amount), lines(*owed))
    assert [(part.line.name, str(part.amount)) for part in found] == parts


def test_an_excess_comes_back_from_the_latest_payment_first() -> None:
    earlier = [("first", Money.of("30.00")), ("undone", Money.of("0.00")), ("last", Money.of("10.00"))]
    found = owing.taken_back(Money.of("25.00"), earlier)
    assert [(source, str(amount)) for source, amount in found] == [("last", "10.00"), ("first", "15.00")]


@pytest.mark.parametrize(
    ("text", "is_card"),
    [
        ("4111 1111 1111 1111", True),
        ("visa 4111-1111-1111-1111 ok", True),
        ("378282246310005", True),
        ("4111 1111 1111 1112", False),
        ("check 1204", False),
        ("4242 OK 084512", False),
    ],
)
def test_card_numbers_are_known_by_their_check_digit(text: str, is_card: bool) -> None:
    assert numbers.holds_card_number(text) is is_card
