"""Trial balance, income statement and balance sheet, by any method of accounting, from the balances of the months.

Only the days of a month that is cut in two are summed from lines; whole months are read from balances, one row per
account and month, so that a statement costs the same whether a month holds ten entries or ten million.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db import connection

from openmso.kit.money import ZERO, Money
from openmso.kit.periods import Month
from openmso.ledger.contracts import Book, Method
from openmso.ledger.contracts.reports import Statement, TrialBalance, TrialRow, Turnover
from openmso.ledger.queries import books
from openmso.ledger.rules import statements

DAWN = date(1900, 1, 1)
"""Before the first entry of any book."""


@dataclass(frozen=True, slots=True)
class Days:
    """Days from the first to the last, both included; closing entries are counted or left out."""

    starts_on: date
    ends_on: date
    with_closing: bool = True


def trial_balance(*, entity: int, method: Method, starts_on: date, through: date) -> TrialBalance:
    """Opening balance, debits, credits and closing balance of every account over some days, both included."""
    book = books.book_of(entity)
    before = _moved(book, method, Days(DAWN, starts_on - timedelta(days=1)))
    during = _moved(book, method, Days(starts_on, through))
    nothing = Turnover(ZERO, ZERO)
    rows = []
    for account in books.accounts(entity=entity):
        opened, moved = before.get(account.code, nothing), during.get(account.code, nothing)
        row = TrialRow(account, opened.debits - opened.credits, moved.debits, moved.credits)
        if row.opening or row.debits or row.credits:
            rows.append(row)
    return TrialBalance(book, method, starts_on, through, tuple(rows))


def income_statement(*, entity: int, method: Method, ranges: Sequence[tuple[date, date]]) -> Statement:
    """Income less expenses over ranges of days, both ends included, one column each."""
    book = books.book_of(entity)
    columns = [_net(_moved(book, method, Days(*days, with_closing=False))) for days in ranges]
    sections, results = statements.income(books.accounts(entity=entity), columns)
    starts, ends = zip(*ranges, strict=True) if ranges else ((), ())
    return Statement(book, method, starts, ends, sections, results)


def balance_sheet(*, entity: int, method: Method, days: Sequence[date]) -> Statement:
    """What a legal entity owns and owes at the end of some days, one column each."""
    book = books.book_of(entity)
    columns = [_net(_moved(book, method, Days(DAWN, day))) for day in days]
    sections, results = statements.position(books.accounts(entity=entity), columns)
    return Statement(book, method, (), tuple(days), sections, results)


def turnover(
    *, entity: int, month: Month, method: Method, accounts: Collection[str] = ()
) -> dict[str, Turnover]:  # fmt: skip
    """What moved in a month on some accounts (on all, when none is named), closing entries left out."""
    book = books.book_of(entity)
    moved = _moved(book, method, Days(month.first, month.last, with_closing=False))
    return {code: found for code, found in moved.items() if not accounts or code in accounts}


def _net(moved: dict[str, Turnover]) -> dict[str, Money]:
    return {code: found.debits - found.credits for code, found in moved.items()}


def _moved(book: Book, method: Method, days: Days) -> dict[str, Turnover]:
    """Debits and credits of every account over some days: whole months from balances, cut months from lines."""
    parts: list[tuple[str, Decimal, Decimal]] = []
    bases = [basis.value for basis in method.bases(book.method)]
    first, last = _whole_months(days)
    if first <= last:
        parts += _read(MONTHS, book, bases, days, first.first, last.first)
    for starts_on, ends_on in _cut_days(days, first, last):
        parts += _read(DAYS, book, bases, days, starts_on, ends_on)
    sums: dict[str, Turnover] = {}
    for code, debits, credits in parts:
        held = sums.get(code, Turnover(ZERO, ZERO))
        sums[code] = Turnover(held.debits + Money(debits), held.credits + Money(credits))
    return sums


def _whole_months(days: Days) -> tuple[Month, Month]:
    """The first and last month that lie wholly within the days; in wrong order when there is none."""
    first, last = Month.of(days.starts_on), Month.of(days.ends_on)
    if first.first < days.starts_on:
        first = first.plus(1)
    if days.ends_on < last.last:
        last = last.plus(-1)
    return first, last


def _cut_days(days: Days, first: Month, last: Month) -> Iterable[tuple[date, date]]:
    if first > last:
        yield days.starts_on, days.ends_on
        return
    if days.starts_on < first.first:
        yield days.starts_on, first.first - timedelta(days=1)
    if last.last < days.ends_on:
        yield last.last + timedelta(days=1), days.ends_on


def _read(
    question: str, book: Book, bases: list[str], days: Days, starts_on: date, ends_on: date
) -> list[tuple[str, Decimal, Decimal]]:
    with connection.cursor() as cursor:
        cursor.execute(
            question,
            {
                "entity": book.entity, "bases": bases, "with_closing": days.with_closing, "starts_on": starts_on,
                "ends_on": ends_on,
            },
        )  # fmt: skip
        rows: list[tuple[str, Decimal, Decimal]] = cursor.fetchall()
        return rows


MONTHS = """
SELECT a.code, sum(b.debit_amount), sum(b.credit_amount)
  FROM ledger_balance b JOIN ledger_account a ON a.id = b.account_id
 WHERE b.entity_id = %(entity)s AND b.month BETWEEN %(starts_on)s AND %(ends_on)s AND b.basis = ANY (%(bases)s)
   AND (%(with_closing)s OR NOT b.closing)
 GROUP BY a.code
"""
DAYS = """
SELECT a.code, sum(l.debit_amount), sum(l.credit_amount)
  FROM ledger_account a
  JOIN ledger_line l ON l.account_id = a.id AND l.posted_on BETWEEN %(starts_on)s AND %(ends_on)s
 WHERE a.entity_id = %(entity)s AND l.basis = ANY (%(bases)s) AND (%(with_closing)s OR NOT l.closing)
 GROUP BY a.code
"""
