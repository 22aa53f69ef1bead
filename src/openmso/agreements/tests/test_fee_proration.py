"""Agreements that begin or end inside a month, by the stated day count."""

from __future__ import annotations

from typing import Any

import pytest

from openmso.agreements.fees import asking, sentences, writing
from openmso.agreements.fees.quote import Quote
from openmso.agreements.fees.reading import terms_of
from openmso.agreements.fees.terms import BadTerms
from openmso.agreements.fees.writing import terms_json
from openmso.kit.money import ZERO, Money
from openmso.kit.periods import Month

FLAT = {"kind": "flat", "amount": "3000.00"}


def ask(terms: dict[str, Any], starts: str, ends: str | None, inputs: Any = None, period: Any = "2026-03") -> Quote:
    days = {"starts_on": starts, "ends_on": ends}
    asked = {"terms": {"period": "month", **terms}, "period": period, "inputs": inputs or {}, "in_force": days}
    return asking.question_of(asked).answer()


@pytest.mark.parametrize(
    ("day_count", "starts", "ends", "fee"),
    [
        ("actual", "2026-03-16", None, "1548.39"),  # 16 of 31 days
        ("actual", "2026-03-01", "2026-03-16", "1451.61"),  # 15 of 31: the two halves make the whole
        ("30/360", "2026-03-16", None, "1500.00"),  # 15 of 30
        ("30/360", "2026-03-31", None, "100.00"),  # the 31st counts as the 30th: one day
        ("30/360", "2026-03-01", "2026-03-31", "3000.00"),  # thirty days of thirty
        ("365", "2026-03-16", None, "1578.08"),  # 36,000 a year × 16 ÷ 365
        ("none", "2026-03-31", None, "3000.00"),
        ("365", "2026-01-01", None, "3000.00"),  # a whole month is whole by every count
        ("30/360", "2026-01-01", None, "3000.00"),
    ],
)
def test_a_part_month_by_its_day_count(day_count: str, starts: str, ends: str | None, fee: str) -> None:
    quote = ask({"components": [FLAT], "proration": {"day_count": day_count}}, starts, ends)

    assert str(quote.amount) == fee


@pytest.mark.parametrize("month", ["2026-02", "2028-02", "2026-04"])
def test_two_parts_of_a_month_of_thirty_days_make_the_whole(month: str) -> None:
    terms = {"components": [FLAT], "proration": {"day_count": "30/360"}}
    begin, middle, end = Month.parse(month).first, f"{month}-15", Month.parse(month).plus(1).first

    parts = [ask(terms, str(begin), middle, period=month), ask(terms, middle, str(end), period=month)]

    assert [str(one.amount) for one in parts] == ["1400.00", "1600.00"]


def test_amounts_limits_and_shares_that_change_by_date_are_weighted_by_their_days() -> None:
    step = [{"from": "2026-03-11", "amount": "6100.00"}]
    share = {"name": "gross_revenue", "rate": "26.2%", "then": [{"from": "2026-04-01", "rate": "26%"}]}
    flat = ask({"components": [FLAT | {"then": step}]}, "2026-01-01", None)
    least = {"components": [{"kind": "flat", "amount": "0"}], "minimum": {"amount": "3000.00", "then": step}}
    budget = {"components": [{"kind": "percent", "rate": "1", "of": {"plus": [share]}}]}
    revenue = {"gross_revenue": "14000000.00"}

    assert str(flat.amount) == "5100.00"  # 3,000 × 10 and 6,100 × 21 of 31 days
    assert str(ask(least, "2026-03-01", None).amount) == "5100.00"
    assert str(ask(budget, "2026-01-01", None, revenue).amount) == "3668000.00"
    assert str(ask(budget, "2026-01-01", None, revenue, "2026-04").amount) == "3640000.00"
    assert flat.steps[0].label == "$3,000 a month ($6,100 from 11 March 2026)"
    assert terms_of(terms_json(flat.terms)) == flat.terms
    with pytest.raises(BadTerms, match="by day"):
        ask({"components": [FLAT | {"then": step * 2}]}, "2026-01-01", None)


def test_the_last_day_is_not_counted_because_ranges_are_half_open() -> None:
    terms = {"components": [FLAT]}

    assert str(ask(terms, "2026-03-01", "2026-03-02").amount) == "96.77"
    with pytest.raises(BadTerms, match="not in force on any day"):
        ask(terms, "2026-01-01", "2026-03-01")


def test_minimum_and_cap_shrink_with_the_month_and_bands_only_where_the_terms_say_so() -> None:
    bands = [{"up_to": "31000", "rate": "10%"}, {"rate": "0%"}]
    tiers = {"kind": "tiers", "how": "marginal", "of": "net_collections", "bands": bands}
    figures = {"net_collections": "31000.00"}

    whole = ask({"components": [tiers], "cap": "3100"}, "2026-03-22", None, figures)
    shrunk = ask({"components": [tiers], "proration": {"applies_to": ["bands"]}}, "2026-03-22", None, figures)
    lifted = ask({"components": [tiers], "minimum": "3100"}, "2026-03-22", None, {"net_collections": "10.00"})

    assert str(whole.amount) == "1000.00"  # cap 3,100 × 10 ÷ 31
    assert str(shrunk.amount) == "1000.00"  # band 31,000 × 10 ÷ 31
    assert str(lifted.amount) == "1000.00"


