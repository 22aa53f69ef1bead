"""How pressing a waiting claim is: a number and its reason in words."""

from __future__ import annotations

from datetime import date

from openmso.kit.money import Money
from openmso.kit.words import amount, day
from openmso.platform.work.contracts import when

PRESSING_DAYS = 7
NEAR_DAYS = 30
LARGE = Money.of(1000)


def priority(*, due_on: date | None, total: Money, today: date, rejected: bool) -> tuple[int, str]:
    """0 (can wait) to 100, and why: the filing limit first, then what is at stake."""
    left = (due_on - today).days if due_on else None
    if due_on and left is not None and left <= PRESSING_DAYS:
        return 95, _limit(due_on)
    if due_on and left is not None and left <= NEAR_DAYS:
        return 75, _limit(due_on)
    if total >= LARGE:
        return 65, f"{amount(total.amount)} at stake"
    if rejected:
        return 55, f"{amount(total.amount)} that nobody pays before it goes again"
    return 40, f"{amount(total.amount)} at stake, {f'the filing limit {when(due_on)}' if due_on else 'no filing limit'}"


def _limit(due_on: date) -> str:
    return f"the filing limit is {when(due_on)} ({day(due_on)})"
