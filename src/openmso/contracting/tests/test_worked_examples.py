"""The worked examples of Medicare's rules, to the cent. The rows are figures of the 2026 relative value file."""

from __future__ import annotations

from decimal import Decimal

import pytest

from openmso.contracting.rules import lines, medicare
from openmso.contracting.rules.items import Line, Priced
from openmso.contracting.rules.mpfs import Book, Locality, Row, Setting, cap, fee, setting_of
from openmso.contracting.rules.policy import HALF, WHOLE, Policy, Rank
from openmso.contracting.rules.tariffs import Medicare
from openmso.kit.money import Money

OHIO = Locality(Decimal("1.000"), Decimal("0.913"), Decimal("1.008"), Decimal("33.4009"))
CALIFORNIA_18 = Locality(Decimal("1.041"), Decimal("1.183"), Decimal("0.664"), Decimal("33.4009"))


def row(code: str, figures: str, modifier: str = "", **more: object) -> Row:
    work, nonfacility, facility, malpractice = (Decimal(one) for one in figures.split())
    return Row(code, modifier, "A", work, nonfacility, facility, malpractice, **more)  # type: ignore[arg-type]


CATARACT = {"global_days": "090", "pre": Decimal("0.1"), "intra": Decimal("0.7"), "post": Decimal("0.2")}
ROWS = (
    row("99213", "1.30 1.46 0.33 0.09"),
    row("11102", "0.64 2.16 0.20 0.06", multiple="2", assistant="1", global_days="000"),
    row("11103", "0.37 1.05 0.12 0.04", multiple="0", global_days="ZZZ"),
    row("17000", "0.59 1.34 0.78 0.06", multiple="2", assistant="1", global_days="010"),
    row("66984", "7.17 6.14 6.14 0.54", na_nonfacility=True, multiple="2", bilateral="1", assistant="1", **CATARACT),
    row("92133", "0.30 0.60 0.60 0.02", na_facility=True, pctc="1", multiple="7", bilateral="2"),
    row("92133", "0.30 0.18 0.18 0.01", "26", pctc="1", multiple="7", bilateral="2"),
    row("92133", "0.00 0.42 0.42 0.01", "TC", na_facility=True, pctc="1", multiple="7", bilateral="2"),
    row("92250", "0.40 0.66 0.66 0.02", na_facility=True, pctc="1", multiple="7", bilateral="2"),
    row("92250", "0.40 0.20 0.20 0.01", "26", pctc="1", multiple="7", bilateral="2"),
    row("92250", "0.00 0.46 0.46 0.01", "TC", na_facility=True, pctc="1", multiple="7", bilateral="2"),
    row("45378", "3.18 7.73 1.34 0.41", multiple="2", assistant="1"),
    row("45378", "1.59 3.87 0.67 0.21", "53", multiple="2", assistant="1"),
    row("45380", "3.47 10.48 1.43 0.42", multiple="3", endoscopy_base="45378"),
    row("45385", "4.46 10.00 1.72 0.51", multiple="3", endoscopy_base="45378"),
    row("97110", "0.45 0.41 0.41 0.01", multiple="5"),
    row("97140", "0.43 0.39 0.39 0.01", multiple="5"),
    row("93005", "0.00 0.20 0.20 0.01", pctc="3", multiple="6"),
    row("93017", "0.00 0.80 0.80 0.01", pctc="3", multiple="6"),
    row("73221", "1.20 4.90 4.90 0.05", pctc="1", multiple="4", bilateral="3"),
    row("73221", "1.20 0.60 0.60 0.04", "26", pctc="1", multiple="4", bilateral="3"),
    row("73221", "0.00 4.30 4.30 0.01", "TC", pctc="1", multiple="4", bilateral="3"),
    row("73721", "1.20 3.90 3.90 0.05", pctc="1", multiple="4", bilateral="3"),
    row("73721", "1.20 0.50 0.50 0.04", "26", pctc="1", multiple="4", bilateral="3"),
    row("73721", "0.00 3.40 3.40 0.01", "TC", pctc="1", multiple="4", bilateral="3"),
    row("29881", "6.85 7.19 7.19 1.40", multiple="2", bilateral="1", assistant="2", cosurgeon="1"),
    Row("92015", "", "N", Decimal("0.37"), Decimal("0.18"), Decimal("0.08"), Decimal("0.02")),
)  # fmt: skip
BOOK = Book(OHIO, {(one.code, one.modifier): one for one in ROWS})


