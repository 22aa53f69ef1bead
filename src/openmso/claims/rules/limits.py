"""What payers' own lists ask of a service: sides, split care, waived tests, therapy thresholds, frequency, diagnoses.

The lists are loaded (`codes`), each as of the day of the service; a service on none of them is nobody's finding.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from openmso.claims.rules import facts
from openmso.claims.rules.findings import Said, Severity, blocks, warns
from openmso.claims.rules.measured import THERAPIES
from openmso.claims.rules.properties import years
from openmso.claims.rules.sheet import ClaimSheet, Context, Line

SPLIT = frozenset({"54", "55", "56"})
"""Parts of the care around surgery: the operation alone, the care after it, the care before it."""
FOLLOW_UP = {"010": 10, "090": 90}
NEVER_BOTH = {
    "0": "the fee schedule pays it once, whatever the sides", "2": "its price is for both sides already",
    "9": "it has no sides",
}  # fmt: skip
"""Bilateral indicators of the fee schedule (column 19) under which 50 raises nothing, and why."""
NOTICES = frozenset({"GA", "GX", "GY", "GZ"})
COLONOSCOPIES = frozenset({"G0105", "G0121"})
"""Screening; with KX they follow a positive stool test, and no interval binds them (42 CFR 410.37(k), from 2023 on)."""
WAIVER_ASKED = frozenset({"medicare", "medicaid"})
DAY = re.compile(r"\b(?:(\d{4})-(\d\d)-(\d\d)|(\d{1,2})/(\d{1,2})/(\d{4})|(20\d\d)(\d\d)(\d\d))\b")


@dataclass(frozen=True, slots=True)
class Care:
    """The days of care after surgery that somebody took over: the first, and the last where it is told."""

    assumed_on: date
    relinquished_on: date | None = None

    @property
    def days(self) -> int:
        """How many days, both included; 0 where the last is not told."""
        return (self.relinquished_on - self.assumed_on).days + 1 if self.relinquished_on else 0


def care_of(line: Line) -> Care | None:
    """The days of care that the note of a line with 55 says: `assumed 11/02/2026, relinquished 2027-01-31`."""
    if "55" not in line.modifiers:
        return None
    days = [day for found in DAY.finditer(line.note) if (day := _day(*found.groups(default="")))]
    return Care(days[0], days[1] if len(days) > 1 else None) if days else None


def _day(*parts: str) -> date | None:
    """The day of one of the three ways to write it: year first, as people write it, without marks."""
    year, month, day = (
        next(part for part in one if part) for one in zip(parts[:3], _ymd(parts[3:6]), parts[6:], strict=True)
    )
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def _ymd(month_first: tuple[str, ...]) -> tuple[str, ...]:
    month, day, year = month_first
    return year, month, day


def is_test(code: str) -> bool:
    """Pathology and laboratory, by code."""
    return (code.isdigit() and "80047" <= code <= "89398") or code in {"G0433", "G0475", "U0002"}


@blocks("MPFS bilateral indicator (column 19) 0, 2 and 9; Medicare Claims Processing Manual ch. 12 §40.7",
        modifiers={"50"}, when=facts.LISTED)  # fmt: skip
def both_sides_of_a_code_without(sheet: ClaimSheet, context: Context) -> Iterator[Said]:
    """Modifier 50 stands on codes that the fee schedule pays for two sides."""
    for line in sheet.lines:
        known = context.lists.surgery.get(line.code) if "50" in line.modifiers else None
        if known is not None and known.bilateral in NEVER_BOTH:
            yield Said(
                f"Line {line.number}: 50 does not go with {line.code}; {NEVER_BOTH[known.bilateral]}.",
                "Take 50 away, and say LT or RT where a side was meant.",
                "modifiers",
                line.number,
            )


@blocks("Medicare Claims Processing Manual ch. 12 §40.2.A.2: 54 and 55 by one clinician are the whole surgery",
        modifiers=SPLIT)  # fmt: skip
def whole_care_as_parts(sheet: ClaimSheet, context: Context) -> Iterator[Said]:
    """Operation (54) and the care after it (55) are parted only between two clinicians."""
    mine = {(line.code, line.service_on, part) for line in sheet.lines for part in SPLIT & set(line.modifiers)}
    for line in sheet.lines:
        parts = SPLIT & set(line.modifiers)
        others = {"54", "55"} - parts if parts & {"54", "55"} else frozenset()
        whole = {"54", "55"} <= parts or any(
            (line.code, line.service_on, other) in mine | context.lists.parts for other in others
        )
        if whole:
            yield Said(
                f"Line {line.number}: 54 and 55 of {line.code} by one clinician are the whole surgery.",
                "Bill the surgery once, without 54 and 55.",
                "modifiers",
                line.number,
            )


@blocks("MPFS global days; Medicare Claims Processing Manual ch. 12 §40.2.A.3 and §40.4: assumed and relinquished care",
        modifiers=SPLIT)  # fmt: skip
def days_of_split_care(sheet: ClaimSheet, context: Context) -> Iterator[Said]:
    """Split care is of surgery with days of follow-up; the care after it lies within them."""
    for line in sheet.lines:
        known = context.lists.surgery.get(line.code) if SPLIT & set(line.modifiers) else None
        if known is not None and known.global_days not in FOLLOW_UP:
            yield Said(
                f"Line {line.number}: {line.code} has no days of follow-up, so that nothing is split.",
                "Take 54, 55 or 56 away.", "modifiers", line.number,
            )  # fmt: skip
        elif (care := care_of(line)) is not None:
            most = FOLLOW_UP[known.global_days] if known else 90
            yield from _wrong_days(line, care, most)


def _wrong_days(line: Line, care: Care, most: int) -> Iterator[Said]:
    words = ""
    if care.assumed_on < line.service_on:
        words = f"care is taken over on {care.assumed_on}, before the surgery of {line.service_on}."
    elif care.relinquished_on is not None and care.days < 1:
        words = f"care is given up on {care.relinquished_on}, before it is taken over."
    elif care.days > most or (care.relinquished_on or care.assumed_on) > line.service_on + timedelta(days=most):
        last = line.service_on + timedelta(days=most)
        words = f"the care after {line.code} ends {most} days after it, on {last}."
    if words:
        fix = "Write the day of the surgery as service day, and the days of care into the note of the line."
        yield Said(f"Line {line.number}: {words}", fix, "code", line.number)


@blocks(
    "CMS list of waived tests; Medicare Claims Processing Manual ch. 16 §70.8; CARC B23",
    modifiers={"QW"},
    when=facts.LISTED,
)
def waived_and_not_listed(sheet: ClaimSheet, context: Context) -> Iterator[Said]:
    """QW stands on tests that are waived, where the day's list is whole, and not on those waived without it."""
    for line in sheet.lines:
        if "QW" not in line.modifiers or line.code not in context.lists.waived:
            continue
        listed = context.lists.waived[line.code]
        if listed is None:
            yield Said(
                f"Line {line.number}: {line.code} is no waived test on {line.service_on}.",
                "Take QW away, or load the list that has the test.", "modifiers", line.number,
            )  # fmt: skip
        elif listed != "QW":
            yield Said(
                f"Line {line.number}: {line.code} is waived without QW.", "Take QW away.", "modifiers", line.number,
                Severity.WARN,
            )  # fmt: skip


