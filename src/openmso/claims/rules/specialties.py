"""What optometry, dermatology, behavioral health and primary care are denied for; packs that every practice has."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from openmso.claims.rules.findings import Said, Severity, blocks, warns
from openmso.claims.rules.limits import care_of
from openmso.claims.rules.modifiers import PREVENTIVE, is_visit
from openmso.claims.rules.payment import DISTINCT
from openmso.claims.rules.sheet import ClaimSheet, Context, Line

# ---- optometry ------------------------------------------------------------------------------------------------

EYE_EXAMINATIONS = frozenset({"92002", "92004", "92012", "92014"})
ROUTINE_EXAMINATIONS = frozenset({"S0620", "S0621"})
EYE_TESTS = frozenset({"92083", "92133", "92134", "92250", "92020", "76514"})
REFRACTIVE = ("H52", "Z010")
"""Reasons of a vision plan: refraction, and routine examination of eyes."""


def _together(sheet: ClaimSheet, first: Collection[str], second: Collection[str]) -> Iterator[tuple[Line, Line]]:
    """Lines of the second kind beside one of the first on the same day."""
    for line in sheet.lines:
        if line.code in second:
            beside = next((one for one in sheet.lines if one is not line and one.code in first
                           and one.service_on == line.service_on), None)  # fmt: skip
            if beside is not None:
                yield beside, line


@blocks("42 CFR 411.15(c); MPFS status N: Medicare never pays refraction", codes={"92015", *ROUTINE_EXAMINATIONS})
def refraction_to_medicare(sheet: ClaimSheet, context: Context) -> Iterator[Said]:
    """Refraction goes to Medicare only with GY, for its denial."""
    if sheet.payer is None or sheet.payer.kind != "medicare":
        return
    for line in sheet.lines:
        if line.code in {"92015", *ROUTINE_EXAMINATIONS} and "GY" not in line.modifiers:
            yield Said(
                f"Line {line.number}: Medicare never pays {line.code}.",
                "Ask the vision plan or the patient; with GY it goes out for its denial.",
                "modifiers",
                line.number,
            )


@warns("Vision and medical plans: by the reason for the visit; CARC 297, 298", codes=EYE_EXAMINATIONS)
def refractive_reason_to_medical_plan(sheet: ClaimSheet, context: Context) -> Iterator[Said]:
    """An eye examination for glasses goes to the vision plan."""
    if sheet.payer is None or sheet.payer.kind == "vision" or not sheet.diagnoses:
        return
    if sheet.diagnoses[0].startswith(REFRACTIVE) and any(line.code in EYE_EXAMINATIONS for line in sheet.lines):
        yield Said(
            f"The first reason, {sheet.diagnoses[0]}, is one of a vision plan.",
            "Ask the vision plan, or put the medical reason first.",
            "coverage",
        )


@warns("Vision and medical plans: tests for disease are medical; CARC 298", codes=EYE_TESTS)
def medical_test_to_vision_plan(sheet: ClaimSheet, context: Context) -> Iterator[Said]:
    """Tests for diseases of the eye go to the medical plan."""
    if sheet.payer is None or sheet.payer.kind != "vision":
        return
    for line in sheet.lines:
        if line.code in EYE_TESTS:
            yield Said(
                f"Line {line.number}: {line.code} is a medical test; {sheet.payer.name} is a vision plan.",
                "Ask the medical plan.",
                "coverage",
                line.number,
            )


@blocks("NCCI: an eye examination and a visit are one service, indicator 0", codes=EYE_EXAMINATIONS)
def two_examinations(sheet: ClaimSheet, context: Context) -> Iterator[Said]:
    """An eye examination and an office visit do not stand on one day."""
    visits = {line.code for line in sheet.lines if is_visit(line.code) and line.code.startswith("992")}
    for visit, line in _together(sheet, visits, EYE_EXAMINATIONS):
        yield Said(
            f"Line {line.number}: {line.code} and {visit.code} are one examination.",
            "Keep the one that the note shows.",
            "code",
            line.number,
        )


@blocks("NCCI: scans of nerve and retina on one day, indicator 0", codes={"92134"})
def two_scans(sheet: ClaimSheet, context: Context) -> Iterator[Said]:
    """The scans of optic nerve and of retina are not billed for one day."""
    for _, line in _together(sheet, {"92133"}, {"92134"}):
        yield Said(
            f"Line {line.number}: 92133 and 92134 are never paid for one day.",
            "Keep the one that was ordered.",
            "code",
            line.number,
        )


@blocks("Medicare Claims Processing Manual ch. 12 §40.2.A.3: days of assumed care in item 19", modifiers={"55"})
def post_care_without_dates(sheet: ClaimSheet, context: Context) -> Iterator[Said]:
    """Who takes care over after surgery (55) says from which day."""
    for line in sheet.lines:
        if "55" in line.modifiers and care_of(line) is None:
            yield Said(
                f"Line {line.number}: 55 without the day on which care was taken over.",
                "Write the first and last day of care into the note of the line.",
                "code",
                line.number,
            )


# ---- dermatology ----------------------------------------------------------------------------------------------

FIRST_BIOPSIES = ("11106", "11104", "11102")
"""Incision, punch, tangential: the highest is the first, the others are add-ons."""
BENIGN = range(11400, 11472)
MALIGNANT = range(11600, 11647)
MOHS = frozenset({"17311", "17312", "17313", "17314", "17315"})
PATHOLOGY = frozenset({"88302", "88304", "88305", "88307", "88309", "88331", "88332"})
DESTROYED_MAX = 13
COSMETIC = "Z411"


def _in(code: str, numbers: range) -> bool:
    return code.isdigit() and int(code) in numbers


def is_excision(code: str) -> bool:
    """Excisions of lesions, benign and malignant."""
    return _in(code, BENIGN) or _in(code, MALIGNANT)


@blocks("NCCI: one first biopsy a day, incision before punch before tangential", codes=FIRST_BIOPSIES)
def two_first_biopsies(sheet: ClaimSheet, context: Context) -> Iterator[Said]:
    """Of several biopsies of a day one is the first; the others are add-ons."""
    for number, high in enumerate(FIRST_BIOPSIES):
        for first, line in _together(sheet, {high}, FIRST_BIOPSIES[number + 1 :]):
            yield Said(
                f"Line {line.number}: {line.code} beside {first.code}; only one biopsy is the first.",
                f"Bill the other as {int(line.code) + 1}.",
                "code",
                line.number,
            )


@blocks("CPT: up to fourteen lesions one by one, from fifteen on 17004 alone; NCCI", codes={"17003", "17004"})
def destruction_counted_wrong(sheet: ClaimSheet, context: Context) -> Iterator[Said]:
    """Destroyed lesions are counted one way: 17000 with 17003 up to fourteen, 17004 from fifteen on."""
    for _, line in _together(sheet, {"17004"}, {"17000", "17003"}):
        yield Said(
            f"Line {line.number}: {line.code} beside 17004.", "From fifteen lesions on 17004 stands alone.", "code",
            line.number,
        )  # fmt: skip
    for line in sheet.lines:
        if line.code == "17003" and line.units > DESTROYED_MAX:
            yield Said(
                f"Line {line.number}: {line.units.normalize():f} further lesions; 17003 goes to thirteen.",
                "From fifteen lesions on bill 17004 once, alone.",
                "units",
                line.number,
            )


@warns("NCCI Policy Manual ch. 1 §E.1.d: the record shows that lesions differ", modifiers={"59", "XS"})
def lesion_not_named(sheet: ClaimSheet, context: Context) -> Iterator[Said]:
    """A procedure that is distinct by its lesion says in its note which lesion: site, size, side."""
    for line in sheet.lines:
        skin = line.code.isdigit() and "11000" <= line.code <= "17999"
        if skin and {"59", "XS"} & set(line.modifiers) and not line.note.strip():
            yield Said(
                f"Line {line.number}: {line.code} is distinct, and nothing says which lesion it was.",
                "Write the lesion, its site, size and side into the note of the line.",
                "modifiers",
                line.number,
            )


@blocks("NCCI Policy Manual ch. 3 §E: pathology is part of Mohs surgery by the same physician", codes=MOHS)
def mohs_with_pathology(sheet: ClaimSheet, context: Context) -> Iterator[Said]:
    """Mohs surgery holds the pathology of its tissue."""
    for mohs, line in _together(sheet, MOHS, PATHOLOGY):
        if not DISTINCT & set(line.modifiers):
            yield Said(
                f"Line {line.number}: {line.code} is part of {mohs.code}.",
                "Take it away; with 59 if it was another lesion.",
                "modifiers",
                line.number,
            )


@warns("CPT: excisions are benign or malignant by the pathology report", codes=is_excision)
def excision_and_diagnosis(sheet: ClaimSheet, context: Context) -> Iterator[Said]:
    """An excision and its diagnosis are both benign, or both malignant."""
    for line in sheet.lines:
        codes = [sheet.diagnoses[p - 1] for p in line.pointers if 1 <= p <= len(sheet.diagnoses)]
        malignant = any(code.startswith(("C43", "C44", "C4A", "D03", "D04")) for code in codes)
        if codes and ((_in(line.code, MALIGNANT) and not malignant) or (_in(line.code, BENIGN) and malignant)):
            yield Said(
                f"Line {line.number}: {line.code} and {codes[0]} do not fit: one is benign, one malignant.",
                "Wait for the pathology report, and code by it.",
                "pointers",
                line.number,
            )


@blocks("42 CFR 411.15(h): cosmetic surgery is excluded; CARC 96")
def cosmetic(sheet: ClaimSheet, context: Context) -> Iterator[Said]:
    """Cosmetic services are the patient's."""
    if sheet.diagnoses and sheet.diagnoses[0].startswith(COSMETIC) and not _denial_wanted(sheet):
        yield Said(
            "The reason is cosmetic; no payer pays it.", "Bill the patient; with GY Medicare denies it.", "diagnoses"
        )


