"""The rulebook, rule by rule: one claim that breaks it, and the clean claim that keeps it."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openmso.charges.contracts import Stay, Surgery
from openmso.claims.contracts import EarlierDecision, LineDecision, Reduction
from openmso.claims.rules import book, freezing, limits, measured, outcome, payment, specialties
from openmso.claims.rules.findings import Severity, blocking, judge, still_open
from openmso.claims.rules.sheet import (
    AddOn,
    Biller,
    ClaimSheet,
    Context,
    Cover,
    Earlier,
    Facility,
    Human,
    Insurer,
    Line,
    Medicine,
    Pair,
    Place,
    Renderer,
    UnitLimit,
)
from openmso.claims.states import MOVES, OWNERS, S
from openmso.claims.tests.calling import called_for
from openmso.codes.contracts import Standing
from openmso.eligibility.contracts import Permit, Permitting
from openmso.kit.states import table_is_whole

TODAY = date(2026, 11, 16)
DAY = date(2026, 11, 9)
OFFICE = Place("12 Harbor Road", "", "Rockland", "ME", "048412217")
PATIENT = Human(
    "OKAFOR", "DANIEL", "", "", date(1968, 2, 14), "M", Place("7 Elm Street", "", "Rockland", "ME", "04841")
)
VISIT = Line(1, "CLM-7K2P9M4X-01", "99213", (), Decimal(1), Decimal("140.00"), DAY, (1,))
CLEAN = ClaimSheet(
    control="CLM-7K2P9M4X",
    total=Decimal("140.00"),
    frequency="1",
    order="P",
    place_of_service="11",
    service_on=DAY,
    diagnoses=("E119", "I10"),
    lines=(VISIT,),
    patient=PATIENT,
    cover=Cover("W123456789", "P", "18", date(2026, 1, 1)),
    payer=Insurer("Tidewater Health", "60054", "commercial", "CI", 180),
    biller=Biller("ROCKLAND FAMILY PRACTICE", "1999999992", "123456789", "207Q00000X", OFFICE, phone="2075550100"),
    rendering=Renderer("ROCKLAND", "MARA", "1999999992", "207Q00000X"),
    facility=Facility("Main office", "", OFFICE),
)
CONTEXT = Context(TODAY)


def lines(*changes: dict[str, Any]) -> dict[str, Any]:
    """Lines of a sheet, each the office visit with something changed, and the total that fits."""
    made = tuple(replace(VISIT, **({"number": n} | change)) for n, change in enumerate(changes, start=1))
    return {"lines": made, "total": sum((line.charge for line in made), Decimal(0))}


def of(part: str, **changes: Any) -> dict[str, Any]:
    """One part of the sheet with something changed."""
    return {part: replace(getattr(CLEAN, part), **changes)}


MEDICARE = {"kind": "medicare", "filing": "MB"}


def second(payer: str = "00952", **changes: Any) -> dict[str, Any]:
    """The clean claim with its second payer: the first has paid 80 of 140 and left 15 to the patient."""
    told = {"line": 1, "code": "99213", "modifiers": (), "units": Decimal(1), "paid": Decimal("80.00")}
    reasons = changes.pop("reasons", (Reduction("CO", "45", Decimal("45.00")), Reduction("PR", "2", Decimal("15.00"))))
    line = LineDecision(**told, reductions=reasons)
    decision = EarlierDecision(
        rank=1, payer_key=payer, payer_control="ICN-1", paid_on=DAY, paid=Decimal("80.00"), charge=Decimal("140.00"),
        source="PMT-1", lines=(line,),
    )  # fmt: skip
    first = Earlier("P", CLEAN.cover, replace(CLEAN.payer, edi_id=payer), replace(decision, **changes))  # type: ignore[arg-type, type-var]
    return {"order": "S", "earlier": (first,)}


FACILITY = {
    "kind": "I", "stay": Stay("71", "3", "1", "01"), "attending": CLEAN.rendering,
    "lines": (replace(VISIT, revenue_code="0521"),),
}  # fmt: skip
"""What makes the clean claim one of a rural health clinic."""


def facility(**changes: Any) -> dict[str, Any]:
    """A facility's claim with something changed of what it says of the visit."""
    return FACILITY | {"stay": replace(FACILITY["stay"], **changes)}  # type: ignore[type-var]


