"""Screens of banking: lines, statements, the import."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse

from openmso.banking import queries, services
from openmso.banking.contracts import LineFilters
from openmso.banking.forms import Import
from openmso.banking.tables import LINES, STATEMENTS
from openmso.kit.errors import Refused
from openmso.platform.access.edges import form, page
from openmso.platform.tenancy.scope import reading
from openmso.platform.ui import respond, tables


@page("banking.read")
def lines(request: Any) -> HttpResponse:
    """Every movement on the accounts in which the reader may look."""
    ask = tables.ask(request, LINES)
    way = ask.filters.one("way")
    wanted = LineFilters(text=ask.filters.text, money_in=None if way is None else way == "in")
    return tables.answer(
        request, LINES, ask, template="banking/lines.html", context={"here": "Bank"},
        fetch=lambda asked: queries.lines(filters=wanted, page=asked), tally=lambda: queries.tally(filters=wanted),
    )  # fmt: skip


@page("banking.read")
def statements(request: Any) -> HttpResponse:
    """The files that brought the lines."""
    ask = tables.ask(request, STATEMENTS)
    return tables.answer(
        request, STATEMENTS, ask, template="banking/statements.html", context={"crumbs": [], "here": "Statements"},
        fetch=lambda asked: queries.statements(page=asked),
    )  # fmt: skip


@page("banking.read")
def line(request: Any, line: str) -> HttpResponse:
    """One movement, and the file it came from."""
    row = queries.line(line)
    return respond.page(
        request, "banking/line.html",
        {"row": row, "statement": queries.statement(row.statement), "crumbs": [], "here": line},
    )  # fmt: skip


@form("banking.import")
def import_statement(request: Any) -> HttpResponse:
    """Take a bank's file in; what is wrong with it is said line by line."""
    with reading():
        accounts = queries.accounts_of(request.actor.practices_for("banking.import"))
    choices = [(one.public_id, f"{one.name}, {one.bank_name} {one.masked_number}") for one in accounts]
    filled = Import(request.POST or None, request.FILES or None, accounts=choices)
    context: dict[str, Any] = {"form": filled, "crumbs": [], "here": "Import"}
    if request.method == "POST" and filled.is_valid():
        given = filled.cleaned_data["file"]
        try:
            done = services.import_statement(
                actor=request.actor, account=filled.cleaned_data["account"], name=given.name, content=given.file,
                at=request.actor.at, columns=filled.cleaned_data["columns"],
            )  # fmt: skip
        except Refused as no:
            filled.add_error(no.field if no.field in filled.fields else "file", f"{no.sentence} {no.fix}")
            context["findings"] = getattr(no, "findings", ())[:50]
        else:
            return respond.page(request, "banking/imported.html", context | {"done": done})
    return respond.page(request, "banking/import.html", context, status=422 if filled.is_bound else 200)
