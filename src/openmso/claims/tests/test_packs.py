"""The packs of specialties and of payment, rule by rule: what hits and, one thing changed, what does not."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from openmso.claims.rules import book, limits, measured, payment, specialties
from openmso.claims.rules.findings import Severity, judge
from openmso.claims.rules.sheet import ClaimSheet, Context, Lists, Past, Renderer, Spent, Whose
from openmso.claims.tests.calling import called_for
from openmso.claims.tests.test_rules import BROKEN, BY_CONTEXT, CLEAN, CONTEXT, DAY, MEDICARE, TODAY, lines, of
from openmso.claims.views import fixes
from openmso.codes.contracts import AgeSex, Covered, Frequency, Surgery
from openmso.codes.rules import kinds, packaged

Changes = dict[str, Any]
NEXT_DAY = date(2026, 11, 10)
VISION, MEDICAID = {"kind": "vision"}, {"kind": "medicaid"}
ADVANTAGE = {"kind": "medicare", "filing": "16"}
NAMED = {"referring": Renderer("SOLE", "ANN", "1999999992")}
BORN_1960 = of("patient", born_on=date(1960, 2, 14))


def before(code: str, on: date) -> Context:
    """What the patient had done earlier."""
    days = {"17000": 10, "11640": 10, "66984": 90}
    return replace(CONTEXT, history=(Past(code, on, days.get(code, 0)),), follow_up=days)


def to(payer: Changes, *made: Changes, **more: Any) -> Changes:
    return of("payer", **payer) | lines(*made) | more


def therapy(minutes: int, units: int, code: str = "97110") -> Changes:
    return {"code": code, "minutes": minutes, "units": Decimal(units), "modifiers": ("GP",)}


# rule, what hits, what does not
CASES: list[tuple[str, Changes, Changes]] = [
    ("modifier_of_the_other_kind", lines({"modifiers": ("79",)}), lines({"code": "17000", "modifiers": ("79",)})),
    ("modifier_of_the_other_kind", lines({"code": "17000", "modifiers": ("24",)}), lines({"modifiers": ("24",)})),
    ("modifier_of_the_other_kind", lines({"code": "66984", "modifiers": ("57",)}), lines({"modifiers": ("57",)})),
    ("distinct_twice", lines({"code": "11102", "modifiers": ("59", "XS")}, {}), lines({"code": "11102", "modifiers": ("XS",)}, {})),
    ("distinct_from_nothing", lines({"code": "11102", "modifiers": ("XS",)}), lines({"code": "11102", "modifiers": ("XS",)}, {"code": "17000"})),
    ("modifier_25_alone", lines({"modifiers": ("25",)}), lines({"modifiers": ("25",)}, {"code": "17000"})),
    ("component_in_facility", {"place_of_service": "21"} | lines({"code": "71046"}), {"place_of_service": "21"} | lines({"code": "71046", "modifiers": ("26",)})),
    ("component_in_facility", {"place_of_service": "24"} | lines({"code": "92134"}), lines({"code": "92134"})),
    ("side_missing", lines({"code": "20610"}), lines({"code": "20610", "modifiers": ("RT",)})),
    ("side_missing", lines({"code": "66984"}), lines({"code": "66984", "modifiers": ("LT",)})),
    ("side_missing", lines({"code": "67840"}), lines({"code": "67840", "modifiers": ("E2",)})),
    ("notices_contradict", to(MEDICARE, {"modifiers": ("GA", "GZ")}), to(MEDICARE, {"modifiers": ("GA",)})),
    ("notices_contradict", to(MEDICARE, {"modifiers": ("GZ", "GY")}), to(MEDICARE, {"modifiers": ("GX", "GY")})),
    ("notice_to_another_payer", lines({"modifiers": ("GA",)}), to(MEDICARE, {"modifiers": ("GA",)})),
    ("orderer_missing", to(MEDICARE, {"code": "71046"}), to(MEDICARE, {"code": "71046"}, **NAMED)),
    ("orderer_missing", to(MEDICARE, {"code": "83036", "modifiers": ("QW",)}), lines({"code": "83036", "modifiers": ("QW",)})),
    # optometry
    ("refraction_to_medicare", to(MEDICARE, {"code": "92015"}), to(MEDICARE, {"code": "92015", "modifiers": ("GY",)})),
    ("refraction_to_medicare", to(MEDICARE, {"code": "S0620"}), to(VISION, {"code": "S0620"})),
    ("refractive_reason_to_medical_plan", {"diagnoses": ("H5213",)} | lines({"code": "92014"}), {"diagnoses": ("H401131",)} | lines({"code": "92014"})),
    ("refractive_reason_to_medical_plan", {"diagnoses": ("Z0100",)} | lines({"code": "92004"}), to(VISION, {"code": "92004"}, diagnoses=("Z0100",))),
    ("medical_test_to_vision_plan", to(VISION, {"code": "92134"}), lines({"code": "92134"})),
    ("two_examinations", lines({}, {"code": "92014"}), lines({}, {"code": "92014", "service_on": NEXT_DAY})),
    ("two_scans", lines({"code": "92133"}, {"code": "92134"}), lines({"code": "92133"}, {"code": "92250"})),
    ("post_care_without_dates", lines({"code": "66984", "modifiers": ("55", "RT"), "note": "right 20/20"}), lines({"code": "66984", "modifiers": ("55", "RT"), "note": "assumed 11/10/2026"})),
    # dermatology
    ("two_first_biopsies", lines({"code": "11104"}, {"code": "11102"}), lines({"code": "11104"}, {"code": "11103"})),
    ("two_first_biopsies", lines({"code": "11102"}, {"code": "11106"}), lines({"code": "11106"}, {"code": "11105"})),
    ("destruction_counted_wrong", lines({"code": "17004"}, {"code": "17003"}), lines({"code": "17000"}, {"code": "17003"})),
    ("destruction_counted_wrong", lines({"code": "17000"}, {"code": "17003", "units": Decimal(14)}), lines({"code": "17000"}, {"code": "17003", "units": Decimal(13)})),
    ("lesion_not_named", lines({"code": "11102", "modifiers": ("XS",)}, {"code": "17000"}), lines({"code": "11102", "modifiers": ("XS",), "note": "L2 left cheek 6 mm"}, {"code": "17000"})),
    ("mohs_with_pathology", lines({"code": "17311"}, {"code": "88305"}), lines({"code": "17311"}, {"code": "88305", "modifiers": ("59",)})),
    ("mohs_with_pathology", lines({"code": "17311"}, {"code": "88331"}), lines({"code": "11102"}, {"code": "88305"})),
    ("excision_and_diagnosis", {"diagnoses": ("D225",)} | lines({"code": "11640"}), {"diagnoses": ("C44319",)} | lines({"code": "11640"})),
    ("excision_and_diagnosis", {"diagnoses": ("C44319",)} | lines({"code": "11440"}), {"diagnoses": ("D225",)} | lines({"code": "11440"})),
    ("cosmetic", {"diagnoses": ("Z411",)}, {"diagnoses": ("Z411",)} | to(MEDICARE, {"modifiers": ("GY",)})),
    # behavioral health
    ("therapy_beside_visit", lines({}, {"code": "90834"}), lines({}, {"code": "90836"})),
    ("therapy_twice", lines({"code": "90832"}, {"code": "90834"}), lines({"code": "90832"}, {"code": "90834", "service_on": NEXT_DAY})),
    ("therapy_twice", lines({"code": "90837", "units": Decimal(2)}), lines({"code": "90837"})),
    ("therapy_twice", lines({"code": "90834"}, {"code": "90834"}), lines({"code": "90834"}, {"code": "90834", "modifiers": ("XE",)})),
    ("evaluation_beside_visit", lines({}, {"code": "90791"}), lines({"code": "90792"})),
    ("evaluation_beside_visit", lines({"code": "90837"}, {"code": "90791"}), lines({"code": "90791"}, {"code": "90785"})),
    ("crisis_beside_therapy", lines({"code": "90839"}, {"code": "90834"}), lines({"code": "90839"}, {"code": "90840"})),
    ("crisis_beside_therapy", lines({"code": "90839"}, {"code": "90785"}), lines({"code": "90834"}, {"code": "90785"})),
    # primary care
    ("physical_to_medicare", BORN_1960 | to(MEDICARE, {"code": "99397"}), BORN_1960 | to(MEDICARE, {"code": "99397", "modifiers": ("GY",)})),
    ("physical_to_medicare", BORN_1960 | to(MEDICARE, {"code": "99397"}), BORN_1960 | to(ADVANTAGE, {"code": "99397"})),
    ("wellness_to_other_payer", lines({"code": "G0439"}), to(MEDICARE, {"code": "G0439"})),
    ("problem_beside_preventive", lines({"code": "99396"}, {}), lines({"code": "99396"}, {"modifiers": ("25",)})),
    ("problem_beside_preventive", to(MEDICARE, {"code": "G0439"}, {}), to(MEDICARE, {"code": "G0439"}, {"modifiers": ("25",)})),
    ("vaccine_without_giving", lines({"code": "90686"}), lines({"code": "90686"}, {"code": "90471"})),
    ("vaccine_without_giving", lines({"code": "90471"}), lines({"code": "90686"}, {"code": "90471"})),
    ("medicare_flu_giving", to(MEDICARE, {"code": "90686"}, {"code": "90471"}), to(MEDICARE, {"code": "90686"}, {"code": "G0008"})),
    ("medicare_flu_giving", to(MEDICARE, {"code": "90686"}, {"code": "90471"}), lines({"code": "90686"}, {"code": "90471"})),
    ("g2211_too_early", lines({"service_on": date(2023, 12, 31)}, {"code": "G2211", "service_on": date(2023, 12, 31)}), lines({}, {"code": "G2211"})),
    ("g2211_beside_25", lines({"modifiers": ("25",)}, {"code": "G2211"}, {"code": "17000"}), lines({"modifiers": ("25",)}, {"code": "G2211"}, {"code": "90471"}, {"code": "90686"})),
    ("g2211_beside_25", lines({"modifiers": ("25",), "service_on": date(2024, 6, 1)}, {"code": "G2211", "service_on": date(2024, 6, 1)}, {"code": "90471", "service_on": date(2024, 6, 1)}),
     to(MEDICARE, {"modifiers": ("25",)}, {"code": "G2211"}, {"code": "G0439"})),
    # minutes and measure
    ("therapy_and_minutes", to(MEDICARE, therapy(15, 1), therapy(22, 2, "97140")), to(MEDICARE, therapy(23, 1), therapy(22, 2, "97140"))),
    ("therapy_and_minutes", lines(therapy(7, 1), therapy(8, 1, "97140")), to(MEDICARE, therapy(7, 1), therapy(8, 0, "97140"))),
    ("therapy_and_minutes", lines(therapy(38, 2)), lines(therapy(37, 2))),
    ("therapy_and_minutes", lines(therapy(15, 2)), lines(therapy(15, 2), {"code": "97110", "units": Decimal(9)})),
    ("therapy_discipline", to(MEDICARE, {"code": "97110"}), to(MEDICARE, {"code": "97110", "modifiers": ("GO",)})),
    ("therapy_discipline", to(MEDICARE, {"code": "97161", "modifiers": ("GO",)}), to(MEDICARE, {"code": "97161", "modifiers": ("GP",)})),
    ("therapy_discipline", to(MEDICARE, {"code": "97140", "modifiers": ("GP", "GO")}), lines({"code": "97140"})),
    ("session_and_minutes", lines({"code": "90837", "minutes": 52}), lines({"code": "90837", "minutes": 53})),
    ("session_and_minutes", lines({"code": "90832", "minutes": 15}), lines({"code": "90832"})),
    ("session_and_minutes", lines({}, {"code": "90833", "minutes": 38}), lines({}, {"code": "90836", "minutes": 38})),
    ("anaesthesia_and_minutes", lines({"code": "00840"}), lines({"code": "00840", "units": Decimal(95)})),
    ("anaesthesia_and_minutes", lines({"code": "00840", "units": Decimal(7), "minutes": 95}), lines({"code": "00840", "units": Decimal(95), "minutes": 95})),
    ("anaesthesia_and_minutes", lines({"code": "01999"}), lines({"code": "01996"}, {"code": "01953"})),
    ("discard_not_said", to(MEDICARE, {"code": "J3301"}), to(MEDICARE, {"code": "J3301", "modifiers": ("JZ",)})),
    ("discard_not_said", to(MEDICARE, {"code": "J3301"}), to(MEDICARE, {"code": "J3301"}, {"code": "J3301", "modifiers": ("JW",)})),
    ("discard_not_said", to(MEDICARE, {"code": "J3301"}), to(MEDICARE, {"code": "J3301", "service_on": date(2023, 6, 30)})),
    ("discard_not_said", to(MEDICARE, {"code": "J3301"}), to(ADVANTAGE, {"code": "J3301"})),
    ("discard_contradicts", lines({"code": "J3301", "modifiers": ("JZ",)}, {"code": "J3301", "modifiers": ("JW",)}), lines({"code": "J3301"}, {"code": "J3301", "modifiers": ("JW",)})),
    ("discard_contradicts", lines({"code": "J3301", "modifiers": ("JW",)}), lines({"code": "J3301", "modifiers": ("JZ",)})),
    # surgery and components
    ("component_of_a_visit", lines({"modifiers": ("26",)}), lines({"code": "71046", "modifiers": ("26",)})),
    # telehealth, by payer, modality and date
    ("telehealth_place", {"place_of_service": "10"}, {"place_of_service": "10"} | lines({"modifiers": ("95",)})),
    ("telehealth_place", lines({"modifiers": ("95",)}), {"place_of_service": "02"} | lines({"modifiers": ("95",)})),
    ("telehealth_place", {"place_of_service": "10"}, {"place_of_service": "10"} | of("payer", **MEDICARE)),
    ("telehealth_place", to(MEDICARE, {"modifiers": ("93",)}), to(MEDICARE, {"modifiers": ("93",)}, place_of_service="10")),
    ("telehealth_place", {"place_of_service": "02"}, to(MEDICARE, {"modifiers": ("95",), "service_on": date(2023, 5, 1)})),
    ("telehealth_ended", to(MEDICARE, {"service_on": date(2028, 1, 1)}, place_of_service="10"), to(MEDICARE, {"code": "90834", "service_on": date(2028, 1, 1)}, place_of_service="10")),
    ("telehealth_ended", to(MEDICARE, {"service_on": date(2028, 1, 1)}, place_of_service="10"), to(MEDICARE, {"service_on": date(2027, 12, 31)}, place_of_service="10")),
]  # fmt: skip

SURGERY = {"66984": Surgery("1", "090"), "17000": Surgery("0", "010"), "92134": Surgery("2", "XXX")}
SHIPPED = {one.kind: one for one in packaged.shipped()}


def listed(kind: str) -> list[dict[str, Any]]:
    """The rows of a list as it comes with the product."""
    return kinds.kind(kind).read([SHIPPED[kind].file()]).rows.to_dicts()


SERVICES, DIAGNOSES = (
    [(row["first"], row["last"], AgeSex(row["sex"], row["age_first"], row["age_last"])) for row in listed("age-sex")
     if row["is_diagnosis"] is diagnoses]
    for diagnoses in (False, True)
)  # fmt: skip
WAIVED = {row["code"]: row["category"] for row in listed("clia-waived")}
FREQUENT = listed("frequency")
EYE = (Covered("H3530", "H3539", "medicare", state="ME", document="LCD L33751"), Covered("H401", "H409", "medicare", state="ME", document="LCD L33751"),
       Covered("H53", "H54", payer="12345", document="Policy V-12"))  # fmt: skip


def whom(codes: Iterable[str], rows: list[tuple[str, str, AgeSex]]) -> dict[str, AgeSex]:
    return {
        code: one for code in codes for first, last, one in rows if first <= code and code[: len(last)] <= last
    }  # fmt: skip


def often(code: str) -> tuple[Frequency, ...]:
    return tuple(
        Frequency(frozenset(one["code"] for one in FREQUENT if one["family"] == row["family"]), row["most"],
                  row["months"], row["payer_kind"], row["payer"], row["document"])
        for row in FREQUENT if row["code"] == code
    )  # fmt: skip


def shipped(changes: Changes) -> Context:
    """What the lists that come with the product say of a claim, and a determination about scans of the eye."""
    sheet = replace(CLEAN, **{name: value for name, value in changes.items() if name not in BESIDE})
    codes = {line.code for line in sheet.lines}
    return replace(
        CONTEXT, history=changes.get("past", ()), whose=Whose(state="ME"),
        lists=Lists(
            services=whom(codes, SERVICES),
            diagnoses=whom(sheet.diagnoses, DIAGNOSES),
            waived={code: WAIVED.get(code) for code in codes if code in WAIVED or "whole" in changes},
            frequencies={code: often(code) for code in codes if often(code)},
            coverage={"92134": EYE}, surgery=SURGERY, parts=changes.get("parts", frozenset()),
            therapy={1: Spent(changes["spent"], Decimal("2480.00"))} if "spent" in changes else {},
        ),
    )  # fmt: skip


def care(note: str, *modifiers: str) -> Changes:
    return lines({"code": "66984", "modifiers": ("55", "RT", *modifiers), "note": note})


BESIDE = {"past", "spent", "parts", "whole"}
"""What cases say besides the claim: earlier services, dollars of therapy, parts of care, a list taken to be whole."""
QW = {"code": "83036", "modifiers": ("QW",)}
GIVEN = {"past": (Past("G0438", date(2025, 12, 1)),)}
UNKNOWN = lines({"code": "88305", "modifiers": ("QW",)})
NEEDS_NO_LIST = {"whole_care_as_parts", "days_of_split_care"}
BY_LISTS: list[tuple[str, Changes, Changes]] = [
    ("both_sides_of_a_code_without", lines({"code": "92134", "modifiers": ("50",)}), lines({"code": "66984", "modifiers": ("50",)})),
    ("both_sides_of_a_code_without", lines({"code": "17000", "modifiers": ("50",)}), lines({"code": "20610", "modifiers": ("50",)})),
    ("whole_care_as_parts", lines({"code": "66984", "modifiers": ("54", "55")}), lines({"code": "66984", "modifiers": ("54",)})),
    ("whole_care_as_parts", lines({"code": "66984", "modifiers": ("54",)}, {"code": "66984", "modifiers": ("55",)}), lines({"code": "66984", "modifiers": ("54",)}, {"code": "66982", "modifiers": ("55",)})),
    ("whole_care_as_parts", care("11/10/2026") | {"parts": frozenset({("66984", DAY, "54")})}, care("11/10/2026") | {"parts": frozenset({("66984", NEXT_DAY, "54")})}),
    ("days_of_split_care", lines({"code": "92134", "modifiers": ("55",)}), care("assumed 2026-11-10, relinquished 2027-02-07")),
    ("days_of_split_care", care("assumed 11/10/2026 relinquished 02/08/2027"), care("assumed 11/09/2026 relinquished 02/06/2027")),
    ("days_of_split_care", care("20261101"), care("20261110")),
    ("days_of_split_care", care("from 12/01/2026 to 11/30/2026"), care("from 12/01/2026 to 12/01/2026")),
    ("waived_and_not_listed", UNKNOWN | {"whole": True}, lines(QW) | {"whole": True}),
    ("waived_and_not_listed", UNKNOWN | {"whole": True}, UNKNOWN),
    ("waived_and_not_listed", lines({"code": "82962", "modifiers": ("QW",)}), lines({"code": "82962"})),
    ("waived_without_qw", to(MEDICARE, {"code": "83036"}), to(MEDICARE, QW)),
    ("waived_without_qw", to(MEDICARE, {"code": "83036"}), lines({"code": "83036"})),
    ("therapy_above_threshold", to(MEDICARE, therapy(15, 1), spent=Decimal("2480.01")), to(MEDICARE, therapy(15, 1), spent=Decimal("2480.00"))),
    ("therapy_above_threshold", to(MEDICARE, therapy(15, 1), spent=Decimal("2500.00")), to(MEDICARE, therapy(15, 1) | {"modifiers": ("GP", "KX")}, spent=Decimal("2500.00"))),
    ("code_and_age", lines({"code": "99397"}), lines({"code": "99396"})),
    ("code_and_age", lines({"code": "90460"}, {"code": "90686"}), lines({"code": "90471"}, {"code": "90686"})),
    ("code_and_sex", lines({"code": "G0101"}), of("patient", sex="F") | lines({"code": "G0101"})),
    ("code_and_sex", of("patient", sex="F") | lines({"code": "G0103"}), lines({"code": "G0103"})),
    ("diagnosis_and_patient", {"diagnoses": ("O0990",)}, of("patient", sex="F") | {"diagnoses": ("O0990",)}),
    ("diagnosis_and_patient", of("patient", sex="F") | {"diagnoses": ("N401",)}, {"diagnoses": ("N401",)}),
    ("diagnosis_and_patient", {"diagnoses": ("Z00129",)}, {"diagnoses": ("Z0000",)}),
    ("diagnosis_and_patient", {"diagnoses": ("Z00110",)}, {"diagnoses": ("P2789",)}),
    ("too_often", to(MEDICARE, {"code": "G0439"}, **GIVEN), to(MEDICARE, {"code": "G0439"}, past=(Past("G0438", date(2025, 11, 30)),))),
    ("too_often", to(MEDICARE, {"code": "G0438"}, past=(Past("G0438", date(2019, 1, 1)),)), to(MEDICARE, {"code": "G0438"}, past=(Past("G0438", DAY),))),
    ("too_often", to(MEDICARE, {"code": "G0439"}, **GIVEN), lines({"code": "G0439"}) | GIVEN),
    ("too_often", to(MEDICARE, {"code": "G0101"}, past=(Past("G0101", date(2025, 12, 1)),)), to(MEDICARE, {"code": "G0101"}, past=(Past("G0101", date(2025, 11, 30)),))),
    ("too_often", to(MEDICARE, {"code": "G0121"}, past=(Past("G0121", date(2020, 1, 1)),)), to(MEDICARE, {"code": "G0121", "modifiers": ("KX",)}, past=(Past("G0121", date(2020, 1, 1)),))),
    ("diagnosis_not_covered", to(MEDICARE, {"code": "92134"}), to(MEDICARE, {"code": "92134"}, diagnoses=("H401131",))),
    ("diagnosis_not_covered", to(MEDICARE, {"code": "92134"}), to(MEDICARE, {"code": "92134", "modifiers": ("GA",)})),
    ("diagnosis_not_covered", of("payer", edi_id="12345") | lines({"code": "92134"}), lines({"code": "92134"})),
]  # fmt: skip

BY_HISTORY: list[tuple[str, Changes, Context, Context]] = [
    ("decision_for_surgery", lines({"modifiers": ("25",)}, {"code": "66984", "modifiers": ("RT",)}),
     replace(CONTEXT, follow_up={"66984": 90}), replace(CONTEXT, follow_up={"66984": 10})),
    ("decision_for_surgery", lines({}, {"code": "66984", "modifiers": ("RT",), "service_on": NEXT_DAY}),
     replace(CONTEXT, follow_up={"66984": 90}), CONTEXT),
    ("visit_in_global_period", {}, before("17000", date(2026, 10, 30)), before("17000", date(2026, 10, 29))),
    ("visit_in_global_period", lines({"modifiers": ("25",)}, {"code": "93000"}), before("66984", date(2026, 8, 12)), before("66984", date(2026, 8, 10))),
    ("procedure_in_global_period", lines({"code": "11102"}), before("11640", date(2026, 11, 1)), before("11102", date(2026, 11, 1))),
    ("new_patient_seen_before", lines({"code": "99203"}), before("99213", date(2023, 11, 10)), before("99213", date(2023, 11, 9))),
    ("new_patient_seen_before", lines({"code": "92004"}), before("92014", date(2025, 1, 5)), CONTEXT),
    ("corrected_too_late", of("payer", corrected_days=30) | {"frequency": "7", "payer_control": "26X"},
     replace(CONTEXT, decided_on=date(2026, 10, 16)), replace(CONTEXT, decided_on=date(2026, 10, 17))),
]  # fmt: skip


def codes(changes: Changes, context: Context = CONTEXT) -> set[str]:
    return {one.code for one in book.scrub(replace(CLEAN, **changes), context)}


@pytest.mark.parametrize(("rule", "hits", "misses"), CASES, ids=[f"{n}-{rule}" for n, (rule, *_) in enumerate(CASES)])
def test_a_rule_hits_what_it_is_about_and_leaves_the_rest_alone(rule: str, hits: Changes, misses: Changes) -> None:
    assert rule in codes(hits)
    assert rule not in codes(misses)


@pytest.mark.parametrize(
    ("rule", "hits", "misses"), BY_LISTS, ids=[f"{n}-{rule}" for n, (rule, *_) in enumerate(BY_LISTS)]
)
def test_a_rule_of_a_list_holds_what_the_list_says(rule: str, hits: Changes, misses: Changes) -> None:
    for changes, hit in ((hits, True), (misses, False)):
        given = {name: value for name, value in changes.items() if name not in BESIDE}
        assert (rule in codes(given, shipped(changes))) is hit
        assert rule in NEEDS_NO_LIST or rule not in codes(given), "without a list nobody is told"


@pytest.mark.parametrize(
    ("rule", "changes", "hits", "misses"), BY_HISTORY, ids=[f"{n}-{rule}" for n, (rule, *_) in enumerate(BY_HISTORY)]
)
def test_a_rule_that_looks_back_counts_its_days(rule: str, changes: Changes, hits: Context, misses: Context) -> None:
    assert rule in codes(changes, hits)
    assert rule not in codes(changes, misses)


def test_modifiers_open_what_the_past_closes() -> None:
    past = before("66984", date(2026, 10, 1))

    assert "visit_in_global_period" not in codes(lines({"modifiers": ("24",)}), past)
    decided = lines({"modifiers": ("57",)}, {"code": "66984", "modifiers": ("RT",)})
    assert "decision_for_surgery" not in codes(decided, replace(CONTEXT, follow_up={"66984": 90}))
    for modifier in ("58", "78", "79"):
        marked = lines({"code": "66984", "modifiers": (modifier, "LT")})
        assert "procedure_in_global_period" not in codes(marked, past)


def test_units_of_a_day_count_what_other_claims_already_ask() -> None:
    from openmso.claims.rules.sheet import UnitLimit

    sheet = replace(CLEAN, **to(MEDICARE, {"code": "96372", "units": Decimal(2)}))
    limits = {"96372": UnitLimit(3, "3")}
    alone, beside = Context(TODAY, limits=limits), Context(TODAY, limits=limits, earlier={("96372", DAY): Decimal(2)})

    def found(context: Context) -> list[Severity]:
        return [one.severity for one in book.scrub(sheet, context) if one.code == "unlikely_units"]

    assert found(alone) == []
    assert found(beside) == [Severity.WARN]
    by_line = Context(TODAY, limits={"96372": UnitLimit(3, "1")}, earlier={("96372", DAY): Decimal(9)})
    assert found(by_line) == [], "an edit of the line looks at no other claim"


def test_every_rule_of_the_packs_is_tried_here_both_ways_and_says_how_to_mend_it() -> None:
    packs = {rule.code for rule in (*payment.RULES, *specialties.RULES, *measured.RULES, *limits.RULES)}
    tried = {rule for rule, *_ in CASES} | {rule for rule, *_ in BY_HISTORY} | {rule for rule, *_ in BY_LISTS}

    assert packs - tried == set()
    for rule, hits, context in (
        [(c, h, CONTEXT) for c, h, _ in CASES]
        + [(c, h, x) for c, h, x, _ in BY_HISTORY]
        + [(c, h, shipped(h)) for c, h, _ in BY_LISTS]
    ):
        given = {name: value for name, value in hits.items() if name not in BESIDE}
        (first, *_) = [one for one in book.scrub(replace(CLEAN, **given), context) if one.code == rule]
        assert first.words.endswith(".")
        assert first.fix.endswith(".")
        assert first.field in fixes.PLACES


def test_the_clean_claims_of_each_specialty_have_no_finding() -> None:
    usual: list[Changes] = [
        {"diagnoses": ("H401131",)} | lines({"code": "92012"}, {"code": "92133"}),
        {"diagnoses": ("L570",)} | lines({"modifiers": ("25",)}, {"code": "17000"}, {"code": "17003", "units": Decimal(4)}),
        {"diagnoses": ("F411",)} | lines({"code": "90837"}),
        {"diagnoses": ("F411",), "place_of_service": "10"} | lines({"code": "90834", "modifiers": ("95",)}),
        {"diagnoses": ("Z0000",)} | lines({"code": "99396"}, {"modifiers": ("25",)}),
        {"diagnoses": ("I10",)} | lines({"code": "99214"}, {"code": "G2211"}),
    ]  # fmt: skip
    for changes in usual:
        assert book.scrub(ClaimSheet(**{**_fields(), **changes}), CONTEXT) == ()


def _fields() -> Changes:
    return {name: getattr(CLEAN, name) for name in ClaimSheet.__dataclass_fields__}


EVERY: list[tuple[ClaimSheet, Context]] = [
    (CLEAN, CONTEXT),
    *((replace(CLEAN, **changes), CONTEXT) for _, changes in BROKEN),
    *((replace(CLEAN, **changes), context) for _, changes, context in BY_CONTEXT),
    *((replace(CLEAN, **changes), CONTEXT) for _, hits, misses in CASES for changes in (hits, misses)),
    *((replace(CLEAN, **changes), context) for _, changes, hits, misses in BY_HISTORY for context in (hits, misses)),
]
"""Every claim that these tests know, each with what is known besides."""


def test_no_rule_goes_unasked_that_has_something_to_say() -> None:
    """What is so of a claim at a glance calls for every rule that speaks, and for few of a claim that is as it should be."""
    for sheet, context in EVERY:
        asked = called_for(sheet, context)
        assert judge(sheet, context, asked) == book.scrub(sheet, context)
    assert [rule.code for rule in called_for(CLEAN, CONTEXT)] == ["laboratory_without_clia"]


def test_a_rule_about_codes_or_facts_says_nothing_where_they_are_not() -> None:
    """Claims that differ from the clean one in one value each, and twice over: none keeps a rule from being asked."""
    for name, value in (
        ("place_of_service", "21"), ("place_of_service", "98"), ("total", Decimal(1)), ("diagnoses", ("V0001XA", "E119")),
        ("delay_reason", "1"), ("service_on", date(2020, 1, 1)), ("accident", "AA"), ("frequency", "7"), ("rendering", None),
        ("referring", Renderer("SOLE", "ANN", "12")), ("payer", replace(CLEAN.payer, filing_days=1)), ("control", ""),
        ("diagnosis_system", "9"), ("service_through", date(2026, 12, 24)), ("payer_control", "26X"),
        ("patient", replace(CLEAN.patient, sex="F")), ("prior_authorization", " 12"), ("biller", None), ("lines", ()),
    ):  # fmt: skip
        for sheet in (replace(CLEAN, diagnoses=("N40", "N401"), **{name: value} if name != "diagnoses" else {}),
                      replace(CLEAN, **{name: value})):  # fmt: skip
            for context in (
                CONTEXT,
                replace(CONTEXT, same_day=("CLM-3D8WQ222",)),
                replace(CONTEXT, today=date(2030, 1, 1)),
            ):
                assert judge(sheet, context, called_for(sheet, context)) == book.scrub(sheet, context), name
