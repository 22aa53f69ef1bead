"""How modifiers and history decide what is paid: global periods, sides, components, notices, new patients."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from openmso.claims.rules import facts
from openmso.claims.rules.findings import Said, blocks, warns
from openmso.claims.rules.modifiers import SIDES, is_visit
from openmso.claims.rules.sheet import ClaimSheet, Context, Line, Past

DISTINCT = frozenset({"59", "XE", "XS", "XP", "XU"})
NOTICES = frozenset({"GA", "GX", "GY", "GZ"})
IN_GLOBAL = frozenset({"58", "78", "79"})
EYELIDS = frozenset({"E1", "E2", "E3", "E4"})
FACILITIES = frozenset({"19", "21", "22", "23", "24"})
NEW_PATIENT_YEARS = 3
MAJOR_DAYS = 90
"""The longest follow-up that a price holds, and that of major surgery."""
PROCEDURES = ("10004", "69990")
"""The first and the last code of surgery, in the wide sense of the fee schedule."""


def is_procedure(code: str) -> bool:
    """Surgery, in the wide sense of the fee schedule."""
    return code.isdigit() and PROCEDURES[0] <= code <= PROCEDURES[1] and code != "36415"


def is_imaging(code: str) -> bool:
    """Radiology and diagnostic eye imaging: services with a professional and a technical part."""
    return code.isdigit() and ("70010" <= code <= "79999" or code in {"92133", "92134", "92250", "92083", "92025"})


def is_paired(code: str) -> bool:
    """Procedures on eyes, ears and joints."""
    return code.isdigit() and ("65091" <= code <= "68899" or code in {"20610", "69210"})


def is_ordered(code: str) -> bool:
    """Imaging and laboratory tests: somebody orders them."""
    return code.isdigit() and "70010" <= code <= "89398"


def is_new_patient(code: str) -> bool:
    """Visits of new patients."""
    return code in {"92002", "92004"} or "99202" <= code <= "99205" or "99381" <= code <= "99387"


@blocks("MPFS global days; Medicare Claims Processing Manual ch. 12 §40; CARC 97", codes=is_visit, when=facts.PAST)
def visit_in_global_period(sheet: ClaimSheet, context: Context) -> Iterator[Said]:
    """A visit within the days that a procedure pays for says by 24 that it is about something else."""
    for line in sheet.lines:
        if is_visit(line.code) and "24" not in line.modifiers and (past := _global(line, context)):
            yield Said(
                f"Line {line.number}: {line.code} falls into the days that {past.code} of {past.service_on} pays for.",
                "Add 24 if it is about something else; else take it away.",
                "modifiers",
                line.number,
            )


@blocks(
    "MPFS global days; Medicare Claims Processing Manual ch. 12 §40.2; CARC 97", codes=is_procedure, when=facts.PAST
)
def procedure_in_global_period(sheet: ClaimSheet, context: Context) -> Iterator[Said]:
    """A procedure within the days of another says by 58, 78 or 79 how it relates."""
    for line in sheet.lines:
        if is_procedure(line.code) and not IN_GLOBAL & set(line.modifiers) and (past := _global(line, context)):
            yield Said(
                f"Line {line.number}: {line.code} falls into the days that {past.code} of {past.service_on} pays for.",
                "58 planned or more extensive, 78 back to the operating room, 79 unrelated.",
                "modifiers",
                line.number,
            )


def _global(line: Line, context: Context) -> Past | None:
    """The earlier procedure whose days of follow-up the line falls into."""
    for past in context.history:
        if past.service_on < line.service_on <= past.service_on + timedelta(days=past.follow_up):
            return past
    return None


@blocks(
    "NCCI Policy Manual ch. 1 §E: 24 and 57 belong to visits, 58, 78 and 79 to procedures",
    modifiers={"24", "57", *IN_GLOBAL},
)
def modifier_of_the_other_kind(sheet: ClaimSheet, context: Context) -> Iterator[Said]:
    """Modifiers of visits stand on visits, those of procedures on procedures."""
    for line in sheet.lines:
        wrong = ({"24", "57"} if not is_visit(line.code) else IN_GLOBAL) & set(line.modifiers)
        if wrong:
            one = min(wrong)
            what = "a visit" if one in {"24", "57"} else "a procedure"
            yield Said(
                f"Line {line.number}: {one} belongs to {what}, not to {line.code}.",
                "Move it, or take it away.",
                "modifiers",
                line.number,
            )


@warns("NCCI Policy Manual ch. 1 §E.1.d: X modifiers are instead of 59", modifiers=DISTINCT)
def distinct_twice(sheet: ClaimSheet, context: Context) -> Iterator[Said]:
    """A line says once why a service is distinct: by 59 or by one X modifier."""
    for line in sheet.lines:
        said = sorted(DISTINCT & set(line.modifiers))
        if len(said) > 1:
            yield Said(
                f"Line {line.number} says {' and '.join(said)}, which is the same.",
                "Keep the X modifier that fits, or 59.",
                "modifiers",
                line.number,
            )


@warns("NCCI Policy Manual ch. 1 §E.1.d: distinct from another service of the day", modifiers=DISTINCT)
def distinct_from_nothing(sheet: ClaimSheet, context: Context) -> Iterator[Said]:
    """A modifier that says distinct needs another service of the day beside it."""
    for line in sheet.lines:
        alone = sum(one.service_on == line.service_on for one in sheet.lines) == 1
        if alone and DISTINCT & set(line.modifiers) and not context.same_day:
            yield Said(
                f"Line {line.number}: {line.code} is distinct from nothing; no other service is of that day.",
                "Take the modifier away.",
                "modifiers",
                line.number,
            )


@warns("NCCI Policy Manual ch. 1 §D: 25 is for a visit beside another service", modifiers={"25"})
def modifier_25_alone(sheet: ClaimSheet, context: Context) -> Iterator[Said]:
    """A visit with 25 stands beside another service of the day."""
    for line in sheet.lines:
        alone = sum(one.service_on == line.service_on for one in sheet.lines) == 1
        if alone and "25" in line.modifiers and is_visit(line.code):
            yield Said(
                f"Line {line.number}: {line.code} has 25, and no other service is of that day.",
                "Take 25 away, or add the service.",
                "modifiers",
                line.number,
            )


@warns(
    "Medicare Claims Processing Manual ch. 12 §40.2.A.4: 57 on the visit that decides on major surgery",
    codes=is_procedure,
    when=facts.EDITED,
)
def decision_for_surgery(sheet: ClaimSheet, context: Context) -> Iterator[Said]:
    """A visit on the day of major surgery, or on the day before, says by 57 that it decided on it."""
    days = {line.service_on for line in sheet.lines if context.follow_up.get(line.code) == MAJOR_DAYS}
    eve = {day - timedelta(days=1) for day in days}
    for line in sheet.lines:
        if is_visit(line.code) and line.service_on in days | eve and not {"57", "24"} & set(line.modifiers):
            yield Said(
                f"Line {line.number}: {line.code} beside major surgery has no 57.",
                "Add 57 if it decided on the surgery; else it is paid with it.",
                "modifiers",
                line.number,
            )


@blocks("MPFS PC/TC indicator 0: visits have no parts", modifiers={"26", "TC"})
def component_of_a_visit(sheet: ClaimSheet, context: Context) -> Iterator[Said]:
    """A visit has no professional and technical part."""
    for line in sheet.lines:
        parts = sorted({"26", "TC"} & set(line.modifiers))
        if parts and is_visit(line.code):
            yield Said(
                f"Line {line.number}: {line.code} is a visit, and {parts[0]} a part of a test.", "Take it away.",
                "modifiers", line.number,
            )  # fmt: skip


@warns("MPFS PC/TC indicator 1; Medicare Claims Processing Manual ch. 13 §20", codes=is_imaging, when=facts.ELSEWHERE)
def component_in_facility(sheet: ClaimSheet, context: Context) -> Iterator[Said]:
    """In a hospital or surgery center a physician bills the professional part of imaging: 26."""
    for line in sheet.lines:
        place = line.place_of_service or sheet.place_of_service
        if is_imaging(line.code) and place in FACILITIES and not {"26", "TC"} & set(line.modifiers):
            yield Said(
                f"Line {line.number}: {line.code} at place {place} without 26 asks for the facility's part, too.",
                "Add 26 if the facility owns the machine.",
                "modifiers",
                line.number,
            )


@warns("Payer edits: side of paired organs (MPFS bilateral indicator 1)", codes=is_paired)
def side_missing(sheet: ClaimSheet, context: Context) -> Iterator[Said]:
    """Procedures on eyes, ears and joints say which side."""
    for line in sheet.lines:
        if is_paired(line.code) and not (SIDES | EYELIDS | {"50"}) & set(line.modifiers):
            yield Said(
                f"Line {line.number}: {line.code} does not say which side.",
                "LT, RT, 50 for both, or the eyelid E1 to E4.",
                "modifiers",
                line.number,
            )


@blocks("Medicare Claims Processing Manual ch. 30 §50; ch. 23 §20.9", modifiers=NOTICES)
def notices_contradict(sheet: ClaimSheet, context: Context) -> Iterator[Said]:
    """A line says one thing about the notice to the patient: GA or GZ, and GZ not beside GX or GY."""
    for line in sheet.lines:
        said = NOTICES & set(line.modifiers)
        if ("GZ" in said and len(said) > 1) or {"GA", "GX"} <= said or {"GA", "GY"} <= said:
            yield Said(
                f"Line {line.number}: {' and '.join(sorted(said))} say different things about the notice.",
                "GA notice signed, GX voluntary notice, GY never covered, GZ no notice.",
                "modifiers",
                line.number,
            )


@warns("CMS: GA, GX, GY and GZ are Medicare's", modifiers=NOTICES)
def notice_to_another_payer(sheet: ClaimSheet, context: Context) -> Iterator[Said]:
    """Modifiers about Medicare's notice of non-coverage go to Medicare."""
    if sheet.payer is None or sheet.payer.kind == "medicare":
        return
    for line in sheet.lines:
        said = sorted((NOTICES - {"GY"}) & set(line.modifiers))
        if said:
            yield Said(
                f"Line {line.number}: {said[0]} is about Medicare's notice; {sheet.payer.name} has none.",
                "Take it away.",
                "modifiers",
                line.number,
            )


