"""The worked examples of filed fee models, to the cent."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from openmso.agreements.fees import asking, quoting, sentences, writing
from openmso.agreements.fees.quote import Beside, Quote
from openmso.agreements.fees.reading import terms_of
from openmso.kit.money import Money

TIERS = {
    "period": "month",
    "components": [
        {
            "kind": "tiers",
            "how": "marginal",
            "of": "net_collections",
            "bands": [{"up_to": "250000", "rate": "8%"}, {"up_to": "500000", "rate": "6.5%"}, {"rate": "5%"}],
        }
    ],
    "minimum": "12000.00",
    "cap": "36000.00",
    "true_up": "year",
}
COST_PLUS = {
    "period": "month",
    "components": [
        {
            "kind": "cost_plus",
            "costs": ["payroll", "supplies", "leased_assets", "purchasing",
                      {"name": "marketing", "markups": ["10%", "15%"]}],
            "markups_combine": "additive",
        },
        {"kind": "flat", "amount": "36000.00", "per": "year"},
    ],
}  # fmt: skip
COSTS = {"payroll": "62000.00", "supplies": "11500.00", "leased_assets": "4300.00", "purchasing": "1200.00",
         "marketing": "8000.00"}  # fmt: skip
MARGIN = {"plus": ["agr"], "minus": [{"name": "agr", "rate": "26.2%"}, "clinic_expenses"], "words": "the actual margin"}


def ask(terms: Mapping[str, Any], inputs: Mapping[str, Any], *, period: str = "2026-03", **more: Any) -> Quote:
    return asking.question_of({"terms": terms, "period": period, "inputs": inputs, **more}).answer()


def beside(quote: Quote, kind: Beside) -> str:
    return next(str(aside.amount) for aside in quote.asides if aside.kind is kind)


def test_we1_cost_plus_with_split_markups_that_add_up() -> None:
    assert str(ask(COST_PLUS, COSTS).amount) == "92000.00"


def test_we1_with_markups_that_compound() -> None:
    components = [COST_PLUS["components"][0] | {"markups_combine": "compounding"}, COST_PLUS["components"][1]]

    assert str(ask(COST_PLUS | {"components": components}, COSTS).amount) == "92120.00"


def test_we1_the_switch_must_be_explicit() -> None:
    silent = {key: value for key, value in COST_PLUS["components"][0].items() if key != "markups_combine"}

    with pytest.raises(Exception, match="add up or compound") as refused:
        terms_of({"period": "month", "components": [silent]})

    assert refused.value.field == "components[0].markups_combine"


def test_we2_percent_of_net_practice_revenue() -> None:
    quote = ask(
        {"period": "month", "components": [{"kind": "percent", "rate": "12.5%", "of": "net_practice_revenue"}]},
        {"net_practice_revenue": "412387.55"},
    )

    assert str(quote.amount) == "51548.44"
    component = quote.steps[-1]
    assert component.exact == "51548.44375"
    assert component.rounding == "half up to the cent"


def test_we3_quarterly_reconciliation_of_a_share_of_distributable_earnings() -> None:
    terms = {"period": "month", "components": [{"kind": "percent", "rate": "20%", "of": "pde"}], "true_up": "quarter"}

    month = ask(terms, {"pde": "100000.00"})
    quarter = ask(terms, {"pde": "345000.00"}, period="2026-Q1", paid="60000.00")

    assert str(month.amount) == "20000.00"
    assert (str(quarter.amount), str(quarter.due)) == ("69000.00", "9000.00")


@pytest.mark.parametrize(
    ("agr", "provider", "clinic", "fixed", "fee", "kind", "aside"),
    [
        ("14000000", "26.2%", "7700000", "2762756", "2632000.00", Beside.UNDER, "130756.00"),
        ("14600000", "26%", "7800000", "2851096", "2851096.00", Beside.EXCESS, "152904.00"),
    ],
)
def test_we4_lesser_of_margin_and_fixed_amount(
    agr: str, provider: str, clinic: str, fixed: str, fee: str, kind: Beside, aside: str
) -> None:
    margin = MARGIN | {"minus": [{"name": "agr", "rate": provider}, "clinic_expenses"]}
    options = [{"kind": "residual", "of": margin}, {"kind": "flat", "amount": fixed, "per": "quarter"}]
    terms = {
        "period": "quarter",
        "components": [{"kind": "lesser_of", "of": options, "excess_to": "performance pool"}],
    }

    quote = ask(terms, {"agr": agr, "clinic_expenses": clinic}, period="2004-Q1")

    assert str(quote.amount) == fee
    assert beside(quote, kind) == aside


@pytest.mark.parametrize(
    ("balance", "fee", "kind", "aside"),
    [("132000", "150000.00", Beside.ACCRUES, "18000.00"), ("260000", "210000.00", Beside.HELD, "50000.00")],
)
def test_we5_residual_with_a_floor_and_a_fair_market_value_cap(
    balance: str, fee: str, kind: Beside, aside: str
) -> None:
    terms = {
        "period": "month",
        "components": [{"kind": "residual", "of": "balance"}],
        "minimum": "150000",
        "fmv_cap": "210000",
    }

    quote = ask(terms, {"balance": balance})

    assert str(quote.amount) == fee
    assert beside(quote, kind) == aside


@pytest.mark.parametrize(
    ("collected", "fee", "tier"),
    [("140000", "12000.00", "11200.00"), ("420000", "31050.00", "31050.00"), ("760000", "36000.00", "49250.00")],
)
def test_we8_marginal_tiers_with_minimum_and_cap(collected: str, fee: str, tier: str) -> None:
    quote = ask(TIERS, {"net_collections": collected})

    assert str(quote.amount) == fee
    assert [str(step.amount) for step in quote.steps if step.kind == "component"] == [tier]


def test_we8_a_yearly_true_up_uses_annualised_bands() -> None:
    """Twelve uneven months paid by the month; the year by bands, minimum and cap of twelve months."""
    year = ask(TIERS, {"net_collections": "5040000"}, period="2026", paid="360000.00")

    assert str(year.amount) == "372600.00"  # 12 × 31,050: bands of 3 and 6 million
    assert str(year.due) == "12600.00"


def test_we11_credit_for_missed_promises() -> None:
    credit = {"words": "missed promise", "count": "missed_promises", "rate": "2%", "cap": "10%"}

    quote = ask(TIERS | {"credits": [credit]}, {"net_collections": "420000", "missed_promises": 2})
    capped = ask(TIERS | {"credits": [credit]}, {"net_collections": "420000", "missed_promises": 9})

    assert str(quote.steps[-1].effect) == "-1242.00"
    assert str(quote.amount) == "29808.00"
    assert str(capped.steps[-1].effect) == "-3105.00"


def test_the_sentence_of_a_filed_fee_reads_as_people_say_it() -> None:
    terms = terms_of(
        {
            "period": "month",
            "components": [
                {"kind": "percent", "rate": "12.5%", "of": "net_collections", "exclude": ["medicaid", "drugs"]}
            ],
            "minimum": "12000.00",
            "cap": "36000.00",
        }
    )

    assert sentences.sentence(terms) == (
        "12.5% of net collections, excluding Medicaid and drugs, at least $12,000 and at most $36,000 a month"
    )


def test_every_kind_has_a_sentence() -> None:
    said = sentences.sentence(terms_of(TIERS))
    assert said.startswith("8% of the first $250,000 of net collections, 6.5% of the next $250,000 and 5% above")
    assert "settled each calendar year" in said
    assert sentences.sentence(terms_of(COST_PLUS)) == (
        "the cost of payroll, supplies, leased assets, purchasing and marketing (plus 10% plus 15%), "
        "plus $36,000 a year"
    )
    units = {"kind": "per_unit", "unit": "claim", "price": "6.40", "included": 500}
    assert sentences.sentence(terms_of({"period": "month", "components": [units]})) == (
        "$6.40 a claim beyond the first 500"
    )
    cliff = TIERS["components"][0] | {"how": "cliff"}
    assert sentences.sentence(terms_of({"period": "month", "components": [cliff]})) == (
        "of all net collections 8% up to $250,000, 6.5% up to $500,000, 5% once above"
    )
    options = [{"kind": "residual", "of": MARGIN}, {"kind": "flat", "amount": "2762756", "per": "quarter"}]
    lesser = {"kind": "lesser_of", "of": options, "excess_to": "performance pool"}
    assert sentences.sentence(terms_of({"period": "quarter", "components": [lesser]})) == (
        "the lesser of all that is left of the actual margin and $2,762,756 a quarter "
        "(what the first exceeds it by goes to the performance pool); charged month by month: what is for a quarter "
        "counts by its third, and no longer period is settled as a whole"
    )


def test_cliff_tiers_take_one_rate_for_everything() -> None:
    cliff = TIERS | {"components": [TIERS["components"][0] | {"how": "cliff"}], "minimum": None, "cap": None}

    assert str(ask(cliff, {"net_collections": "250000.00"}).amount) == "20000.00"
    assert str(ask(cliff, {"net_collections": "250000.01"}).amount) == "16250.00"


def test_exclusions_leave_a_part_out_once_even_when_two_of_them_match_it() -> None:
    terms = {
        "period": "month",
        "components": [{"kind": "percent", "rate": "10%", "of": "net_collections", "exclude": ["medicaid", "drugs"]}],
    }
    parts = {"commercial": "1000.00", "medicaid": "200.00", "medicaid+drugs": "50.00", "commercial+drugs": "30.00"}

    quote = ask(terms, {"net_collections": parts})

    assert str(quote.amount) == "100.00"
    assert quote.steps[0].formula == "1,000.00 (280.00 left out)"


def test_inclusions_count_only_what_they_name() -> None:
    terms = {
        "period": "month",
        "components": [{"kind": "percent", "rate": "10%", "of": {"name": "net_collections", "include": ["vision"]}}],
    }

    assert str(ask(terms, {"net_collections": {"vision": "90.00", "other": "10.00"}}).amount) == "9.00"


def test_per_unit_counts_beyond_those_included() -> None:
    units = {"kind": "per_unit", "unit": "claim", "price": "6.40", "included": 500}
    terms = {"period": "month", "components": [units]}

    assert str(ask(terms, {"claims": 512}).amount) == "76.80"
    assert str(ask(terms, {"claims": 499}).amount) == "0.00"
    assert str(ask(terms, {"claims": 1512}, period="2026-Q1").amount) == "76.80"


def test_hybrids_add_their_components_in_order() -> None:
    terms = {
        "period": "month",
        "components": [
            {"kind": "flat", "amount": "1500.00"},
            {"kind": "percent", "rate": "4%", "of": "net_collections"},
            {"kind": "per_unit", "unit": "provider", "price": "150.00"},
        ],
    }

    quote = ask(terms, {"net_collections": "100000.00", "providers": "4.6"})

    assert [str(step.so_far) for step in quote.steps if step.effect] == ["1500.00", "5500.00", "6190.00"]
    assert quoting.figures_of(quote.terms) == ("net_collections", "providers")


def test_rates_that_step_down_inside_a_month_are_weighted_by_their_days() -> None:
    rates = [{"from": "2025-01-01", "rate": "20%"}, {"from": "2026-03-11", "rate": "19%"}]
    terms = {"period": "month", "components": [{"kind": "percent", "rate": rates, "of": "profit"}]}

    quote = ask(terms, {"profit": "310000.00"})

    assert str(quote.amount) == "59900.00"  # 310,000 × (20% × 10 + 19% × 21) ÷ 31
    assert sentences.sentence(quote.terms) == "20% from 1 January 2025 and 19% from 11 March 2026 of profit"


def test_a_quote_is_reproduced_from_what_it_keeps() -> None:
    quote = ask(TIERS, {"net_collections": {"commercial": "400000.00", "medicaid": "20000.00"}})
    kept = writing.quote_json(quote)

    again = ask(kept["terms"], kept["inputs"], period=kept["period"], in_force=kept["in_force"])

    assert again == quote
    assert Money.total(step.effect for step in again.steps) == again.amount
