"""The house's own rules: an ordered list. Adding a check is adding a name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from openmso.claims.rules import (
    cob,
    diagnoses,
    filing,
    institutional,
    limits,
    lines,
    measured,
    modifiers,
    payment,
    people,
    permits,
    providers,
    specialties,
)
from openmso.claims.rules.findings import Book, Finding, Part, Rule, Sitting, judge, of_form, of_people
from openmso.claims.rules.sheet import ClaimSheet, Context

WHO = Part(same=("biller", "rendering", "referring", "facility"), equal=("place_of_service",))
"""Who bills, rendered and referred, and where."""
WHY = Part(same=("lines",), equal=("diagnoses", "diagnosis_system", "service_on"), known_same=("standing",))
"""Diagnoses, and the lines that point to them."""
WHAT = Part(
    same=("lines", "payer", "facility", "referring"), equal=("place_of_service", "diagnoses", "total"),
    derived=("clia",), known=("pairs", "same_day"),
    known_same=("limits", "add_ons", "follow_up", "standing", "earlier", "history"),
)  # fmt: skip
"""Services, and what editions, other claims and the past say of them."""
WHEN = Part(
    same=("lines", "payer", "earlier"),
    equal=("service_on", "service_through", "frequency", "delay_reason", "payer_control", "diagnoses", "accident",
           "accident_state", "accident_on"),
    derived=("last_service_on",), known=("today", "same_day", "decided_on"),
)  # fmt: skip
"""Days, and how it is filed."""
ENROLLED = Part(same=("lines", "rendering", "payer"), equal=(), known=("enrolled", "practice_enrolled"))
"""Whom the payer has enrolled on the days of the services."""
NUMBERS = Part(same=(), equal=("prior_authorization", "referral_number"))
"""What the payer gave before."""
PERMITTED = Part(same=(), equal=(), known=("permits",))
"""What the payer wants before."""

LOOKING_FURTHER: Mapping[str, Part | None] = {
    "renderer_not_enrolled": ENROLLED, "practice_not_enrolled": ENROLLED, "referrer_missing": None,
    "corrected_too_late": WHEN, "reference_too_long": NUMBERS, "control_number": None,
}  # fmt: skip
"""Rules that look at another part than those that they stand with; None: at more than one."""
PROFESSIONAL = frozenset(
    rule.code
    for rule in (
        providers.renderer_missing, providers.facility_missing, diagnoses.line_without_diagnosis,
        diagnoses.pointer_to_nothing, diagnoses.too_many_diagnoses, lines.line_count, lines.procedure_code,
        lines.place_of_service, filing.accident_details,
    )
)  # fmt: skip
"""Codes of rules about what only an 837P says, besides those about how professionals are paid."""


def _both(rules: Iterable[Rule]) -> Iterator[Rule]:
    """Rules that are asked of every claim, where they are not about an 837P alone."""
    for rule in rules:
        yield from of_form("P", [rule]) if rule.code in PROFESSIONAL else [rule]


def _about(part: Part, rules: Iterable[Rule]) -> Iterator[Rule]:
    """Rules that look at one part of a claim alone, but for some that look at another or at more."""
    for rule in rules:
        (asked,) = of_people([rule]) if rule.code == filing.control_number.code else (rule,)
        yield replace(asked, part=LOOKING_FURTHER.get(rule.code, part))


SCRUB = Book(
    (
        *_both(of_people(people.RULES)),
        *_about(WHO, _both(providers.RULES)),
        *of_form("I", institutional.RULES),
        *_about(WHY, _both(diagnoses.RULES)),
        *_about(WHAT, _both(lines.RULES)),
        *_about(WHAT, of_form("P", modifiers.RULES)),
        *_about(WHAT, of_form("P", payment.RULES)),
        *_about(WHAT, of_form("P", specialties.RULES)),
        *_about(WHAT, of_form("P", measured.RULES)),
        *of_form("P", limits.RULES),
        *_about(WHEN, _both(filing.RULES)),
        *_about(PERMITTED, permits.RULES),
        *cob.RULES,
    )
)
"""Who first, then why, then what, then how: the first finding is the first thing to fix."""

BY_CODE: Mapping[str, Rule] = {rule.code: rule for rule in SCRUB}
"""The same by their codes, which no rule written on screen can have."""


def scrub(sheet: ClaimSheet, context: Context, sitting: Sitting | None = None) -> tuple[Finding, ...]:
    """Everything that the rules in force for a claim say of it; of many claims in one sitting, for less."""
    book = SCRUB if context.book is None else context.book
    return judge(sheet, context, book) if sitting is None else sitting.judge(sheet, context, book)
