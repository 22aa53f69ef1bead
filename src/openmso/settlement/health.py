"""The MSO's finances in four figures, from its book's balance sheet and income statement. Pure.

Liquidity is the current ratio: cash and receivables of the months ahead by what is owed in them. Days of cash is cash
by the expenses of a day, of three months, without depreciation. Loans, facilities and equipment are not liquid.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from openmso.agreements.contracts import Shown
from openmso.kit.money import ZERO, Money
from openmso.ledger.contracts import Accounts
from openmso.settlement.contracts.health import Reckoned

CASH = (Accounts.OPERATING_CASH, Accounts.CASH_CLEARING)
LIQUID = (*CASH, Accounts.FEES_RECEIVABLE, Accounts.DUE_FROM_PRACTICES, Accounts.RETURNED_TO_COME)
OWED_SOON = (
    Accounts.PAYABLES, Accounts.RETURNED_TO_MAKE, Accounts.PAYROLL_LIABILITIES, Accounts.DUE_TO_PRACTICES,
    Accounts.REBATES_PAYABLE,
)  # fmt: skip
MONTHS = 3
"""Over so many months the expenses of a day are taken."""
_PLACES = Decimal("0.0001")


@dataclass(frozen=True, slots=True)
class Book:
    """What the MSO's book says of a month: standing by account at its end, income and expenses of it, and of three."""

    standing: Mapping[str, Money]
    net_income: Money
    spent: Money
    """Of three months, without depreciation."""
    days: int
    earned: Money
    of_practice: Money
    """What of the month's income is the practice's fee."""


def reckoned(code: Shown, book: Book) -> Reckoned:
    """A figure with its formula."""
    if code is Shown.LIQUIDITY:
        liquid, owed = _sum(book, LIQUID), _sum(book, OWED_SOON)
        return _divided(code, liquid, owed, f"{liquid:,.2f} liquid ÷ {owed:,.2f} owed soon")
    if code is Shown.DAYS_CASH:
        cash = _sum(book, CASH)
        words = f"{cash:,.2f} cash × {book.days} days ÷ {book.spent:,.2f} spent in them"
        return _divided(code, cash, book.spent, words, times=book.days)
    if code is Shown.NET_INCOME:
        return Reckoned(code, book.net_income.amount, "Income less expenses of the month")
    words = f"{book.of_practice:,.2f} of this practice ÷ {book.earned:,.2f} earned"
    return _divided(code, book.of_practice, book.earned, words)


def _sum(book: Book, accounts: tuple[str, ...]) -> Money:
    return Money.total(book.standing.get(account, ZERO) for account in accounts)


def _divided(code: Shown, part: Money, whole: Money, words: str, *, times: int = 1) -> Reckoned:
    if whole <= ZERO:
        return Reckoned(code, None, words)
    return Reckoned(code, (part.amount * times / whole.amount).quantize(_PLACES, ROUND_HALF_UP), words)
