"""Payment runs: the list, checking a file, one run with its payments, one payment, and settling it."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.urls import reverse

from openmso.compliance.contracts import KEEP, READ, RUN
from openmso.compliance.forms import CheckForm, SettleForm
from openmso.compliance.queries import runs as queries
from openmso.compliance.rules import reading as columns
from openmso.compliance.services import running
from openmso.compliance.states import Outcome
from openmso.compliance.tables import LINES, RUNS
from openmso.governance.queries import interests
from openmso.kit.errors import Refused
from openmso.platform.access.edges import form, page
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.tenancy.scope import reading
from openmso.platform.ui import respond, tables
from openmso.platform.ui.filling import fill, refuse


@page(READ.code)
def runs(request: Any) -> HttpResponse:
    """The payment runs that one may see."""
    ask = tables.ask(request, RUNS)
    context = {"here": "Payment checks", "crumbs": [], "may_run": request.actor.can(RUN.code)}
    return tables.answer(
        request, RUNS, ask, template="compliance/runs.html", context=context,
        fetch=lambda wanted: queries.runs(filters=ask.filters, page=wanted),
    )  # fmt: skip


@form(RUN.code)
def check(request: Any) -> HttpResponse:
    """Check a file of payments; what is wrong with the file is said by line and field."""
    with reading():
        choices = [(one.public_id, one.name) for one in tenancy.tenants_in_scope()]
    filled = CheckForm(request.POST or None, request.FILES or None, practices=choices)
    context = {
        "form": filled, "here": "New", "crumbs": _crumbs(), "columns": _COLUMNS, "head": _HEAD,
        "back": reverse("compliance:runs"),
    }  # fmt: skip
    if request.method != "POST":
        return respond.page(request, "compliance/check.html", context)
    status = 422
    if filled.is_valid():
        given = filled.cleaned_data
        try:
            with reading():
                practice = tenancy.key_in_scope(given["practice"])
            done = running.check(
                actor=request.actor, practice=practice, name=given["file"].name, content=given["file"].file,
                at=request.actor.at,
            )  # fmt: skip
        except Refused as no:
            refuse(filled, no)
            context["findings"], status = getattr(no, "findings", ()), no.status
        else:
            return respond.redirect(request, reverse("compliance:run", args=[done.public_id]))
    with reading():
        return respond.page(request, "compliance/check.html", context, status=status)


@page(READ.code)
def run(request: Any, run: str) -> HttpResponse:
    """One run: what was released and what was stopped, each payment with its reasons."""
    found, ask = queries.run(run), tables.ask(request, LINES)
    context = {"run": found, "here": run, "crumbs": _crumbs()}
    return tables.answer(
        request, LINES, ask, template="compliance/run.html", context=context,
        fetch=lambda wanted: interests.flagged(
            queries.lines(filters=ask.filters, page=wanted, run=run), lambda row: row.payment.payee,
            at=request.actor.at,
        ),
    )  # fmt: skip


@page(READ.code)
def payable(request: Any, run: str) -> HttpResponse:
    """The payments of a run that may be paid, with the columns of the file they came in."""
    found = queries.run(run)
    return _csv(queries.payable(run), f"{found.public_id}-payable.csv")


@page(READ.code)
def line(request: Any, line: str) -> HttpResponse:
    """One payment: why it is stopped, by which provisions, and how it was settled."""
    found = queries.line(line)
    stopped = found.outcome is Outcome.STOPPED
    context = {
        "line": found, "paid": found.payment, "here": f"Line {found.payment.number}", "is_stopped": stopped,
        "crumbs": [*_crumbs(), (found.run, reverse("compliance:run", args=[found.run]))],
        "related": interests.relation(found.practice, found.payment.payee, at=request.actor.at),
        "may_settle": stopped and not found.settled and request.actor.can(KEEP.code, found.practice),
    }  # fmt: skip
    return respond.page(request, "compliance/line.html", context)


@form(KEEP.code)
def settle(request: Any, line: str) -> HttpResponse:
    """Say how a stopped payment was settled."""
    with reading():
        found = queries.line(line)
    filled, place = SettleForm(request.POST or None), reverse("compliance:line", args=[line])

    def save(given: dict[str, Any]) -> str:
        running.settle(actor=request.actor, line=line, words=given["words"], at=request.actor.at)
        return place

    context = {
        "title": f"Settle {found.payment.payee}", "here": "Settle", "act_label": "Settle it", "back": place,
        "lede": found.says, "crumbs": [*_crumbs(), (found.run, reverse("compliance:run", args=[found.run]))],
        "consequences": ["Nothing is released by it: what may be paid comes in a new file and is checked anew."],
    }  # fmt: skip
    return fill(request, filled, save=save, said="Settled.", context=context)


def _crumbs() -> list[tuple[str, str]]:
    return [("Payment checks", reverse("compliance:runs"))]


def _csv(text: str, name: str) -> HttpResponse:
    return HttpResponse(
        text, content_type="text/csv; charset=utf-8", headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


_COLUMNS = (
    ("payee", "Whom it goes to", "always"), ("amount", "Dollars and cents, more than nothing", "always"),
    ("npi, ein", "Numbers of the payee, as far as known; never a Social Security number", ""),
    ("period_start, period_end", "First and last day that is paid: 2026-10-01", "for whoever can refer"),
    ("hours, time_record", "Hours worked, and the record that shows them", "where the hour is paid"),
    ("units", "How many", "where the unit is paid"), ("arrangement", "ARR-…, where there are several", ""),
    ("reference", "Invoice or voucher", ""),
)  # fmt: skip
_HEAD = ",".join(columns.COLUMNS)
