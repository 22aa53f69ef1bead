"""What holds for every fee: parts add up, limits hold, more never costs less, terms survive being written down."""

from __future__ import annotations

import json
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from openmso.agreements.fees import quoting, reading, writing
from openmso.agreements.fees.inputs import Inputs
from openmso.agreements.fees.quote import Quote, StepKind, to_cents
from openmso.agreements.fees.terms import (
    Band,
    Base,
    BaseTerm,
    Component,
    Cost,
    CostPlus,
    Credit,
    DayCount,
    FeeTerms,
    Flat,
    LesserOf,
    Limit,
    MarkupHow,
    Per,
    Percent,
    PerUnit,
    Residual,
    TierHow,
    Tiers,
)
from openmso.kit.money import ZERO, Money
from openmso.kit.periods import DayRange, Month

MARCH = Month(2026, 3).range
BASE = Base((BaseTerm("net_collections"),))
money = st.integers(0, 10**10).map(Money.cents)
rates = st.decimals(0, 1, places=6)
amounts = st.integers(-(10**9), 10**11).map(Money.cents)
flats = st.builds(Flat, money, st.sampled_from(Per))
percents = st.builds(Percent.at, rates, st.just(BASE))
units = st.builds(PerUnit, st.just("claim"), st.just("claims"), money, st.integers(0, 1000))
costs = st.builds(
    CostPlus,
    st.lists(st.builds(Cost, st.just("payroll"), st.lists(rates, max_size=3).map(tuple)), min_size=1, max_size=3).map(
        tuple
    ),
    st.sampled_from(MarkupHow),
)
limits = st.builds(Limit, money, st.sampled_from([Per.MONTH, Per.QUARTER, Per.YEAR]))
days_in = st.tuples(st.integers(0, 30), st.integers(1, 31)).map(
    lambda pair: DayRange(MARCH.starts_on + timedelta(pair[0]), MARCH.starts_on + timedelta(min(sum(pair), 31)))
)


@st.composite
def tiers(draw: st.DrawFn, how: TierHow | None = None) -> Tiers:
    tops = sorted(draw(st.sets(st.integers(1, 10**9), max_size=4)))
    bands = [Band(Money.cents(top), draw(rates)) for top in tops] + [Band(None, draw(rates))]
    return Tiers(
        how or draw(st.sampled_from(TierHow)), BASE, tuple(bands), draw(st.sampled_from([Per.MONTH, Per.YEAR]))
    )


simple: st.SearchStrategy[Component] = st.one_of(
    flats, percents, units, costs, tiers(), st.builds(Residual, st.just(BASE))
)
lessers = st.builds(LesserOf, st.lists(simple, min_size=2, max_size=3).map(tuple), st.sampled_from(["", "pool"]))
components: st.SearchStrategy[Component] = st.one_of(simple, lessers)


@st.composite
def fees(draw: st.DrawFn) -> FeeTerms:
    low = draw(st.none() | limits)
    high = draw(st.none() | limits)
    if low and high and low.amount.amount * high.per.months > high.amount.amount * low.per.months:
        low = None
    credit = st.builds(Credit, st.just("missed promise"), st.just("missed"), rates, st.none() | rates)
    return FeeTerms(
        period=Per.MONTH,
        components=tuple(draw(st.lists(components, min_size=1, max_size=3))),
        minimum=low,
        cap=high,
        credits=tuple(draw(st.lists(credit, max_size=2))),
        day_count=draw(st.sampled_from(DayCount)),
    )


def figures(collected: Money, claims: int = 900, missed: int = 1) -> Inputs:
    return Inputs.of(
        {"net_collections": collected, "claims": claims, "payroll": Money.of("62000.00"), "missed": missed}
    )


def ask(terms: FeeTerms, collected: Money, days: DayRange | None = None) -> Quote:
    return quoting.quote(terms=terms, period=MARCH, inputs=figures(collected), in_force=days)


@given(fees(), amounts, days_in)
def test_the_parts_make_the_whole(terms: FeeTerms, collected: Money, days: DayRange) -> None:
    quote = ask(terms, collected, days)

    assert Money.total(step.effect for step in quote.steps) == quote.amount
    assert quote.steps[-1].so_far == quote.amount
    running = ZERO
    for step in quote.steps:
        running = running + step.effect
        assert step.so_far == running


@given(fees(), amounts, days_in)
def test_a_fee_is_never_below_zero(terms: FeeTerms, collected: Money, days: DayRange) -> None:
    assert ask(terms, collected, days).amount >= ZERO


@given(fees(), amounts)
def test_before_credits_a_fee_lies_between_its_minimum_and_its_cap(terms: FeeTerms, collected: Money) -> None:
    quote = ask(terms, collected)
    before = quote.amount - Money.total(step.effect for step in quote.steps if step.kind is StepKind.CREDIT)

    if terms.minimum:
        assert before >= to_cents(Fraction(terms.minimum.amount.amount) / terms.minimum.per.months)
    if terms.cap:
        assert before <= to_cents(Fraction(terms.cap.amount.amount) / terms.cap.per.months)


@given(st.one_of(percents, tiers(TierHow.MARGINAL), st.builds(Residual, st.just(BASE))), amounts, amounts)
def test_collecting_more_never_costs_less(component: Component, one: Money, other: Money) -> None:
    terms = FeeTerms(period=Per.MONTH, components=(component,))
    less, more = sorted((one, other))

    assert ask(terms, less).amount <= ask(terms, more).amount


@given(fees(), amounts)
def test_a_longer_part_of_the_month_never_costs_less_in_flat_amounts(terms: FeeTerms, collected: Money) -> None:
    flat = FeeTerms(period=Per.MONTH, components=(Flat(Money.of("3000.00"), Per.MONTH),), day_count=terms.day_count)
    costs = [ask(flat, collected, DayRange(date(2026, 3, first), None)).amount for first in range(31, 0, -1)]

    assert costs == sorted(costs)
    assert costs[-1] == Money.of("3000.00")


@given(fees())
def test_terms_written_down_read_back_the_same(terms: FeeTerms) -> None:
    assert reading.terms_of(json.loads(json.dumps(writing.terms_json(terms)))) == terms


@given(st.fractions(-(10**11), 10**11))
def test_cents_are_the_nearest_and_halves_go_away_from_zero(exact: Fraction) -> None:
    cents = Fraction(to_cents(exact).amount)

    assert abs(cents - exact) <= Fraction(1, 200)
    if abs(cents - exact) == Fraction(1, 200):
        assert abs(cents) > abs(exact)


@given(st.lists(st.tuples(st.sampled_from(["medicaid", "drugs", "medicaid+drugs", "other"]), amounts), max_size=4))
def test_what_is_counted_and_what_is_left_out_make_the_figure(parts: list[tuple[str, Money]]) -> None:
    given_parts = dict(parts)
    inputs = Inputs.of({"net_collections": given_parts})

    counted = inputs.counted(BaseTerm("net_collections", exclude=("medicaid",)))
    left_out = inputs.counted(BaseTerm("net_collections", include=("medicaid",)))

    both = sum((part.amount for part in [*counted, *left_out]), Decimal(0))
    assert both == inputs.get("net_collections").whole
