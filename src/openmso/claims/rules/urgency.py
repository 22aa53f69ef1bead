"""How pressing a waiting claim is: a number and its reason in words."""

from __future__ import annotations

from datetime import date

from openmso.kit.money import Money
from openmso.kit.words import counted

PRESSING_DAYS = 7
NEAR_DAYS = 30
LARGE = Money.of(1000)


def priority(*, due_on: date | None, total: Money, today: date, rejected: bool) -> tuple[int, str]:
    """0 (can wait) to 100, and why: the filing limit first, then what is at stake."""
    left = (due_on - today).days if due_on else None
    if left is not None and left <= PRESSING_DAYS:
        return 95, f"The filing limit is {due_on}, in {counted(max(left, 0), 'day')}."
    if left is not None and left <= NEAR_DAYS:
        return 75, f"The filing limit is {due_on}, in {counted(left, 'day')}."
    if total >= LARGE:
        return 65, f"{total} are at stake."
    if rejected:
        return 55, "The payer has sent it back; nothing is paid before it goes again."
    return 40, "In the order of its coming."