@warns(
    "CMS list of waived tests: under a certificate of waiver the claim says QW; CARC B23",
    codes=is_test,
    when=facts.LISTED,
)
def waived_without_qw(sheet: ClaimSheet, context: Context) -> Iterator[Said]:
    """A test that is waived says QW, where the laboratory has a certificate of waiver."""
    if sheet.payer is None or sheet.payer.kind not in WAIVER_ASKED or not context.lists.waived:
        return
    for line in sheet.lines:
        if context.lists.waived.get(line.code) == "QW" and not {"QW", "90", "TC"} & set(line.modifiers):
            yield Said(
                f"Line {line.number}: {line.code} is a waived test without QW.",
                "Add QW if the laboratory works under a certificate of waiver.", "modifiers", line.number,
            )  # fmt: skip


@blocks("42 USC 1395l(g); Medicare Claims Processing Manual ch. 5 §10.3: above the year's threshold only with KX",
        codes=THERAPIES, when=facts.LISTED)  # fmt: skip
def therapy_above_threshold(sheet: ClaimSheet, context: Context) -> Iterator[Said]:
    """Therapy above the year's threshold says by KX that the record shows why it is needed."""
    for line in sheet.lines:
        spent = context.lists.therapy.get(line.number)
        if spent is not None and spent.amount > spent.threshold and "KX" not in line.modifiers:
            yield Said(
                f"Line {line.number}: with {line.code}, therapy of {line.service_on.year} comes to ${spent.amount:,} "
                f"{spent.by}; KX is asked for above ${spent.threshold:,}.",
                "Add KX if the record shows that it is needed; else give the patient a notice first.",
                "modifiers",
                line.number,
            )