BROKEN: list[tuple[str, dict[str, Any]]] = [
    ("stay_missing", FACILITY | {"stay": None}),
    ("attending_missing", FACILITY | {"attending": None}),
    ("attending_missing", FACILITY | {"operating": Renderer("SOLE", "ANN", "123")}),
    ("admission_details", facility(bill_type="11")),
    ("admission_details", facility(bill_type="11", admitted_on=DAY, admitted_hour="08", admitting_diagnosis="E119")),
    (
        "reason_for_visit",
        facility(bill_type="13", admission_type="1") | {"lines": (replace(VISIT, revenue_code="0450"),)},
    ),
    ("procedures_of_an_outpatient", facility(procedures=(Surgery("0DTJ4ZZ", DAY),))),
    ("procedures_of_an_outpatient", facility(bill_type="11", procedures=(Surgery("0DTJ4ZZ", date(2027, 1, 1)),))),
    ("revenue_code", FACILITY | {"lines": (VISIT,)}),
    ("facility_procedure", FACILITY | {"lines": (replace(VISIT, revenue_code="0521", code="9921"),)}),
    ("facility_counts", FACILITY | {"lines": (), "total": Decimal(0)}),
    ("no_coverage", {"cover": None}),
    ("coverage_not_in_force", of("cover", ends_on=DAY)),
    ("coverage_not_in_force", of("cover", starts_on=date(2026, 11, 10))),
    ("payer_id_missing", of("payer", edi_id="")),
    ("member_id_missing", of("cover", member_id=" ")),
    ("medicare_id_form", of("payer", **MEDICARE)),
    ("subscriber_incomplete", of("cover", relationship="19")),
    ("patient_name", of("patient", first="")),
    ("patient_birth_date", of("patient", born_on=None)),
    ("patient_birth_date", of("patient", born_on=date(2026, 12, 1))),
    ("patient_sex_unknown", of("patient", sex="U")),
    ("patient_address", of("patient", address=Place())),
    ("patient_address", of("patient", address=replace(PATIENT.address, zip="0484"))),
    ("medicare_second_without_reason", of("payer", **MEDICARE) | of("cover", order="S") | {"order": "S"}),
    ("biller_missing", {"biller": None}),
    ("biller_npi", of("biller", npi="1999999991")),
    ("biller_tax_id", of("biller", tax_id="12345")),
    ("biller_taxonomy", of("biller", taxonomy="")),
    ("biller_post_box", of("biller", address=replace(OFFICE, line1="P.O. Box 12"))),
    ("biller_zip", of("biller", address=replace(OFFICE, zip="04841"))),
    ("renderer_missing", {"rendering": None}),
    ("renderer_npi", of("rendering", npi="60")),
    ("renderer_taxonomy", of("rendering", taxonomy="")),
    ("referrer_missing", lines({"code": "99243"})),
    ("referrer_npi", {"referring": Renderer("SOLE", "ANN", "123")}),
    ("facility_missing", {"place_of_service": "21", "facility": None}),
    ("no_diagnosis", {"diagnoses": ()}),
    ("diagnosis_code", {"diagnoses": ("40055000",), "diagnosis_system": "SNOMED CT"}),
    ("diagnosis_code", {"diagnoses": ("E11.9",)}),
    ("injury_without_encounter", {"diagnoses": ("S93401",)}),
    ("external_cause_first", {"diagnoses": ("W010XXA", "S93401A"), "accident": "OA", "accident_on": DAY}),
    ("diagnosis_twice", {"diagnoses": ("E119", "E119")}),
    ("too_many_diagnoses", {"diagnoses": (*(f"E11{n}" for n in range(10)), "I10", "J069", "K219")}),
    ("line_without_diagnosis", lines({"pointers": ()})),
    ("pointer_to_nothing", lines({"pointers": (3,)})),
    (
        "pointer_to_nothing",
        {"diagnoses": ("E119", "I10", "J069", "K219", "M545")} | lines({"pointers": (1, 2, 3, 4, 5)}),
    ),
    ("line_count", {"lines": (), "total": Decimal(0)}),
    ("procedure_code", lines({"code": "185345009", "code_system": "SNOMED CT"})),
    ("procedure_code", lines({"code": "9921"})),
    ("units_positive", lines({"units": Decimal(0)})),
    ("charge_positive", lines({"charge": Decimal(0)})),
    ("charge_positive", lines({"is_priced": False})),
    ("total_is_sum", {"total": Decimal("140.01")}),
    ("place_of_service", {"place_of_service": "98"}),
    ("line_twice", lines({"code": "93000"}, {"code": "93000"})),
    ("drug_without_ndc", lines({"code": "J3301"})),
    ("drug_form", lines({"code": "J3301", "drug": Medicine("123", Decimal(1))})),
    ("laboratory_without_clia", lines({"code": "83036"})),
    ("modifier_form", lines({"modifiers": ("25", "25")})),
    ("modifier_order", lines({"code": "20610", "modifiers": ("LT", "78")})),
    ("modifier_25_on_procedure", lines({"code": "20610", "modifiers": ("25",)})),
    ("visit_beside_procedure", lines({}, {"code": "20610"})),
    ("bilateral", lines({"code": "20610", "modifiers": ("50",), "units": Decimal(2)})),
    ("bilateral", lines({"code": "20610", "modifiers": ("LT", "RT")})),
    ("both_components", lines({"code": "71046", "modifiers": ("26", "TC")})),
    ("telehealth_place", lines({"modifiers": ("95",)})),
    ("telehealth_place", {"place_of_service": "10"}),
    ("add_on_alone", lines({"code": "90833"})),
    ("g2211_beside_25", lines({"modifiers": ("25",)}, {"code": "G2211"})),
    ("service_in_future", {"service_on": date(2026, 11, 17)} | lines({"service_on": date(2026, 11, 17)})),
    ("dates_reversed", lines({"service_through": date(2026, 11, 8)})),
    ("filed_too_late", of("payer", filing_days=6)),
    ("filing_limit_near", of("payer", filing_days=12)),
    ("correction_without_number", {"frequency": "7"}),
    ("earlier_payer_unknown", of("cover", order="S") | {"order": "S"}),
    ("same_payer_twice", second(payer="60054")),
    ("earlier_day_missing", second(paid_on=None)),
    ("earlier_lines_unplaced", second(unplaced=1)),
    ("earlier_decision_unbalanced", second(paid=Decimal("79.00"))),
    ("earlier_decision_unbalanced", second(reasons=(Reduction("CO", "45", Decimal("60.01")),))),
    ("earlier_reasons_too_many", second(reasons=tuple(Reduction("CO", str(n), Decimal("1.00")) for n in range(7)))),
    ("earlier_number_missing", second(payer_control="")),
    ("nothing_left", second(reasons=(Reduction("CO", "45", Decimal("60.00")),))),
    ("accident_details", of("payer", kind="auto")),
    ("accident_details", {"accident": "AA", "accident_on": DAY}),
    ("injury_without_accident", {"diagnoses": ("S93401A",)}),
    ("reference_too_long", {"prior_authorization": "A" * 51}),
    ("control_number", {"control": "C" * 21}),
]

