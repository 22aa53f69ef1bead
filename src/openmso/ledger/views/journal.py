"""Entries, and the general ledger of an account."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.urls import reverse

from openmso.ledger import registry
from openmso.ledger.contracts import REVERSE, Basis, Book, Entry, Line
from openmso.ledger.forms import StatementAsk, statement_ask
from openmso.ledger.queries import books, journal
from openmso.ledger.tables import BASES, JOURNALS, entries_of, lines_of
from openmso.ledger.views.books import crumbs, get_book, new_button, segments
from openmso.platform.access.edges import page
from openmso.platform.ui import respond, tables
from openmso.platform.ui.contracts import PageAsk

PEEK_SIZE = 8
"""How many lines stand beside the trial balance."""


@page("ledger.read")
def entries(request: Any, book: str) -> HttpResponse:
    """The entries of a book."""
    found = get_book(book)
    spec = entries_of(found)
    ask = tables.ask(request, spec)
    return tables.answer(
        request, spec, ask, template="ledger/entries.html",
        context={
            "book": found, "crumbs": crumbs(found), "here": "Entries", "segments": segments(found, "entries"),
            "new_button": new_button(request, found),
        },
        fetch=lambda wanted: journal.entries(entity=found.entity, filters=ask.filters, page=wanted),
        tally=lambda: journal.tally(entity=found.entity, filters=ask.filters),
    )  # fmt: skip


@page("ledger.read")
def entry_of(request: Any, entry: str) -> HttpResponse:
    """An entry by its public id alone: the address that other entries and apps know."""
    found = journal.book_of_entry(entry)
    if found is None:
        raise journal.NoEntry(f"There is no entry {entry}, or it is not yours to read.")
    return respond.redirect(request, reverse("ledger:entry", args=[found.public_id, entry]))


@page("ledger.read")
def entry(request: Any, book: str, entry: str) -> HttpResponse:
    """An entry: its lines by basis, where each comes from, what it takes back or was taken back by."""
    found = get_book(book)
    shown = journal.entry(entity=found.entity, public_id=entry)
    why_not = ""
    if shown.reversed_by:
        why_not = "It was taken back already."
    elif shown.closing:
        why_not = "A closing entry stays: after later entries, close its year again."
    return respond.page(
        request,
        "ledger/entry.html",
        {
            "book": found, "entry": shown, "crumbs": crumbs(found), "here": shown.name,
            "journal": JOURNALS[shown.journal], "groups": _by_basis(found, shown),
            "source_url": registry.url_of(shown.source), "source_label": registry.label_of(shown.source),
            "reverse_button": respond.act(
                request.actor, REVERSE.code, "Reverse", practice=found.practice, why_not=why_not, icon="back",
                url=reverse("ledger:reverse", args=[found.public_id, shown.public_id]),
            ),
        },
    )  # fmt: skip


@page("ledger.read")
def account(request: Any, book: str, code: str) -> HttpResponse:
    """The general ledger of an account over some days, with the balance after each line."""
    found = get_book(book)
    known = books.find_account(entity=found.entity, code=code)
    if known is None:
        raise journal.NoEntry(f"There is no account {code} in these books.")
    ask = usual_ask(request, found)
    spec = lines_of(found)
    back = f"{reverse('ledger:book', args=[found.public_id])}?{ask.query()}"
    return tables.answer(
        request, spec, tables.ask(request, spec), template="ledger/account.html",
        context={"book": found, "account": known, "ask": ask, "crumbs": [*crumbs(found)], "here": str(known.name),
                 "back": back},
        fetch=lambda wanted: journal.account_lines(
            entity=found.entity, account=code, method=ask.method, starts_on=ask.starts_on, ends_on=ask.through,
            page=wanted,
        ),
    )  # fmt: skip


@page("ledger.read")
def peek(request: Any, book: str, code: str) -> HttpResponse:
    """The latest lines of an account, beside the trial balance."""
    found = get_book(book)
    return respond.page(
        request, "ledger/peek.html", {"book": found, "peek": peek_context(found, code, usual_ask(request, found))}
    )


def peek_context(book: Book, code: str, ask: StatementAsk) -> dict[str, Any] | None:
    """An account's latest lines, with where each comes from; `None` when the chart has no such account."""
    known = books.find_account(entity=book.entity, code=code)
    if known is None:
        return None
    found = journal.account_lines(
        entity=book.entity, account=code, method=ask.method, starts_on=ask.starts_on, ends_on=ask.through,
        page=PageAsk(size=PEEK_SIZE, desc=True),
    )  # fmt: skip
    url = f"{reverse('ledger:account', args=[book.public_id, code])}?{ask.query()}"
    moved = found.totals["debit"] - found.totals["credit"]  # type: ignore[operator]
    return {
        "account": known, "count": found.total, "url": url, "moved": moved, "range": ask,
        "rows": [(row, row.debit - row.credit, registry.url_of(row.source), registry.label_of(row.source))
                 for row in found.rows],
    }  # fmt: skip


def usual_ask(request: Any, book: Book) -> StatementAsk:
    """The question of a request; without one, the latest month begun that has entries."""
    usual = books.usual_month(entity=book.entity, today=request.actor.day_in(book.practice))
    return statement_ask(request.GET, usual=usual, own=book.method)


def _by_basis(book: Book, shown: Entry) -> list[tuple[str, list[tuple[Line, str, str, str]]]]:
    """The lines of an entry by what they are true for; each with its account's and its source's address."""
    groups = []
    for basis in Basis:
        lines = [
            (
                line, reverse("ledger:account", args=[book.public_id, line.account]), registry.url_of(line.source),
                registry.label_of(line.source),
            )
            for line in shown.lines
            if line.basis is basis
        ]  # fmt: skip
        if lines:
            groups.append((BASES[basis], lines))
    return groups
