"""The rulebook: an ordered list. Adding a check is adding a name."""

from __future__ import annotations

from collections.abc import Mapping

from openmso.claims.rules import diagnoses, filing, lines, modifiers, people, providers
from openmso.claims.rules.findings import Finding, Rule, judge
from openmso.claims.rules.sheet import ClaimSheet, Context

SCRUB: tuple[Rule, ...] = (
    *people.RULES,
    *providers.RULES,
    *diagnoses.RULES,
    *lines.RULES,
    *modifiers.RULES,
    *filing.RULES,
)
"""Who first, then why, then what, then how: the first finding is the first thing to fix."""

BY_CODE: Mapping[str, Rule] = {rule.code: rule for rule in SCRUB}


def scrub(sheet: ClaimSheet, context: Context) -> tuple[Finding, ...]:
    """Everything the rulebook says of a claim."""
    return judge(sheet, context, SCRUB)