@blocks(
    "CPT: new patients were not seen for three years by the group's specialty; CARC B16",
    codes=is_new_patient,
    when=facts.PAST,
)
def new_patient_seen_before(sheet: ClaimSheet, context: Context) -> Iterator[Said]:
    """A code for new patients is for somebody whom the practice has not seen for three years."""
    for line in sheet.lines:
        if not is_new_patient(line.code):
            continue
        since = _years_before(line.service_on, NEW_PATIENT_YEARS)
        seen = max((past.service_on for past in context.history if since < past.service_on < line.service_on),
                   default=None)  # fmt: skip
        if seen is not None:
            yield Said(
                f"Line {line.number}: {line.code} is for new patients; this one was here on {seen}.",
                "Choose the code for an established patient.",
                "code",
                line.number,
            )


def _years_before(day: date, count: int) -> date:
    try:
        return day.replace(year=day.year - count)
    except ValueError:  # 29 February
        return day.replace(year=day.year - count, day=28)


@warns(
    "42 CFR 424.507: Medicare asks who ordered imaging and laboratory tests", codes=is_ordered, when=facts.UNREFERRED
)
def orderer_missing(sheet: ClaimSheet, context: Context) -> Iterator[Said]:
    """Tests for Medicare patients name who ordered them."""
    if sheet.referring is not None or sheet.payer is None or sheet.payer.kind != "medicare":
        return
    ordered = next((line for line in sheet.lines if is_ordered(line.code)), None)
    if ordered is not None:
        yield Said(
            f"Line {ordered.number}: {ordered.code} names nobody who ordered it.",
            "Enter the clinician, also where it is the one who rendered.",
            "referring",
            ordered.number,
        )


@blocks("Timely filing of corrected claims: the payer's contract, counted from its decision", when=facts.FILING)
def corrected_too_late(sheet: ClaimSheet, context: Context) -> Iterator[Said]:
    """A replacement goes out within the payer's days after its decision, or says why not."""
    if sheet.frequency != "7" or sheet.payer is None or context.decided_on is None or sheet.delay_reason:
        return
    last = context.decided_on + timedelta(days=sheet.payer.corrected_days)
    if context.today > last:
        yield Said(
            f"The payer took corrections until {last}.", "Give a delay reason with proof, or appeal.", "delay_reason"
        )


RULES = (
    visit_in_global_period,
    procedure_in_global_period,
    modifier_of_the_other_kind,
    distinct_twice,
    distinct_from_nothing,
    modifier_25_alone,
    decision_for_surgery,
    component_of_a_visit,
    component_in_facility,
    side_missing,
    notices_contradict,
    notice_to_another_payer,
    new_patient_seen_before,
    orderer_missing,
    corrected_too_late,
)
