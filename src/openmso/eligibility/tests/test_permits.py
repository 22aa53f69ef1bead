"""Authorizations: whether a payer asks for one, and whether the one on file still holds, as plain rules."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from openmso.eligibility.contracts import Authorization, AuthorizationRule, Permit
from openmso.eligibility.rules.permits import asks, judge

ON = date(2026, 3, 2)
RULE = AuthorizationRule(
    "AUR-1", 1, 7, "Shield", Permit.AUTHORIZATION, "90832", "90838", (), (), date(2026, 1, 1), None, "Manual, page 9"
)
YES = Authorization(
    "AUT-1", 1, "", 1, "", 7, "Shield", Permit.AUTHORIZATION, "A123", "90832", "90838", date(2026, 2, 1),
    date(2026, 4, 1), Decimal(10), "",
)  # fmt: skip


def said(number: str = "", **changes: Any) -> list[tuple[str, bool]]:
    told: dict[str, Any] = {
        "line": 1, "code": "90837", "units": Decimal(1), "place": "11", "diagnoses": ("F329",), "on": ON,
        "rules": [RULE], "held": [YES], "numbers": {Permit.AUTHORIZATION: number}, "used": {},
    } | changes  # fmt: skip
    return [(one.words, one.blocks) for one in judge(**told)]


@pytest.mark.parametrize(
    ("changes", "asked"),
    [
        ({}, True),
        ({"code": "99213"}, False),
        ({"on": date(2025, 12, 31)}, False),
    ],
)
def test_a_rule_asks_for_a_range_of_codes_from_a_day_on(changes: dict[str, Any], asked: bool) -> None:
    told: dict[str, Any] = {"code": "90837", "place": "11", "diagnoses": ("F329",), "on": ON} | changes
    assert asks(RULE, **told) is asked


@pytest.mark.parametrize(
    ("changes", "asked"),
    [
        ({"places": ("10",)}, False),
        ({"places": ("10", "11")}, True),
        ({"diagnoses": ("F4",)}, False),
        ({"diagnoses": ("F4", "F32")}, True),
        ({"ends_on": ON}, False),
    ],
)
def test_a_rule_may_ask_at_some_places_for_some_diagnoses_until_a_day(changes: dict[str, Any], asked: bool) -> None:
    assert asks(replace(RULE, **changes), code="90837", place="11", diagnoses=("F329",), on=ON) is asked


def test_what_is_missing_says_whether_one_on_file_would_do() -> None:
    assert said() == [("Line 1, 90837: Shield asks for an authorization; A123 on file covers it.", True)]
    assert said(held=[]) == [("Line 1, 90837: Shield asks for an authorization, and none on file covers it.", True)]
    assert said("A123") == []
    assert said("A123", rules=[]) == []


@pytest.mark.parametrize(
    ("yes", "more", "words", "blocks"),
    [
        ({"ends_on": date(2026, 3, 1)}, {}, "A123 ended on 1 Mar 2026.", True),
        ({"starts_on": date(2026, 3, 3)}, {}, "A123 begins on 3 Mar 2026, after the service.", True),
        ({"last_code": "90834"}, {}, "A123 is for 90832-90834.", True),
        ({}, {"used": {"AUT-1": Decimal(10)}}, "A123 allows 10 units; with this line 1 too many are used.", True),
        ({}, {"used": {"AUT-1": Decimal(8)}}, "Of the units of A123, 1 will be left.", False),
        ({"number": "B9"}, {}, "A123 is not among those on file.", False),
    ],
)
def test_a_number_that_does_not_hold_says_why(
    yes: dict[str, Any], more: dict[str, Any], words: str, blocks: bool
) -> None:
    assert said("A123", held=[replace(YES, **yes)], **more) == [(f"Line 1, 90837: {words}", blocks)]


def test_units_of_others_and_days_beyond_are_none_of_a_claim_without_rules() -> None:
    assert said("A123", held=[replace(YES, units=None)], used={"AUT-1": Decimal(99)}) == []
