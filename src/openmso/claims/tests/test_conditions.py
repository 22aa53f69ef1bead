"""Conditions of rules written on screen: what they mean, what is refused, and that the engine says what they mean."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from openmso.claims.rules import catalogue
from openmso.claims.rules.catalogue import Action, Rulebook, RuleText, Scope, Written
from openmso.claims.rules.findings import Book, Severity, judge
from openmso.claims.rules.properties import EVERY, PROPERTIES, Case, years
from openmso.claims.rules.sheet import ClaimSheet, Context, Whose
from openmso.claims.tests.test_rules import CLEAN, CONTEXT, DAY, TODAY, lines
from openmso.claims.views import fixes
from openmso.kit import conditions
from openmso.kit.conditions import OPERATORS, BadCondition, Comparison, Condition, Group, Kind

HERE = Whose("ROCK", "primary_care", "ME", "PAY-23456789", "commercial")


def asks(name: str, operator: str, *values: Any) -> dict[str, Any]:
    return {"property": name, "operator": operator, "value": list(values)}


def said(when: dict[str, Any], sheet: ClaimSheet = CLEAN, context: Context = CONTEXT, **text: Any) -> list[Any]:
    """What a rule of these conditions says of a claim."""
    made = RuleText(
        "A rule of ours", Action.WARN, "This payer denies it.", "Change it.", when=conditions.read(when, PROPERTIES)
    )
    return list(judge(sheet, context, Book([catalogue.rule_of(Written("own_rule", replace(made, **text)))])))


# ---- what a condition means -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("when", "hits"),
    [
        (asks("payer.kind", "is", "commercial"), True),
        (asks("payer.kind", "is_not", "commercial"), False),
        (asks("claim.codes", "has_any", "99213", "99214"), True),
        (asks("claim.codes", "has_all", "99213", "99214"), False),
        (asks("claim.diagnoses", "begins_with", "E11"), True),
        (asks("claim.diagnoses", "begins_with_none", "E11"), False),
        (asks("claim.diagnoses", "has_none", "F329"), True),
        (asks("patient.age", "between", "58", "58"), True),
        (asks("patient.age", "less", "58"), False),
        (asks("claim.total", "more", "$139.99"), True),
        (asks("claim.service_on", "from", str(DAY)), True),
        (asks("claim.service_on", "before", str(DAY)), False),
        (asks("claim.authorization", "is_empty"), True),
        (asks("referring.is_named", "no"), True),
        (asks("line.code", "between", "99202", "99215"), True),
        ({"all": [asks("line.units", "at_most", 1), asks("line.charge", "at_least", "140")]}, True),
        ({"any": [asks("line.units", "more", 1), asks("line.charge", "at_least", "140")]}, True),
        ({"all": [asks("line.units", "more", 1), asks("line.charge", "at_least", "140")]}, False),
    ],
)  # fmt: skip
def test_a_condition_means_what_it_says(when: dict[str, Any], hits: bool) -> None:
    assert bool(said(when)) is hits


def test_a_rule_about_lines_is_asked_line_by_line_and_names_each() -> None:
    sheet = replace(CLEAN, **lines({}, {"code": "11102"}, {"code": "11104", "modifiers": ("59",)}))
    when = {"all": [asks("line.code", "begins_with", "111"), asks("line.modifiers", "has_none", "59")]}

    (found,) = said(when, sheet)

    assert (found.line, found.words) == (2, "Line 2: This payer denies it.")
    assert (found.code, found.field, found.severity) == ("own_rule", "code", Severity.WARN)


def test_what_a_claim_does_not_say_is_no_no() -> None:
    """A property that is not known makes the rule fail: the claim is held, with words."""
    nameless = replace(CLEAN, patient=replace(CLEAN.patient, born_on=None))

    (found,) = said(asks("patient.age", "less", 18), nameless)

    assert found.severity is Severity.HOLD
    assert found.words == "A rule of ours: cannot be judged, the claim does not say: age in years."
    assert found.field == "born_on"
    decided = {"any": [asks("patient.age", "less", 18), asks("payer.kind", "is", "commercial")]}
    assert [one.severity for one in said(decided, nameless)] == [Severity.WARN]
    assert said({"all": [asks("patient.age", "less", 18), asks("payer.kind", "is", "auto")]}, nameless) == []


def test_completed_years_count_the_birthday() -> None:
    assert years(date(2008, 2, 29), date(2026, 2, 28)) == 17
    assert years(date(2008, 2, 29), date(2026, 3, 1)) == 18


# ---- what is refused ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({}, "neither a property nor all or any"),
        ("99213", "there is no condition"),
        ({"all": []}, "all of nothing"),
        ({"all": [asks("claim.colour", "is", "red")]}, "condition 1 of the rule: there is no property"),
        (asks("patient.age", "has_any", 1), "cannot be compared like that"),
        (asks("patient.age", "less", "old"), "old is no value for Age in years"),
        (asks("patient.age", "less", "NaN"), "NaN is no value"),
        (asks("claim.service_on", "before", "11/30/2026"), "is no value for Service day"),
        (asks("patient.age", "between", 5), "takes two values"),
        (asks("patient.age", "between", 9, 5), "ends before it begins"),
        (asks("line.code", "is_one_of"), "takes one value or more"),
        (asks("referring.is_named", "yes", "no"), "takes no value"),
        ({"all": [{"any": [{"all": [{"any": [asks("line.code", "is", "1")]}]}]}]}, "4 deep"),
        ({"any": [asks("line.code", "is", "99213")] * 61}, "60 conditions at most"),
        ({"all": [asks("line.code", "is", "99213")], "any": []}, "neither a property nor all or any"),
    ],
)  # fmt: skip
def test_a_condition_that_is_wrong_is_told_where_and_how_to_mend_it(given: Any, words: str) -> None:
    with pytest.raises(BadCondition, match=words) as no:
        conditions.read(given, PROPERTIES)

    assert no.value.fix
    assert no.value.field == "conditions"


def test_a_rule_whose_text_is_not_understood_any_more_holds_the_claims_of_its_scope_and_never_passes_silently() -> None:
    kept = RuleText("Old rule", Action.WARN, "It says something.", "Mend it.", "Payer's manual").as_json()
    kept |= {"when": asks("claim.colour", "is", "red"), "scope": {"payer_kinds": ["commercial"]}}
    rulebook = Rulebook([catalogue.written("own_old", 3, kept)])

    (found,) = [one for one in judge(CLEAN, CONTEXT, rulebook.of(HERE)) if one.code == "own_old"]

    assert found.severity is Severity.HOLD
    assert "cannot be judged" in found.words
    assert "claim.colour" in found.words
    assert judge(CLEAN, CONTEXT, rulebook.of(replace(HERE, payer_kind="vision"))) == ()


# ---- scopes and adjustments -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "scope",
    [
        Scope(payers=("PAY-99999999",)), Scope(payer_kinds=("vision",)), Scope(states=("OH", "TX")),
        Scope(specialties=("optometry",)), Scope(practices=("BAY",)), Scope(service_from=date(2026, 11, 10)),
        Scope(service_until=DAY),
    ],
    ids=lambda scope: next(iter(scope.as_json())),
)  # fmt: skip
def test_a_scope_narrows_by_each_of_its_parts(scope: Scope) -> None:
    when = conditions.read(asks("claim.line_count", "at_least", 1), PROPERTIES)
    text = RuleText("Everything", Action.HOLD, "Every claim is hit.", "Wait.", when=when)

    def hits(narrowed: Scope) -> bool:
        rules = Rulebook([Written("own_all", replace(text, scope=narrowed))]).of(HERE)
        return "own_all" in {one.code for one in judge(CLEAN, CONTEXT, rules)}

    assert not hits(scope)
    within = Scope(("PAY-23456789",), ("commercial",), ("ME",), ("primary_care",), ("ROCK",), DAY, date(2026, 11, 10))
    assert hits(within)
    assert hits(Scope())


def test_a_rule_of_the_house_is_switched_off_or_made_a_warning_where_an_adjustment_says_so() -> None:
    twice = replace(CLEAN, **lines({"code": "93000"}, {"code": "93000"}))

    def severities(*live: Written, whose: Whose = HERE) -> list[Severity]:
        return [one.severity for one in judge(twice, CONTEXT, Rulebook(live).of(whose)) if one.code == "line_twice"]

    off = Written("line_twice.1", RuleText("Off", Action.OFF, of="line_twice", scope=Scope(practices=("ROCK",))))
    warn = Written("line_twice.2", RuleText("Warn", Action.WARN, of="line_twice"))
    assert severities() == [Severity.HOLD]
    assert severities(off) == []
    assert severities(off, whose=replace(HERE, practice="BAY")) == [Severity.HOLD]
    assert severities(warn, off) == [Severity.WARN], "the one made live last decides"


@pytest.mark.parametrize(
    ("of", "action", "words"),
    [("biller_npi", "off", "cannot be sent"), ("line_twice", "block", "warns, holds or is off"), ("nothing", "warn", "no rule")],
)  # fmt: skip
def test_what_the_837_requires_is_adjusted_by_nobody(of: str, action: str, words: str) -> None:
    with pytest.raises(catalogue.BadRule, match=words):
        catalogue.read({"title": "An adjustment", "action": action, "of": of, "evidence": "Because it is so"})


# ---- the catalogue of properties ------------------------------------------------------------------------------


def test_the_catalogue_has_some_sixty_properties_each_of_which_answers_in_its_kind_and_is_mended_somewhere() -> None:
    wanted = {Kind.TEXT: str, Kind.CODES: frozenset, Kind.NUMBER: Decimal, Kind.MONEY: Decimal, Kind.DAY: date,
              Kind.FLAG: bool}  # fmt: skip

    assert 60 <= len(EVERY) == len(PROPERTIES) <= 90
    for one in EVERY:
        answer = one.ask(Case(CLEAN, replace(CONTEXT, whose=HERE), CLEAN.lines[0]))
        assert answer is None or isinstance(answer, wanted[one.kind]), one.name
        assert one.field == "" or one.field in fixes.PLACES, one.name


# ---- the engine says what the conditions mean -----------------------------------------------------------------

CODES = st.sampled_from(["99213", "99214", "11102", "11104", "J3301", "G2211", "E119", "I10", "25", "59", "commercial"])
VALUES = {
    Kind.TEXT: CODES, Kind.CODES: CODES, Kind.NUMBER: st.integers(0, 60), Kind.MONEY: st.integers(0, 300),
    Kind.DAY: st.dates(date(2026, 10, 1), date(2026, 12, 1)).map(str), Kind.FLAG: CODES,
}  # fmt: skip


@st.composite
def comparison(draw: st.DrawFn) -> Comparison:
    asked = draw(st.sampled_from(EVERY))
    operator = draw(st.sampled_from([one for one in OPERATORS.values() if asked.kind in one.kinds]))
    count = {"none": 0, "one": 1, "two": 2, "many": draw(st.integers(1, 4))}[operator.takes]
    values = draw(st.lists(VALUES[asked.kind], min_size=count, max_size=count))
    if operator.takes == "two":
        values.sort()
    read = conditions.read({"property": asked.name, "operator": operator.name, "value": values}, PROPERTIES)
    assert isinstance(read, Comparison)
    return read


CONDITIONS = st.recursive(
    comparison(),
    lambda inner: st.builds(Group, st.sampled_from(["all", "any"]), st.lists(inner, min_size=1, max_size=3).map(tuple)),
    max_leaves=6,
)
SHEETS = st.builds(
    lambda codes, modifiers, units, born, covered, priced: replace(
        CLEAN,
        **lines(*({"code": code, "modifiers": modifiers, "units": units, "charge": priced} for code in codes)),
        patient=replace(CLEAN.patient, born_on=born),
        cover=CLEAN.cover if covered else None,
        payer=CLEAN.payer if covered else None,
    ),
    st.lists(CODES, min_size=1, max_size=3), st.sampled_from([(), ("25",), ("59", "25")]),
    st.decimals(0, 60, places=0), st.none() | st.dates(date(1960, 1, 1), TODAY), st.booleans(),
    st.decimals(0, 300, places=2),
)  # fmt: skip


@given(when=CONDITIONS, sheet=SHEETS)
def test_a_compiled_condition_equals_the_plain_interpreter(when: Condition, sheet: ClaimSheet) -> None:
    for line in sheet.lines:
        case = Case(sheet, replace(CONTEXT, whose=HERE), line)
        assert conditions.compiled(when)(case) is conditions.interpret(when, case)


@given(when=CONDITIONS)
def test_a_condition_is_kept_and_read_again_as_it_was(when: Condition) -> None:
    assume(_depth(when) <= conditions.DEEP_MAX)

    again = conditions.read(conditions.written(when), PROPERTIES)

    assert again == when
    assert conditions.in_words(again)


def _depth(when: Condition) -> int:
    return 1 + max(map(_depth, when.of)) if isinstance(when, Group) else 1
