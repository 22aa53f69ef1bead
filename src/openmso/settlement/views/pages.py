"""Edges: the list of statements, the owner's statement, what stands behind a figure, and the acts on an invoice."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse

from openmso.kit.errors import NotFound, Refused
from openmso.kit.money import Money
from openmso.kit.periods import Month
from openmso.platform.access.contracts import Actor
from openmso.platform.access.edges import act, form, page
from openmso.platform.documents import queries as documents
from openmso.platform.tenancy.scope import reading
from openmso.platform.ui import respond, tables
from openmso.settlement import queries, runs, services, showing
from openmso.settlement.contracts import APPROVE, PAY, READ, RUN, Input, Row
from openmso.settlement.forms import EVERY, PaidForm, SettleForm, WithdrawForm
from openmso.settlement.queries import ageing
from openmso.settlement.tables import AGEING, BEHIND, METERED, STATEMENT, STATEMENTS


@page(READ.code)
def statements(request: Any) -> HttpResponse:
    """Every month settled, newest first."""
    ask = tables.ask(request, STATEMENTS)
    return tables.answer(
        request, STATEMENTS, ask, template="settlement/statements.html",
        context={"may_settle": request.actor.can(RUN.code)},
        fetch=lambda asked: queries.settlements(ask.filters, asked),
    )  # fmt: skip


@page(READ.code)
def aged(request: Any) -> HttpResponse:
    """What practices owe of their invoices by age, practice by practice, and all of them as one strip."""
    ask, on = tables.ask(request, AGEING), request.actor.today
    found = ageing.ageing(ask.filters, ask.page, on=on)
    return tables.answer(
        request, AGEING, ask, template="settlement/ageing.html",
        context={"parts": showing.strip(found.totals, on), "on": on, "here": "By age"},
        fetch=lambda asked: ageing.ageing(ask.filters, asked, on=on),
    )  # fmt: skip


@page(READ.code)
def statement(request: Any, settlement: str) -> HttpResponse:
    """The owner's statement: every figure opens; as a file, its rows."""
    one = queries.statement(settlement)
    if file := tables.exported(request, STATEMENT, [row for _, _, found in showing.sections(one) for row in found]):
        return file
    return respond.page(request, "settlement/statement.html", showing.statement(request.actor, one))


@page(READ.code)
def fee(request: Any, settlement: str) -> HttpResponse:
    """How the fee came about: what it was computed from, every step, the entries in the books."""
    return respond.page(request, "settlement/fee.html", showing.fee(request, queries.statement(settlement)))


@page(READ.code)
def level(request: Any, settlement: str, kind: str) -> HttpResponse:
    """The items of work behind a service level of a statement."""
    return respond.page(request, "settlement/level.html", showing.level(request, queries.settlement(settlement), kind))


@page(READ.code)
def given(request: Any, settlement: str, name: str, category: str) -> HttpResponse:
    """The ledger lines behind a figure that the fee was computed from."""
    found = queries.given(settlement, name, category)
    title = showing.part(found.name, category, found.days)
    return _behind(request, settlement, found, title, Money.of(found.amount))


@page(READ.code)
def metered(request: Any, settlement: str, count: str) -> HttpResponse:
    """The records that a fee was charged by, as they were counted."""
    ask = tables.ask(request, METERED)
    context, fetch = showing.metered(request.actor, settlement, count)
    return tables.answer(
        request, METERED, ask, template="settlement/metered.html", context=context,
        fetch=lambda asked: fetch(asked, ask.filters),
    )  # fmt: skip


@page(READ.code)
def behind(request: Any, settlement: str, number: int) -> HttpResponse:
    """The ledger lines behind one figure of a statement."""
    row = queries.figure(settlement, number)
    return _behind(request, settlement, row, row.label, row.figure)


