"""How far a patient was asked, what comes next and when, and what stands against it: plain values in, words out.

Statements come first (`rules.statements`); after the last of them a letter, a call, a final notice, and then an agency
may have the account. What the patient pays begins it anew. Days are the practice's policy, and longer where the law of
the patient's state asks for more.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from openmso.billing.rules.medical_debt import Law
from openmso.billing.rules.policy import Policy
from openmso.billing.rules.statements import is_held
from openmso.billing.states import Deed, Hold, Stage
from openmso.kit.money import ZERO, Money
from openmso.kit.words import counted, day

STEPS = (Stage.LETTER, Stage.CALL, Stage.FINAL, Stage.READY)
DEEDS: Mapping[Stage, Deed] = {
    Stage.LETTER: Deed.LETTER, Stage.CALL: Deed.CALL, Stage.FINAL: Deed.FINAL, Stage.READY: Deed.READY,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of an account. Statements and steps are those since the patient last paid something."""

    owed: Money
    unapplied: Money = ZERO
    oldest_on: date | None = None
    hold: Hold | None = None
    hold_until: date | None = None
    on_plan: bool = False
    is_placed: bool = False
    is_screened: bool = False
    statements: tuple[date, ...] = ()
    steps: Mapping[Stage, date] = field(default_factory=dict)
    state: str = ""
    back_on: date | None = None
    """When an agency no longer had it: recalled, or given back, and nothing was paid since."""


@dataclass(frozen=True, slots=True)
class Stand:
    """The stage that was reached, the next one and its day (none where something stops it), and why, in words."""

    stage: Stage
    on: date | None
    next: Stage | None
    due_on: date | None
    words: str

    def is_due(self, on: date) -> bool:
        """Whether the next step is due."""
        return self.due_on is not None and self.due_on <= on


def stand(facts: Facts, policy: Policy, law: Law, on: date) -> Stand:
    """How far an account is on a day."""
    stage, since = _reached(facts)
    if facts.is_placed:
        return Stand(Stage.AGENCY, since, None, None, "An agency has it.")
    if why := stops(facts, policy, on):
        return Stand(stage, since, None, None, why)
    if stage is Stage.BACK:
        assert facts.back_on is not None, "what is back came back on a day"
        due = facts.back_on + timedelta(days=law.rest_days)
        rests = f" {_said(law, 'rest_days')}." if law.rest_days else ""
        return Stand(stage, since, Stage.READY, due, f"It came back from an agency on {day(facts.back_on)}.{rests}")
    if stage is Stage.READY:
        if facts.owed < policy.agency_min:
            return Stand(stage, since, None, None, f"Less than {policy.agency_min} is owed; no agency gets it.")
        if why := barred(facts, law, on):
            return Stand(stage, since, None, None, why)
        return Stand(stage, since, Stage.AGENCY, since, "An agency may have it, after somebody else has approved.")
    if len(facts.statements) < max(policy.statements_before_agency, 1):
        told = counted(len(facts.statements), "statement")
        last = facts.statements[-1] if facts.statements else None
        due = last + timedelta(days=policy.statement_days) if last else on
        return Stand(stage, since, Stage.STATEMENT, due, f"{told} of {policy.statements_before_agency} went so far.")
    step, due, why = _next(facts, policy, law)
    return Stand(stage, since, step, due, why)


def stops(facts: Facts, policy: Policy, on: date) -> str:
    """Why nobody may be asked now, in words; empty where nothing is against it."""
    if facts.owed <= ZERO:
        return "Nothing is owed."
    if is_held(facts.hold, facts.hold_until, on):
        assert facts.hold is not None, "a hold has a reason"
        until = f" until {day(facts.hold_until)}" if facts.hold_until else ""
        return f"On hold{until}: {facts.hold.label}."
    if facts.on_plan:
        return "It is paid by a plan."
    if facts.unapplied >= facts.owed:
        return "The patient has paid as much ahead; apply it first."
    if facts.owed < policy.statement_min:
        return f"Less than {policy.statement_min} is owed."
    return ""


def barred(facts: Facts, law: Law, on: date) -> str:
    """Why no agency may have it although it is ready, in words."""
    if law.time_bar_days and facts.oldest_on and (on - facts.oldest_on).days > law.time_bar_days:
        return f"The oldest service is of {day(facts.oldest_on)}: {_said(law, 'time_bar_days')}."
    if law.must_screen and not facts.is_screened:
        return f"Not screened for help: {_said(law, 'screen')}."
    return ""


def _reached(facts: Facts) -> tuple[Stage, date | None]:
    ready = facts.steps.get(Stage.READY)
    if facts.back_on is not None and not (ready and ready > facts.back_on):
        return Stage.BACK, facts.back_on
    for stage in reversed(STEPS):
        if stage in facts.steps:
            return stage, facts.steps[stage]
    if facts.statements:
        return Stage.STATEMENT, facts.statements[-1]
    return Stage.NONE, None


def _next(facts: Facts, policy: Policy, law: Law) -> tuple[Stage, date, str]:
    waits = {
        Stage.LETTER: policy.letter_days, Stage.CALL: policy.call_days, Stage.FINAL: policy.final_days,
    }  # fmt: skip
    last = facts.statements[-1]
    for stage in STEPS:
        if stage in facts.steps:
            last = facts.steps[stage]
        elif stage is Stage.READY:
            break
        elif waits[stage] or stage is Stage.FINAL:
            words = f"{counted(waits[stage], 'day')} after {day(last)}, by policy."
            return stage, last + timedelta(days=waits[stage]), words
    wait, first = max(policy.agency_days, law.final_days), max(policy.days_before_agency, law.first_days)
    due = max(last + timedelta(days=wait), facts.statements[0] + timedelta(days=first))
    by_law = law.final_days > policy.agency_days or law.first_days > policy.days_before_agency
    words = (
        f"{counted(wait, 'day')} after the final notice and {counted(first, 'day')} after the first statement, "
        f"by {'law' if by_law else 'policy'}."
    )
    return Stage.READY, due, words


def _said(law: Law, rule: str) -> str:
    rows = [one for one in law.rows if one.rule == rule]
    row = min(rows, key=lambda one: one.number) if rule == "time_bar_days" else max(rows, key=lambda one: one.number)
    return f"{row.words} ({row.source})"
