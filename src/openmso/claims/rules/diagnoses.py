"""Why it was done: diagnoses and the pointers to them (2300 HI, 2400 SV107)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from openmso.claims.rules import facts
from openmso.claims.rules.findings import Said, blocks, warns
from openmso.claims.rules.sheet import ClaimSheet, Context
from openmso.codes.contracts import Standing

ICD10 = re.compile(r"[A-TV-Z]\d[0-9AB][0-9A-Z]{0,4}")
DIAGNOSES_MAX = 12
POINTERS_MAX = 4
KNOWN = Standing()
"""What is taken of a code on a day that no edition answers for."""


@blocks("837P 2300 HI: at least one; 42 CFR 424.32", when=facts.REASONS)
def no_diagnosis(sheet: ClaimSheet, context: Context) -> Iterator[Said]:
    """A claim has a diagnosis."""
    if not sheet.diagnoses:
        yield Said("The claim has no diagnosis.", "Enter the diagnoses of the visit.", "diagnoses")


@blocks("45 CFR 162.1002(c): ICD-10-CM", when=facts.REASONS)
def diagnosis_code(sheet: ClaimSheet, context: Context) -> Iterator[Said]:
    """Every diagnosis has the form of an ICD-10-CM code."""
    for number, code in enumerate(sheet.diagnoses, start=1):
        if sheet.diagnosis_system and not ICD10.fullmatch(code):
            yield Said(
                f"Diagnosis {number} is {sheet.diagnosis_system} {code}; payers take ICD-10-CM.",
                "Enter the ICD-10-CM code, or take the file in again with a code map.",
                "diagnoses",
            )
        elif not ICD10.fullmatch(code):
            yield Said(f"Diagnosis {number}, {code}, is no ICD-10-CM code.", "Look it up and correct it.", "diagnoses")


@blocks("ICD-10-CM guidelines I.B.2: to the highest number of characters there is", when=facts.REASONS)
def diagnosis_not_specific(sheet: ClaimSheet, context: Context) -> Iterator[Said]:
    """Diagnoses go to the last character there is."""
    for code in () if sheet.diagnosis_system else sheet.diagnoses:
        known = context.standing.get(code)
        if known is not None and not known.is_billable:
            yield Said(f"{code} is a heading; it goes on to more characters.", "Choose the code below it.", "diagnoses")


@warns("45 CFR 162.1002(c): ICD-10-CM of the day", when=facts.REASONS)
def diagnosis_unknown(sheet: ClaimSheet, context: Context) -> Iterator[Said]:
    """Diagnoses are codes that the edition of the day has."""
    for code in () if sheet.diagnosis_system else sheet.diagnoses:
        if ICD10.fullmatch(code) and context.standing.get(code, KNOWN) is None:
            yield Said(
                f"{code} is no code of ICD-10-CM on {sheet.service_on}.", "Look it up, and correct it.", "diagnoses"
            )


@warns("ICD-10-CM guidelines I.C.19.a: seventh character of injuries", when=facts.REASONS)
def injury_without_encounter(sheet: ClaimSheet, context: Context) -> Iterator[Said]:
    """Codes of injuries say which encounter it is by a seventh character."""
    for code in () if sheet.diagnosis_system else sheet.diagnoses:
        if code[:1] == "S" and len(code) < 7:
            yield Said(
                f"{code} lacks its seventh character.",
                "A for active treatment, D after it, S for sequela.",
                "diagnoses",
            )


@blocks("ICD-10-CM guidelines I.C.20.a: never first", when=facts.REASONS)
def external_cause_first(sheet: ClaimSheet, context: Context) -> Iterator[Said]:
    """The first diagnosis is not an external cause."""
    if sheet.diagnoses and not sheet.diagnosis_system and sheet.diagnoses[0][:1] in {"V", "W", "X", "Y"}:
        yield Said(
            f"{sheet.diagnoses[0]} says how it happened, not what it is.", "Put the condition first.", "diagnoses"
        )


@blocks("837P 2300 HI: a code once", when=facts.REASONS)
def diagnosis_twice(sheet: ClaimSheet, context: Context) -> Iterator[Said]:
    """No diagnosis stands twice."""
    seen: set[str] = set()
    for code in sheet.diagnoses:
        if code in seen:
            yield Said(f"{code} stands twice.", "Take one of them away.", "diagnoses")
        seen.add(code)


@blocks("837P 2300 HI: twelve at most", when=facts.REASONS)
def too_many_diagnoses(sheet: ClaimSheet, context: Context) -> Iterator[Said]:
    """A claim has twelve diagnoses at most."""
    if len(sheet.diagnoses) > DIAGNOSES_MAX:
        yield Said(f"{len(sheet.diagnoses)} diagnoses; twelve fit.", "Keep those the lines point to.", "diagnoses")


@blocks("837P 2400 SV107-1: required", when=facts.REASONS)
def line_without_diagnosis(sheet: ClaimSheet, context: Context) -> Iterator[Said]:
    """Every line points to a diagnosis."""
    for line in sheet.lines:
        if not line.pointers and sheet.diagnoses:
            yield Said(
                f"Line {line.number} points to no diagnosis.",
                "Point it to the reason it was done.",
                "pointers",
                line.number,
            )


@blocks("837P 2400 SV107: four at most, to a diagnosis of the claim", when=facts.REASONS)
def pointer_to_nothing(sheet: ClaimSheet, context: Context) -> Iterator[Said]:
    """Pointers lead to diagnoses of the claim, four at most."""
    for line in sheet.lines:
        astray = [pointer for pointer in line.pointers if not 1 <= pointer <= len(sheet.diagnoses)]
        if astray and sheet.diagnoses:
            yield Said(
                f"Line {line.number} points to diagnosis {astray[0]}; there are {len(sheet.diagnoses)}.",
                "Correct the pointer.",
                "pointers",
                line.number,
            )
        if len(line.pointers) > POINTERS_MAX:
            yield Said(
                f"Line {line.number} points to {len(line.pointers)} diagnoses; four fit.",
                "Keep the first four.",
                "pointers",
                line.number,
            )


RULES = (
    no_diagnosis,
    diagnosis_code,
    diagnosis_not_specific,
    diagnosis_unknown,
    injury_without_encounter,
    external_cause_first,
    diagnosis_twice,
    too_many_diagnoses,
    line_without_diagnosis,
    pointer_to_nothing,
)