BY_CONTEXT: list[tuple[str, dict[str, Any], Context]] = [
    ("diagnosis_not_specific", {"diagnoses": ("E11",)}, Context(TODAY, standing={"E11": Standing(is_billable=False)})),
    ("diagnosis_unknown", {"diagnoses": ("E118X",)}, Context(TODAY, standing={"E118X": None})),
    ("renderer_not_enrolled", {}, Context(TODAY, enrolled=((date(2020, 1, 1), DAY),))),
    ("renderer_not_enrolled", {}, Context(TODAY, enrolled=())),
    ("practice_not_enrolled", {}, Context(TODAY, practice_enrolled=((date(2020, 1, 1), DAY),))),
    ("practice_not_enrolled", {}, Context(TODAY, practice_enrolled=((date(2026, 11, 10), None),))),
    ("code_not_in_use", lines({"code": "G0463"}), Context(TODAY, standing={"G0463": Standing(ends_on=DAY)})),
    ("code_not_in_use", lines({"code": "G0463"}), Context(TODAY, standing={"G0463": Standing(starts_on=date(2027, 1, 1))})),
    ("same_day_claim", {}, Context(TODAY, same_day=("CLM-3D8WQ222",))),
    ("authorization", {}, Context(TODAY, permits=(Permitting(1, Permit.AUTHORIZATION, "None is on file.", "Get it."),))),
    ("code_pair", lines({"code": "11104"}, {"code": "11102"}), Context(TODAY, pairs=(Pair("11104", "11102", "0"),))),
    ("add_on_alone", lines({"code": "11103"}), Context(TODAY, add_ons={"11103": AddOn(("11102", "11104"))})),
    ("unlikely_units", of("payer", **MEDICARE) | lines({"units": Decimal(4)}),
     Context(TODAY, limits={"99213": UnitLimit(2, "3")})),
]  # fmt: skip