def _denial_wanted(sheet: ClaimSheet) -> bool:
    return all("GY" in line.modifiers for line in sheet.lines)


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
    for visit, line in _together(sheet, visits, THERAPY):
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
    for other, line in _together(sheet, others, EVALUATIONS):
        yield Said(
            f"Line {line.number}: {line.code} and {other.code} on one day.",
            "90792 is the evaluation with medical services; keep one.",
            "code",
            line.number,
        )


@blocks("NCCI: crisis holds the psychotherapy and the evaluation of its day", codes=CRISIS)
def crisis_beside_therapy(sheet: ClaimSheet, context: Context) -> Iterator[Said]:
    """Psychotherapy for crisis stands without other therapy, evaluation or interactive complexity."""
    for crisis, line in _together(sheet, CRISIS, {*THERAPIES, *EVALUATIONS, "90785"}):
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
    for preventive, line in _together(sheet, PREVENTIVE, visits):
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
    for _, line in _together(sheet, FLU, {"90471", "90472"}):
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


def modality(line: Line, place: str) -> str:
    """How a line was done: video, audio, or the empty text for in person."""
    if {"93", "FQ"} & set(line.modifiers):
        return "audio"
    return "video" if {"95", "GT"} & set(line.modifiers) or place in _PLACES else ""


@blocks("CMS telehealth (POS 02 and 10 since 2024); payers' telehealth policies")
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


@blocks("Telehealth flexibilities of Medicare, until 31 December 2027; behavioral health stays")
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