PDE = {"components": [{"kind": "percent", "of": "pde", "rate": [
    {"from": "2026-01-01", "rate": "20%"}, {"from": "2026-02-01", "rate": "19%"}]}], "true_up": "quarter"}  # fmt: skip
MARGIN = {"kind": "residual", "of": "margin"}


@pytest.mark.parametrize(
    ("terms", "figures", "in_force", "whole", "charged"),
    [
        (PDE, {"pde": ("200000", "100000", "100000")}, "2026-01-01", "78000.00", "78000.00"),
        ({"components": [{"kind": "percent", "rate": "10%", "of": "pde"}], "cap": {"amount": "12000", "per": "quarter"}},
         {"pde": ("50000", "10000", "80000")}, "2026-01-01", "12000.00", "9000.00"),
        ({"components": [{"kind": "lesser_of", "of": [MARGIN, {"kind": "flat", "amount": "30000", "per": "quarter"}]}]},
         {"margin": ("15000", "4000", "9000")}, "2026-01-01", "28000.00", "23000.00"),
        ({"components": [{"kind": "tiers", "how": "cliff", "of": "pde", "per": "quarter",
                          "bands": [{"up_to": "90000", "rate": "8%"}, {"rate": "5%"}]}]},
         {"pde": ("20000", "30000", "45000")}, "2026-01-01", "4750.00", "6250.00"),
        # 3,000 × 13 ÷ 28 and 3,000; then a cap of 1,400 a month on as many days, 1,400 × 13 ÷ 28 and 1,400.
        ({"components": [{"kind": "flat", "amount": "3000.00"}]}, {}, "2026-02-16", "4392.86", "4392.86"),
        ({"components": [{"kind": "flat", "amount": "3000.00"}], "cap": {"amount": "16800", "per": "year"}}, {},
         "2026-02-16", "2050.00", "2050.00"),
        ({"components": [{"kind": "flat", "amount": "10000.00", "per": "quarter"}]}, {}, "2026-01-01", "10000.00",
         "9999.99"),
        ({"components": [{"kind": "percent", "rate": "10%", "of": "pde"}],
          "credits": [{"words": "missed promise", "count": "missed", "rate": "2%"}]},
         {"pde": ("10000", "20000", "40000"), "missed": ("0", "3", "1")}, "2026-01-01", "6800.00", "6800.00"),
    ],
)  # fmt: skip
def test_a_quarter_settled_from_its_months_invents_no_difference(
    terms: dict[str, Any], figures: dict[str, tuple[str, ...]], in_force: str, whole: str, charged: str
) -> None:
    agreed = {"period": "month", **terms}
    days = {"starts_on": in_force, "ends_on": None}
    months = {f"2026-0{one}": {name: told[one - 1] for name, told in figures.items()} for one in (1, 2, 3)}
    inside = {name: told for name, told in months.items() if name >= in_force[:7]}
    asked = {"terms": agreed, "in_force": days}

    one = asking.question_of({**asked, "period": "2026-Q1", "months": inside, "paid": charged}).answer()
    each = [asking.question_of({**asked, "period": name, "inputs": told}).answer() for name, told in inside.items()]

    assert (str(one.amount), str(sum((month.amount for month in each), ZERO))) == (whole, charged)
    assert one.due == one.amount - Money.of(charged)
    assert sum((step.effect for step in one.steps), ZERO) == one.amount
    assert set(writing.quote_json(one)["months"]) == set(inside)


def test_figures_by_month_are_those_of_every_month_and_a_day_settles_nothing() -> None:
    asked = {"terms": {"period": "month", **PDE}, "period": "2026-Q1"}
    with pytest.raises(BadTerms, match="figures of March 2026 are missing"):
        asking.question_of({**asked, "months": {"2026-01": {"pde": "1"}, "2026-02": {"pde": "1"}}})
    with pytest.raises(BadTerms, match="not both"):
        asking.question_of({**asked, "inputs": {"pde": "1"}, "months": {}})
    with pytest.raises(BadTerms, match="cannot be settled by the day") as no:
        asking.question_of({"terms": {"period": "month", **PDE, "true_up": "day"}, "period": "2026-Q1", "inputs": {}})
    assert no.value.field == "terms.true_up"
    yearly = {"period": "month", "components": [FLAT], "minimum": {"amount": "1.00", "per": "year"}}
    said = sentences.sentence(terms_of(yearly))
    assert said.endswith("charged month by month: what is for a year counts by its twelfth, and no longer period is "
                         "settled as a whole")  # fmt: skip


def test_a_weekly_amount_counts_its_days() -> None:
    weekly = {"kind": "flat", "amount": "700.00", "per": "week"}

    assert str(ask({"components": [weekly]}, "2026-01-01", None).amount) == "3100.00"
    assert str(ask({"components": [weekly]}, "2026-03-25", None).amount) == "700.00"


def test_an_anniversary_month_is_a_whole_month() -> None:
    period = {"starts_on": "2026-03-16", "ends_on": "2026-04-16"}

    assert str(ask({"components": [FLAT]}, "2026-03-16", None, period=period).amount) == "3000.00"


@pytest.mark.parametrize("ends", ["2026-03-20", "2026-04-17"])
def test_a_period_of_no_whole_months_is_refused(ends: str) -> None:
    with pytest.raises(BadTerms, match="whole months") as refused:
        ask({"components": [FLAT]}, "2026-03-16", None, period={"starts_on": "2026-03-16", "ends_on": ends})

    assert refused.value.field == "period"
    assert "in_force" in refused.value.fix
