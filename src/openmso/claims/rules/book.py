"""The house's own rules: an ordered list. Adding a check is adding a name."""

from __future__ import annotations

from collections.abc import Mapping

from openmso.claims.rules import (
    cob,
    diagnoses,
    filing,
    lines,
    modifiers,
    payment,
    people,
    permits,
    providers,
    specialties,
)
from openmso.claims.rules.findings import Book, Finding, Rule, judge
from openmso.claims.rules.sheet import ClaimSheet, Context

SCRUB = Book(
    (
        *people.RULES,
        *providers.RULES,
        *diagnoses.RULES,
        *lines.RULES,
        *modifiers.RULES,
        *payment.RULES,
        *specialties.RULES,
        *filing.RULES,
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
