"""The clock of good faith estimates, patients' shares step by step, what the desk collects, and typed services."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openmso.agreements.queries import clocks
from openmso.eligibility.contracts import BenefitLine, Sheet
from openmso.eligibility.states import Verdict
from openmso.estimates.contracts import Asked, ItemDraft, Kind
from openmso.estimates.rules import clocks as owing
from openmso.estimates.rules import leading, reasons, typed
from openmso.estimates.rules.collecting import Known, to_collect
from openmso.estimates.rules.shares import Item, shares
from openmso.kit.errors import Refused
from openmso.kit.money import Money
from openmso.patients.contracts import PlanKind


def money(text: str) -> Money:
    return Money.of(text)


@pytest.mark.parametrize(
    ("scheduled", "service", "due"),
    [
        (date(2022, 1, 3), date(2022, 1, 6), date(2022, 1, 4)),  # three business days ahead: within one
        (date(2022, 1, 3), date(2022, 1, 5), None),  # two: none is owed
        (date(2022, 1, 3), date(2022, 1, 14), date(2022, 1, 4)),  # nine
        (date(2022, 1, 3), date(2022, 1, 18), date(2022, 1, 6)),  # ten, Martin Luther King Day left out: within three
        (date(2022, 1, 3), date(2022, 1, 17), date(2022, 1, 4)),  # the holiday is no business day: nine
        (date(2022, 1, 7), date(2022, 1, 13), date(2022, 1, 10)),  # over a weekend
    ],
)
def test_how_far_ahead_a_visit_is_scheduled_tells_when_its_estimate_is_due(
    scheduled: date, service: date, due: date | None
) -> None:
    within = owing.within(Asked.SCHEDULED, clocks.business_days(scheduled, service))
    assert (None if within is None else clocks.business_day(scheduled, within)) == due


def test_whoever_asks_is_given_one_within_three_business_days() -> None:
    assert owing.within(Asked.REQUESTED, 0) == 3
    assert owing.within(Asked.OFFERED, 30) is None


@pytest.mark.parametrize(("billed", "above"), [("499.99", False), ("500.00", True), ("80.00", False)])
def test_four_hundred_above_the_estimate_may_be_disputed(billed: str, above: bool) -> None:
    assert owing.is_substantially_above(money("100.00"), money(billed)) is above


PLAN = BenefitLine("30", "Health plan", "in", coinsurance=Decimal(20), deductible_left=money("100.00"),
                   out_of_pocket_left=money("150.00"))  # fmt: skip


def paid(items: list[Item], *lines: BenefitLine) -> list[str]:
    return [str(one.amount) for one in shares(items, Sheet(Verdict.ACTIVE, lines=lines))]


def test_a_copay_stands_for_its_service_once_a_visit() -> None:
    visit = BenefitLine("98", "Office visit", "in", copay=money("25.00"))
    items = [Item("99213", money("140"), money("90"), "the contract"), Item("99214", money("210"), money("120"), "it")]
    assert paid(items, visit, PLAN) == ["25.00", "0.00"]
    assert paid([Item("99213", money("20"), money("20"), "it")], visit) == ["20.00"]


def test_deductible_then_coinsurance_until_the_limit_is_reached() -> None:
    scan = Item("70450", money("900.00"), money("260.00"), "a fee schedule")
    assert paid([scan], PLAN) == ["132.00"]
    assert paid([scan, scan], PLAN) == ["132.00", "18.00"]
    words = [step.words for step in shares([scan, scan], Sheet(Verdict.ACTIVE, lines=(PLAN,)))[1].steps]
    assert words == [
        "Allowed by contract: a fee schedule", "Deductible that is left", "Coinsurance, 20 % of 260.00",
        "Only so much is left until the out-of-pocket limit", "The patient pays",
    ]  # fmt: skip


def test_what_is_not_covered_not_contracted_or_not_said_is_told() -> None:
    refused = BenefitLine("4", "Diagnostic imaging", "in", is_covered=False)
    assert paid([Item("70450", money("900"), money("260"), "it")], refused, PLAN) == ["260.00"]
    (bare,) = shares([Item("70450", money("900"), None)], Sheet(Verdict.ACTIVE))
    assert str(bare.amount) == "0.00"
    assert bare.steps[0].words == "No contract tells what is allowed: charged"
    abroad = BenefitLine("98", "Office visit", "out", copay=money("99.00"))
    assert paid([Item("99213", money("140"), money("90"), "it")], abroad) == ["0.00"]


def test_a_family_deductible_that_is_met_is_met() -> None:
    line = BenefitLine("30", "Health plan", "", deductible_left=money("500"), family_deductible_left=money("0"))
    assert paid([Item("80053", money("30"), money("12"), "it")], line) == ["0.00"]


@pytest.mark.parametrize(
    ("known", "amount", "words"),
    [
        (Known(False), None, "good faith"),
        (Known(False, estimate="EST-1", kind=Kind.GOOD_FAITH, share=money("140")), "140.00", "EST-1"),
        (Known(True, card=money("20"), is_answered=True, copay=money("25")), "25.00", "answer"),
        (Known(True, card=money("20")), "20.00", "on the coverage"),
        (Known(True), None, "not asked"),
        (Known(True, True, money("20"), estimate="EST-1", kind=Kind.SHARE, share=money("40")), None, "no visit"),
        (Known(True, is_answered=True), None, "estimate"),
        (Known(True, card=money("20"), is_answered=True, is_inactive=True, copay=money("25")), None, "inactive"),
    ],
)
def test_the_desk_collects_what_somebody_said(known: Known, amount: str | None, words: str) -> None:
    found, why = to_collect(known)
    assert (None if found is None else str(found)) == amount
    assert words in why


def test_services_are_typed_a_line_each() -> None:
    assert typed.read("99213-25 x2 150.00 Office visit\n\n v2020 Frames ") == (
        ItemDraft("99213", ("25",), Decimal(2), money("150.00"), "Office visit"),
        ItemDraft("V2020", (), Decimal(1), None, "Frames"),
    )
    for text in ("99213 x0", "9921", "99213 150", "99213-2 Visit"):
        with pytest.raises(Refused, match="Line 1"):
            typed.read(text)


ITEMS = st.builds(
    ItemDraft, st.from_regex(r"[A-Z0-9]{5}", fullmatch=True),
    st.lists(st.from_regex(r"[A-Z0-9]{2}", fullmatch=True), max_size=4).map(tuple),
    st.decimals("0.01", 9999, places=2),
    st.none() | st.decimals(0, 9999999, places=2).map(Money.of),
    st.from_regex(r"([A-Z][A-Za-z0-9 $.x]{0,117}[A-Za-z0-9])?", fullmatch=True),
)  # fmt: skip


@given(st.lists(ITEMS, max_size=5))
def test_services_that_are_written_are_read_as_they_were(items: list[ItemDraft]) -> None:
    assert typed.read(typed.written(items)) == tuple(items)


def test_what_a_reason_comes_to_is_told_by_the_share_of_its_visits() -> None:
    one, two = Decimal(1), Decimal(2)
    visits = [(key, "99213", (), one) for key in range(10)] + [(key, "20610", ("RT",), one) for key in range(4)]
    often = [(key, "J1030", (), one) for key in (0, 1, 2)] + [(key, "J1030", (), two) for key in (3, 4, 5)]
    twice = [(0, "J1030", (), one)]  # two lines of one visit are one visit with two units
    found = reasons.charged([*visits, *often, *twice, (0, "93000", (), one)])
    assert [(row.code, row.units, row.visits, row.of, str(row.share)) for row in found] == [
        ("99213", 1, 10, 10, "100.0"), ("J1030", 2, 6, 10, "60.0"), ("20610", 1, 4, 10, "40.0"),
        ("93000", 1, 1, 10, "10.0"),
    ]  # fmt: skip
    assert reasons.suggested(found, {"99213": "Office visit"}) == (
        ItemDraft("99213", words="Office visit"), ItemDraft("J1030", units=two),
    )  # fmt: skip
    assert reasons.charged([]) == []


def test_the_desk_is_told_why_a_visit_asks_which_plan() -> None:
    medical, vision = PlanKind.MEDICAL, PlanKind.VISION
    assert leading.led(None, medical, [medical]) == "", "there is no choice"
    assert leading.led(vision, None, []) == "", "nobody is asked"
    assert leading.led(None, medical, [vision, medical]) == "Medical plan: the reason leads to no other"
    assert leading.led(vision, vision, [vision, medical]) == "Vision plan, by the reason"
    assert "none is on file" in leading.led(vision, medical, [medical])
