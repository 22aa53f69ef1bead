"""Acts upon a book: entries by hand, reversals, months opened, closed and locked, years closed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from openmso.kit.errors import Refused
from openmso.kit.periods import Month
from openmso.ledger.contracts import BY_HAND, Book, EntryDraft, Source
from openmso.ledger.forms import NewEntry, NewLines, Reason, Reversal
from openmso.ledger.queries import books, journal
from openmso.ledger.services import periods, posting
from openmso.ledger.views.books import crumbs, get_book
from openmso.platform.access.edges import act, form
from openmso.platform.tenancy.scope import reading
from openmso.platform.ui import respond


@form("ledger.post")
def new_entry(request: Any, book: str) -> HttpResponse:
    """An entry by hand."""
    with reading():
        found = get_book(book)
        chart = books.accounts(entity=found.entity)
        day = books.usual_day(entity=found.entity, today=request.actor.day_in(found.practice))
    head = NewEntry(request.POST or None, initial={"posted_on": day, "key": f"by-hand:{uuid4()}"})
    lines = NewLines(request.POST or None, prefix="line", form_kwargs={"accounts": chart})
    if request.method == "POST" and head.is_valid() and lines.is_valid():
        drafted = [draft for draft in (one.draft() for one in lines) if draft is not None]
        given = head.cleaned_data
        try:
            ref = posting.post(
                actor=request.actor, at=request.actor.at,
                entries=[EntryDraft(found.entity, given["posted_on"], given["memo"], tuple(drafted), key=given["key"],
                                    source=Source(BY_HAND, request.actor.user))],
            )[0]  # fmt: skip
        except Refused as no:
            head.add_error("posted_on" if isinstance(no, posting.PeriodNotOpen) else None, f"{no.sentence} {no.fix}")
        else:
            messages.success(request, f"Posted as {ref.name}.")
            return respond.redirect(request, reverse("ledger:entry", args=[found.public_id, ref.public_id]))
    context = {"book": found, "form": head, "lines": lines, "crumbs": crumbs(found), "here": "New entry"}
    return render(request, "ledger/new_entry.html", context, status=422 if head.is_bound else 200)


@form("ledger.reverse")
def reverse_entry(request: Any, book: str, entry: str) -> HttpResponse:
    """Take an entry back, with a reason, on an open day."""
    with reading():
        found = get_book(book)
        shown = journal.entry(entity=found.entity, public_id=entry)
        day = books.open_day(entity=found.entity, wanted=shown.posted_on)
    filled = Reversal(request.POST or None, initial={"on": day})
    if request.method == "POST" and filled.is_valid():
        try:
            ref = posting.reverse(
                actor=request.actor, entity=found.entity, entry=entry, at=request.actor.at, **filled.cleaned_data
            )
        except Refused as no:
            filled.add_error(no.field if no.field in filled.fields else None, f"{no.sentence} {no.fix}")
        else:
            messages.success(request, f"{shown.name} was taken back by {ref.name}.")
            return respond.redirect(request, reverse("ledger:entry", args=[found.public_id, ref.public_id]))
    way = [*crumbs(found), (shown.name, reverse("ledger:entry", args=[found.public_id, entry]))]
    context = {"book": found, "entry": shown, "form": filled, "crumbs": way, "here": "Reverse"}
    return render(request, "ledger/reverse.html", context, status=422 if filled.is_bound else 200)


@act("ledger.close")
def open_period(request: Any, book: str) -> HttpResponse:
    """Open the next month."""
    found = _book(book)
    month = _month(request.POST.get("month", ""))
    return _done(request, found, f"{month.words} is open.", lambda: periods.open_next(
        actor=request.actor, entity=found.entity, month=month, at=request.actor.at))  # fmt: skip


@act("ledger.close")
def close_period(request: Any, book: str, month: str) -> HttpResponse:
    """Close a month, when its books are sound."""
    found = _book(book)
    return _done(request, found, f"{_month(month).words} is closed.", lambda: periods.close(
        actor=request.actor, entity=found.entity, month=_month(month), at=request.actor.at))  # fmt: skip


@act("ledger.close")
def lock_period(request: Any, book: str, month: str) -> HttpResponse:
    """Lock a closed month for good."""
    found = _book(book)
    return _done(request, found, f"{_month(month).words} is locked.", lambda: periods.lock(
        actor=request.actor, entity=found.entity, month=_month(month), at=request.actor.at))  # fmt: skip


@form("ledger.close")
def reopen_period(request: Any, book: str, month: str) -> HttpResponse:
    """Open a closed month again, with a reason."""
    found, wanted = _book(book), _month(month)
    filled = Reason(request.POST or None)
    if request.method == "POST" and filled.is_valid():
        return _done(request, found, f"{wanted.words} is open again.", lambda: periods.reopen(
            actor=request.actor, entity=found.entity, month=wanted, at=request.actor.at, **filled.cleaned_data,
        ))  # fmt: skip
    way = [*crumbs(found), ("Months", reverse("ledger:periods", args=[found.public_id]))]
    context = {"book": found, "month": wanted, "form": filled, "crumbs": way, "here": f"Open {wanted.words} again"}
    return render(request, "ledger/reopen.html", context, status=422 if filled.is_bound else 200)


@act("ledger.close")
def close_year(request: Any, book: str, year: int) -> HttpResponse:
    """Close a fiscal year's income and expenses into retained earnings."""
    found = _book(book)
    return _done(request, found, f"Fiscal year {year} is closed.", lambda: periods.close_year(
        actor=request.actor, entity=found.entity, fiscal_year=year, at=request.actor.at))  # fmt: skip


def _book(public_id: str) -> Book:
    with reading():
        return get_book(public_id)


def _month(text: str) -> Month:
    try:
        return Month.parse(text)
    except ValueError as no:
        raise periods.NoSuchMonth(str(no), field="month") from no


def _done(request: Any, book: Book, words: str, work: Callable[[], object]) -> HttpResponse:
    try:
        work()
    except Refused as no:
        return respond.refusal(request, no)
    messages.success(request, words)
    return respond.redirect(request, reverse("ledger:periods", args=[book.public_id]))
