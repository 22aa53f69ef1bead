"""Level instalments: what is paid each month, and the schedule to the cent.

Interest of a month is a twelfth of the yearly rate on what is owed, to the cent (half up). The last instalment takes
what the rounding of the others left. A residual stays owed after it and is a row of its own on the same day.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, localcontext
from typing import Any

from openmso.equity.contracts.facilities import Instalment
from openmso.equity.rules import asking, holding
from openmso.equity.rules.distributing import FollowsReferrals
from openmso.equity.rules.preferred import months_after
from openmso.equity.states import Tie
from openmso.kit.money import ZERO, Money

MONTHS = 12
CITATION = "42 U.S.C. 1320a-7b(b); 42 CFR 411.351, 411.357"
"""Remuneration for referrals; Stark's fair market value and commercial reasonableness of what is lent."""


@dataclass(frozen=True, slots=True)
class Loan:
    """What is lent: at a rate a year as a fraction of one, over months in arrears, down to a residual."""

    amount: Money
    rate: Decimal
    months: int
    residual: Money = ZERO


def level(loan: Loan) -> Money:
    """The level payment of a month, to the cent (half up)."""
    rate = loan.rate / MONTHS
    if not rate:
        return Money.rounded((loan.amount - loan.residual).amount / loan.months)
    with localcontext() as exact:
        exact.prec = 40
        shrunk = (1 + rate) ** -loan.months
        return Money.rounded((loan.amount.amount - loan.residual.amount * shrunk) * rate / (1 - shrunk))


def schedule(loan: Loan, drawn_on: date, prepaid: Sequence[tuple[date, Money]] = ()) -> list[Instalment]:
    """The instalments, the first a month after the draw; their principal and what was prepaid add up to the amount.

    What is prepaid, by day, lowers what is owed at once; the instalments after it are level again over the months that
    are left. What is prepaid whole has no more of them.
    """
    payment, balance, residual, rows, since = level(loan), loan.amount, loan.residual, list[Instalment](), drawn_on
    for number in range(1, loan.months + 1):
        due_on = months_after(drawn_on, number)
        if back := Money.total(amount for on, amount in prepaid if since <= on < due_on):
            balance, residual = balance - back, min(residual, balance - back)
            payment = level(Loan(balance, loan.rate, loan.months - number + 1, residual))
        since = due_on
        if not balance:
            return rows
        interest = balance.times(loan.rate / MONTHS)
        principal = balance - residual if number == loan.months else payment - interest
        balance -= principal
        rows.append(Instalment(number, due_on, principal + interest, interest, principal, balance))
    if residual:
        last = rows[-1]
        rows.append(Instalment(last.number + 1, last.due_on, residual, ZERO, residual, ZERO))
    return rows


def refuse_referrals(tie: Tie, *texts: str) -> None:
    """Refuse lending that depends on referrals, by what is said of it or by its words."""
    found = tie.label if tie is not Tie.NOTHING else next(filter(None, map(holding.follows_referrals, texts)), "")
    if found:
        raise FollowsReferrals(
            f"Money cannot be lent in return for referrals: “{found[:160]}” ({CITATION}).", field="tie",
            fix="What is lent depends on nothing but its repayment.",
        )  # fmt: skip


def loan_of(asked: Any) -> tuple[Loan, date, list[tuple[date, Money]]]:
    """A question as JSON: `amount rate months`, where wanted `residual drawn_on prepaid tie`. Raises `Refused`.

    `prepaid` lists what was paid ahead, each with its day and amount.
    """
    fields = asking.only(asked, needed="amount rate months", may="residual drawn_on prepaid tie")
    refuse_referrals(asking.choice(fields, "tie", Tie, Tie.NOTHING))
    months = asking.number(fields, "months", above=0)
    if months != int(months) or months > 480:
        raise asking.NotUnderstood("months is a whole number up to 480.", field="months")
    loan = Loan(
        asking.money(fields, "amount", above=0), asking.rate(fields, "rate"), int(months),
        asking.money(fields, "residual", least=0),
    )  # fmt: skip
    if loan.rate >= 1 or loan.residual >= loan.amount:
        raise asking.NotUnderstood("The rate is a part of one, and the residual less than the amount.", field="rate")
    drawn_on = asking.day(fields, "drawn_on") if "drawn_on" in fields else date(2026, 1, 1)
    return loan, drawn_on, _prepaid(fields, loan, drawn_on)


def _prepaid(fields: Mapping[str, Any], loan: Loan, drawn_on: date) -> list[tuple[date, Money]]:
    """What was paid ahead, in the order of its days; never more than was owed then."""
    found: list[tuple[date, Money]] = []
    for at, given in enumerate(asking.listed(fields, "prepaid") if "prepaid" in fields else ()):
        where = f"prepaid[{at}]."
        one = asking.only(given, needed="on amount", where=where)
        on, amount = asking.day(one, "on", where=where), asking.money(one, "amount", above=0, where=where)
        before = schedule(loan, drawn_on, found)
        owed = loan.amount - Money.total([*(row.principal for row in before if row.due_on <= on),
                                          *(paid for _, paid in found)])  # fmt: skip
        if on < max([drawn_on, *(day for day, _ in found)]) or amount > owed:
            raise asking.NotUnderstood(f"{owed:,.2f} is owed then; days go in their order.", field=f"{where}amount")
        found.append((on, amount))
    return found


def schedule_data(loan: Loan, rows: list[Instalment]) -> Mapping[str, Any]:
    """The answer as plain data."""
    return {
        "payment": str(level(loan)),
        "last_payment": str(next((one.payment for one in reversed(rows) if one.number <= loan.months), ZERO)),
        "interest": str(Money.total(one.interest for one in rows)), "residual": str(loan.residual),
        "rows": [
            {"number": one.number, "due_on": str(one.due_on), "payment": str(one.payment),
             "interest": str(one.interest), "principal": str(one.principal), "balance": str(one.balance)}
            for one in rows
        ],
    }  # fmt: skip
