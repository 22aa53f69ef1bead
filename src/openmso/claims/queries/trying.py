"""One rule asked of one claim, condition by condition: what the editor shows before anything is made live."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from openmso.claims.contracts.rulebook import Tried
from openmso.claims.models.claims import Claim
from openmso.claims.queries import sheets
from openmso.claims.rules import catalogue, conditions
from openmso.claims.rules.catalogue import RuleText, Written
from openmso.claims.rules.conditions import Condition
from openmso.claims.rules.findings import Book, judge
from openmso.claims.rules.properties import Case
from openmso.claims.rules.sheet import ClaimSheet, Context
from openmso.kit.errors import NotFound

SAID = {True: "yes", False: "no", None: "cannot say"}


def tried(text: RuleText, claim: str, *, today: date) -> Tried:
    """What a rule would say of a claim today, condition by condition; raises `NotFound`."""
    row = Claim.objects.filter(public_id=claim).first()
    if row is None:
        raise NotFound(f"There is no claim {claim[:16]}.", field="claim")
    sheet, context = sheets.sheets([row], today=today)[row.pk]
    within = text.scope.takes(context.whose) and text.scope.holds_on(sheet.service_on)
    if text.when is None:
        return Tried((), within, ())
    found = judge(sheet, context, Book([catalogue.rule_of(Written("draft", text))])) if within else ()
    steps = dict.fromkeys(_steps(text.when, sheet, context))
    return Tried(tuple((one.severity.value, one.words) for one in found), within, tuple(steps))


def _steps(when: Condition, sheet: ClaimSheet, context: Context) -> Iterator[tuple[str, str, str]]:
    for line in sheet.lines if conditions.by_line(when) else (None,):
        case = Case(sheet, context, line)
        for one in conditions.comparisons(when):
            place = f"Line {line.number}: " if line and one.asked.of_line else ""
            said = SAID[conditions.interpret(one, case)]
            yield place + conditions.in_words(one).removeprefix("line: "), _answer(one.asked.ask(case)), said


def _answer(value: Any) -> str:
    if value is None:
        return "not known"
    if isinstance(value, frozenset):
        return ", ".join(sorted(value)) or "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value) or "empty"
