"""What optometry, dermatology, behavioral health and primary care are denied for; packs that every practice has."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from openmso.claims.rules import facts
from openmso.claims.rules.eyes import (
    medical_test_to_vision_plan,
    post_care_without_dates,
    refraction_to_medicare,
    refractive_reason_to_medical_plan,
    together,
    two_examinations,
    two_scans,
)
from openmso.claims.rules.findings import Said, Severity, blocks, warns
from openmso.claims.rules.modifiers import PREVENTIVE, is_visit
from openmso.claims.rules.sheet import ClaimSheet, Context, Line
from openmso.claims.rules.skin import (
    cosmetic,
    destruction_counted_wrong,
    excision_and_diagnosis,
    lesion_not_named,
    mohs_with_pathology,
    two_first_biopsies,
)

# ---- behavioral health ----------------------------------------------------------------------------------------

THERAPY = frozenset({"90832", "90834", "90837"})
THERAPY_BESIDE_VISIT: Mapping[str, str] = {"90832": "90833", "90834": "90836", "90837": "90838"}
THERAPIES = frozenset({*THERAPY, *THERAPY_BESIDE_VISIT.values()})
EVALUATIONS = frozenset({"90791", "90792"})
CRISIS = frozenset({"90839", "90840"})


@blocks("CPT: psychotherapy beside a visit is an add-on to it; NCCI", codes=THERAPY)
def therapy_beside_visit(sheet: ClaimSheet, context: Context) -> Iterator[Said]:
    """Psychotherapy beside a visit of the day is billed by the add-on of its time."""
    visits = {line.code for line in sheet.lines if line.code.startswith("99") and is_visit(line.code)}
    for visit, line in together(sheet, visits, THERAPY):
        yield Said(
            f"Line {line.number}: beside {visit.code}, {line.code} is {THERAPY_BESIDE_VISIT[line.code]}.",
            f"Bill {THERAPY_BESIDE_VISIT[line.code]}, with 25 on the visit if the payer asks for it.",
            "code",
            line.number,
        )  # fmt: skip


@blocks("CPT: one psychotherapy code a session, by its minutes: 16 to 37, 38 to 52, from 53 on", codes=THERAPIES)
def therapy_twice(sheet: ClaimSheet, context: Context) -> Iterator[Said]:
    """A session is one code by its minutes, once."""
    seen: dict[date, Line] = {}
    for line in sheet.lines:
        if line.code not in THERAPIES:
            continue
        before = seen.setdefault(line.service_on, line)
        if line.units > 1 or (before is not line and not {"59", "76", "XE"} & set(line.modifiers)):
            yield Said(
                f"Line {line.number}: {line.code} more than once a day; a session is one code by its minutes.",
                "Choose the code of its minutes; XE for a second session of the day.",
                "units" if line.units > 1 else "code",
                line.number,
            )


@blocks("NCCI: an evaluation holds the visit, and the therapy of its day", codes=EVALUATIONS)
def evaluation_beside_visit(sheet: ClaimSheet, context: Context) -> Iterator[Said]:
    """A psychiatric evaluation stands without a visit or psychotherapy on its day."""
    others = {line.code for line in sheet.lines if line.code in THERAPIES or line.code.startswith("992")}
    for other, line in together(sheet, others, EVALUATIONS):
        yield Said(
            f"Line {line.number}: {line.code} and {other.code} on one day.",
            "90792 is the evaluation with medical services; keep one.",
            "code",
            line.number,
        )


@blocks("NCCI: crisis holds the psychotherapy and the evaluation of its day", codes=CRISIS)
def crisis_beside_therapy(sheet: ClaimSheet, context: Context) -> Iterator[Said]:
    """Psychotherapy for crisis stands without other therapy, evaluation or interactive complexity."""
    for crisis, line in together(sheet, CRISIS, {*THERAPIES, *EVALUATIONS, "90785"}):
        yield Said(f"Line {line.number}: {line.code} is part of {crisis.code}.", "Take it away.", "code", line.number)


# ---- primary care ---------------------------------------------------------------------------------------------

WELLNESS = frozenset({"G0402", "G0438", "G0439"})
PHYSICALS = PREVENTIVE - WELLNESS
FLU = frozenset({"90653", "90656", "90658", "90661", "90662", "90672", "90674", "90682", "90686", "90688", "90694"})
GIVING = frozenset({"90460", "90461", "90471", "90472", "90473", "90474", "G0008", "G0009", "G0010"})
FIRST_G2211 = date(2024, 1, 1)


def is_vaccine(code: str) -> bool:
    """Vaccines themselves."""
    return code.isdigit() and "90476" <= code <= "90759"


def is_about_vaccines(code: str) -> bool:
    """Vaccines, and the giving of them."""
    return is_vaccine(code) or code in GIVING


@blocks("42 CFR 411.15(a): Medicare pays no routine physicals; CARC 96 or 204", codes=PHYSICALS)
def physical_to_medicare(sheet: ClaimSheet, context: Context) -> Iterator[Said]:
    """Part B is asked for a wellness visit, not for a yearly physical; GY asks for the denial."""
    if sheet.payer is None or sheet.payer.filing != "MB":
        return
    for line in sheet.lines:
        if line.code in PHYSICALS and "GY" not in line.modifiers:
            yield Said(
                f"Line {line.number}: Medicare does not pay {line.code}.",
                "G0438 or G0439 if it was a wellness visit; else the patient pays, or GY for the denial.",
                "code",
                line.number,
            )


@warns("Payers other than Medicare pay yearly physicals by 99381 to 99397", codes=WELLNESS)
def wellness_to_other_payer(sheet: ClaimSheet, context: Context) -> Iterator[Said]:
    """Medicare's wellness codes go to Medicare."""
    if sheet.payer is None or sheet.payer.kind == "medicare":
        return
    for line in sheet.lines:
        if line.code in WELLNESS:
            yield Said(
                f"Line {line.number}: {line.code} is Medicare's; {sheet.payer.name} pays physicals by 99381 to 99397.",
                "Choose the code by age.",
                "code",
                line.number,
            )