def priced(*said: str, pos: str = "11", policy: Policy | None = None) -> list[Priced]:
    """The lines as billers write them: `99213-25`, `97110 x3`."""
    asked = []
    for number, text in enumerate(said, 1):
        named, _, units = text.partition(" x")
        code, *modifiers = named.split("-")
        asked.append(Line(number, code, tuple(modifiers), Decimal(units or 1), pos))
    found = lines.price(asked, BOOK, policy or Policy())
    return [found[number] for number in sorted(found)]


def amounts(*said: str, pos: str = "11", policy: Policy | None = None) -> list[str]:
    return [str(one.amount) if one.amount else one.why_not for one in priced(*said, pos=pos, policy=policy)]


def test_an_office_visit_in_california_is_104_89_and_60_24_in_a_facility() -> None:
    visit = BOOK.rows["99213", ""]

    assert str(fee(visit, CALIFORNIA_18, Setting.NONFACILITY)) == "104.89"
    assert str(fee(visit, CALIFORNIA_18, Setting.FACILITY)) == "60.24"


@pytest.mark.parametrize(("pos", "amount"), [("11", "90.97"), ("10", "90.97"), ("02", "56.51"), ("22", "56.51")])
def test_the_place_of_service_sets_the_rate(pos: str, amount: str) -> None:
    assert amounts("99213", pos=pos) == [amount]


def test_unknown_places_are_no_facility() -> None:
    assert setting_of("") is setting_of("99") is Setting.NONFACILITY


def test_a_biopsy_and_a_destruction_come_to_120_57() -> None:
    assert amounts("11102", "17000-XS") == ["89.27", "31.30"]


def test_the_order_of_lines_does_not_matter_and_add_on_codes_are_exempt() -> None:
    assert amounts("17000-XS", "11102", "11103 x2") == ["31.30", "89.27", "91.44"]


def test_from_the_sixth_procedure_on_payment_is_by_report() -> None:
    assert amounts("17000 x5") == ["187.77"]
    assert amounts("17000 x6") == ["The 6th procedure of a day is paid by report."]


def test_shared_care_of_a_cataract_is_divided_by_days() -> None:
    surgeon, all_days, eighty = (
        lines.price([Line(1, "66984", (modifier,), pos="24", postoperative_days=days)], BOOK)[1]
        for modifier, days in (("54", None), ("55", 90), ("55", 80))
    )

    assert [str(one.amount) for one in (surgeon, all_days, eighty)] == ["355.92", "88.98", "79.09"]
    assert eighty.steps[-1].words == "20% after surgery (55), 80 of 90 days"


def test_what_a_setting_does_not_have_is_not_expected_there() -> None:
    assert amounts("66984") == ["The fee schedule has no amount for 66984 outside a facility (NA)."]
    assert amounts("92133-26", "92133-TC", pos="22")[1].endswith("in a facility (NA).")


def test_only_statuses_with_an_amount_are_paid() -> None:
    assert amounts("92015", "00000") == ["Status N: Medicare does not cover it.", "00000 is not in the fee schedule."]


def test_components_have_rows_of_their_own() -> None:
    whole, professional, technical = amounts("92133")[0], amounts("92133-26")[0], amounts("92133-TC")[0]

    assert Money.of(whole) == Money.of(professional) + Money.of(technical)
    assert amounts("45378-53") == ["178.19"]


def test_both_sides_by_indicator() -> None:
    once = Money.of(amounts("29881")[0])

    assert amounts("29881-50") == [str(once.times(Decimal("1.5")))]
    assert amounts("92133-50") == amounts("92133")
    assert amounts("17000-50") == amounts("17000")
    assert amounts("73221-26-50", policy=Policy(imaging_professional=WHOLE)) == [
        str(Money.of(amounts("73221-26")[0]).times(2))
    ]
    right, left = amounts("29881-RT", "29881-LT")
    assert Money.of(right) + Money.of(left) == once.times(Decimal("1.5"))


