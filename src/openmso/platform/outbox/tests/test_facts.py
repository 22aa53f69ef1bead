"""Facts survive the way to JSON and back, and what cannot is refused at start-up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openmso.kit.money import Money
from openmso.kit.periods import Month
from openmso.platform.outbox import registry, rules


class Reason(StrEnum):
    PRECERT = "197"


@dataclass(frozen=True)
class ClaimDenied:
    claim_id: int
    claim: str
    billed: Money
    rate: Decimal
    denied_on: date
    month: Month
    at: datetime
    lines: tuple[int, ...] = ()
    reason: Reason | None = None
    is_final: bool = False


AT = datetime(2026, 3, 2, 14, 0, 0, 123456, tzinfo=UTC)


@given(
    st.builds(
        ClaimDenied,
        claim_id=st.integers(-(2**53), 2**53),
        claim=st.text(),
        billed=st.integers(-(10**12), 10**12).map(Money.cents),
        rate=st.decimals(allow_nan=False, allow_infinity=False),
        denied_on=st.dates(),
        month=st.dates(min_value=date(1900, 1, 1), max_value=date(2999, 12, 31)).map(Month.of),
        at=st.datetimes(timezones=st.just(UTC)),
        lines=st.lists(st.integers(0, 99)).map(tuple),
        reason=st.sampled_from([None, Reason.PRECERT]),
        is_final=st.booleans(),
    )
)
def test_a_fact_comes_back_as_it_was(fact: ClaimDenied) -> None:
    assert rules.from_plain(ClaimDenied, rules.to_plain(fact)) == fact


def test_a_fact_of_an_older_class_is_still_understood() -> None:
    fact = ClaimDenied(1, "CLM-1", Money.of("1.00"), Decimal("0.5"), date(2026, 3, 2), Month(2026, 3), AT)
    payload = rules.to_plain(fact)
    payload.pop("is_final")
    payload["no_longer_there"] = "x"

    assert rules.from_plain(ClaimDenied, payload) == fact


def test_the_name_of_a_fact_is_its_app_and_class() -> None:
    told = type("ClaimSubmitted", (), {"__module__": "openmso.claims.events"})

    assert rules.name_of(told) == "claims.ClaimSubmitted"


@dataclass(frozen=True)
class WithFloat:
    amount: float


@dataclass(frozen=True)
class WithRow:
    claim: object


@dataclass
class NotFrozen:
    claim_id: int


def hear(event: object, *, practice: int, actor: object, at: datetime) -> None:
    """A subscriber that takes what it is given."""


@pytest.mark.parametrize("kind", [WithFloat, WithRow, NotFrozen, str])
def test_what_is_no_fact_is_refused_when_somebody_subscribes(kind: type) -> None:
    assert rules.faults(kind)
    with pytest.raises(TypeError):
        registry.subscribe(kind, name="tests.hear")(hear)


def test_a_subscriber_that_does_not_take_what_it_is_given_is_refused() -> None:
    def deaf(event: object) -> None: ...

    with pytest.raises(TypeError, match="actor, at, practice"):
        registry.subscribe(ClaimDenied, name="tests.deaf")(deaf)
