"""Money cannot leak: parts make the whole, floats stay out, rounding is named."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openmso.kit.money import ZERO, Money, Rounding

cents = st.integers(min_value=-(10**11), max_value=10**11)
weights = st.lists(st.decimals(min_value=0, max_value=1000, places=4, allow_nan=False), min_size=1, max_size=12).filter(
    lambda parts: sum(parts) > 0
)


@given(cents, weights)
def test_the_parts_of_a_split_make_the_whole(amount: int, shares: list[Decimal]) -> None:
    whole = Money.cents(amount)

    parts = whole.split(shares)

    assert Money.total(parts) == whole
    assert len(parts) == len(shares)


@given(cents, weights)
def test_no_part_is_further_than_a_cent_from_its_exact_share(amount: int, shares: list[Decimal]) -> None:
    whole = Money.cents(amount)

    for part, share in zip(whole.split(shares), shares, strict=True):
        exact = whole.amount * share / sum(shares)
        assert abs(part.amount - exact) < Decimal("0.01")


def test_the_cent_that_is_left_goes_to_the_largest_remainder_first() -> None:
    assert [str(part) for part in Money.of("10000.01").split([1, 1, 1])] == ["3333.34", "3333.34", "3333.33"]
    assert [str(part) for part in Money.of("84000.00").split([15100, 9800, 6100])] == [
        "40916.13",
        "26554.84",
        "16529.03",
    ]


@pytest.mark.parametrize("weights", [[], [0, 0], [-1, 2]])
def test_a_split_by_nothing_is_refused(weights: list[int]) -> None:
    with pytest.raises(ValueError, match="weights"):
        Money.of("1.00").split(weights)


@pytest.mark.parametrize("value", [1.5, True])
def test_a_float_or_a_boolean_is_never_money(value: object) -> None:
    with pytest.raises(TypeError):
        Money.of(value)  # type: ignore[arg-type]


@pytest.mark.parametrize("value", ["abc", "NaN", "Infinity", "1.005"])
def test_what_is_not_whole_cents_is_refused(value: str) -> None:
    with pytest.raises(ValueError, match=r"amount of money|fraction of a cent"):
        Money.of(value)


def test_a_fraction_of_a_cent_says_how_it_was_rounded() -> None:
    assert Money.rounded(Decimal("51548.44375")) == Money.of("51548.44")
    assert Money.rounded(Decimal("0.125")) == Money.of("0.13")
    assert Money.rounded(Decimal("0.125"), Rounding.HALF_EVEN) == Money.of("0.12")
    assert Money.of("100.01").times(Decimal("0.5")) == Money.of("50.01")


@given(cents, cents)
def test_addition_and_subtraction_are_exact(a: int, b: int) -> None:
    assert Money.cents(a) + Money.cents(b) - Money.cents(b) == Money.cents(a)
    assert -Money.cents(a) + Money.cents(a) == ZERO
