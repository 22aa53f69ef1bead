"""The priority of payments: the worked months to the cent, each way out of a shortfall, and no cent lost."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from openmso.agreements.fees import waterfall
from openmso.agreements.fees.reading import Node
from openmso.agreements.fees.terms import BadTerms
from openmso.agreements.fees.waterfall import Line, Payout
from openmso.cli.fee import app
from openmso.kit.money import Money

M1 = {"month": "2026-01", "collections": "480000.00", "refunds": "6000.00", "practice_expenses": "260000.00",
      "physician_compensation": "215000.00", "fee": "60000.00"}  # fmt: skip
M2 = {"month": "2026-02", "collections": "610000.00", "refunds": "4500.00", "practice_expenses": "262000.00",
      "physician_compensation": "215000.00", "fee": "60000.00", "reserve": "5000.00"}  # fmt: skip
WE6: dict[str, Any] = {"priority": {"interest": "6%"}, "months": [M1, M2]}


def paid_out(asked: dict[str, Any]) -> list[Payout]:
    return waterfall.run(*waterfall.question_of(asked))


def test_a_short_month_becomes_a_loan_at_six_percent_and_the_next_pays_it_back() -> None:
    """Worked example WE6."""
    first, second = paid_out(WE6)
    assert (str(first.advanced), str(first.line(Line.FEE).missing), str(first.closing.loan)) == (
        "1000.00", "60000.00", "61000.00",
    )  # fmt: skip
    assert str(second.interest) == "305.00"
    assert {one.line.value: str(one.paid) for one in second.lines} == {
        "refunds": "4500.00", "practice_expenses": "262000.00", "physician_compensation": "215000.00",
        "fee": "60000.00", "deficit_interest": "305.00", "deficit_principal": "61000.00", "reserve": "5000.00",
        "residual": "2195.00",
    }  # fmt: skip
    assert str(second.closing.loan) == "0.00"
    assert first.balances
    assert second.balances


def test_an_unpaid_fee_may_stack_without_interest() -> None:
    """A fixed fee of 5,000 that two months do not pay is 10,000 in the third."""
    poor = {"collections": "0.00", "fee": "5000.00"}
    months = [poor | {"month": "2026-01"}, poor | {"month": "2026-02"}, {"month": "2026-03", "collections": "12000.00"}]
    found = paid_out({"priority": {"interest": "6%", "unpaid_fee": "stack"}, "months": months})
    assert [str(one.closing.stacked) for one in found] == ["5000.00", "10000.00", "0.00"]
    assert [str(one.closing.loan) for one in found] == ["0.00", "0.00", "0.00"]
    assert str(found[2].line(Line.RESIDUAL).paid) == "2000.00"


def test_a_revoked_order_leaves_what_the_government_paid_with_the_practice() -> None:
    month = {"month": "2026-01", "collections": {"government": "90000.00", "other": "10000.00"}, "fee": "5000.00"}
    revoked, standing = paid_out(
        {"months": [month | {"government_order": "revoked"}, {"month": "2026-02", "collections": "0.00"}]}
    )
    assert (str(revoked.cash), str(revoked.closing.held)) == ("10000.00", "90000.00")
    assert (str(standing.cash), str(standing.closing.held)) == ("90000.00", "0.00")


def test_a_standing_order_may_leave_a_part_and_a_loan_may_count_its_days() -> None:
    month = {"month": "2026-01", "collections": {"government": "90000.00", "other": "10000.00"}, "keep": "25000.00"}
    [found] = paid_out({"months": [month]})
    assert (str(found.cash), str(found.closing.held)) == ("75000.00", "25000.00")
    poor = {"month": "2026-02", "collections": "0.00"}
    interest = [
        str(paid_out({"priority": {"interest": "6%", "day_count": days}, "opening": {"loan": "61000.00"},
                      "months": [poor]})[0].interest)
        for days in ("30/360", "actual/365", "actual/360")
    ]  # fmt: skip
    assert interest == ["305.00", "280.77", "284.67"]  # of 28 days
    terms = waterfall.question_of(WE6)[0]
    assert waterfall.priority_of(Node(waterfall.priority_json(terms), "")) == terms


def test_an_advance_ends_at_its_limit_and_says_what_is_missing() -> None:
    month = {"month": "2026-01", "collections": "0.00", "refunds": "300.00", "practice_expenses": "500.00"}
    [found] = paid_out({"priority": {"advance_limit": "400.00"}, "months": [month]})
    assert (str(found.advanced), str(found.line(Line.EXPENSES).missing)) == ("400.00", "400.00")
    assert str(found.closing.loan) == "400.00"


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"months": []}, "no month"), ({"months": [M1, M1]}, "follow each other"),
        ({"months": [M1 | {"fee": "-1.00"}]}, "not below zero"),
        ({"months": [M1 | {"government_order": "perhaps"}]}, "not known"),
        ({"priority": {"order": ["fee"]}, "months": [M1]}, "every line once"),
        ({"priority": {"interest": "600%"}, "months": [M1]}, "from 0% to 100%"),
        ({"months": [M1 | {"month": "soon"}]}, "written as"),
    ],
)  # fmt: skip
def test_what_cannot_be_paid_out_says_why(asked: dict[str, Any], words: str) -> None:
    with pytest.raises(BadTerms, match=words) as no:
        paid_out(asked)
    assert no.value.field


CENTS = st.integers(0, 10**8)


@given(st.lists(st.tuples(CENTS, CENTS, CENTS, CENTS, CENTS, st.booleans()), min_size=1, max_size=6))
def test_no_cent_is_lost_and_the_loan_is_what_was_lent_less_what_was_paid_back(months: list[Any]) -> None:
    def amount(cents: int) -> str:
        return str(Money.cents(cents))

    asked = {
        "priority": {"interest": "6%"},
        "months": [
            {"month": f"2026-{n:02}", "collections": {"government": amount(g), "other": amount(o)}, "fee": amount(f),
             "practice_expenses": amount(e), "refunds": amount(r), "government_order": "revoked" if no else "standing"}
            for n, (g, o, e, r, f, no) in enumerate(months, start=1)
        ],
    }  # fmt: skip
    for one in paid_out(asked):
        assert one.balances
        lent = one.advanced + one.line(Line.FEE).missing + one.line(Line.INTEREST).missing
        assert one.closing.loan == one.opening.loan + lent - one.line(Line.PRINCIPAL).paid


def test_the_command_pays_a_file_out(tmp_path: Path) -> None:
    file = tmp_path / "months.json"
    file.write_text(json.dumps(WE6))
    answer = CliRunner().invoke(app, ["waterfall", str(file), "--json"])
    assert answer.exit_code == 0
    assert [one["closing"]["loan"] for one in json.loads(answer.output)] == ["61000.00", "0.00"]
    assert CliRunner().invoke(app, ["waterfall", str(file)]).exit_code == 0
    file.write_text(json.dumps({"months": []}))
    assert CliRunner().invoke(app, ["waterfall", str(file)]).exit_code == 1