@blocks("CPT: a problem beside a preventive visit is a visit with 25; CARC 97", codes=PREVENTIVE)
def problem_beside_preventive(sheet: ClaimSheet, context: Context) -> Iterator[Said]:
    """A visit about a problem beside a preventive visit says by 25 that it was more."""
    visits = {line.code for line in sheet.lines if line.code.startswith("992") and is_visit(line.code)}
    for preventive, line in together(sheet, PREVENTIVE, visits):
        if "25" not in line.modifiers:
            yield Said(
                f"Line {line.number}: {line.code} beside {preventive.code} has no 25.",
                "Add 25 if the note shows a problem of its own; else take it away.",
                "modifiers",
                line.number,
            )


@warns("Payer edits: a vaccine and its giving go together", codes=is_about_vaccines)
def vaccine_without_giving(sheet: ClaimSheet, context: Context) -> Iterator[Said]:
    """A vaccine and its giving stand on one claim."""
    vaccines = [line for line in sheet.lines if is_vaccine(line.code)]
    given = [line for line in sheet.lines if line.code in GIVING]
    if bool(vaccines) != bool(given):
        line = (vaccines or given)[0]
        missing = "nobody gave it" if vaccines else "no vaccine stands beside it"
        yield Said(
            f"Line {line.number}: {line.code}, and {missing}.",
            "Add the other; of a vaccine that was free the giving alone is right.",
            "code",
            line.number,
        )


@blocks("Medicare Claims Processing Manual ch. 18 §10: giving of flu, pneumonia and hepatitis B vaccine", codes=FLU)
def medicare_flu_giving(sheet: ClaimSheet, context: Context) -> Iterator[Said]:
    """Medicare pays the giving of a flu vaccine by G0008."""
    if sheet.payer is None or sheet.payer.filing != "MB":
        return
    for _, line in together(sheet, FLU, {"90471", "90472"}):
        yield Said(
            f"Line {line.number}: Medicare pays the giving of a flu vaccine by G0008, not by {line.code}.",
            "Change the code to G0008.",
            "code",
            line.number,
        )


@blocks("CMS: G2211 from 2024 on, beside an office visit", codes={"G2211"})
def g2211_too_early(sheet: ClaimSheet, context: Context) -> Iterator[Said]:
    """G2211 is for services from 2024 on."""
    for line in sheet.lines:
        if line.code == "G2211" and line.service_on < FIRST_G2211:
            yield Said(
                f"Line {line.number}: G2211 is paid for services from 2024 on.", "Take it away.", "code", line.number
            )


# ---- telehealth, by payer, modality and date ------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class TelehealthRow:
    """What a kind of payer asks of a modality for services from a day on: places, and one of some modifiers."""

    kinds: frozenset[str]
    modality: str
    starts_on: date
    places: frozenset[str]
    modifiers: frozenset[str]
    ends_on: date | None = None


