"""Numbers, names and addresses that claims and payments can carry, and those they cannot."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openmso.kit.ids import npi_with_check
from openmso.kit.periods import DayRange
from openmso.parties import rules
from openmso.parties.contracts import NO_ADDRESS, Address, BillerProfile, NpiType
from openmso.parties.testing import address

PROFILE = BillerProfile("ROCKLAND FAMILY PRACTICE", "207Q00000X", address())


def fields(faults: object) -> list[str]:
    return [fault.field for fault in faults]  # type: ignore[attr-defined]


@given(st.integers(10**8, 3 * 10**8 - 1))
def test_an_npi_passes_with_its_check_digit_and_with_no_other(nine: int) -> None:
    good = npi_with_check(str(nine))

    assert not fields(rules.npi(good))
    for digit in set("0123456789") - {good[-1]}:
        assert fields(rules.npi(good[:-1] + digit)) == ["npi"]


@pytest.mark.parametrize("bad", ["", "1234567890", "123456789", "3234567893", "12345678931", "１２３４５６７８９３"])
def test_what_is_no_npi_is_refused(bad: str) -> None:
    assert fields(rules.npi(bad)) == ["npi"]


@pytest.mark.parametrize("good", ["021000021", "011401533", "091000019"])
def test_routing_numbers_pass_their_weights_and_fail_when_one_digit_is_wrong(good: str) -> None:
    assert not fields(rules.routing(good))
    for place in range(9):
        wrong = good[:place] + str((int(good[place]) + 1) % 10) + good[place + 1 :]
        assert fields(rules.routing(wrong)) == ["routing"]


@pytest.mark.parametrize("bad", ["000000000", "12345678", "021000022", "02100002a", ""])
def test_what_is_no_routing_number_is_refused(bad: str) -> None:
    assert fields(rules.routing(bad)) == ["routing"]


@pytest.mark.parametrize("bad", ["000-12-3456", "666-12-3456", "900-12-3456", "123-00-3456", "123-45-0000", "12345"])
def test_numbers_that_were_never_given_are_no_ssn(bad: str) -> None:
    assert fields(rules.ssn(bad)) == ["ssn"]


def test_a_social_security_number_may_have_dashes() -> None:
    assert not fields(rules.ssn("123-45-6789"))


def test_a_biller_fit_for_an_837_has_no_fault() -> None:
    assert not fields(rules.biller(PROFILE, kind=NpiType.ORGANIZATION))


@pytest.mark.parametrize("line", ["PO Box 12", "P.O. BOX 12", "Post Office Box 7", "Lockbox 44"])
def test_a_billers_address_is_a_street_address_and_a_box_goes_into_pay_to(line: str) -> None:
    box = Address(line, "", "Rockland", "ME", "048410012")
    boxed = BillerProfile(PROFILE.name, PROFILE.taxonomy, box)
    paid_there = BillerProfile(PROFILE.name, PROFILE.taxonomy, address(), box)

    assert fields(rules.biller(boxed, kind=NpiType.ORGANIZATION)) == ["line1"]
    assert not fields(rules.biller(paid_there, kind=NpiType.ORGANIZATION))


def test_a_billers_zip_has_nine_digits_and_a_sites_may_have_five() -> None:
    short = Address("1 Main Street", "", "Rockland", "ME", "04841")

    assert fields(rules.address(short, street=True, full_zip=True)) == ["zip"]
    assert not fields(rules.address(short))


def test_an_individual_biller_has_a_first_name_and_an_organization_has_none() -> None:
    assert fields(rules.biller(PROFILE, kind=NpiType.INDIVIDUAL)) == ["first_name"]
    named = BillerProfile("ROCKLAND", "207Q00000X", address(), NO_ADDRESS, "", "MARA")
    assert not fields(rules.biller(named, kind=NpiType.INDIVIDUAL))
    assert fields(rules.biller(named, kind=NpiType.ORGANIZATION)) == ["first_name"]


@pytest.mark.parametrize("name", ["A*B", "A~B", "Café", "A\nB", ""])
def test_a_name_with_what_a_claim_file_cannot_carry_is_refused(name: str) -> None:
    assert fields(rules.words(name, field="name", most=60)) == ["name"]


def test_an_address_reads_on_one_line() -> None:
    assert address().one_line == "12 Harbor Road, Rockland, ME 04841-2217"
    assert NO_ADDRESS.one_line == ""


DAYS = st.integers(0, 60).map(lambda day: date(2026, 1, 1) + timedelta(days=day))
SHARES = st.lists(st.tuples(DAYS, st.integers(1, 10_000).map(lambda part: Decimal(part) / 10_000)), max_size=4)


@given(stated=SHARES, days=st.tuples(DAYS, DAYS, DAYS).map(sorted))
def test_days_of_full_time_add_up_and_are_never_more_than_the_days(
    stated: list[tuple[date, Decimal]], days: list[date]
) -> None:
    first, middle, last = days
    whole = rules.full_days(DayRange(first, last), stated)

    assert whole == sum(rules.full_days(part, stated) for part in (DayRange(first, middle), DayRange(middle, last)))
    assert 0 <= whole <= (last - first).days == rules.full_days(DayRange(first, last), ())