def codes(sheet: ClaimSheet, context: Context = CONTEXT) -> set[str]:
    return {finding.code for finding in book.scrub(sheet, context)}


def test_a_clean_claim_has_no_finding() -> None:
    assert book.scrub(CLEAN, CONTEXT) == ()
    assert book.scrub(replace(CLEAN, **second()), CONTEXT) == (), "nor has one for its second payer"


@pytest.mark.parametrize(("code", "changes"), BROKEN, ids=[f"{n}-{code}" for n, (code, _) in enumerate(BROKEN)])
def test_a_claim_that_breaks_a_rule_is_told_which_and_how_to_mend_it(code: str, changes: dict[str, Any]) -> None:
    found = {finding.code: finding for finding in book.scrub(replace(CLEAN, **changes), CONTEXT)}

    assert code in found
    assert found[code].words.endswith((".", "?"))
    assert found[code].fix.endswith(".")
    assert found[code].source


def test_a_facility_s_claim_is_asked_for_what_facilities_say_and_not_for_what_professionals_say() -> None:
    inpatient = facility(
        bill_type="11", admitted_on=DAY, admitted_hour="08", admission_source="1", admitting_diagnosis="E119",
        discharged_hour="16",
    )  # fmt: skip
    room = replace(VISIT, code="", revenue_code="0120", pointers=())

    assert codes(replace(CLEAN, **FACILITY)) == set()
    assert codes(replace(CLEAN, **inpatient | {"lines": (room,), "place_of_service": "", "rendering": None})) == set()


@pytest.mark.parametrize(
    ("code", "changes", "context"), BY_CONTEXT, ids=[f"{n}-{code}" for n, (code, _, _) in enumerate(BY_CONTEXT)]
)
def test_rules_that_look_beyond_the_claim(code: str, changes: dict[str, Any], context: Context) -> None:
    sheet = replace(CLEAN, **changes)

    assert code in codes(sheet, context)
    assert code not in codes(sheet, CONTEXT)


def test_who_is_enrolled_on_the_day_is_no_finding() -> None:
    held = ((date(2020, 1, 1), date(2021, 1, 1)), (DAY, None))

    assert codes(CLEAN, Context(TODAY, enrolled=held, practice_enrolled=held)) == set()


def test_every_rule_has_its_case_here_and_a_code_of_its_own() -> None:
    tried = {code for code, _ in BROKEN} | {code for code, _, _ in BY_CONTEXT}
    packs = {
        rule.code for rule in (*payment.RULES, *specialties.RULES, *measured.RULES, *limits.RULES)
    }  # test_packs has theirs

    assert tried | packs == set(book.BY_CODE)
    assert len(book.BY_CODE) == len(book.SCRUB) >= 25


@pytest.mark.parametrize(
    ("changes", "context"),
    [
        (lines({"code": "11104"}, {"code": "11102", "modifiers": ("59",)}), Pair("11104", "11102", "1")),
        (lines({"code": "11104"}, {"code": "11102", "service_on": date(2026, 11, 8)}), Pair("11104", "11102", "0")),
    ],
    ids=["indicator 1 with 59", "another day"],
)
def test_a_pair_that_is_allowed_is_no_finding(changes: dict[str, Any], context: Pair) -> None:
    assert "code_pair" not in codes(replace(CLEAN, **changes), Context(TODAY, pairs=(context,)))


@pytest.mark.parametrize(
    ("edit", "severity"),
    [(AddOn(("11102",), "1"), Severity.HOLD), (AddOn(("11102",), "3"), Severity.WARN), (AddOn((), "2"), None)],
    ids=["the list is whole", "a contractor may accept others", "the contractor's own list"],
)
def test_an_add_on_alone_weighs_as_much_as_its_list_is_sure(edit: AddOn, severity: Severity | None) -> None:
    found = book.scrub(replace(CLEAN, **lines({"code": "11103"})), Context(TODAY, add_ons={"11103": edit}))

    assert next((one.severity for one in found if one.code == "add_on_alone"), None) == severity


