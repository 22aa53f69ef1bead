"""Benefit sheets, refusals and freshness, as plain rules."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from edi.x12.eligibility.model import Benefit, Delivery, Refusal
from edi.x12.values import Contact, Event, Party, Reference
from openmso.eligibility.contracts import BenefitLine
from openmso.eligibility.rules import frequency, freshness, refusals, told
from openmso.eligibility.rules.refusals import TRIES_MAX, Then
from openmso.eligibility.rules.sheet import sheet, verdict
from openmso.eligibility.rules.told import Told
from openmso.eligibility.states import MOVES, S, Verdict
from openmso.kit.money import Money
from openmso.kit.states import table_is_whole

NOWHERE = (None, None)


def eb(information: str, *services: str, **more: object) -> Told:
    return Told(information, services=services, **more)  # type: ignore[arg-type]


def test_the_sheet_tells_what_a_service_costs_in_and_out_of_network() -> None:
    found = sheet(
        [
            eb("1", "30", plan="GOLD"),
            eb("B", "98", network="in", amount=Decimal("25.00"), period="27"),
            eb("B", "98", network="out", amount=Decimal("60.00"), period="27"),
            eb("A", "98", network="in", percent=Decimal("20.00")),
            eb("C", "30", level="IND", amount=Decimal("1000.00"), period="23"),
            eb("C", "30", level="IND", amount=Decimal("400.00"), period="29"),
            eb("C", "30", level="FAM", amount=Decimal("900.00"), period="29"),
            eb("G", "30", amount=Decimal("3000.00"), period="23"),
            eb("G", "30", amount=Decimal("2100.00"), period="29"),
            eb("F", "AM", amount=Decimal("150.00"), limit="1 services every 24 month"),
            eb("1", "MH", authorization=True),
        ],
        NOWHERE,
    )
    assert (found.verdict, found.plan) == (Verdict.ACTIVE, "GOLD")
    visit, plan, frames, mental = (found.line(code) for code in ("98", "30", "AM", "MH"))
    assert visit is not None
    assert plan is not None
    assert frames is not None
    assert mental is not None
    assert (visit.network, visit.copay, visit.coinsurance) == ("in", Money.of("25.00"), Decimal("20.00"))
    assert (plan.deductible_left, plan.deductible_met) == (Money.of("400.00"), Money.of("600.00"))
    assert (plan.family_deductible_left, plan.out_of_pocket_left) == (Money.of("900.00"), Money.of("2100.00"))
    assert frames.limits == ("150.00 at most", "1 services every 24 month")
    assert mental.needs_authorization
    assert [line.copay for line in found.lines if line.service == "98"] == [Money.of("25.00"), Money.of("60.00")]


@pytest.mark.parametrize(
    ("benefits", "said"),
    [
        ([eb("1", "30"), eb("8", "35")], Verdict.ACTIVE),
        ([eb("6", "30"), eb("1", "98")], Verdict.INACTIVE),
        ([eb("6")], Verdict.INACTIVE),
        ([eb("6", "AL")], Verdict.INACTIVE),
        ([eb("P")], Verdict.UNSAID),
        ([], Verdict.UNSAID),
    ],
)
def test_that_the_plan_is_inactive_outweighs_what_is_said_of_a_service(benefits: list[Told], said: Verdict) -> None:
    assert verdict(benefits) is said


def test_what_a_271_nests_is_kept_as_plain_values() -> None:
    other = Party(role="PR", last="REAL PLAN", id="77001", contacts=(Contact("IC", "", (("TE", "8005550177"),)),))
    one = Benefit(
        "F", "IND", ("AM",), plan="EYES", period="22", percent=Decimal("0.2"), unit="VS", quantity=Decimal(2),
        authorization="Y", in_network="Y", deliveries=(Delivery("VS", Decimal(1), period="34", period_count=Decimal(24)),),
        references=(Reference("1L", "M77"),), events=(Event("291", date(2026, 1, 1), date(2026, 12, 31)),),
        messages=("ONE", "TWO"), parties=(other,),
    )  # fmt: skip
    kept = told._told(one)
    assert (kept.percent, kept.network, kept.authorization, kept.message) == (Decimal("20.00"), "in", True, "ONE TWO")
    assert kept.limit == "2 visits a plan year; 1 visit every 24 months"
    assert (kept.other_name, kept.other_id, kept.other_phone, kept.other_member) == (
        "REAL PLAN", "77001", "8005550177", "M77",
    )  # fmt: skip
    assert (kept.starts_on, kept.ends_on) == (date(2026, 1, 1), date(2026, 12, 31))
    assert told._told(replace(one, percent=Decimal("20"))).percent == Decimal("20.00")
    assert told._told(replace(one, percent=Decimal("200"))).percent is None


def test_the_plan_behind_medicaid_is_told_from_one_that_pays_beside_it() -> None:
    managed = eb("1", "30", other_role="PR", other_name="REAL PLAN", other_id="77001")
    beside = eb("R", "30", other_role="PRP", other_name="EMPLOYER PLAN")
    behind_medicare = eb("R", "30", insurance_type="HN", plan="ADVANTAGE")
    [real, other] = sheet([beside, managed], NOWHERE, is_government=True).others
    assert (real.name, real.is_real, other.name, other.is_real) == ("REAL PLAN", True, "EMPLOYER PLAN", False)
    assert other.role == "Primary payer"
    assert not any(one.is_real for one in sheet([beside, managed], NOWHERE).others)
    assert sheet([behind_medicare], NOWHERE, is_government=True).others[0].is_real


@pytest.mark.parametrize(
    ("reasons", "then"),
    [
        (["42"], Then.LATER),
        (["80", "72"], Then.MEND),
        (["63"], Then.TODAY),
        (["62", "42"], Then.TODAY),
        (["QQ"], Then.MEND),
        ([""], Then.MEND),
    ],
)
def test_what_a_person_must_mend_comes_before_what_time_mends(reasons: list[str], then: Then) -> None:
    read = refusals.read([Refusal("subscriber", reason) for reason in reasons])
    assert read.then is then
    assert read.words.endswith(".")
    assert read.fix or then is Then.LATER


def test_a_reason_nobody_knows_is_tried_again_where_the_payer_allows_it() -> None:
    assert refusals.read([Refusal("subscriber", "Q9", "R")]).then is Then.LATER


def test_tries_come_ever_later_and_end_with_a_person() -> None:
    pauses = [refusals.pause(tries) for tries in range(1, TRIES_MAX + 1)]
    assert pauses[-1] is None
    assert pauses[:-1] == sorted(p for p in pauses if p is not None)
    assert pauses[0] == timedelta(minutes=5)


def test_an_answer_holds_for_a_week_of_its_month() -> None:
    def holds(answered: int, visit: date) -> bool:
        return freshness.holds(answered_on=date(2026, 10, answered), asked_for=date(2026, 10, answered), visit_on=visit)

    assert holds(20, date(2026, 10, 27))
    assert not holds(20, date(2026, 10, 28))
    assert not holds(30, date(2026, 11, 2)), "plans end with months"


def test_the_table_of_moves_is_whole() -> None:
    assert table_is_whole(MOVES, S)


def test_the_next_day_of_a_benefit_is_counted_where_the_payer_does_not_say_it() -> None:
    """One exam in twelve months, done on the last of February of a leap year; of frames nothing was done."""
    exam, frames = BenefitLine("AN", "Exam", "", months=12), BenefitLine("AM", "Frames", "", months=24)
    said = BenefitLine("AO", "Lenses", "", months=12, next_on=date(2029, 1, 1))

    lines = frequency.counted([exam, frames, said], {"92014": date(2028, 2, 29), "V2100": date(2028, 2, 29)})

    assert [(line.next_on, line.is_counted) for line in lines] == [
        (date(2029, 2, 28), True), (None, False), (date(2029, 1, 1), False),
    ]  # fmt: skip
