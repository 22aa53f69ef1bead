"""Whether a line was paid short, and why."""

from __future__ import annotations

from decimal import Decimal

import pytest

from openmso.kit.money import ZERO, Money
from openmso.underpayments.rules.short import Facts, judge
from openmso.underpayments.states import Cause


def facts(
    allowed: str, *reasons: str, expected: str = "100.00", kept: str = "0.00", recoded: bool = False,
    keeps: bool = False, elsewhere: str = "",
) -> Facts:  # fmt: skip
    return Facts(
        Money.of(expected), Money.of(allowed), Money.of(kept), reasons, recoded, keeps,
        Money.of(elsewhere) if elsewhere else None,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("told", "short", "cause"),
    [
        (facts("92.00", "CO-45"), "8.00", Cause.RATE),
        (facts("92.00", "CO-144"), "8.00", Cause.UNKNOWN),
        (facts("50.00", "CO-45", "CO-59"), "50.00", Cause.MULTIPLE),
        (facts("50.00", "CO-45"), "50.00", Cause.MULTIPLE),
        (facts("62.12", "CO-45", elsewhere="62.12"), "37.88", Cause.PLACE),
        (facts("80.00", "CO-97"), "20.00", Cause.BUNDLED),
        (facts("71.00", "CO-45", recoded=True), "29.00", Cause.BUNDLED),
        (facts("100.00", "CO-253", kept="1.60"), "1.60", Cause.SEQUESTRATION),
        (facts("90.00", "CO-45", "CO-253", kept="1.44"), "11.44", Cause.RATE),
    ],
)
def test_what_is_missing_has_a_cause(told: Facts, short: str, cause: Cause) -> None:
    verdict = judge(told)

    assert verdict is not None
    assert (str(verdict.short), verdict.cause) == (short, cause)


@pytest.mark.parametrize(
    "told",
    [facts("100.00", "CO-45"), facts("99.95", "CO-45"), facts("120.00"), facts("100.00", kept="1.60", keeps=True)],
)
def test_what_was_paid_as_agreed_is_not_short(told: Facts) -> None:
    assert judge(told) is None


def test_nothing_allowed_of_nothing_expected_is_not_short() -> None:
    assert judge(Facts(ZERO, ZERO, Money.of(Decimal("0.00")), (), is_recoded=False, keeps_sequestration=False)) is None