@blocks("CPT and the payers' code editors: ages of services (CARC 6)", when=facts.LISTED)
def code_and_age(sheet: ClaimSheet, context: Context) -> Iterator[Said]:
    """Codes that are for an age fit the patient's on the day."""
    for line in sheet.lines if context.lists.services else ():
        whom, age = context.lists.services.get(line.code), years(sheet.patient.born_on, line.service_on)
        if whom is not None and age is not None and not whom.takes_age(age):
            yield Said(
                f"Line {line.number}: {line.code} is not for somebody of {age} years.",
                "Choose the code of the age, or correct the birth date.",
                "code",
                line.number,
            )


@warns("Payers' code editors: procedure and sex (CARC 7)", when=facts.LISTED)
def code_and_sex(sheet: ClaimSheet, context: Context) -> Iterator[Said]:
    """Codes that are for one sex fit the sex on file."""
    for line in sheet.lines if context.lists.services else ():
        whom = context.lists.services.get(line.code)
        if whom is not None and whom.sex and sheet.patient.sex in {"F", "M"} - {whom.sex}:
            yield Said(
                f"Line {line.number}: {line.code} does not fit the sex on file.",
                "Check the code and the patient's record.",
                "code",
                line.number,
            )


@warns("Payers' code editors: diagnosis, sex and age (CARC 9, 10)", when=facts.LISTED)
def diagnosis_and_patient(sheet: ClaimSheet, context: Context) -> Iterator[Said]:
    """Diagnoses that are for one sex or an age fit the patient."""
    for code in sheet.diagnoses if context.lists.diagnoses else ():
        whom, age = context.lists.diagnoses.get(code), years(sheet.patient.born_on, sheet.service_on)
        if whom is None:
            continue
        if whom.sex and sheet.patient.sex in {"F", "M"} - {whom.sex}:
            yield Said(f"{code} does not fit the sex on file.", "Check the code and the patient's record.", "diagnoses")
        elif age is not None and not whom.takes_age(age):
            yield Said(f"{code} is not for somebody of {age} years.", "Check the code and the birth date.", "diagnoses")


@blocks(
    "How often the payer pays it: 42 CFR 410 for Medicare, the payer's policy for others; CARC 119", when=facts.LISTED
)
def too_often(sheet: ClaimSheet, context: Context) -> Iterator[Said]:
    """Services that a payer pays only so often are not asked for before their time."""
    if sheet.payer is None or not context.lists.frequencies:
        return
    for line in sheet.lines:
        follows = line.code in COLONOSCOPIES and "KX" in line.modifiers
        for limit in () if follows else context.lists.frequencies.get(line.code, ()):
            if not limit.is_of(sheet.payer.kind, sheet.payer.edi_id):
                continue
            done = [
                past.service_on for past in context.history
                if past.code in limit.family and past.service_on < line.service_on
                and (limit.months is None or full_months(past.service_on, line.service_on) < limit.months)
            ]  # fmt: skip
            if len(done) >= limit.most:
                yield Said(
                    f"Line {line.number}: {line.code} is paid {limit.words}; it was done on {max(done)}.",
                    "Send it later, or choose another code.",
                    "code",
                    line.number,
                )
                break


def full_months(earlier: date, later: date) -> int:
    """Calendar months that passed in full between two days, as Medicare counts them."""
    return (later.year - earlier.year) * 12 + later.month - earlier.month - 1


@blocks(
    "National and local coverage determinations (42 USC 1395y(a)(1)(A)), payers' policies; CARC 50", when=facts.LISTED
)
def diagnosis_not_covered(sheet: ClaimSheet, context: Context) -> Iterator[Said]:
    """A service that a payer covers for some diagnoses points to one of them, or its notice was given."""
    if sheet.payer is None or not context.lists.coverage:
        return
    for line in sheet.lines:
        asked = [
            one for one in context.lists.coverage.get(line.code, ())
            if one.is_of(sheet.payer.kind, sheet.payer.edi_id, context.whose.state)
        ]  # fmt: skip
        told = [one for one in asked if one.payer] or asked
        reasons = [sheet.diagnoses[at - 1] for at in line.pointers if 1 <= at <= len(sheet.diagnoses)]
        if not told or not reasons or NOTICES & set(line.modifiers):
            continue
        if not any(one.takes(reason) for one in told for reason in reasons):
            documents = ", ".join(sorted({one.document for one in told}))
            yield Said(
                f"Line {line.number}: {line.code} is not covered for {reasons[0]} by {documents}.",
                "Point it to the reason that the record shows; without one, a notice to the patient and GA.",
                "pointers",
                line.number,
            )


RULES = (
    both_sides_of_a_code_without,
    whole_care_as_parts,
    days_of_split_care,
    waived_and_not_listed,
    waived_without_qw,
    therapy_above_threshold,
    code_and_age,
    code_and_sex,
    diagnosis_and_patient,
    too_often,
    diagnosis_not_covered,
)
