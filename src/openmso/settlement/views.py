"""Edges: the list of statements, the owner's statement, what stands behind a figure, and the acts on an invoice."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.urls import reverse

from openmso.kit import states
from openmso.kit.errors import NotFound, Refused
from openmso.platform.access.contracts import Actor
from openmso.platform.access.edges import act, form, page
from openmso.platform.documents import queries as documents
from openmso.platform.tenancy.scope import reading
from openmso.platform.ui import respond, tables
from openmso.platform.ui.contracts import Filters, PageAsk, Why, WhyTerm
from openmso.settlement import queries, services
from openmso.settlement.contracts import APPROVE, PAY, READ, RUN, Settlement, Statement
from openmso.settlement.forms import PaidForm, SettleForm, WithdrawForm
from openmso.settlement.states import MOVES, S
from openmso.settlement.tables import BEHIND, STATEMENTS


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
def tile(request: Any) -> HttpResponse:
    """The latest statements, for a home page."""
    latest = queries.settlements(Filters(), PageAsk(size=5, sort="month", desc=True))
    return respond.page(request, "settlement/tile.html", {"rows": latest.rows})


@page(READ.code)
def statement(request: Any, settlement: str) -> HttpResponse:
    """The owner's statement: every figure opens."""
    return _statement(request, queries.statement(settlement))


@page(READ.code)
def behind(request: Any, settlement: str, number: int) -> HttpResponse:
    """The ledger lines behind one figure of a statement."""
    ask = tables.ask(request, BEHIND)
    row = queries.figure(settlement, number)
    return tables.answer(
        request, BEHIND, ask, template="settlement/behind.html",
        context={"row": row, "settlement": queries.settlement(settlement)},
        fetch=lambda asked: queries.behind(row, asked),
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
    """Settle a month."""
    with reading():
        choices = _practices(request.actor)
    form = SettleForm(request.POST or None, practices=choices)
    if request.method == "POST" and form.is_valid():
        practice, month = int(form.cleaned_data["practice"]), form.cleaned_data["month"]
        try:
            done = services.settle(actor=request.actor, practice=practice, month=month, at=request.actor.at)
        except Refused as no:
            form.add_error(no.field if no.field in form.fields else None, f"{no.sentence} {no.fix}".strip())
        else:
            return respond.redirect(request, reverse("settlement:statement", args=[done.public_id]))
    return respond.page(request, "settlement/settle.html", {"form": form}, status=422 if form.errors else 200)


@act(APPROVE.code)
def approve(request: Any, settlement: str) -> HttpResponse:
    """The practice approves the invoice."""
    services.approve(actor=request.actor, settlement=settlement, at=request.actor.at)
    return respond.done(request, "Invoice approved.", back=reverse("settlement:statement", args=[settlement]))


@act(PAY.code)
def pay(request: Any, settlement: str) -> HttpResponse:
    """Record the payment of the fee."""
    form = PaidForm(request.POST)
    if not form.is_valid():
        raise services.CannotSettle(
            "Give the day on which the fee was paid.", field="paid_on", fix="Such as 2026-11-12."
        )
    services.pay(actor=request.actor, settlement=settlement, paid_on=form.cleaned_data["paid_on"], at=request.actor.at)
    return respond.done(request, "Payment recorded.", back=reverse("settlement:statement", args=[settlement]))


@act(RUN.code)
def withdraw(request: Any, settlement: str) -> HttpResponse:
    """Take a settlement back."""
    form = WithdrawForm(request.POST)
    why = form.cleaned_data["why"] if form.is_valid() else ""
    services.withdraw(actor=request.actor, settlement=settlement, why=why, at=request.actor.at)
    return respond.done(request, "Settlement withdrawn.", back=reverse("settlement:statement", args=[settlement]))


def _statement(request: Any, one: Statement) -> HttpResponse:
    actor, settlement = request.actor, one.settlement
    return respond.page(
        request,
        "settlement/statement.html",
        {
            "settlement": settlement,
            "sections": [(title, note, one.section(name)) for name, title, note in _sections(settlement)],
            "why": _why(one),
            "approve": respond.button(
                "Approve invoice",
                why_not=_blocked(actor, APPROVE.code, settlement, S.APPROVED),
                url=reverse("settlement:approve", args=[settlement.public_id]),
            ),
            "pay": _blocked(actor, PAY.code, settlement, S.PAID),
            "withdraw": _blocked(actor, RUN.code, settlement, S.WITHDRAWN),
            "paid_form": PaidForm(),
            "withdraw_form": WithdrawForm(),
        },
    )


def _sections(settlement: Settlement) -> tuple[tuple[str, str, str], ...]:
    return (
        ("in", "What came in", ""),
        ("fee", "Our fee, step by step", f"Agreement {settlement.agreement}, version {settlement.version}"),
        ("keep", "What is yours", ""),
        ("owed", "What insurers and patients still owe you", ""),
    )


def _why(one: Statement) -> Why:
    """Why the fee is what it is: its steps as they were computed."""
    terms = [
        WhyTerm(f"{step.formula} = {step.exact}", str(step.effect if step.effect else step.amount))
        for step in one.steps
    ]
    terms.append(WhyTerm("Fee", str(one.settlement.fee), total=True))
    return Why(
        key="fee",
        value=f"{one.settlement.fee.amount:,.2f}",
        terms=tuple(terms),
        note=one.settlement.sentence,
        url=reverse("agreements:agreement", args=[one.settlement.agreement]),
        rows="The agreement",
    )


def _blocked(actor: Actor, permission: str, settlement: Settlement, to: S) -> str:
    """Why an act is not possible, in words; empty when it is."""
    decision = actor.may(permission, settlement.practice)
    if not decision.allowed:
        return decision.reason
    try:
        states.check_move(MOVES, noun="settlement", frm=settlement.state, to=to)
    except states.IllegalMove as no:
        return no.sentence
    return ""


def _practices(actor: Actor) -> list[tuple[str, str]]:
    tenants = actor.standing.tenants
    return sorted(
        ((str(practice), tenants[practice].name) for practice in actor.practices_for(RUN.code)
         if not tenants[practice].is_mso),
        key=lambda choice: choice[1],
    )  # fmt: skip
