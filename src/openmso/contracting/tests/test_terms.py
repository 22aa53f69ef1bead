"""Terms as people write them: read, written again, and priced; what cannot be read is told by line."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from openmso.contracting import saying
from openmso.contracting.contracts import RateLine
from openmso.contracting.rules import agreed, schedules, terms
from openmso.contracting.rules.items import Line
from openmso.contracting.rules.mpfs import Book, Locality, Row
from openmso.contracting.rules.tariffs import Rate
from openmso.contracting.rules.terms import BadTerms
from openmso.kit.money import Money

WORDING = """99202-99499: 110% of Medicare 2026 in 15202/00
92015: not paid
17311: $450.00 each
all: fee schedule
all: 62.5% of charge"""
OHIO = Locality(Decimal("1.000"), Decimal("0.913"), Decimal("1.008"), Decimal("33.4009"))
VISIT = Row("99213", "", "A", Decimal("1.30"), Decimal("1.46"), Decimal("0.33"), Decimal("0.09"))
DAY = date(2026, 3, 2)


def book_of(year: int | None, mac: str, locality: str, on: date) -> Book | None:
    return Book(OHIO, {("99213", ""): VISIT}) if (mac, locality) == ("15202", "00") else None


def expected(wording: str, line: str, *, charge: str = "200.00", units: str = "1", pos: str = "11") -> tuple[str, str]:
    code, *modifiers = line.split("-")
    rates = {("92250", ""): Rate(Decimal("61.10"), Decimal("40.00")), ("92250", "26"): Rate(Decimal(20), Decimal(20))}
    agreement = agreed.Agreement(terms.read(wording), terms.policy("medicare"), lesser_of_charge=True, rates=rates)
    asked = Line(1, code, tuple(modifiers), Decimal(units), pos, Money.of(charge))
    found = agreed.expect([asked], agreement, DAY, book_of)[1]
    return str(found.priced.amount) if found.priced.amount is not None else found.priced.why_not, found.term


def test_terms_are_written_as_they_are_read() -> None:
    assert terms.written(terms.read(WORDING)) == WORDING
    assert terms.written(terms.read("  99213 , a0425-a0999:80 % of charges".replace("80 %", "80%"))) == (
        "99213, A0425-A0999: 80% of charge"
    )
    assert terms.written(terms.read("all others: 1,250 per unit")) == "all: $1,250.00 each"


def test_the_first_term_that_fits_holds() -> None:
    assert expected(WORDING, "99213") == ("100.07", "99202-99499: 110% of Medicare 2026 in 15202/00")
    assert expected(WORDING, "99213", pos="22")[0] == "62.16"
    assert expected(WORDING, "92015") == ("0.00", "92015: not paid")
    assert expected(WORDING, "17311", charge="2000.00", units="2") == ("900.00", "17311: $450.00 each")
    assert expected(WORDING, "92250") == ("61.10", "all: fee schedule")
    assert expected(WORDING, "92250-26")[0] == "20.00"
    assert expected(WORDING, "92250", pos="22")[0] == "40.00"
    assert expected(WORDING, "J3301", charge="10.01") == ("6.26", "all: 62.5% of charge")


def test_nobody_pays_more_than_the_charge_where_that_is_agreed() -> None:
    assert expected(WORDING, "99213", charge="90.00")[0] == "90.00"


def test_what_cannot_be_expected_says_why() -> None:
    assert expected("99213: $5.00 each", "99214")[0] == "No term of the contract speaks of 99214."
    assert expected("all: 100% of Medicare 2026 in 01112/05", "99213")[0] == (
        "Medicare's fee schedule of 2026 in 01112/05 is not loaded."
    )
    assert expected(WORDING, "99214")[0] == "99214 is not in the fee schedule of 2026 in 15202/00."


def test_a_share_of_the_charge_is_the_same_whatever_the_modifier() -> None:
    assert expected("all: 50% of charge", "29881-50")[0] == "100.00"
    assert expected("all: $80.00 each", "29881-50")[0] == "120.00"


@pytest.mark.parametrize(
    "wording", ["", "all", "all: 80%", "9921: not paid", "99499-99202: not paid", "all: 110% of charge", "x: $-1 each"]
)
def test_terms_that_nobody_can_read_are_refused(wording: str) -> None:
    with pytest.raises(BadTerms) as no:
        terms.read(wording)

    assert no.value.field == "wording"
    assert no.value.fix


def test_the_rule_for_several_procedures_may_be_the_payers_own() -> None:
    own = terms.policy("100/50/25 by facility value")

    assert [str(own.of_place(place)) for place in range(4)] == ["1", "0.5", "0.25", "0.25"]
    assert terms.policy("none").of_place(3) == 1
    with pytest.raises(BadTerms):
        terms.policy("half")


def test_time_limits_say_what_they_are_counted_from() -> None:
    found = terms.read_limits("initial: 180 days from service\nappeal: 60 days from remittance\n")

    assert [(one.kind.value, one.days, one.counted_from.value) for one in found] == [
        ("initial", 180, "service"), ("appeal", 60, "remittance")
    ]  # fmt: skip
    for wrong in ("initial: 180 days", "initial: 0 days from service", "first: 9 days from service"):
        with pytest.raises(BadTerms):
            terms.read_limits(wrong)


def test_a_fee_schedule_is_pasted_or_sent() -> None:
    plain = schedules.read("99213, 92.40\n92250-26, 20.00, 18.00\n92250,TC,40.00\n")
    headed = schedules.read('\ufeffMod;HCPCS;Rate;Facility\r\n;99213;"$1,092.40";80\r\n')

    assert [(one.code, one.modifier, str(one.nonfacility), str(one.facility)) for one in plain] == [
        ("99213", "", "92.40", "92.40"), ("92250", "26", "20.00", "18.00"), ("92250", "TC", "40.00", "40.00"),
    ]  # fmt: skip
    assert headed == (RateLine("99213", "", Money.of("1092.40"), Money.of("80.00")),)
    assert schedules.read(schedules.written(plain)) == plain
    with pytest.raises(BadTerms, match="Line 2, 9921, 80, is no amount"):
        schedules.read("99213, 80\n9921, 80\n")


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("99202-99499, G2211: 110% of Medicare 2026 in 15202/00",
         "For 99202-99499, G2211: 110% of Medicare's fee schedule of 2026, locality 15202/00"),
        ("all: 100% of Medicare in 06302/00",
         "For every other service: 100% of Medicare's fee schedule on the day of service, locality 06302/00"),
        ("all: fee schedule", "For every service that the fee schedule lists: its amount in the fee schedule"),
        ("17311: $450.00 each", "For 17311: $450.00 for each unit"),
        ("D0000-D9999: not paid", "For D0000-D9999: nothing"),
        ("all: 62% of charge", "For every other service: 62% of the charge"),
    ],
)  # fmt: skip
def test_terms_are_told_in_sentences_to_whoever_does_not_write_them(written: str, told: str) -> None:
    assert terms.written(terms.read(written)) == written
    assert saying.term(written) == told


def test_limits_and_policies_are_told_in_sentences() -> None:
    assert saying.limit("appeal: 60 days from remittance") == (
        "An appeal reaches the payer within 60 days of the remittance"
    )
    assert saying.limit("something else") == "something else"
    assert saying.procedures("100/50/25 by facility value") == (
        "Of several procedures of a day, ranked by facility value, these percentages are paid: 100/50/25"
    )
