"""The list of books, and the months of one."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.urls import reverse

from openmso.kit.money import Money
from openmso.ledger.contracts import CLOSE, POST, Book
from openmso.ledger.contracts.reports import PeriodRow
from openmso.ledger.queries import books
from openmso.ledger.rules import closing
from openmso.ledger.tables import BOOKS
from openmso.platform.access.edges import page
from openmso.platform.ui import respond, tables
from openmso.platform.ui.contracts import Page


@page("ledger.read")
def index(request: Any) -> HttpResponse:
    """All books in which the reader may look."""
    rows = books.books(on=request.actor.today)
    totals: dict[str, Any] = {
        "cash": Money.total(row.cash for row in rows),
        "receivable": Money.total(row.receivable for row in rows),
        "entries": sum(row.entries for row in rows),
        "to_close": sum(row.to_close for row in rows),
    }
    return tables.answer(
        request, BOOKS, tables.ask(request, BOOKS), template="ledger/books.html",
        fetch=lambda wanted: Page(rows[wanted.offset :][: wanted.size], len(rows), wanted, totals),
    )  # fmt: skip


@page("ledger.read")
def periods(request: Any, book: str) -> HttpResponse:
    """The months of a book: what each holds, its state, and what can be done with it, or why not."""
    found = get_book(book)
    rows = books.periods(entity=found.entity)
    may = request.actor.may(CLOSE.code, found.practice)
    return respond.page(
        request,
        "ledger/periods.html",
        {
            "book": found, "crumbs": crumbs(found), "here": "Months", "next_month": rows[0].month.plus(1),
            "rows": [(row, acts_on(row, found) if may.allowed else []) for row in rows], "may_close": may.allowed,
            "open_button": respond.act(
                request.actor, CLOSE.code, f"Open {rows[0].month.plus(1).words}", practice=found.practice
            ),
            "years": years(rows, found) if may.allowed else [], "segments": segments(found, "periods"),
        },
    )  # fmt: skip


def new_button(request: Any, book: Book, why_not: str = "") -> respond.Button | None:
    """Leads to a new entry by hand, where the reader may or could make one."""
    url = reverse("ledger:new-entry", args=[book.public_id])
    return respond.act(
        request.actor, POST.code, "New entry", practice=book.practice, why_not=why_not, icon="plus", url=url
    )


def get_book(public_id: str) -> Book:
    """The book of an address, in the reader's scope; raises `NoBook`."""
    found = books.find_book(public_id)
    if found is None:
        raise books.NoBook("There is no such book, or it is not yours to read.")
    return found


def acts_on(row: PeriodRow, book: Book) -> list[tuple[respond.Button, bool]]:
    """What may be done with a month: the button, and whether it leads to a question first."""
    found = []
    for act, label in (("close", "Close"), ("reopen", "Open again"), ("lock", "Lock")):
        if act in WANTED[row.state.value]:
            url = reverse(f"ledger:{act}-period", args=[book.public_id, str(row.month)])
            why_not = row.why_not.get(act, "")
            found.append((respond.button(f"{label} {row.month.words}", why_not=why_not, url=url), act == "reopen"))
    return found


WANTED = {"open": ("close",), "closed": ("reopen", "lock"), "locked": ()}
"""The acts that make sense in each state."""


def years(rows: list[PeriodRow], book: Book) -> list[tuple[int, respond.Button]]:
    """The fiscal years whose last month is open now, with the button that closes each."""
    found = []
    steps = [closing.Step(row.month, row.fiscal_year, row.state) for row in rows]
    for step in steps:
        _, last = closing.year_months(step.fiscal_year, book.fiscal_year_start)
        if step.month == last and step.state.value == "open":
            why_not = closing.why_not_close(step, steps)
            found.append((step.fiscal_year, respond.button(f"Close fiscal year {step.fiscal_year}", why_not=why_not)))
    return found


def crumbs(book: Book) -> list[tuple[str, str]]:
    """The way from the list of books to a page of one."""
    return [(book.name, reverse("ledger:book", args=[book.public_id]))]


def segments(book: Book, current: str, query: str = "") -> list[dict[str, Any]]:
    """The pages of a book, side by side."""
    pages = (("book", "Trial balance"), ("income", "Income"), ("position", "Balance sheet"), ("entries", "Entries"),
             ("periods", "Months"))  # fmt: skip
    return [
        {
            "label": label, "current": name == current, "count": None,
            "url": reverse(f"ledger:{name}", args=[book.public_id])
            + (f"?{query}" if query and name in {"book", "income", "position"} else ""),
        }
        for name, label in pages
    ]  # fmt: skip