def test_unlikely_units_do_not_apply_to_commercial_and_vision_plans() -> None:
    context = Context(TODAY, limits={"99213": UnitLimit(0, "2")})

    for kind in ("commercial", "vision"):
        assert "unlikely_units" not in codes(replace(CLEAN, **of("payer", kind=kind)), context)


def test_a_drug_without_its_ndc_blocks_medicaid_and_warns_others() -> None:
    sheet = replace(CLEAN, **lines({"code": "J3301"}))
    of_medicaid = replace(sheet, payer=replace(CLEAN.payer, kind="medicaid"))  # type: ignore[type-var]

    assert not blocking(book.scrub(sheet, CONTEXT))
    assert {finding.code for finding in blocking(book.scrub(of_medicaid, CONTEXT))} == {"drug_without_ndc"}


def test_what_the_837_requires_is_firm_and_what_payers_like_is_not() -> None:
    assert book.BY_CODE["biller_npi"].is_firm
    assert book.BY_CODE["patient_address"].is_firm
    assert not book.BY_CODE["line_twice"].is_firm
    assert not any(rule.is_firm for rule in book.SCRUB if rule.severity is Severity.WARN)


def test_what_was_set_aside_is_open_no_more() -> None:
    findings = book.scrub(replace(CLEAN, **lines({"code": "93000"}, {"code": "93000"})), CONTEXT)

    assert [finding.key for finding in still_open(findings, [])] == [("line_twice", 2)]
    assert still_open(findings, [("line_twice", 2)]) == ()
    assert still_open(findings, [("line_twice", 1)]) == findings


TOLD_OF = ["99213", "92004", "92015", "92134", "99385", "G2211", "G0438", "J1100", "17003", "11602", "66984", "80053"]
MODIFIERS = ["25", "59", "50", "LT", "RT", "24", "57", "78", "26", "TC", "GA", "GY", "55", "QW"]
AMOUNTS = st.decimals(min_value=0, max_value=9999, places=2)


@given(
    charge=AMOUNTS, units=st.decimals(min_value=0, max_value=99, places=3), born=st.none() | st.dates(),
    name=st.text(max_size=40), pointers=st.lists(st.integers(0, 14), max_size=6), code=st.text(max_size=8) | st.sampled_from(TOLD_OF),
    modifiers=st.lists(st.text(max_size=3) | st.sampled_from(MODIFIERS), max_size=6), diagnoses=st.lists(st.text(max_size=9), max_size=15),
)  # fmt: skip
def test_no_claim_makes_a_rule_fall_and_a_frozen_sheet_thaws_to_itself(
    charge: Decimal, units: Decimal, born: date | None, name: str, pointers: list[int], code: str,
    modifiers: list[str], diagnoses: list[str],
) -> None:  # fmt: skip
    line = replace(VISIT, charge=charge, units=units, pointers=tuple(pointers), code=code, modifiers=tuple(modifiers))
    sheet = replace(
        CLEAN,
        lines=(line,),
        total=charge,
        diagnoses=tuple(diagnoses),
        patient=replace(PATIENT, last=name, born_on=born),
    )

    findings = book.scrub(sheet, CONTEXT)

    asked = judge(sheet, CONTEXT, called_for(sheet, CONTEXT))
    assert asked == findings, "a rule was not asked that had something to say"
    said = freezing.frozen(sheet)
    assert freezing.thawed(json.loads(said)) == sheet
    assert said == json.dumps(json.loads(said), sort_keys=True, separators=(",", ":")), "its digest is of one form"


@given(total=AMOUNTS, paid=AMOUNTS, adjusted=AMOUNTS, patient=AMOUNTS, denied=AMOUNTS)
def test_a_claim_is_paid_exactly_when_nothing_is_open(
    total: Decimal, paid: Decimal, adjusted: Decimal, patient: Decimal, denied: Decimal
) -> None:
    sums = outcome.Sums(total, paid, adjusted, patient, denied)
    state = outcome.state_after(sums)

    assert sums.paid + sums.adjusted + sums.patient + sums.open == sums.total
    assert (state is S.PAID) == (sums.open == 0 and any((paid, adjusted, patient, denied)))


def test_every_state_has_its_moves_and_its_owner() -> None:
    assert table_is_whole(MOVES, S)
    assert set(OWNERS) == set(S)
