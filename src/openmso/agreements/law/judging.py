"""Judging: what the rules of a place come to for what is known of a relationship, on a day, at a moment of its life."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from openmso.agreements.law.facts import FACTS, Case
from openmso.agreements.law.rulebook import Moment, Outcome, Rule, Timer
from openmso.kit import conditions
from openmso.kit.conditions import Condition
from openmso.platform.ui.contracts import Status, Tone


class Verdict(Status):
    """What a rule comes to."""

    STOPS = "stops", "Stops it", Tone.BAD
    ASKS = "asks", "Facts are missing", Tone.WARN
    LATE = "late", "Late", Tone.BAD
    RUNS = "runs", "Clock runs", Tone.WARN
    RESERVES = "reserves", "Reserved to the practice", Tone.INFO
    SWITCHES = "switches", "Another kind of fee", Tone.WARN
    TELLS = "tells", "To be known", Tone.INFO
    MEETS = "meets", "Met", Tone.GOOD
    EXEMPT = "exempt", "Does not apply", Tone.NONE


@dataclass(frozen=True, slots=True)
class Finding:
    """What one rule says: with what it lacks, the names of the facts that it asks for, and the day of its clock.

    `applies` is false where nobody has said whether it does: its facts are asked for, and it does not stop the step.
    """

    rule: Rule
    verdict: Verdict
    says: str
    unmet: tuple[str, ...] = ()
    asks: tuple[str, ...] = ()
    due_on: date | None = None
    applies: bool = True

    @property
    def asked(self) -> tuple[str, ...]:
        """The facts that it asks for, in words."""
        return tuple(FACTS[name].label for name in self.asks)

    @property
    def stops(self) -> bool:
        """Whether the step may not be taken while this stands; a rule that was only recalled stops nothing."""
        return self.rule.is_hard and self.applies and self.verdict in {Verdict.STOPS, Verdict.ASKS}

    @property
    def cited(self) -> str:
        """The sentence with its citation, and how sure it is."""
        unsure = "" if self.rule.is_hard else " Not confirmed by counsel: it warns and does not stop."
        return f"{self.says} ({self.rule.citation}){unsure}"


def judge(
    rules: Iterable[Rule], case: Case, *, state: str, moment: Moment | None, on: date, today: date | None = None
) -> list[Finding]:
    """What the rules of a state come to at a moment, those that stop it first; rules that do not apply are left out.

    Without a moment every rule is asked, whenever it is; one is exempt then that is exempt at each of its moments.
    `today` is the day on which it is asked, where that is another than the day `on` which it is to hold: what is dated
    later than today was not done yet.

    Raises nothing: what is unknown is asked for.
    """
    begun = case.get("agreement.begun_on")
    mine = [
        one for one in rules
        if one.concerns(state) and (moment is None or moment in one.moments)
        and (one.holds_on(on, begun) or one.outcome is Outcome.WATCH)
    ]  # fmt: skip
    exempting = [one for one in mine if one.outcome is Outcome.NOT_APPLICABLE and applies(one, case) is True]
    found = [_exempted(one) for one in exempting]
    for one in mine:
        asked = one.moments if moment is None else {moment}
        is_exempt = all(any(one.code in by.exempts and at in by.moments for by in exempting) for at in asked)
        if not is_exempt and one.outcome is not Outcome.NOT_APPLICABLE:
            finding = finding_of(one, case, on=on, today=today or on)
            if finding is not None:
                found.append(finding)
    order = list(Verdict)
    return sorted(found, key=lambda one: (not one.stops, order.index(one.verdict), one.rule.code))


def reserved(findings: Iterable[Finding]) -> frozenset[str]:
    """The decisions that these findings reserve to the practice."""
    return frozenset(code for one in findings if one.verdict is Verdict.RESERVES for code in one.rule.reserves)


def applies(rule: Rule, case: Case) -> bool | None:
    """Whether a rule applies; `None` where that cannot be said from what is known."""
    return True if rule.when is None else conditions.interpret(rule.when, case)


def finding_of(rule: Rule, case: Case, *, on: date, today: date) -> Finding | None:
    """What a rule comes to, asked today of a day; nothing where it does not apply."""
    does = applies(rule, case)
    if does is False:
        return None
    if does is None:
        assert rule.when is not None
        return replace(_asking(rule, [rule.when], case), applies=False)
    match rule.outcome:
        case Outcome.BLOCK:
            return _blocking(rule, case)
        case Outcome.REQUIRE | Outcome.CHECKLIST | Outcome.ALLOW:
            return _requiring(rule, case)
        case Outcome.NOTICE | Outcome.CLOCK:
            return _timing(rule, case, on, today)
        case Outcome.RESERVE:
            return Finding(rule, Verdict.RESERVES, rule.words)
        case Outcome.SWITCH:
            return Finding(rule, Verdict.SWITCHES, rule.words)
        case _:
            return _telling(rule, case)


def _exempted(rule: Rule) -> Finding:
    return Finding(rule, Verdict.EXEMPT, f"{rule.words} Not asked: {', '.join(rule.exempts)}.")


def _asking(rule: Rule, unsure: Iterable[Condition], case: Case) -> Finding:
    names = dict.fromkeys(one.name for condition in unsure for one in conditions.unknown(condition, case))
    return Finding(rule, Verdict.ASKS, rule.words, asks=tuple(names))


def _blocking(rule: Rule, case: Case) -> Finding:
    if rule.unless is None:
        return Finding(rule, Verdict.STOPS, rule.words)
    excused = conditions.interpret(rule.unless, case)
    if excused is None:
        return _asking(rule, [rule.unless], case)
    return Finding(rule, Verdict.MEETS if excused else Verdict.STOPS, rule.words)


def _requiring(rule: Rule, case: Case) -> Finding:
    judged = [(one, conditions.interpret(one, case)) for one in rule.needs]
    unmet = tuple(conditions.in_words(one) for one, holds in judged if holds is False)
    if unmet:
        return Finding(rule, Verdict.STOPS, rule.words, unmet=unmet)
    unsure = [one for one, holds in judged if holds is None]
    return _asking(rule, unsure, case) if unsure else Finding(rule, Verdict.MEETS, rule.words)


def _telling(rule: Rule, case: Case) -> Finding | None:
    if rule.unless is not None and conditions.interpret(rule.unless, case) is True:
        return None
    return Finding(rule, Verdict.TELLS, rule.words, due_on=rule.review_on)


def _timing(rule: Rule, case: Case, on: date, today: date) -> Finding:
    """A clock: done in time, running, or late; before a closing day, nothing closes until the days have run.

    What is dated in the future has not happened: a notice counts from its day on.
    """
    timer = rule.timer
    assert timer is not None
    if rule.unless is not None and conditions.interpret(rule.unless, case) is True:
        return Finding(rule, Verdict.MEETS, rule.words)
    day, done = case.get(timer.fact), case.get(timer.done) if timer.done else None
    done = None if done is not None and done > today else done
    if day is None or (not timer.before and day > today):
        return Finding(rule, Verdict.ASKS, rule.words, asks=(timer.fact,))
    due = day - timedelta(days=timer.days) if timer.before else day + timedelta(days=_days(timer, case))
    if done is not None and done <= due:
        return Finding(rule, Verdict.MEETS, rule.words, due_on=due)
    if done is not None or on > due:
        return Finding(rule, Verdict.STOPS if timer.before else Verdict.LATE, rule.words, due_on=due)
    return Finding(rule, Verdict.RUNS, rule.words, due_on=due)


def _days(timer: Timer, case: Case) -> int:
    """How long a clock runs: its days, or the hours that the parties agreed on, where they are fewer."""
    hours = case.get(timer.sooner) if timer.sooner else None
    return timer.days if hours is None else min(timer.days, math.ceil(hours / 24))


def facts_of(rule: Rule) -> tuple[str, ...]:
    """The names of the facts that a rule asks over, in the order of their use."""
    parts = [one for one in (rule.when, rule.unless, *rule.needs) if one is not None]
    names = [one.name for part in parts for one in conditions.comparisons(part)]
    timer = (rule.timer.fact, rule.timer.done, rule.timer.sooner) if rule.timer else ()
    return tuple(dict.fromkeys([*names, *filter(None, timer)]))


def as_data(one: Finding) -> dict[str, Any]:
    """A finding as plain data: what the API, the command and the record of a review say."""
    return {
        "code": one.rule.code, "number": one.rule.number, "outcome": one.rule.outcome.value,
        "verdict": one.verdict.value, "stops": one.stops, "says": one.cited, "remedy": one.rule.remedy,
        "unmet": list(one.unmet), "asks": list(one.asked), "reserves": list(one.rule.reserves),
        "due_on": one.due_on.isoformat() if one.due_on else None,
    }  # fmt: skip
