"""What optometry is denied for: refraction and routine examinations, tests for disease, care after surgery."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from openmso.claims.rules.findings import Said, blocks, warns
from openmso.claims.rules.limits import care_of
from openmso.claims.rules.modifiers import is_visit
from openmso.claims.rules.sheet import ClaimSheet, Context, Line

EYE_EXAMINATIONS = frozenset({"92002", "92004", "92012", "92014"})
ROUTINE_EXAMINATIONS = frozenset({"S0620", "S0621"})
EYE_TESTS = frozenset({"92083", "92133", "92134", "92250", "92020", "76514"})
REFRACTIVE = ("H52", "Z010")
"""Reasons of a vision plan: refraction, and routine examination of eyes."""


def together(sheet: ClaimSheet, first: Collection[str], second: Collection[str]) -> Iterator[tuple[Line, Line]]:
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
    for visit, line in together(sheet, visits, EYE_EXAMINATIONS):
        yield Said(
            f"Line {line.number}: {line.code} and {visit.code} are one examination.",
            "Keep the one that the note shows.",
            "code",
            line.number,
        )


@blocks("NCCI: scans of nerve and retina on one day, indicator 0", codes={"92134"})
def two_scans(sheet: ClaimSheet, context: Context) -> Iterator[Said]:
    """The scans of optic nerve and of retina are not billed for one day."""
    for _, line in together(sheet, {"92133"}, {"92134"}):
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
