"""What modifies a code, and which codes go together (SV101-3 to -6; NCCI)."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from openmso.claims.rules import facts
from openmso.claims.rules.findings import Said, Severity, blocks, warns
from openmso.claims.rules.sheet import ClaimSheet, Context, Line

MODIFIER = re.compile(r"[A-Z0-9]{2}")
SIDES = frozenset({"LT", "RT"})
PRICING = frozenset(
    {"22", "26", "50", "51", "52", "53", "54", "55", "56", "62", "66", "78", "80", "81", "82", "AS", "TC"}
)
UNBUNDLES = frozenset(
    "E1 E2 E3 E4 FA F1 F2 F3 F4 F5 F6 F7 F8 F9 TA T1 T2 T3 T4 T5 T6 T7 T8 T9 LT RT LC LD RC LM RI 24 25 57 58 78 79 27 "
    "59 "
    "91 XE XS XP XU".split()
)
"""Modifiers that open an NCCI pair of indicator 1."""

NEEDS_VISIT = frozenset({"90833", "90836", "90838", "G2211"})
"""Add-ons whose primary is an evaluation and management visit."""

PREVENTIVE = frozenset({"G0402", "G0438", "G0439", *(str(code) for code in range(99381, 99398))})

VACCINATIONS = frozenset({"90460", "90461", "90471", "90472", "90473", "90474", "G0008", "G0009", "G0010"})
"""The giving of vaccines."""
EXCEPTED_SINCE = date(2025, 1, 1)
"""From when G2211 is paid beside 25, where the other service is preventive."""


def is_there(modifier: str) -> bool:
    """Any modifier at all."""
    return True


def is_visit(code: str) -> bool:
    """Evaluation and management, eye examinations and wellness visits: codes that take modifier 25."""
    if code in PREVENTIVE or code in {"92002", "92004", "92012", "92014"}:
        return True
    return code.isdigit() and "99202" <= code <= "99499" and code not in {"99417", "99418"}


def is_minor_procedure(code: str) -> bool:
    """Surgery and injections: services whose price holds a small visit."""
    return code.isdigit() and ("10004" <= code <= "69990" or code in {"96372", "94640"}) and code != "36415"


@blocks("837P 2400 SV101-3: two characters, each once", modifiers=is_there)
def modifier_form(sheet: ClaimSheet, context: Context) -> Iterator[Said]:
    """Modifiers have two characters and stand once, four at most."""
    for line in sheet.lines:
        wrong = [m for m in line.modifiers if not MODIFIER.fullmatch(m)]
        if wrong or len(set(line.modifiers)) < len(line.modifiers) or len(line.modifiers) > 4:
            yield Said(
                f"Line {line.number}: the modifiers {' '.join(line.modifiers)} are not four different ones at most.",
                "Correct them.",
                "modifiers",
                line.number,
            )


@warns("Payer edits: modifiers that change the price come first", modifiers=is_there)
def modifier_order(sheet: ClaimSheet, context: Context) -> Iterator[Said]:
    """Modifiers that change the price stand before those that explain."""
    for line in sheet.lines:
        pricing = [modifier in PRICING for modifier in line.modifiers]
        if pricing != sorted(pricing, reverse=True):
            yield Said(
                f"Line {line.number}: a modifier that changes the price stands after one that explains.",
                "Put it first.",
                "modifiers",
                line.number,
            )


@blocks("NCCI Policy Manual ch. 1 §D: modifier 25 belongs to a visit", modifiers={"25"})
def modifier_25_on_procedure(sheet: ClaimSheet, context: Context) -> Iterator[Said]:
    """Modifier 25 stands only on visits."""
    for line in sheet.lines:
        if "25" in line.modifiers and not is_visit(line.code):
            yield Said(
                f"Line {line.number}: 25 does not belong on {line.code}.",
                "Put it on the visit.",
                "modifiers",
                line.number,
            )


@warns("NCCI Policy Manual ch. 1 §D: visit and procedure on one day", codes=is_minor_procedure)
def visit_beside_procedure(sheet: ClaimSheet, context: Context) -> Iterator[Said]:
    """A visit beside a procedure of the same day says by 25 or 57 that it was more."""
    days = {line.service_on for line in sheet.lines if is_minor_procedure(line.code)}
    for line in sheet.lines:
        if is_visit(line.code) and line.service_on in days and not {"25", "57", "24"} & set(line.modifiers):
            yield Said(
                f"Line {line.number}: {line.code} beside a procedure of the same day has no 25.",
                "Add 25 if the note shows a visit of its own; else take the visit away.",
                "modifiers",
                line.number,
            )


@blocks("MPFS bilateral indicator; Medicare Claims Processing Manual ch. 12 §40.7", modifiers={"50", *SIDES})
def bilateral(sheet: ClaimSheet, context: Context) -> Iterator[Said]:
    """Modifier 50 stands with one unit and without LT or RT; LT and RT not together."""
    for line in sheet.lines:
        sides = SIDES & set(line.modifiers)
        if "50" in line.modifiers and (line.units != 1 or sides):
            yield Said(
                f"Line {line.number}: 50 means both sides once; units are {line.units}.",
                "One unit, without LT and RT.",
                "units",
                line.number,
            )
        if len(sides) == 2:
            yield Said(f"Line {line.number} says left and right.", "Use 50, or two lines.", "modifiers", line.number)


@blocks("MPFS PC/TC indicator", modifiers={"TC"})
def both_components(sheet: ClaimSheet, context: Context) -> Iterator[Said]:
    """A line is not both the professional and the technical part."""
    for line in sheet.lines:
        if {"26", "TC"} <= set(line.modifiers):
            yield Said(
                f"Line {line.number} says 26 and TC.",
                "Leave both away for the whole service.",
                "modifiers",
                line.number,
            )


@blocks("NCCI add-on code edits", when=facts.EDITED)
def add_on_alone(sheet: ClaimSheet, context: Context) -> Iterator[Said]:
    """Add-on codes stand beside their primary code."""
    codes = {line.code for line in sheet.lines}
    for line in sheet.lines:
        edit = (context.add_ons or {}).get(line.code)
        if edit and edit.primaries and not codes & set(edit.primaries):
            yield Said(
                f"Line {line.number}: {line.code} needs {' or '.join(edit.primaries[:3])} beside it.",
                "Add the primary code, or correct this one.",
                "code",
                line.number,
                Severity.HOLD if edit.edit_type == "1" else Severity.WARN,
            )
        if line.code in NEEDS_VISIT and not any(is_visit(code) for code in codes):
            yield Said(
                f"Line {line.number}: {line.code} needs a visit beside it.",
                "Add the visit, or correct the code.",
                "code",
                line.number,
            )


@warns("CMS: G2211 beside modifier 25 (since 2024, with exceptions since 2025)", codes={"G2211"})
def g2211_beside_25(sheet: ClaimSheet, context: Context) -> Iterator[Said]:
    """G2211 is not paid beside a visit with 25; since 2025 it is, where the other service is preventive."""
    for added in sheet.lines:
        if added.code != "G2211":
            continue
        of_day = [line for line in sheet.lines if line.service_on == added.service_on]
        if added.service_on >= EXCEPTED_SINCE and any(line.code in PREVENTIVE | VACCINATIONS for line in of_day):
            continue
        for line in of_day:
            if is_visit(line.code) and "25" in line.modifiers:
                yield Said(
                    "G2211 is not paid beside a visit with 25.",
                    "Take G2211 away, or check the exceptions.",
                    "code",
                    line.number,
                )


@blocks("NCCI procedure-to-procedure edits in force on the day", when=facts.EDITED)
def code_pair(sheet: ClaimSheet, context: Context) -> Iterator[Said]:
    """Two codes that NCCI pairs are not billed together, or say by a modifier why."""
    lines: dict[str, list[Line]] = defaultdict(list)
    for line in sheet.lines:
        lines[line.code].append(line)
    for pair in context.pairs:
        for second in lines.get(pair.second, ()):
            beside = [first for first in lines.get(pair.first, ()) if first.service_on == second.service_on]
            marked = UNBUNDLES & {m for line in (second, *beside) for m in line.modifiers}
            if not beside or (pair.indicator == "1" and marked):
                continue
            fix = "Take one away." if pair.indicator == "0" else "Take one away, or say with 59 or an X modifier why."
            yield Said(
                f"Line {second.number}: {second.code} is part of {pair.first} of the same day.",
                fix,
                "modifiers",
                second.number,
            )


@blocks("CMS medically unlikely edits; not for vision and commercial plans", when=facts.EDITED)
def unlikely_units(sheet: ClaimSheet, context: Context) -> Iterator[Said]:
    """Units stay within the medically unlikely edit of Medicare and Medicaid."""
    if sheet.payer is None or sheet.payer.kind not in {"medicare", "medicaid"} or not context.limits:
        return
    together: dict[tuple[str, date], Decimal] = defaultdict(Decimal)
    for line in sheet.lines:
        together[line.code, line.service_on] += line.units
    for service, earlier in context.earlier.items():
        together[service] += earlier
    for line in sheet.lines:
        limit = context.limits.get(line.code)
        if limit is None:
            continue
        units = line.units if limit.indicator == "1" else together[line.code, line.service_on]
        if units > limit.units:
            yield Said(
                f"Line {line.number}: {units.normalize():f} units of {line.code}; {limit.units} are likely.",
                "Correct the units.",
                "units",
                line.number,
                Severity.HOLD if limit.indicator == "2" else Severity.WARN,
            )


RULES = (
    modifier_form,
    modifier_order,
    modifier_25_on_procedure,
    visit_beside_procedure,
    bilateral,
    both_components,
    add_on_alone,
    g2211_beside_25,
    code_pair,
    unlikely_units,
)
