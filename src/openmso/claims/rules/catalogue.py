"""What a rule written on screen says, and how it becomes a rule of the book; adjustments of the house's own rules.

The text of a version is plain data that never changes: it is compiled once and asked of any number of claims.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import date
from enum import StrEnum
from typing import Any

from openmso.claims.rules import book
from openmso.claims.rules.findings import Book, Check, Rule, Said, Severity
from openmso.claims.rules.properties import PROPERTIES, Case
from openmso.claims.rules.sheet import ClaimSheet, Context, Line, Whose
from openmso.kit import conditions
from openmso.kit.conditions import Condition
from openmso.kit.errors import Refused

WORDS_MIN, WORDS_MAX, TITLE_MAX, EVIDENCE_MAX = 10, 250, 120, 300
SCOPE_MAX, NAME_MAX = 200, 40
"""Entries of one part of a scope, and how long each is."""


class BadRule(Refused):
    """The text of a rule is not whole."""

    code = "bad_rule"


class Action(StrEnum):
    """What a rule does with a claim it hits; `off` is for adjustments of the house's rules alone."""

    WARN = "warn"
    HOLD = "hold"
    BLOCK = "block"
    OFF = "off"

    @property
    def words(self) -> str:
        """As a sentence goes on: the rule ..."""
        return {
            "warn": "warns",
            "hold": "holds the claim",
            "block": "blocks the claim",
            "off": "is switched off",
        }[self.value]


@dataclass(frozen=True, slots=True)
class Scope:
    """Which claims a rule is asked of; what is empty narrows nothing. `service_until` is the first day it is not."""

    payers: tuple[str, ...] = ()
    payer_kinds: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    specialties: tuple[str, ...] = ()
    practices: tuple[str, ...] = ()
    service_from: date | None = None
    service_until: date | None = None

    def takes(self, whose: Whose) -> bool:
        """Whether claims that stand there are within, whatever their days."""
        return all(
            not wanted or has in wanted
            for wanted, has in (
                (self.payers, whose.payer), (self.payer_kinds, whose.payer_kind), (self.states, whose.state),
                (self.specialties, whose.specialty), (self.practices, whose.practice),
            )
        )  # fmt: skip

    def holds_on(self, day: date) -> bool:
        """Whether a service day is within."""
        after = self.service_from is None or day >= self.service_from
        return after and (self.service_until is None or day < self.service_until)

    def as_json(self) -> dict[str, Any]:
        """What narrows, as JSON."""
        given = ((one.name, getattr(self, one.name)) for one in fields(self))
        return {name: str(value) if isinstance(value, date) else list(value) for name, value in given if value}


@dataclass(frozen=True, slots=True)
class RuleText:
    """What one version of a rule says. `of` names the rule of the house that it adjusts; then it has no conditions."""

    title: str
    action: Action
    words: str = ""
    fix: str = ""
    evidence: str = ""
    scope: Scope = field(default_factory=Scope)
    when: Condition | None = None
    of: str = ""

    def as_json(self) -> dict[str, Any]:
        """The text as it is kept."""
        return {
            "title": self.title, "action": self.action.value, "words": self.words, "fix": self.fix,
            "evidence": self.evidence, "scope": self.scope.as_json(), "of": self.of,
            "when": conditions.written(self.when) if self.when else None,
        }  # fmt: skip


def read(given: Mapping[str, Any]) -> RuleText:
    """The text from JSON; raises `BadRule` or `BadCondition` that says what is missing where."""
    of, action = str(given.get("of") or ""), _action(given)
    text = RuleText(
        _said(given, "title", 5, TITLE_MAX), action, _said(given, "words", 0 if of else WORDS_MIN, WORDS_MAX),
        _said(given, "fix", 0 if of else 5, WORDS_MAX), _said(given, "evidence", 5, EVIDENCE_MAX),
        _scope(given.get("scope") or {}), None if of else conditions.read(given.get("when"), PROPERTIES), of,
    )  # fmt: skip
    if of:
        refuse_adjustment(of, action)
    elif action is Action.OFF:
        raise BadRule("A rule of one's own is retired, not switched off.", field="action", fix="Choose warn or hold.")
    return text


