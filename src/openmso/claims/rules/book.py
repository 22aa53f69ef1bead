"""The house's own rules: an ordered list. Adding a check is adding a name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

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
from openmso.claims.rules.findings import Book, Finding, Rule, judge, of_form
from openmso.claims.rules.sheet import ClaimSheet, Context

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


SCRUB = Book(
    (
        *people.RULES,
        *_both(providers.RULES),
        *of_form("I", institutional.RULES),
        *_both(diagnoses.RULES),
        *_both(lines.RULES),
        *of_form("P", modifiers.RULES),
        *of_form("P", payment.RULES),
        *of_form("P", specialties.RULES),
        *of_form("P", measured.RULES),
        *of_form("P", limits.RULES),
        *_both(filing.RULES),
        *permits.RULES,
        *cob.RULES,
    )
)
"""Who first, then why, then what, then how: the first finding is the first thing to fix."""

BY_CODE: Mapping[str, Rule] = {rule.code: rule for rule in SCRUB}
"""The same by their codes, which no rule written on screen can have."""


def scrub(sheet: ClaimSheet, context: Context) -> tuple[Finding, ...]:
    """Everything that the rules in force for a claim say of it."""
    return judge(sheet, context, SCRUB if context.book is None else context.book)
