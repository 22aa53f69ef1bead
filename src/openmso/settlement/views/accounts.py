"""Edges: statements of account on screen, as PDF, CSV and Excel; what the MSO earned."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpResponse

from openmso.kit.money import Money
from openmso.kit.periods import Month
from openmso.platform.access.edges import ActorRequest, page
from openmso.platform.ui import respond, tables
from openmso.platform.ui.contracts import TableSpec, Totals
from openmso.settlement import pdf
from openmso.settlement.contracts import READ
from openmso.settlement.forms import MonthsForm
from openmso.settlement.queries import accounts as queries
from openmso.settlement.queries import revenue as earning
from openmso.settlement.tables import ACCOUNT, ACCOUNTS, EARNED

SUMMED = ("opening", "invoiced", "credited", "paid", "lent", "closing")
EARNINGS = ("fixed", "variable", "credits", "revenue", "unbilled", "receivable", "disputed", "capped", "deferred",
            "service_credits")  # fmt: skip


@page(READ.code)
def accounts(request: ActorRequest) -> HttpResponse:
    """What every practice was invoiced, credited, paid and lent in some months, and owes after them."""
    form, first, last = _months(request)
    found = queries.accounts(first=first, last=last)
    totals = {name: Money.total(getattr(one, name) for one in found) for name in SUMMED}
    return _answer(request, ACCOUNTS, found, "settlement/accounts.html", {"form": form, "here": "Accounts"}, totals)


@page(READ.code)
def account(request: ActorRequest, account_code: str) -> HttpResponse:
    """The statement of account of one practice: what stood before, every line, what stands after."""
    form, first, last = _months(request)
    one = queries.account(account_code, first=first, last=last)
    context = {"form": form, "one": one, "here": one.practice_name, "today": Month.of(request.actor.today)}
    return _answer(request, ACCOUNT, one.lines, "settlement/account.html", context)


@page(READ.code)
def account_paper(request: ActorRequest, account_code: str) -> HttpResponse:
    """The statement of account as PDF."""
    _, first, last = _months(request)
    one = queries.account(account_code, first=first, last=last)
    name = f"account-{one.code}-{first}-{last}.pdf"
    return HttpResponse(
        pdf.account(one), content_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="{name}"'},
    )  # fmt: skip


@page(READ.code)
def revenue(request: ActorRequest) -> HttpResponse:
    """What the MSO earned by its fees in some months, and what a consolidation takes out."""
    form, first, last = _months(request)
    found = earning.revenue(first=first, last=last)
    context = {"form": form, "found": found, "whole": found.sum("revenue"), "here": "Fees earned"}
    totals = {name: found.sum(name) for name in EARNINGS}
    return _answer(request, EARNED, found.rows, "settlement/revenue.html", context, totals)


def _months(request: ActorRequest) -> tuple[MonthsForm, Month, Month]:
    """The months that are asked for; of the year so far where none, or nothing that is a month, is given."""
    first, last = queries.usual(request.actor.today)
    usual = {"first": str(first), "last": str(last)}
    form = MonthsForm({**usual, **{key: request.GET[key] for key in usual if request.GET.get(key)}})
    if form.is_valid():
        first, last = form.cleaned_data["first"], form.cleaned_data["last"]
    return form, first, last


def _answer(
    request: ActorRequest, spec: TableSpec, rows: Sequence[Any], template: str, context: dict[str, Any],
    totals: Totals | None = None,
) -> HttpResponse:  # fmt: skip
    """The page with all its rows, or the rows as a file."""
    if file := tables.exported(request, spec, rows, totals=totals):
        return file
    return respond.page(request, template, {**context, "table": tables.static(request, spec, rows, totals=totals)})