def refuse_adjustment(of: str, action: Action) -> None:
    """Raise `BadRule` where a rule of the house cannot be adjusted like this."""
    rule = book.BY_CODE.get(of)
    if rule is None:
        raise BadRule(f"The house has no rule {of[:40]}.", field="of", fix="Choose one of the catalogue.")
    if rule.is_firm:
        raise BadRule("A claim without this cannot be sent; nobody can change that.", field="of", fix="Mend the claim.")
    if action is Action.BLOCK:
        raise BadRule("A rule of the house warns, holds or is off.", field="action", fix="Choose hold.")


def _action(given: Mapping[str, Any]) -> Action:
    try:
        return Action(str(given.get("action", "")))
    except ValueError:
        raise BadRule("Say what the rule does with a claim.", field="action", fix="Warn, hold or block.") from None


def _said(given: Mapping[str, Any], name: str, least: int, most: int) -> str:
    said = str(given.get(name) or "").strip()
    if not least <= len(said) <= most or not said.replace("\n", " ").isprintable():
        raise BadRule(
            f"The {name} of a rule has {least} to {most} characters.", field=name,
            fix="Say it in a sentence that the next person understands.",
        )  # fmt: skip
    return said


def _scope(given: Mapping[str, Any]) -> Scope:
    known = {one.name for one in fields(Scope)}
    if odd := sorted(set(given) - known):
        raise BadRule(f"A scope has no {odd[0][:40]}.", field="scope", fix=f"It has {', '.join(sorted(known))}.")
    parts: dict[str, Any] = {}
    for name, value in given.items():
        if name.startswith("service_"):
            parts[name] = _day(name, value)
        elif not isinstance(value, list | tuple) or len(value) > SCOPE_MAX:
            raise BadRule(f"{name} of the scope is no list of up to {SCOPE_MAX}.", field=name, fix="Give a list.")
        else:
            parts[name] = tuple(sorted({str(one) for one in value if one}))
            if odd_one := next((one for one in parts[name] if len(one) > NAME_MAX or not one.isprintable()), ""):
                raise BadRule(f"{odd_one[:20]!r} is none of {name}.", field=name, fix="Choose from the list.")
    made = Scope(**parts)
    if made.service_from and made.service_until and made.service_from >= made.service_until:
        raise BadRule("The service days end before they begin.", field="service_until", fix="Choose a later day.")
    return made


def _day(name: str, value: Any) -> date | None:
    try:
        return date.fromisoformat(str(value)) if value else None
    except ValueError:
        raise BadRule(f"{str(value)[:20]} is no day.", field=name, fix="Write it as 2026-11-30.") from None


# ---- compiling ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Written:
    """A version that is in force: its code, what it says, and since when."""

    code: str
    text: RuleText
    number: int = 1
    fault: str = ""
    """Why it cannot be judged, where its text is not understood any more."""


def written(code: str, number: int, kept: Mapping[str, Any]) -> Written:
    """A version as it is kept. One that is not understood any more fails and holds the claims of its scope."""
    try:
        return Written(code, read(kept), number)
    except Refused as no:
        try:
            scope = _scope(kept.get("scope") or {})
        except Refused:
            scope = Scope()
        title = str(kept.get("title") or code)
        return Written(code, RuleText(title, Action.HOLD, scope=scope), number, fault=no.sentence)


def rule_of(one: Written) -> Rule:
    """A version as a rule of the book."""
    text = one.text
    severity = Severity.HOLD if one.fault else Severity(text.action.value)
    check = _failing(one) if one.fault or text.when is None else _checking(one, text.when)
    return Rule(one.code, severity, (text.evidence or "A rule of the house's billers")[:120], check, text.title)


