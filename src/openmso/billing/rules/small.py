"""Which balances are too small to be asked for, and which credits too small to be kept: plain values in, words out."""

from __future__ import annotations

from datetime import date

from openmso.billing.rules.dunning import Facts
from openmso.billing.rules.policy import Policy
from openmso.billing.rules.statements import is_held
from openmso.kit.money import ZERO, Money
from openmso.kit.words import counted, day


def why_given_up(facts: Facts, policy: Policy, on: date) -> str:
    """Why a balance is given up, in words; empty where it is not."""
    if not ZERO < facts.owed <= policy.small_balance or facts.oldest_on is None:
        return ""
    if is_held(facts.hold, facts.hold_until, on) or facts.on_plan or facts.is_placed or facts.unapplied:
        return ""
    if (on - facts.oldest_on).days < policy.small_balance_days:
        return ""
    return f"At most {policy.small_balance}, and owed since {day(facts.oldest_on)}."


def why_given_back(left: Money, received_on: date, owed: Money, policy: Policy, on: date) -> str:
    """Why what is left of a payment is given back unasked, in words; empty where it is not."""
    age = (on - received_on).days
    if not ZERO < left <= policy.small_credit or owed > ZERO or age < policy.small_balance_days:
        return ""
    return f"Nothing is owed, and the patient's money has been here for {counted(age, 'day')}."
