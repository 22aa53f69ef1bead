"""What payers allow: by schedule or percent, by version and day, for the simulator's payer and for claims."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from openmso.agreements.contracts import RateMethod, RateTerms
from openmso.agreements.queries import rates as queries
from openmso.agreements.services import rates
from openmso.agreements.testing import NOW, Cast
from openmso.kit.errors import Refused
from openmso.kit.money import Money
from openmso.parties.testing import builder
from openmso.platform.access.contracts import NotAllowed
from openmso.platform.tenancy.scope import reading

pytestmark = pytest.mark.django_db
SCHEDULE = RateTerms(
    RateMethod.SCHEDULE,
    Decimal("0.5"),
    (("99213", "", Money.of("85.00")), ("99213", "95", Money.of("80.00")), ("17003", "", Money.of("6.50"))),
)
PERCENT = RateTerms(RateMethod.PERCENT_OF_CHARGE, Decimal("0.68"))
DAY = date(2026, 3, 2)


def record(cast: Cast, terms: RateTerms, starts_on: date = DAY, ends_on: date | None = None) -> None:
    with cast.scope():
        rates.record(
            actor=builder(NOW), practice=cast.rockland.id, payer=cast.payer.id, terms=terms, starts_on=starts_on,
            ends_on=ends_on, at=NOW,
        )  # fmt: skip


def allowed(
    cast: Cast, code: str, charge: str, *, modifiers: tuple[str, ...] = (), units: str = "1", on: date = DAY
) -> str:
    with cast.scope(), reading():
        found = queries.expected(cast.rockland.id, cast.payer.id, code, modifiers, Decimal(units), Money.of(charge), on)
    return str(found.amount) if found else "nothing"


def test_a_schedule_allows_by_code_modifier_and_units(cast: Cast) -> None:
    record(cast, SCHEDULE)

    assert allowed(cast, "99213", "165.00") == "85.00"
    assert allowed(cast, "99213", "165.00", modifiers=("25", "95")) == "80.00"
    assert allowed(cast, "17003", "88.00", units="4") == "26.00"
    assert allowed(cast, "36415", "18.00") == "9.00"  # not listed: half of the charge
    assert allowed(cast, "99213", "70.00") == "70.00"  # never more than the charge


def test_a_percent_of_charge_allows_to_the_cent(cast: Cast) -> None:
    record(cast, PERCENT)

    assert allowed(cast, "99214", "235.55") == "160.17"


def test_versions_hold_from_their_day_and_end_on_theirs(cast: Cast) -> None:
    record(cast, PERCENT, date(2026, 1, 1))
    record(cast, SCHEDULE, date(2026, 4, 1), date(2027, 1, 1))

    assert allowed(cast, "99213", "100.00", on=date(2025, 12, 31)) == "nothing"
    assert allowed(cast, "99213", "100.00", on=date(2026, 3, 31)) == "68.00"
    assert allowed(cast, "99213", "100.00", on=date(2026, 4, 1)) == "85.00"
    assert allowed(cast, "99213", "100.00", on=date(2026, 12, 31)) == "85.00"
    assert allowed(cast, "99213", "100.00", on=date(2027, 1, 1)) == "nothing"
    with cast.scope(), reading():
        (contract,) = queries.contracts(cast.rockland.id, on=date(2026, 5, 1))
        assert (contract.number, contract.codes, contract.payer_name) == (2, 3, "Atlantic Shield")


def test_the_rates_of_rockland_are_nobody_elses(cast: Cast) -> None:
    record(cast, PERCENT)

    with cast.scope(cast.rival), reading():
        assert queries.contract(cast.rockland.id, cast.payer.id, DAY) is None


@pytest.mark.parametrize(
    ("terms", "field"),
    [
        (RateTerms(RateMethod.SCHEDULE), "schedule"),
        (RateTerms(RateMethod.PERCENT_OF_CHARGE), "percent"),
        (RateTerms(RateMethod.PERCENT_OF_CHARGE, Decimal("68")), "percent"),
        (RateTerms(RateMethod.SCHEDULE, None, (("99213", "", Money.of(1)), ("99213", "", Money.of(2)))), "schedule"),
        (RateTerms(RateMethod.SCHEDULE, None, (("99213", "", Money.of(-1)),)), "schedule"),
    ],
)
def test_rates_that_make_no_sense_are_refused(cast: Cast, terms: RateTerms, field: str) -> None:
    with pytest.raises(Refused) as refused:
        record(cast, terms)

    assert refused.value.field == field


def test_a_biller_does_not_record_rates(cast: Cast) -> None:
    with cast.scope(), pytest.raises(NotAllowed):
        rates.record(
            actor=cast.actor(cast.priya), practice=cast.rockland.id, payer=cast.payer.id, terms=PERCENT,
            starts_on=DAY, at=NOW,
        )  # fmt: skip