def test_assistants_co_surgeons_and_teams() -> None:
    once = Money.of(amounts("29881")[0])

    assert amounts("29881-80") == amounts("29881-82") == [str(once.times(Decimal("0.16")))]
    assert amounts("29881-AS") == [str(once.times(Decimal("0.136")))]
    assert amounts("29881-62") == [str(once.times(Decimal("0.625")))]
    assert "paid by report" in amounts("29881-66")[0]
    assert amounts("11102-80") == ["An assistant at 11102 is not paid (80)."]
    assert amounts("11102-62") == ["This code is not paid for two surgeons (62)."]


def test_more_or_less_than_usual_is_decided_by_report() -> None:
    assert amounts("29881-22") == amounts("29881")
    assert "paid by report" in amounts("29881-52")[0]
    assert amounts("29881-52", policy=Policy(reduced=HALF)) == [str(Money.of(amounts("29881")[0]).times(HALF))]


def test_endoscopies_of_a_family_pay_the_highest_and_of_others_what_exceeds_the_base() -> None:
    base, biopsy, removal = (Money.of(amounts(code)[0]) for code in ("45378", "45380", "45385"))

    assert amounts("45385", "45380") == [str(removal), str(biopsy - base)]
    found = amounts("45378", "45385", "45380")
    assert found[1:] == [str(removal), str(biopsy - base)]
    assert priced("45378", "45385", "45380")[0].amount == Money.of(0)


def test_a_family_is_one_procedure_among_others() -> None:
    base, biopsy, removal, knee = (Money.of(amounts(code)[0]) for code in ("45378", "45380", "45385", "29881"))
    assert removal + biopsy - base > knee

    assert amounts("29881", "45385", "45380") == [str(knee.times(HALF)), str(removal), str(biopsy - base)]


def test_therapy_pays_half_the_expense_of_every_further_unit() -> None:
    exercise, manual = (Money.of(amounts(code)[0]) for code in ("97110", "97140"))
    half = [OHIO.pe * OHIO.factor * expense / 2 for expense in (Decimal("0.41"), Decimal("0.39"))]

    assert amounts("97110 x2", "97140") == [
        str(Money.rounded(exercise.amount * 2 - half[0])), str(Money.rounded(manual.amount - half[1]))
    ]  # fmt: skip


def test_further_tests_lose_part_of_the_technical_component() -> None:
    nerve, photo, photo_technical = (Money.of(amounts(code)[0]) for code in ("92133", "92250", "92250-TC"))
    nerve_technical = Money.of(amounts("92133-TC")[0])
    assert photo_technical > nerve_technical

    assert amounts("92133", "92250-59") == [
        str(Money.rounded(nerve.amount - nerve_technical.amount * Decimal("0.2"))),
        str(photo),
    ]
    assert amounts("93005", "93017")[0] == str(Money.of(amounts("93005")[0]).times(Decimal("0.75")))
    assert amounts("92133-26", "92250-26") == amounts("92133-26") + amounts("92250-26")


def test_further_images_lose_half_the_technical_and_a_twentieth_of_the_professional_component() -> None:
    knee, knee_technical, knee_professional = (Money.of(amounts(c)[0]) for c in ("73721", "73721-TC", "73721-26"))

    cut = knee_technical.amount * HALF + knee_professional.amount * Decimal("0.05")
    shoulder_professional = Money.of(amounts("73221-26")[0])
    assert shoulder_professional > knee_professional
    assert amounts("73221", "73721") == [amounts("73221")[0], str(Money.rounded(knee.amount - cut))]


CHEST = {
    (code, modifier): row(
        code, f"{work} {expense} {expense} {malpractice}", modifier, pctc="1", multiple="4",
        opps_pe_nonfacility=Decimal(capped), opps_pe_facility=Decimal(capped), opps_malpractice=Decimal(risk),
    )
    for code, modifier, work, expense, malpractice, capped, risk in (
        ("71550", "", "1.46", "8.63", "0.10", "7.98", "0.10"), ("71550", "TC", "0.00", "8.10", "0.03", "7.45", "0.03"),
        ("71550", "26", "1.46", "0.53", "0.07", "0.00", "0.00"), ("71551", "", "1.73", "9.51", "0.11", "24.96", "0.16"),
        ("71551", "TC", "0.00", "8.89", "0.03", "24.34", "0.08"), ("71551", "26", "1.73", "0.62", "0.08", "0.00", "0.00"),
    )
}  # fmt: skip
"""Imaging of the chest in RVU25A; Ohio's indices of 2025."""
OHIO_2025 = Book(Locality(Decimal("1.000"), Decimal("0.911"), Decimal("1.032"), Decimal("32.3465")), CHEST)