def _failing(one: Written) -> Check:
    def check(sheet: ClaimSheet, context: Context) -> Iterator[Said]:
        if one.text.scope.holds_on(sheet.service_on):
            yield Said(f"The rule {one.text.title} cannot be judged: {one.fault}", "Correct the rule, or retire it.")

    return check


def _checking(one: Written, when: Condition) -> Check:
    text, judge, lines = one.text, conditions.compiled(when), conditions.by_line(when)
    where = next((one.asked.field for one in conditions.comparisons(when) if one.asked.of_line is lines), "")

    def check(sheet: ClaimSheet, context: Context) -> Iterator[Said]:
        if not text.scope.holds_on(sheet.service_on):
            return
        for line in sheet.lines if lines else (None,):
            case = Case(sheet, context, line)
            verdict = judge(case)
            if verdict is False:
                continue
            number, place = (line.number, f"Line {line.number}: ") if line else (None, "")
            if verdict:
                yield Said(place + text.words, text.fix, where, number)
                continue
            missing = conditions.unknown(when, case)
            names = ", ".join(one.label.lower() for one in missing)
            yield Said(
                f"{place}{text.title.rstrip('.')}: cannot be judged, the claim does not say: {names}."[:300],
                "Enter it, or set this aside with a reason.", missing[0].field if missing else where, number,
                Severity.HOLD,
            )  # fmt: skip

    return check


def trial_of(one: Written) -> Callable[[ClaimSheet, Context, date], tuple[bool, bool]]:
    """A function that says of a claim, on a day, whether the rule hits it and whether it cannot be judged.

    An adjustment hits what the rule of the house hits within its scope.
    """
    text, when = one.text, one.text.when
    house = book.BY_CODE.get(text.of or one.code)
    rule = rule_of(one)
    lines = when is not None and conditions.by_line(when)

    def trial(sheet: ClaimSheet, context: Context, on: date) -> tuple[bool, bool]:
        if not (text.scope.takes(context.whose) and text.scope.holds_on(sheet.service_on)):
            return False, False
        then = replace(context, today=on)
        if when is None:
            return any(True for _ in (house or rule).says(sheet, then)), bool(one.fault) and house is None
        asked: Iterable[Line | None] = sheet.lines if lines else (None,)
        verdicts = [conditions.interpret(when, Case(sheet, then, line)) for line in asked]
        return True in verdicts, None in verdicts

    return trial


def adjusted(rule: Rule, by: Sequence[Written]) -> Rule:
    """A rule of the house as adjustments leave it; of several that take a claim, the one made live last decides."""

    def check(sheet: ClaimSheet, context: Context) -> Iterator[Said]:
        one = next((one for one in by if one.text.scope.holds_on(sheet.service_on)), None)
        if one is None:
            yield from rule.check(sheet, context)
        elif one.text.action is not Action.OFF:
            severity = Severity(one.text.action.value)
            yield from (replace(said, severity=severity) for said in rule.check(sheet, context))

    return replace(rule, check=check)


class Rulebook:
    """The house's rules with their adjustments, and those written on screen, picked once for each place of a scope."""

    def __init__(self, live: Iterable[Written] = ()) -> None:
        """`live` are the versions in force, the one made live last first."""
        self._live = tuple(live)
        self._own = {one: rule_of(one) for one in self._live if not one.text.of}
        self._picked: dict[Whose, Book] = {}
        self._books: dict[tuple[Written, ...], Book] = {}

    def of(self, whose: Whose) -> Book:
        """The rules that are asked of claims that stand there."""
        if whose not in self._picked:
            here = tuple(one for one in self._live if one.text.scope.takes(whose))
            if here not in self._books:
                self._books[here] = self._bound(here)
            self._picked[whose] = self._books[here]
        return self._picked[whose]

    def _bound(self, here: Sequence[Written]) -> Book:
        changed = {one.text.of for one in here if one.text.of}
        house = (
            adjusted(rule, [one for one in here if one.text.of == rule.code]) if rule.code in changed else rule
            for rule in book.SCRUB
        )  # fmt: skip
        return Book((*house, *(self._own[one] for one in reversed(here) if one in self._own)))
