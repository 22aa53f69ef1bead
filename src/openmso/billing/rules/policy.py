"""What a practice has decided about its patients' money, as data with a default."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

from openmso.billing.rules import charity
from openmso.kit.money import Money

FIVE, LESS, TWENTY_FIVE = Money.of(5), Money.of("4.99"), Money.of(25)


@dataclass(frozen=True, slots=True)
class Policy:
    """How patients are billed. Amounts in dollars, intervals in days.

    `statement_min`: less is not asked for. `statement_days`: between two statements. `small_balance`: as little may be
    given up in a run. `statements_before_agency` and `days_before_agency`: what a patient gets before an agency does.
    `plan_instalment_min` and `plan_months_max`: plans beyond them need approval. An instalment is missed so many
    `plan_grace_days` after its day; `plan_missed_max` of them break a plan.
    `small_balance_days`: how old a balance is before a run gives it up, or gives back a credit of at most
    `small_credit`. After the last statement a letter goes in `letter_days`, a call is due `call_days` later, a final
    notice `final_days` later (0 leaves a step out), and `agency_days` after it an agency may have what is at least
    `agency_min`. `charity_scale` gives up to so many percent of the poverty guideline so many percent, for
    `charity_months`. `is_hospital` is 1 where the rules for hospitals that are exempt from tax hold (26 CFR 1.501(r)).
    """

    statement_min: Money = FIVE
    statement_days: int = 28
    small_balance: Money = LESS
    statements_before_agency: int = 3
    days_before_agency: int = 120
    plan_instalment_min: Money = TWENTY_FIVE
    plan_months_max: int = 12
    plan_missed_max: int = 2
    plan_grace_days: int = 5
    small_balance_days: int = 120
    small_credit: Money = FIVE
    letter_days: int = 28
    call_days: int = 7
    final_days: int = 14
    agency_days: int = 30
    agency_min: Money = TWENTY_FIVE
    is_hospital: int = 0
    charity_scale: str = "200:100 250:75 300:50 400:25"
    charity_months: int = 6

    def as_json(self) -> dict[str, Any]:
        """As plain data, to be kept."""
        kept = {one.name: getattr(self, one.name) for one in fields(self)}
        return {name: str(value) if isinstance(value, Money) else value for name, value in kept.items()}


def of_json(kept: Mapping[str, Any]) -> Policy:
    """The policy that was kept; what it does not say is as by default."""
    known = {one.name: type(getattr(Policy(), one.name)) for one in fields(Policy)}
    given: dict[str, Any] = {name: _READ[known[name]](value) for name, value in kept.items() if name in known}
    return replace(Policy(), **given)


_READ: Mapping[type, Callable[[Any], Any]] = {Money: Money.of, int: int, str: str}


def flaws(policy: Policy) -> Iterator[tuple[str, str]]:
    """What cannot be: the field, and why."""
    for one in fields(policy):
        value = getattr(policy, one.name)
        if isinstance(value, Money):
            if value.amount < 0:
                yield one.name, "An amount is not negative."
        elif isinstance(value, int) and value < 0:
            yield one.name, "A number is not negative."
    if words := charity.flaw(policy.charity_scale):
        yield "charity_scale", words
    if policy.is_hospital > 1:
        yield "is_hospital", "It is 0 or 1."
    for name in ("plan_months_max", "plan_missed_max"):
        if getattr(policy, name) < 1:
            yield name, "It is one at least."
    if policy.statement_days < 7:
        yield "statement_days", "Patients are asked once a week at most."
    if policy.small_balance >= policy.statement_min and policy.statement_min.amount:
        yield "small_balance", "What is given up as small is less than what a statement asks for."