@pytest.mark.parametrize(
    ("code", "modifier", "published", "capped"),
    [
        ("71550", "", "304.87", "285.72"), ("71550", "TC", "239.69", "220.54"), ("71550", "26", "65.18", ""),
        ("71551", "", "339.87", "796.82"), ("71551", "TC", "262.97", "719.92"),
    ],
)  # fmt: skip
def test_imaging_is_published_without_its_cap_and_paid_no_more_than_it(
    code: str, modifier: str, published: str, capped: str
) -> None:
    """Both amounts as CMS's file for Ohio has them (PFOH25A); its own sums of caps are of values that it rounds later."""
    one, outside = CHEST[code, modifier], Setting.NONFACILITY
    most = cap(one, OHIO_2025.locality, outside)
    (paid,) = lines.price([Line(1, code, (modifier,) if modifier else ())], OHIO_2025).values()

    assert fee(one, OHIO_2025.locality, outside) == Money.of(published)
    assert most is None if not capped else abs(most.amount - Decimal(capped)) <= Decimal("0.02")
    assert paid.amount == (min(Money.of(published), most) if most else Money.of(published))
    assert ("OPPS" in paid.steps[-1].words) == (most is not None and most < Money.of(published))


def test_further_imaging_is_reduced_before_its_cap_is_asked() -> None:
    first, second = lines.price([Line(1, "71551"), Line(2, "71550")], OHIO_2025).values()
    assert str(first.amount) == "339.87"
    assert str(second.amount) == str(Money.rounded(Decimal("304.87") - Decimal("239.69") / 2 - Decimal("65.18") / 20))
    assert "OPPS" not in second.steps[-1].words
    (whole,) = lines.price_by([Line(1, "71550")], lambda _: Medicare(OHIO_2025, Decimal("1.1")), Policy()).values()
    assert str(whole.amount) == str(Money.of("285.72").times(Decimal("1.1")))  # 110% of what Medicare pays


def test_a_payer_ranks_by_facility_value_and_pays_100_50_25() -> None:
    payer = Policy((WHOLE, HALF, Decimal("0.25")), procedures_beyond=Decimal("0.25"), rank=Rank.FACILITY_RVU)
    fees = {code: Money.of(amounts(code)[0]) for code in ("11102", "17000", "29881")}

    assert amounts("11102", "17000", "29881", policy=payer) == [
        str(fees["11102"].times(Decimal("0.25"))), str(fees["17000"].times(HALF)), str(fees["29881"])
    ]  # fmt: skip


def test_sequestration_is_taken_of_what_medicare_pays() -> None:
    paid = medicare.payment(Money.of("90.97"), sequestration=True)

    assert [str(one) for one in (paid.coinsurance, paid.sequestered, paid.paid)] == ["18.19", "1.46", "71.32"]
    assert paid.paid + paid.sequestered == Money.of("72.78")


def test_the_deductible_comes_first() -> None:
    paid = medicare.payment(Money.of("90.97"), deductible_left=Money.of("50.97"), sequestration=True)
    parts = (paid.deductible, paid.coinsurance, paid.sequestered, paid.paid)

    assert [str(one) for one in parts] == ["50.97", "8.00", "0.64", "31.36"]
    assert Money.total(parts) == Money.of("90.97")


def test_who_does_not_participate_is_limited() -> None:
    assert str(medicare.nonparticipating(Money.of("104.89"))) == "99.65"
    assert str(medicare.limiting_charge(Money.of("104.89"))) == "114.60"


def test_medicare_as_second_payer_pays_the_lowest_of_three() -> None:
    """The example of 42 CFR 411.33(e)."""
    example = {"charge": Money.of(175), "primary_allowed": Money.of(150), "primary_paid": Money.of(120)}

    told = medicare.secondary(**example, medicare_fee=Money.of(125))
    assert [told.left_of_charge, told.as_first, told.left_of_allowed] == [Money.of(55), Money.of(100), Money.of(30)]
    assert told.pays == Money.of(30)
    assert medicare.secondary(**example, medicare_fee=Money.of(125), obliged_to_accept=Money.of(140)).pays == Money.of(
        20
    )
    assert medicare.secondary(**example | {"primary_paid": Money.of(160)}, medicare_fee=Money.of(125)).pays == Money.of(
        0
    )
