"""Agreements that begin or end inside a month, by the stated day count."""

from __future__ import annotations

from typing import Any

import pytest

from openmso.agreements.fees import asking
from openmso.agreements.fees.quote import Quote
from openmso.agreements.fees.reading import terms_of
from openmso.agreements.fees.terms import BadTerms
from openmso.agreements.fees.writing import terms_json
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
