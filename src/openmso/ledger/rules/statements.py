"""Statements from balances: an income statement over ranges of days, a balance sheet on days.

A figure stands in the sign in which the statement shows it: revenue and liabilities positive in credit, expenses and
assets positive in debit; contra-revenue is subtracted. Closing entries are left out of income statements, so that a
year reads the same before and after it is closed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from openmso.kit.money import ZERO, Money
from openmso.ledger.contracts import Account, Kind
from openmso.ledger.contracts.reports import Section, StatementRow

Sums = Mapping[str, Money]
"""Debits less credits of each account by code."""
Drawn = tuple[tuple[Section, ...], dict[str, tuple[Money, ...]]]
"""The sections of a statement, and its named results."""

_INCOME: tuple[tuple[str, str, frozenset[Kind], int], ...] = (
    ("revenue", "Income", frozenset({Kind.REVENUE}), -1),
    ("contra_revenue", "Less reductions", frozenset({Kind.CONTRA_REVENUE}), 1),
    ("expense", "Expenses", frozenset({Kind.EXPENSE}), 1),
)
_POSITION: tuple[tuple[str, str, frozenset[Kind], int], ...] = (
    ("asset", "Assets", frozenset({Kind.ASSET}), 1),
    ("liability", "Liabilities", frozenset({Kind.LIABILITY}), -1),
    ("equity", "Equity", frozenset({Kind.EQUITY}), -1),
)


def income(
    chart: Iterable[Account], columns: Sequence[Sums]
) -> tuple[tuple[Section, ...], dict[str, tuple[Money, ...]]]:
    """Sections of an income statement, and net revenue and net income for each column."""
    sections = _sections(_INCOME, list(chart), columns)
    revenue, reductions, expenses = (section.totals for section in sections)
    net = tuple(gross - less for gross, less in zip(revenue, reductions, strict=True))
    result = tuple(gross - cost for gross, cost in zip(net, expenses, strict=True))
    return sections, {"Net revenue": net, "Net income": result}


def position(chart: Iterable[Account], columns: Sequence[Sums]) -> Drawn:
    """Sections of a balance sheet; the result of the years not yet closed stands in equity as a line of its own.

    `columns` hold all accounts, those of income and expense too. The two results, assets and liabilities with
    equity, are equal, or the books are broken.
    """
    accounts = list(chart)
    assets, liabilities, equity = _sections(_POSITION, accounts, columns)
    temporary = [account.code for account in accounts if account.kind.is_temporary]
    earned = tuple(-Money.total(column.get(code, ZERO) for code in temporary) for column in columns)
    totals = tuple(standing + result for standing, result in zip(equity.totals, earned, strict=True))
    equity = Section(equity.key, equity.title, equity.rows, totals)
    owed = tuple(debt + own for debt, own in zip(liabilities.totals, totals, strict=True))
    results = {"Income not yet closed": earned, "Assets": assets.totals, "Liabilities and equity": owed}
    return (assets, liabilities, equity), results


def _sections(
    plan: tuple[tuple[str, str, frozenset[Kind], int], ...], accounts: list[Account], columns: Sequence[Sums]
) -> tuple[Section, ...]:
    return tuple(_section(key, title, kinds, sign, accounts, columns) for key, title, kinds, sign in plan)


def _section(
    key: str, title: str, kinds: frozenset[Kind], sign: int, accounts: list[Account], columns: Sequence[Sums]
) -> Section:
    rows = []
    for account in accounts:
        figures = tuple(column.get(account.code, ZERO) for column in columns)
        if account.kind in kinds and any(figures):
            rows.append(StatementRow(account, tuple(figure if sign > 0 else -figure for figure in figures)))
    totals = tuple(Money.total(row.figures[i] for row in rows) for i in range(len(columns)))
    return Section(key, title, tuple(rows), totals)
