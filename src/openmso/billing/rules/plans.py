"""Payment plans: instalments by the month, what of them is paid, due and missed on a day, and what a policy allows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_CEILING

from openmso.billing.rules.policy import Policy
from openmso.kit.money import CENT, ZERO, Money
from openmso.kit.periods import Month

DAY_MAX = 28
"""The last day that every month has."""
STARTS_WITHIN = timedelta(days=62)
Covered = tuple[str, int, Money]
"""A line that a plan is for: claim, number (0 for the claim as a whole), what was owed of it then."""


@dataclass(frozen=True, slots=True)
class Instalment:
    """One payment of a plan."""

    number: int
    due_on: date
    amount: Money


@dataclass(frozen=True, slots=True)
class Terms:
    """A balance in equal instalments on one day of the month, from `first_on`; the last one is what remains."""

    amount: Money
    instalment: Money
    first_on: date

    @property
    def count(self) -> int:
        """How many instalments they are."""
        return -(-int(self.amount.amount / CENT) // int(self.instalment.amount / CENT))

    def schedule(self) -> Iterator[Instalment]:
        """The instalments in order; together they are the balance."""
        month, left = Month.of(self.first_on), self.amount
        for number in range(1, self.count + 1):
            part = min(self.instalment, left)
            yield Instalment(number, month.first.replace(day=self.first_on.day), part)
            month, left = month.plus(1), left - part

    def asked_by(self, on: date) -> Money:
        """What is to be paid through a day."""
        return Money.total(one.amount for one in self.schedule() if one.due_on <= on)


@dataclass(frozen=True, slots=True)
class Standing:
    """How a plan stands on a day.

    `due` is what is due and not paid, `missed` how many instalments are unpaid after their grace; `next` is the first
    that is not paid whole, and `next_amount` what is still to be paid of it.
    """

    paid: Money
    left: Money
    due: Money
    missed: int
    next: Instalment | None
    next_amount: Money

    @property
    def is_good(self) -> bool:
        """Whether nothing was missed."""
        return not self.missed


def first_day(starts_on: date, day: int) -> date:
    """The first such day of a month, on a day or after it."""
    here = Month.of(starts_on)
    on = here.first.replace(day=day)
    return on if on >= starts_on else here.plus(1).first.replace(day=day)


def in_months(amount: Money, months: int) -> Money:
    """The instalment that pays an amount in so many months, to the cent upwards."""
    return Money((amount.amount / months).quantize(CENT, rounding=ROUND_CEILING))


def left_of(covers: Iterable[Covered], owed: Mapping[tuple[str, int], Money]) -> Money:
    """What is still owed of the lines that a plan covers; what is owed beyond what it was for is not part of it."""
    return Money.total(max(ZERO, min(amount, owed.get((claim, line), ZERO))) for claim, line, amount in covers)


def stand(terms: Terms, left: Money, on: date, grace: int) -> Standing:
    """How a plan stands on a day, by what is left of it."""
    paid = terms.amount - left
    due, missed, sofar = ZERO, 0, ZERO
    first: Instalment | None = None
    first_amount = ZERO
    for one in terms.schedule():
        sofar += one.amount
        open_ = min(one.amount, max(ZERO, sofar - paid))
        if not open_:
            continue
        if first is None:
            first, first_amount = one, open_
        if one.due_on <= on:
            due += open_
        if one.due_on + timedelta(days=grace) < on:
            missed += 1
    return Standing(paid, left, due, missed, first, first_amount)


def flaws(terms: Terms, on: date) -> Iterator[tuple[str, str]]:
    """What cannot be: the field, and why."""
    if not ZERO < terms.instalment <= terms.amount:
        yield "instalment", f"An instalment is more than nothing and at most the balance of {terms.amount}."
    if terms.first_on.day > DAY_MAX:
        yield "day", f"The day is one that every month has: 1 to {DAY_MAX}."
    if not on <= terms.first_on <= on + STARTS_WITHIN:
        yield "starts_on", "The first instalment is due from today on, within two months."


def beyond(terms: Terms, policy: Policy) -> str:
    """What of a plan is outside a practice's policy, in words; empty where it is within."""
    if terms.count > policy.plan_months_max:
        return f"It takes {terms.count} months; {policy.plan_months_max} are allowed."
    if terms.instalment < min(policy.plan_instalment_min, terms.amount):
        return f"An instalment is {terms.instalment}; the least is {policy.plan_instalment_min}."
    return ""


def months_allowed(amount: Money, policy: Policy) -> list[int]:
    """In how many months an amount may be paid without approval, fewest first."""
    return [
        months for months in range(2, policy.plan_months_max + 1)
        if in_months(amount, months) >= policy.plan_instalment_min
    ]  # fmt: skip
