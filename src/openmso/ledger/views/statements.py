"""Trial balance, income statement and balance sheet; every figure leads to the lines behind it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from django.http import HttpResponse
from django.urls import reverse

from openmso.kit.money import Money
from openmso.kit.periods import Month
from openmso.kit.words import counted
from openmso.ledger.contracts import Account, Book, Kind, Method
from openmso.ledger.contracts.reports import Section, Statement, TrialBalance, TrialRow
from openmso.ledger.forms import COLUMNS, StatementAsk
from openmso.ledger.queries import books, journal, statements
from openmso.ledger.tables import TRIAL, statement_of
from openmso.ledger.views.books import crumbs, get_book, new_button, segments
from openmso.ledger.views.journal import peek_context, usual_ask
from openmso.platform.access.edges import page
from openmso.platform.ui import respond, tables
from openmso.platform.ui.contracts import Page

Columns = list[tuple[Section, list[tuple[Account, list[tuple[Money, str]]]]]]
"""The sections of a statement; each figure with the address of the lines behind it."""
GROUPS = (
    ("Assets", {Kind.ASSET}),
    ("Liabilities", {Kind.LIABILITY}),
    ("Equity", {Kind.EQUITY}),
    ("Income", {Kind.REVENUE, Kind.CONTRA_REVENUE}),
    ("Expenses", {Kind.EXPENSE}),
)


@page("ledger.read")
def trial(request: Any, book: str) -> HttpResponse:
    """The trial balance; with `account`, its lines beside it."""
    found = get_book(book)
    ask = usual_ask(request, found)
    balance = statements.trial_balance(
        entity=found.entity, method=ask.method, starts_on=ask.starts_on, through=ask.through
    )
    if request.GET.get("export"):
        return _exported(request, balance)
    chosen = request.GET.get("account", "")
    context = common(request, found, ask, "book", "Trial balance") | {
        "balance": balance,
        "groups": [group for group in ((title, _rows(balance, kinds, found, ask, chosen)) for title, kinds in GROUPS)
                   if group[1]],
        "standing": journal.standing(entity=found.entity, starts_on=ask.starts_on, through=ask.through),
        "peek": peek_context(found, chosen, ask) if chosen else None,
    }  # fmt: skip
    return respond.page(request, "ledger/trial.html", context)


@page("ledger.read")
def income(request: Any, book: str) -> HttpResponse:
    """Income less expenses, one month or several side by side."""
    found = get_book(book)
    ask = usual_ask(request, found)
    ranges = [(ask.starts_on, ask.through)]
    if ask.columns > 1:
        ranges = [(month.first, month.last) for month in ask.months()]
    drawn = statements.income_statement(entity=found.entity, method=ask.method, ranges=ranges)
    heads = [_range_words(starts, ends) for starts, ends in ranges]
    rows = _columns(drawn, found, ask, ranges)
    return _statement(request, found, ask, "income", "Income statement", drawn, heads, rows)


@page("ledger.read")
def position(request: Any, book: str) -> HttpResponse:
    """What the entity owns and owes at the end of a day, or of several months."""
    found = get_book(book)
    ask = usual_ask(request, found)
    days = [ask.through] if ask.columns == 1 else [ask.through, *(month.last for month in ask.months()[1:])]
    drawn = statements.balance_sheet(entity=found.entity, method=ask.method, days=days)
    heads = [f"{day:%-d %b %Y}" for day in days]
    rows = _columns(drawn, found, ask, [(day.replace(month=1, day=1), day) for day in days])
    return _statement(request, found, ask, "position", "Balance sheet", drawn, heads, rows)


def common(request: Any, book: Book, ask: StatementAsk, name: str, title: str) -> dict[str, Any]:
    """What all statements show around their figures."""
    rows = {row.month: row for row in books.periods(entity=book.entity)}
    period = rows.get(ask.month)
    closed = f"{ask.month.words} is {period.state.value}." if period and period.state.value != "open" else ""
    path = reverse(f"ledger:{name}", args=[book.public_id])
    return {
        "book": book, "ask": ask, "title": title, "period": period, "crumbs": crumbs(book), "here": title,
        "segments": segments(book, name, ask.query()), "methods": _methods(path, ask), "columns": _choices(path, ask),
        "before": f"{path}?{_month_query(ask, -1)}", "after": f"{path}?{_month_query(ask, 1)}",
        "range_words": _range_words(ask.starts_on, ask.through),
        "new_button": new_button(request, book, closed),
    }  # fmt: skip


def _statement(
    request: Any, book: Book, ask: StatementAsk, name: str, title: str, drawn: Statement, heads: list[str],
    sections: Columns,
) -> HttpResponse:  # fmt: skip
    if request.GET.get("export"):
        return _statement_exported(request, name, heads, drawn)
    context = common(request, book, ask, name, title) | {
        "heads": heads, "sections": [(section, rows, _extra(book, ask, section, drawn)) for section, rows in sections],
        "totals": [(words, drawn.results[words]) for words in LAST_ROWS[name]], "is_position": name == "position",
        "balanced": name == "income" or drawn.results["Assets"] == drawn.results["Liabilities and equity"],
    }  # fmt: skip
    return respond.page(request, "ledger/statement.html", context)


LAST_ROWS = {"income": ("Net revenue", "Net income"), "position": ("Assets", "Liabilities and equity")}
"""The results that stand at the foot of each statement."""


def _extra(
    book: Book, ask: StatementAsk, section: Section, drawn: Statement
) -> list[tuple[str, list[tuple[Money, str]]]]:  # fmt: skip
    """A line that no account has: the income of years that are not closed yet belongs to equity."""
    if section.key != "equity":
        return []
    path, words = reverse("ledger:income", args=[book.public_id]), "Income not yet closed"
    figures = [
        (figure, f"{path}?{ask.query(starts=statements.DAWN, through=day, columns=1)}")
        for figure, day in zip(drawn.results[words], drawn.ends, strict=True)
    ]
    return [(words, figures)]


def _statement_exported(request: Any, name: str, heads: list[str], drawn: Statement) -> HttpResponse:
    """A statement as a list: its accounts, then its totals and results."""
    rows: list[tuple[str, str, str, tuple[Money, ...]]] = []
    for section in drawn.sections:
        rows += [(section.title, row.account.code, row.account.name, row.figures) for row in section.rows]
        rows.append((section.title, "", section.title, section.totals))
    rows += [("", "", words, figures) for words, figures in drawn.results.items()]
    spec = statement_of(name, heads)
    return tables.answer(
        request, spec, tables.ask(request, spec), template="ledger/statement.html",
        fetch=lambda wanted: Page(rows[wanted.offset :][: wanted.size], len(rows), wanted),
    )  # fmt: skip


def _columns(drawn: Statement, book: Book, ask: StatementAsk, ranges: list[tuple[date, date]]) -> Columns:
    """Each row's figures, with the address of the lines behind each."""
    return [
        (
            section,
            [
                (
                    row.account,
                    [
                        (figure, account_url(book, row.account.code, ask.method, starts_on, ends_on))
                        for figure, (starts_on, ends_on) in zip(row.figures, ranges, strict=True)
                    ],
                )
                for row in section.rows
            ],
        )
        for section in drawn.sections
    ]