_ANY = frozenset({"commercial", "blues", "medicaid", "tricare", "workers_comp", "auto", "vision"})
_MEDICARE = frozenset({"medicare"})
_PLACES = frozenset({"02", "10"})
TELEHEALTH: tuple[TelehealthRow, ...] = (
    TelehealthRow(_MEDICARE, "video", date(2024, 1, 1), _PLACES, frozenset()),
    TelehealthRow(_MEDICARE, "video", date(2020, 3, 1), frozenset(), frozenset({"95"}), date(2024, 1, 1)),
    TelehealthRow(_MEDICARE, "audio", date(2022, 1, 1), _PLACES, frozenset({"93", "FQ"})),
    TelehealthRow(_ANY, "video", date(2022, 1, 1), _PLACES, frozenset({"95", "GT"})),
    TelehealthRow(_ANY, "audio", date(2022, 1, 1), _PLACES, frozenset({"93", "FQ"})),
)
"""Where a payer's own manual says otherwise, a rule written on screen or an adjustment says it for that payer."""

MEDICARE_HOME_ENDS = date(2028, 1, 1)
"""From when Medicare pays telehealth at home for behavioral health alone (its flexibilities end on 31 Dec 2027)."""
BEHAVIORAL = frozenset({*THERAPIES, *EVALUATIONS, *CRISIS, "90785", "90846", "90847", "90853", "96127"})


TELEHEALTH_MODIFIERS = frozenset({"93", "FQ", "95", "GT"})


def modality(line: Line, place: str) -> str:
    """How a line was done: video, audio, or the empty text for in person."""
    if {"93", "FQ"} & set(line.modifiers):
        return "audio"
    return "video" if {"95", "GT"} & set(line.modifiers) or place in _PLACES else ""


@blocks("CMS telehealth (POS 02 and 10 since 2024); payers' telehealth policies", when=facts.ELSEWHERE)
def telehealth_place(sheet: ClaimSheet, context: Context) -> Iterator[Said]:
    """Telehealth stands at the place and with the modifier that this payer asks for on that day."""
    kind = sheet.payer.kind if sheet.payer else "commercial"
    for line in sheet.lines:
        place = line.place_of_service or sheet.place_of_service
        how = modality(line, place)
        row = next(
            (one for one in TELEHEALTH if kind in one.kinds and one.modality == how
             and one.starts_on <= line.service_on and (one.ends_on is None or line.service_on < one.ends_on)), None,
        )  # fmt: skip
        if row is None:
            continue
        if row.places and place not in row.places:
            yield Said(
                f"Line {line.number} says telehealth at place {place}.",
                "Place 10 at home, 02 elsewhere: it decides the price.",
                "place_of_service",
                line.number,
            )
        elif row.modifiers and not row.modifiers & set(line.modifiers):
            yield Said(
                f"Line {line.number} is at place {place} without {' or '.join(sorted(row.modifiers))}.",
                "95 for video, 93 for audio only.",
                "modifiers",
                line.number,
                Severity.WARN,
            )


@blocks("Telehealth flexibilities of Medicare, until 31 December 2027; behavioral health stays", when=facts.ELSEWHERE)
def telehealth_ended(sheet: ClaimSheet, context: Context) -> Iterator[Said]:
    """Medicare pays telehealth at home only as long as its flexibilities last, and behavioral health after."""
    if sheet.payer is None or sheet.payer.kind != "medicare":
        return
    for line in sheet.lines:
        at_home = (line.place_of_service or sheet.place_of_service) == "10"
        if at_home and line.service_on >= MEDICARE_HOME_ENDS and line.code not in BEHAVIORAL:
            yield Said(
                f"Line {line.number}: Medicare pays no telehealth at home for {line.code} on {line.service_on}.",
                "See the patient in person, or check whether the law was changed.",
                "place_of_service",
                line.number,
            )


RULES = (
    refraction_to_medicare,
    refractive_reason_to_medical_plan,
    medical_test_to_vision_plan,
    two_examinations,
    two_scans,
    post_care_without_dates,
    two_first_biopsies,
    destruction_counted_wrong,
    lesion_not_named,
    mohs_with_pathology,
    excision_and_diagnosis,
    cosmetic,
    therapy_beside_visit,
    therapy_twice,
    evaluation_beside_visit,
    crisis_beside_therapy,
    physical_to_medicare,
    wellness_to_other_payer,
    problem_beside_preventive,
    vaccine_without_giving,
    medicare_flu_giving,
    g2211_too_early,
    telehealth_place,
    telehealth_ended,
)
