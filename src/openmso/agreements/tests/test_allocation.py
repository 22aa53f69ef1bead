"""Shared cost among practices: worked figures to the cent, step-down order, blends, ramps, and nothing lost."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from openmso.agreements.fees import allocation
from openmso.agreements.fees.terms import BadTerms
from openmso.cli.fee import app
from openmso.kit.money import Money

DRIVERS = {
    "wrvu": {"A": 6200, "B": 4100, "C": 1700}, "fte": {"A": "4.6", "B": "3.0", "C": "1.4"},
    "visits": {"A": 15100, "B": 9800, "C": 6100},
}  # fmt: skip


def borne(plan: dict[str, Any]) -> list[str]:
    found = allocation.allocate(allocation.plan_of(plan))
    return [f"{found.borne(one):,.2f}" for one in found.practices]


@pytest.mark.parametrize(
    ("driver", "shares"),
    [
        ("wrvu", ["43,400.00", "28,700.00", "11,900.00"]),
        ("fte", ["42,933.33", "28,000.00", "13,066.67"]),
        ("visits", ["40,916.13", "26,554.84", "16,529.03"]),
    ],
)
def test_84000_over_three_practices_by_one_driver(driver: str, shares: list[str]) -> None:
    """Worked example WE7."""
    assert borne({"drivers": DRIVERS, "pools": [{"name": "it", "amount": "84000.00", "by": driver}]}) == shares


def test_a_cent_that_does_not_divide_goes_to_the_first() -> None:
    """Worked example WE7: 10,000.01 in three equal parts."""
    plan = {"practices": ["A", "B", "C"], "pools": [{"name": "x", "amount": "10000.01", "by": "equal"}]}
    assert borne(plan) == ["3,333.34", "3,333.34", "3,333.33"]


def test_drivers_are_blended_by_weight_and_rounded_once() -> None:
    plan = {"drivers": DRIVERS, "pools": [{"name": "it", "amount": "84000.00", "by": {"wrvu": "50%", "fte": "50%"}}]}
    assert borne(plan) == ["43,166.67", "28,350.00", "12,483.33"]
    formula = allocation.allocate(allocation.plan_of(plan)).closings[0].shares[0].formula
    assert formula == "84,000 × (50% × 6,200 ÷ 12,000 wrvu + 50% × 4.6 ÷ 9 fte)"


def test_pools_close_in_step_down_order_into_those_that_are_still_open() -> None:
    """Facility closes first, into IT and the practices; IT then shares what it cost and what it got."""
    plan = {
        "practices": ["A", "B"], "step_down": ["facility", "it"],
        "drivers": {"feet": {"it": 200, "A": 500, "B": 300}, "tickets": {"facility": 99, "A": 30, "B": 10}},
        "pools": [{"name": "it", "amount": "4000.00", "by": "tickets"},
                  {"name": "facility", "amount": "10000.00", "by": "feet"}],
    }  # fmt: skip
    found = allocation.allocate(allocation.plan_of(plan))
    assert [(one.pool, str(one.received), str(one.amount)) for one in found.closings] == [
        ("facility", "0.00", "10000.00"), ("it", "2000.00", "6000.00"),
    ]  # fmt: skip
    assert (str(found.borne("A")), str(found.borne("B"))) == ("9500.00", "4500.00")
    assert found.whole == found.borne("A") + found.borne("B")


def test_a_new_practice_is_ramped_and_direct_cost_is_its_own() -> None:
    plan = {
        "drivers": {"fte": {"A": 1, "B": 1}}, "ramp": {"B": "50%"},
        "pools": [{"name": "hr", "amount": "400.00", "by": "fte", "direct": {"B": "100.00"}}],
    }  # fmt: skip
    assert borne(plan) == ["200.00", "200.00"]


@pytest.mark.parametrize(
    ("plan", "words"),
    [
        ({"pools": [{"name": "it", "amount": "1.00", "by": "fte"}], "practices": ["A"]}, "no driver 'fte'"),
        ({"pools": [{"name": "it", "amount": "1.00"}], "practices": ["A"]}, "borne by nobody"),
        ({"pools": [{"name": "it", "amount": "1.00", "by": "fte"}], "drivers": {"fte": {"A": 0}}}, "nobody who can"),
        ({"pools": [{"name": "it", "amount": "-1.00", "by": "equal"}], "practices": ["A"]}, "not below zero"),
        ({"pools": [{"name": "it", "amount": "1.00", "direct": {"A": "2.00"}}]}, "More of it is direct"),
        ({"pools": [{"name": "it", "amount": "1.00", "by": {"fte": "50%", "equal": "40%"}}],
          "drivers": {"fte": {"A": 1}}}, "add up to 100%, not to 90%"),
        ({"pools": [], "practices": ["A"]}, "nothing to share"),
        ({"pools": [{"name": "it", "amount": "1.00", "by": "equal"}], "practices": ["A"], "step_down": []}, "once"),
        ({"practices": ["A"], "drivers": {"fte": {"Z": 1}},
          "pools": [{"name": "it", "amount": "1.00", "by": "fte"}]}, "'Z' is no practice"),
    ],
)  # fmt: skip
def test_a_plan_that_cannot_be_shared_says_why(plan: dict[str, Any], words: str) -> None:
    with pytest.raises(BadTerms, match=words) as no:
        allocation.allocate(allocation.plan_of(plan))
    assert no.value.field


@given(
    st.lists(st.integers(0, 10**9), min_size=1, max_size=4),
    st.lists(st.integers(0, 10**6), min_size=2, max_size=6).filter(any),
    st.integers(1, 99),
)
def test_every_cent_is_borne_by_somebody(pools: list[int], figures: list[int], weight: int) -> None:
    fte = {f"P{number}": figure for number, figure in enumerate(figures)}
    by = {"fte": Decimal(weight) / 100, "equal": Decimal(100 - weight) / 100}
    plan = {
        "drivers": {"fte": fte},
        "pools": [{"name": f"pool{n}", "amount": Money.cents(c).amount, "by": by} for n, c in enumerate(pools)],
    }
    found = allocation.allocate(allocation.plan_of(plan))
    assert Money.total(found.borne(one) for one in found.practices) == found.whole == Money.cents(sum(pools))


def test_the_command_shares_a_file(tmp_path: Path) -> None:
    file = tmp_path / "plan.json"
    plan = {"drivers": DRIVERS, "pools": [{"name": "it", "amount": "84000.00", "by": "wrvu"}]}
    file.write_text(json.dumps(plan))
    answer = CliRunner().invoke(app, ["allocate", str(file), "--json"])
    assert answer.exit_code == 0
    assert json.loads(answer.output)["practices"] == {"A": "43400.00", "B": "28700.00", "C": "11900.00"}
    file.write_text(json.dumps(plan | {"drivers": {}}))
    assert CliRunner().invoke(app, ["allocate", str(file)]).exit_code == 1
