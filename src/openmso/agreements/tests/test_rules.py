"""Truth tables: what each state of an agreement opens to each role, and what terms must say."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time
from decimal import Decimal
from typing import Any

import pytest

from openmso.agreements import rules, termsheet
from openmso.agreements.contracts import Agreement, DoneBy, Hours, InForce, Line, Mode, Party, S, Terms, Unit, Version
from openmso.agreements.fees.reading import terms_of
from openmso.agreements.states import MOVES
from openmso.agreements.tasks.contracts import Task, Who
from openmso.agreements.testing import NOW, PERCENT, PROMISES, signers
from openmso.kit.classes import PHI, DataClass
from openmso.kit.periods import DayRange
from openmso.kit.states import table_is_whole
from openmso.platform.access.registry import LINES

TERM = DayRange(date(2026, 1, 1), date(2027, 1, 1))
TASKS = (
    Task("denials.work", "denials", "Work denials", TERM, Who.MSO, Who.MSO),
    Task("accounting.books", "accounting", "Keep the books", TERM, Who.MSO, Who.MSO, Who.PRACTICE),
)
TERMS = Terms(
    Mode.THIRD_PARTY, Party(1, 1, "Harbor Ridge MSO, LLC", "100000001"), Party(2, 2, "Rockland, PC", "100000002"), TERM,
    (Line("denials", TERM, DoneBy.SHARED, "over 250", PROMISES["denials"][:1]), Line("accounting", TERM)),
    terms_of(PERCENT), ("RD03",), tasks=TASKS,
)  # fmt: skip


def version(number: int, starts_on: date, terms: Terms = TERMS) -> Version:
    return Version(f"AGV-{number}", "AGR-1", number, starts_on, terms, "", "DOC-1", "a" * 64, NOW, signers(NOW))


def agreement(state: S, *versions: Version, **more: Any) -> Agreement:
    return Agreement("AGR-1", 2, 1, state, versions, None, **more)


FIRST = version(1, date(2026, 1, 1))
ENDED = {"terminated_on": date(2026, 6, 1), "terminated_why": "Notice"}


@pytest.mark.parametrize(
    ("case", "on", "expected"),
    [
        (agreement(S.DRAFT), date(2026, 3, 1), InForce.DRAFT),
        (agreement(S.WITHDRAWN), date(2026, 3, 1), InForce.WITHDRAWN),
        (agreement(S.EXECUTED, FIRST), date(2025, 12, 31), InForce.AHEAD),
        (agreement(S.EXECUTED, FIRST), date(2026, 1, 1), InForce.NOW),
        (agreement(S.EXECUTED, FIRST), date(2026, 12, 31), InForce.NOW),
        (agreement(S.EXECUTED, FIRST), date(2027, 1, 1), InForce.EXPIRED),
        (agreement(S.TERMINATED, FIRST, **ENDED), date(2026, 5, 31), InForce.ENDING),
        (agreement(S.TERMINATED, FIRST, **ENDED), date(2026, 6, 1), InForce.TERMINATED),
        (agreement(S.TERMINATED, FIRST, **ENDED, winds_down_until=date(2026, 9, 1)), date(2026, 8, 31),
         InForce.WINDING_DOWN),
        (agreement(S.TERMINATED, FIRST, **ENDED, winds_down_until=date(2026, 9, 1)), date(2026, 9, 1),
         InForce.TERMINATED),
    ],
)  # fmt: skip
def test_an_agreement_on_a_day_in_a_word(case: Agreement, on: date, expected: InForce) -> None:
    assert rules.standing(case, on) is expected


def test_the_version_of_a_day_is_the_last_that_has_begun() -> None:
    two = agreement(S.EXECUTED, FIRST, version(2, date(2026, 4, 1)))

    numbers = [found.number if (found := two.version_on(date(2026, month, 1))) else 0 for month in (1, 3, 4, 12)]

    assert numbers == [1, 1, 2, 2]


@pytest.mark.parametrize(
    ("terms", "field"),
    [
        (replace(TERMS, lines=()), "lines"),
        (replace(TERMS, fee=None), "fee"),
        (replace(TERMS, practice=TERMS.mso), "practice_entity"),
        (replace(TERMS, reserved=("RD99",)), "reserved"),
        (replace(TERMS, lines=(Line("denials", TERM), Line("denials", TERM))), "lines"),
        (replace(TERMS, lines=(Line("magic", TERM),)), "lines"),
        (replace(TERMS, lines=(Line("denials", DayRange(date(2027, 1, 1))),)), "lines"),
        (replace(TERMS, days=DayRange(date(2026, 1, 1), date(2100, 1, 1))), "ends_on"),
        (replace(TERMS, hours=Hours(Hours().closes, Hours().opens)), "closes"),
    ],
)
def test_terms_that_cannot_be_signed_name_the_field(terms: Terms, field: str) -> None:
    assert next(iter(rules.faults(terms))).field == field


def test_good_terms_have_no_fault_and_survive_being_kept() -> None:
    assert not list(rules.faults(TERMS))
    assert termsheet.from_json(termsheet.to_json(TERMS)) == TERMS


def test_a_difference_is_said_in_words() -> None:
    cheaper = replace(TERMS, fee=terms_of(PERCENT | {"minimum": "1000.00"}), lines=TERMS.lines[:1])

    changes = {change.what: (change.before, change.after) for change in rules.difference(TERMS, cheaper)}

    assert set(changes) == {"Fee", "Accounting"}
    assert changes["Fee"][1].endswith("at least $1,000 a month")
    assert changes["Accounting"][1] == "not in scope"


def test_a_renewal_changes_the_term_and_not_each_line_that_runs_with_it() -> None:
    renewing = replace(TERMS, renewal_months=12, notice_days=90)

    changes = rules.difference(renewing, rules.renewed(renewing))

    assert [change.what for change in changes] == ["Term"]


@pytest.mark.parametrize(
    ("clock", "hours", "before", "after"),
    [
        ("40", Hours(), "10 business days", "4 business days"),
        ("45", Hours(), "100 business hours", "45 business hours"),
        ("40", Hours(closes=time(16)), "100 business hours", "40 business hours"),
    ],
)
def test_a_promise_is_compared_in_one_unit(clock: str, hours: Hours, before: str, after: str) -> None:
    quicker = replace(PROMISES["denials"][0], target=Decimal(clock), unit=Unit.HOURS, clock_hours=Decimal(clock))
    amended = replace(TERMS, hours=hours, lines=(replace(TERMS.lines[0], promises=(quicker,)), TERMS.lines[1]))

    changes = {change.what: (change.before, change.after) for change in rules.difference(TERMS, amended)}

    assert [said.rpartition(": ")[2] for said in changes["Denials and appeals"]] == [before, after]


def test_a_promise_that_was_not_touched_is_no_difference() -> None:
    shorter_days = replace(TERMS, hours=Hours(closes=time(16)))

    assert [change.what for change in rules.difference(TERMS, shorter_days)] == ["Business hours"]


def test_every_line_has_a_template_and_none_opens_what_needs_extra_law() -> None:
    assert set(rules.OPENS) == set(LINES)
    assert all(DataClass.PROTECTED not in opened for opened in rules.OPENS.values())
    assert {line for line, kind, _ in rules.PROMISABLE} <= set(LINES)
    assert not rules.OPENS["it"] & PHI
    named = Line("denials", TERM, also_opens=frozenset({DataClass.PROTECTED}))
    assert DataClass.PROTECTED in rules.opens(named)


def test_every_state_has_its_row_in_the_table_of_moves() -> None:
    assert table_is_whole(MOVES, S)


def test_what_follows_is_said_before_anybody_signs() -> None:
    said = rules.consequences(TERMS, starts_on=date(2026, 1, 1), practice="Rockland", has_baa=False, amends=True)

    assert "Denials and appeals, Accounting" in said[0]
    assert any("patient data stays closed" in sentence for sentence in said)
    assert any("ends on that day" in sentence for sentence in said)