def _behind(request: Any, settlement: str, found: Row | Input, title: str, amount: Money) -> HttpResponse:
    one = queries.settlement(settlement)
    return tables.answer(
        request, BEHIND, tables.ask(request, BEHIND), template="settlement/behind.html",
        context={"title": title, "amount": amount, "settlement": one, "crumbs": showing.way(one), "here": title},
        fetch=lambda asked: queries.behind(found, asked),
    )  # fmt: skip


@page(READ.code)
def paper(request: Any, settlement: str, paper: str) -> HttpResponse:
    """The statement or the invoice as PDF."""
    one = queries.settlement(settlement)
    document = {"statement": one.statement_document, "invoice": one.invoice_document}.get(paper)
    if document is None:
        raise NotFound("A settlement has a statement and an invoice on paper, nothing else.")
    content = documents.read(document, one.practice)
    return HttpResponse(
        content,
        content_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="{paper}-{one.invoice}.pdf"'},
    )


@form(RUN.code)
def settle(request: Any) -> HttpResponse:
    """Settle a month, of one practice at once or of every practice as a run."""
    with reading():
        choices = [(str(practice), name) for practice, name in runs.settled_by(request.actor).items()]
    usual = {"month": Month.of(request.actor.today).plus(-1)}
    form, waits = SettleForm(request.POST or None, practices=choices, initial=usual), []
    if request.method == "POST" and form.is_valid():
        try:
            return respond.redirect(request, _settled(request.actor, form.cleaned_data, choices))
        except services.FigureWaits as no:
            form.add_error(None, no.fix)
            waits = showing.waits(no.waits)
        except Refused as no:
            form.add_error(no.field if no.field in form.fields else None, f"{no.sentence} {no.fix}".strip())
    context = {"form": form, "waits": waits, "here": "Settle a month"}
    return respond.page(request, "settlement/settle.html", context, status=422 if form.errors else 200)


def _settled(actor: Actor, asked: dict[str, Any], choices: list[tuple[str, str]]) -> str:
    """Do what the form asks for; where to go then."""
    if asked["practice"] == EVERY:
        run = runs.begin(
            actor=actor, mso=runs.mso_of(actor), practices=list(runs.settled_by(actor)), month=asked["month"],
            at=actor.at,
        )  # fmt: skip
        return reverse("settlement:run", args=[run.public_id])
    done = services.settle(actor=actor, practice=int(asked["practice"]), month=asked["month"], at=actor.at)
    return reverse("settlement:statement", args=[done.public_id])


@page(RUN.code)
def run(request: Any, run: str) -> HttpResponse:
    """How far a run over practices has come, and what it left out."""
    return respond.page(request, "settlement/run.html#progress", {"run": queries.run(run), "here": run})


@act(APPROVE.code)
def approve(request: Any, settlement: str) -> HttpResponse:
    """The practice approves the invoice."""
    one = services.approve(actor=request.actor, settlement=settlement, at=request.actor.at)
    return _done(request, settlement, f"Invoice {one.invoice} approved.")


@act(PAY.code)
def pay(request: Any, settlement: str) -> HttpResponse:
    """Record the payment of the fee."""
    form = PaidForm(request.POST)
    if not form.is_valid():
        raise services.CannotSettle(
            "Give the day on which the fee was paid.", field="paid_on", fix="Such as 2026-11-12."
        )
    one = services.pay(
        actor=request.actor, settlement=settlement, paid_on=form.cleaned_data["paid_on"], at=request.actor.at
    )
    return _done(request, settlement, f"Payment of invoice {one.invoice} recorded in both books.")


@act(RUN.code)
def withdraw(request: Any, settlement: str) -> HttpResponse:
    """Take a settlement back."""
    form = WithdrawForm(request.POST)
    why = form.cleaned_data["why"] if form.is_valid() else ""
    one = services.withdraw(actor=request.actor, settlement=settlement, why=why, at=request.actor.at)
    return _done(request, settlement, f"Invoice {one.invoice} withdrawn; the month can be settled anew.")


def _done(request: Any, settlement: str, text: str) -> HttpResponse:
    messages.success(request, text)
    return respond.redirect(request, reverse("settlement:statement", args=[settlement]))