def _rows(
    balance: TrialBalance, kinds: set[Kind], book: Book, ask: StatementAsk, chosen: str
) -> list[tuple[TrialRow, str, str, bool]]:
    """The rows of a group: figures, address of the lines, address of the peek, whether it is the chosen one."""
    return [
        (
            row, account_url(book, row.account.code, ask.method, ask.starts_on, ask.through),
            f"?{ask.query(account=row.account.code)}", row.account.code == chosen,
        )
        for row in balance.rows
        if row.account.kind in kinds
    ]  # fmt: skip


def account_url(book: Book, code: str, method: Method, starts_on: date, through: date) -> str:
    """Where the lines of an account over some days are."""
    query = f"starts={starts_on}&through={through}&method={method.value}"
    return f"{reverse('ledger:account', args=[book.public_id, code])}?{query}"


def _exported(request: Any, balance: TrialBalance) -> HttpResponse:
    totals = {"opening": balance.opening, "debits": balance.debits, "credits": balance.credits}
    rows = balance.rows
    return tables.answer(
        request, TRIAL, tables.ask(request, TRIAL), template="ledger/trial.html",
        fetch=lambda wanted: Page(rows[wanted.offset :][: wanted.size], len(rows), wanted, totals),
    )  # fmt: skip


def _methods(path: str, ask: StatementAsk) -> list[dict[str, Any]]:
    return [
        {
            "label": method.value.capitalize(), "url": f"{path}?{ask.query(method=method.value)}",
            "current": method is ask.method, "count": None,
        }
        for method in Method
    ]  # fmt: skip


def _choices(path: str, ask: StatementAsk) -> list[dict[str, Any]]:
    return [
        {
            "label": counted(number, "month"), "url": f"{path}?{ask.query(columns=number)}",
            "current": number == ask.columns, "count": None,
        }
        for number in COLUMNS
    ]  # fmt: skip


def _month_query(ask: StatementAsk, step: int) -> str:
    month = ask.month.plus(step)
    return replace(ask, starts_on=month.first, through=month.last).query()


def _range_words(starts_on: date, through: date) -> str:
    month = Month.of(through)
    if (starts_on, through) == (month.first, month.last):
        return f"{through:%B %Y}"
    if starts_on == through:
        return f"{through:%-d %B %Y}"
    if (starts_on.year, starts_on.month) == (through.year, through.month):
        return f"{starts_on.day}–{through:%-d %B %Y}"
    return f"{starts_on:%-d %B %Y} – {through:%-d %B %Y}"
