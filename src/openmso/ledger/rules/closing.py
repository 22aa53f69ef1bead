"""What stands in the way of opening, closing and locking a month, and what closing a year posts."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from openmso.kit.money import ZERO, Money
from openmso.kit.periods import Month
from openmso.ledger.contracts import Accounts, Basis, LineDraft
from openmso.ledger.states import S


@dataclass(frozen=True, slots=True)
class Step:
    """A month of a book and its state."""

    month: Month
    fiscal_year: int
    state: S


Obstacle = Callable[[Step, Sequence[Step]], str]
"""What stands in the way of a move of one month among all months of a book; the empty text when nothing does."""


def fiscal_year(month: Month, starts: int) -> int:
    """The fiscal year of a month, named by the year in which it ends, for years that begin in month `starts`."""
    return month.year + (1 if 1 < starts <= month.number else 0)


def year_months(year: int, starts: int) -> tuple[Month, Month]:
    """The first and the last month of a fiscal year."""
    first = Month(year - 1 if starts > 1 else year, starts)
    return first, first.plus(11)


def obstacles(step: Step, steps: Sequence[Step]) -> Mapping[str, str]:
    """Why a month cannot be closed, reopened or locked, by act; what is missing can be done."""
    found = {
        "close": why_not_close(step, steps),
        "reopen": why_not_reopen(step, steps),
        "lock": why_not_lock(step, steps),
    }
    return {act: why for act, why in found.items() if why}


def why_not_close(step: Step, steps: Sequence[Step]) -> str:
    """Months close in their order; a month that is closed is not closed again."""
    if step.state is not S.OPEN:
        return f"{step.month.words} is {step.state.value} already."
    earlier = [other.month for other in steps if other.month < step.month and other.state is S.OPEN]
    return f"Close {earlier[0].words} first: months close in their order." if earlier else ""


def why_not_reopen(step: Step, steps: Sequence[Step]) -> str:
    """A closed month opens again only while the next one is open: what follows rests on it."""
    if step.state is S.OPEN:
        return f"{step.month.words} is open."
    if step.state is S.LOCKED:
        return f"{step.month.words} is locked for good. Post to an open month instead."
    after = next((other for other in steps if other.month == step.month.plus(1)), None)
    if after is not None and after.state is not S.OPEN:
        return f"{after.month.words} is {after.state.value} and rests on this month. Open that one first."
    return ""


def why_not_lock(step: Step, steps: Sequence[Step]) -> str:
    """Only closed months lock, in their order, and never again open."""
    if step.state is S.LOCKED:
        return f"{step.month.words} is locked already."
    if step.state is S.OPEN:
        return f"Close {step.month.words} first."
    earlier = [other.month for other in steps if other.month < step.month and other.state is not S.LOCKED]
    return f"Lock {earlier[0].words} first: months lock in their order." if earlier else ""


def closing_lines(standing: Mapping[tuple[str, Basis], Money]) -> tuple[LineDraft, ...]:
    """The lines that bring income and expense accounts to zero, into retained earnings, on each basis by itself.

    `standing` is debits less credits of each account of income and expense, by basis.
    """
    lines: list[LineDraft] = []
    results: dict[Basis, Money] = {}
    for (account, basis), balance in sorted(standing.items()):
        if balance:
            lines.append(_line(account, -balance, basis))
            results[basis] = results.get(basis, ZERO) + balance
    lines += [_line(Accounts.RETAINED_EARNINGS, result, basis) for basis, result in sorted(results.items()) if result]
    return tuple(lines)


def _line(account: str, amount: Money, basis: Basis) -> LineDraft:
    debit, credit = (amount, ZERO) if amount.amount > 0 else (ZERO, -amount)
    return LineDraft(account, debit, credit, basis)
