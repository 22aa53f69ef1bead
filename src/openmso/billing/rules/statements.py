"""Who gets a statement, and why somebody does not: plain values in, words out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from openmso.billing.rules.policy import Policy
from openmso.billing.states import Hold, NoStatement
from openmso.kit.money import ZERO, Money
from openmso.kit.words import day


@dataclass(frozen=True, slots=True)
class Planned:
    """What a payment plan asks of an account until the statement's last day, with what is owed beside the plan."""

    asked: Money
    next_on: date | None


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of an account on the day of a run."""

    owed: Money
    unapplied: Money
    hold: Hold | None
    hold_until: date | None
    last_on: date | None
    is_reachable: bool
    planned: Planned | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """Why no statement is sent; `reason` is none where one is."""

    reason: NoStatement | None
    words: str = ""


SENT = Verdict(None)


def judge(facts: Facts, policy: Policy, on: date) -> Verdict:
    """Whether an account gets a statement today; the first reason against it, in words."""
    if facts.owed <= ZERO:
        return Verdict(NoStatement.NOTHING, "Nothing is owed.")
    if is_held(facts.hold, facts.hold_until, on):
        assert facts.hold is not None, "a hold has a reason"
        until = f" until {day(facts.hold_until)}" if facts.hold_until else ""
        return Verdict(NoStatement.HELD, f"On hold{until}: {facts.hold.label.lower()}.")
    if facts.unapplied >= facts.owed:
        return Verdict(NoStatement.COVERED, "The patient has paid as much ahead; apply it first.")
    if facts.planned is not None and not facts.planned.asked:
        following = f"; the next instalment is due on {day(facts.planned.next_on)}" if facts.planned.next_on else ""
        return Verdict(NoStatement.PLAN, f"Paid by a plan, and nothing of it is due{following}.")
    if facts.owed < policy.statement_min:
        return Verdict(NoStatement.SMALL, f"Less than {policy.statement_min} is owed.")
    if facts.last_on is not None and on < (again := facts.last_on + timedelta(days=policy.statement_days)):
        return Verdict(NoStatement.EARLY, f"The last one went on {day(facts.last_on)}; the next goes on {day(again)}.")
    if not facts.is_reachable:
        return Verdict(NoStatement.ADDRESS, "The patient has neither a whole address nor an e-mail address.")
    return SENT


def is_held(hold: Hold | None, until: date | None, on: date) -> bool:
    """Whether a hold stands on a day; its last day is `until`."""
    return hold is not None and (until is None or on <= until)
