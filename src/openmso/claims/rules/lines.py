"""What was done: codes, units, charges, places, drugs (2400, 2410)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal

from openmso.claims.rules import facts
from openmso.claims.rules.findings import Said, Severity, blocks, warns
from openmso.claims.rules.sheet import ClaimSheet, Context, Line
from openmso.kit.words import counted

PROCEDURE = re.compile(r"\d{4}[0-9FTUM]|[A-V]\d{4}")
NDC_UNITS = frozenset({"F2", "GR", "ME", "ML", "UN"})
LINES_MAX = 50
INSTITUTIONAL_LINES_MAX = 999
REPEATS = frozenset({"76", "77", "59", "91", "XE", "XS", "XP", "XU", "LT", "RT"})
PLACES = frozenset(
    "01 02 03 04 09 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 31 32 33 34 41 42 49 50 51 52 53 54 55 56 57 "
    "58 60 61 62 65 66 71 72 81 99".split()
)
"""CMS place of service codes in use."""


def is_level_two(code: str) -> bool:
    """HCPCS Level II: a letter, then four digits."""
    return code[:1].isalpha()


@blocks("837P 2400: at least one, fifty at most", when=facts.SERVICES)
def line_count(sheet: ClaimSheet, context: Context) -> Iterator[Said]:
    """A claim has one to fifty lines."""
    if not sheet.lines:
        yield Said("The claim has no lines.", "Drop the claim.", "lines")
    elif len(sheet.lines) > LINES_MAX:
        yield Said(
            f"{counted(len(sheet.lines), 'line')}; fifty fit.",
            "Drop the claim and build it again: it becomes several.",
            "lines",
        )


@blocks("45 CFR 162.1002(c): CPT and HCPCS", when=facts.SERVICES)
def procedure_code(sheet: ClaimSheet, context: Context) -> Iterator[Said]:
    """Every line has a CPT or HCPCS code."""
    for line in sheet.lines:
        if line.code_system:
            yield Said(
                f"Line {line.number} is {line.code_system} {line.code}; payers take CPT or HCPCS.",
                "Enter the billing code, or take the file in again with a code map.",
                "code",
                line.number,
            )
        elif not PROCEDURE.fullmatch(line.code):
            yield Said(
                f"Line {line.number}: {line.code or 'nothing'} is no CPT or HCPCS code.",
                "Correct the code.",
                "code",
                line.number,
            )


@blocks("CMS HCPCS Level II: the days on which a code is used; CARC 181, 182", codes=is_level_two, when=facts.EDITED)
def code_not_in_use(sheet: ClaimSheet, context: Context) -> Iterator[Said]:
    """HCPCS codes are used on the day: they have begun, and have not ended."""
    for line in sheet.lines:
        known = context.standing.get(line.code) if is_level_two(line.code) else None
        if known is not None and not known.is_used_on(line.service_on):
            when = f"ended on {known.ends_on}" if known.ends_on else f"begins on {known.starts_on}"
            yield Said(f"Line {line.number}: {line.code} {when}.", "Choose the code of the day.", "code", line.number)


@blocks("837P 2400 SV104", when=facts.SERVICES)
def units_positive(sheet: ClaimSheet, context: Context) -> Iterator[Said]:
    """Units are more than none, and fewer than ten thousand."""
    for line in sheet.lines:
        if not Decimal(0) < line.units < Decimal(10000):
            words = f"Line {line.number} has {line.units.normalize():f} units."
            yield Said(words, "Enter how often it was done.", "units", line.number)


@blocks("837P 2400 SV102", when=facts.SERVICES)
def charge_positive(sheet: ClaimSheet, context: Context) -> Iterator[Said]:
    """Every line has a price."""
    for line in sheet.lines:
        if not line.is_priced:
            yield Said(
                f"Line {line.number}: no fee schedule has a price for {line.code}.",
                "Enter what is charged for it, or publish a price and scrub again.",
                "amount",
                line.number,
            )
        elif line.charge <= 0:
            yield Said(f"Line {line.number} is charged at {line.charge}.", "Correct the charge.", "amount", line.number)


@blocks("837P 2300 CLM02 = sum of 2400 SV102", when=facts.SERVICES)
def total_is_sum(sheet: ClaimSheet, context: Context) -> Iterator[Said]:
    """The total is the sum of the lines."""
    together = sum((line.charge for line in sheet.lines), Decimal("0.00"))
    if sheet.lines and together != sheet.total:
        yield Said(
            f"The lines add up to {together}, the claim says {sheet.total}.",
            "Drop the claim and build it again.",
            "total",
        )


@blocks("CMS place of service code set", when=facts.ELSEWHERE)
def place_of_service(sheet: ClaimSheet, context: Context) -> Iterator[Said]:
    """Places of service exist."""
    if sheet.place_of_service not in PLACES:
        yield Said(
            f"{sheet.place_of_service} is no place of service.", "Correct the place of the visit.", "place_of_service"
        )
    for line in sheet.lines:
        if line.place_of_service and line.place_of_service not in PLACES:
            yield Said(
                f"Line {line.number}: {line.place_of_service} is no place of service.",
                "Correct the place.",
                "place_of_service",
                line.number,
            )


@blocks("Payer edits: exact duplicate line (CARC 18)", when=facts.SERVICES)
def line_twice(sheet: ClaimSheet, context: Context) -> Iterator[Said]:
    """The same service does not stand twice on a day without a modifier that says why."""
    seen: Counter[tuple[str, frozenset[str], object]] = Counter()
    for line in sheet.lines:
        key = (line.code, frozenset(line.modifiers), line.service_on)
        if seen[key] and not REPEATS & set(line.modifiers):
            yield Said(
                f"Line {line.number} repeats {line.code} of the same day.",
                "Raise the units of the first line, or say why with 76, 77, 59 or 91.",
                "modifiers",
                line.number,
            )
        seen[key] += 1


def is_anaesthesia_by_time(code: str) -> bool:
    """Anaesthesia whose units are minutes: 00100 to 01999, but for what is paid by a burn's area or by the day.

    Medicare Claims Processing Manual ch. 12 section 50: claims say the minutes; time of 01953 is its primary's.
    """
    return code.isdigit() and "00100" <= code <= "01999" and code not in {"01953", "01996"}


def is_drug(code: str) -> bool:
    """J codes."""
    return code[:1] == "J"


@warns("837P 2410 LIN03; Medicaid: 42 USC 1396r-8(a)(7)", codes=is_drug)
def drug_without_ndc(sheet: ClaimSheet, context: Context) -> Iterator[Said]:
    """Drugs (J codes) name their NDC and quantity."""
    must = sheet.payer is not None and sheet.payer.kind == "medicaid"
    for line in sheet.lines:
        if is_drug(line.code) and line.drug is None:
            yield Said(
                f"Line {line.number}: {line.code} names no NDC.",
                "Copy the eleven digits from the package.",
                "ndc",
                line.number,
                Severity.HOLD if must else None,
            )


@blocks("837P 2410 LIN03, CTP04, CTP05", when=facts.SERVICES)
def drug_form(sheet: ClaimSheet, context: Context) -> Iterator[Said]:
    """An NDC has eleven digits, a quantity and a unit."""
    for line in sheet.lines:
        drug = line.drug
        if drug and not (re.fullmatch(r"\d{11}", drug.ndc) and drug.quantity > 0 and drug.unit in NDC_UNITS):
            yield Said(
                f"Line {line.number}: the drug is not fully said.",
                "Eleven digits, a quantity, F2, GR, ME, ML or UN.",
                "ndc",
                line.number,
            )


@blocks("42 CFR 493.3; Medicare Claims Processing Manual ch. 16 §70; CARC B23", when=facts.UNCERTIFIED)
def laboratory_without_clia(sheet: ClaimSheet, context: Context) -> Iterator[Said]:
    """Laboratory tests done in the practice carry the certificate of the laboratory."""
    if sheet.clia:
        return
    for line in sheet.lines:
        if is_laboratory(line) and not {"90", "TC"} & set(line.modifiers):
            yield Said(
                f"Line {line.number}: {line.code} is a laboratory test and the site has no CLIA number.",
                "Enter the certificate with the site.",
                "laboratory",
                line.number,
            )


def is_laboratory(line: Line) -> bool:
    """Pathology and laboratory, or a test marked as waived; drawing blood and reading slides are no tests."""
    in_range = line.code.isdigit() and "80047" <= line.code <= "89398" and not "88300" <= line.code <= "88309"
    return in_range or "QW" in line.modifiers


RULES = (
    line_count,
    procedure_code,
    code_not_in_use,
    units_positive,
    charge_positive,
    total_is_sum,
    place_of_service,
    line_twice,
    drug_without_ndc,
    drug_form,
    laboratory_without_clia,
)
