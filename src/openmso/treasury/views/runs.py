"""Edges: the list of runs, one with its steps and what is behind them, the acts on it, and deficit loans."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse

from openmso.kit.periods import Month
from openmso.platform.access.edges import ActorRequest, act, form, page
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.tenancy.scope import reading
from openmso.platform.ui import respond, tables
from openmso.platform.ui.filling import fill
from openmso.treasury import showing
from openmso.treasury.contracts import APPROVE, READ, RUN
from openmso.treasury.forms import PostForm, ProposeForm, WhyForm
from openmso.treasury.queries import loans as lent
from openmso.treasury.queries import runs as queries
from openmso.treasury.queries.reckoning import CannotRun
from openmso.treasury.services import running
from openmso.treasury.tables import BEHIND, LOANS, MOVEMENTS, WATERFALL


@page(READ.code)
def runs(request: ActorRequest) -> HttpResponse:
    """Every month that was paid out, the latest first."""
    ask = tables.ask(request, WATERFALL)
    return tables.answer(
        request, WATERFALL, ask, template="treasury/runs.html", context={"may_run": request.actor.can(RUN.code)},
        fetch=lambda asked: queries.runs(ask.filters, asked),
    )  # fmt: skip


@form(RUN.code)
def propose(request: ActorRequest) -> HttpResponse:
    """Propose a month."""
    with reading():
        choices = [(one.code, one.name) for one in tenancy.tenants_in_scope() if not one.is_mso]
    usual = {"month": str(Month.of(request.actor.today).plus(-1))}
    filled = ProposeForm(request.POST or None, practices=choices, initial=usual)

    def save(given: Mapping[str, Any]) -> str:
        with reading():
            practice = tenancy.key_in_scope(given["practice"])
        made = running.propose(actor=request.actor, practice=practice, month=given["month"], at=request.actor.at)
        return reverse("treasury:run", args=[made.public_id])

    return fill(
        request, filled, save=save, said="Proposed; the practice approves it.",
        context={
            "title": "Pay a month out", "here": "New", "crumbs": _way(), "act_label": "Propose",
            "lede": "What came in is paid out in the order of the agreement.",
            "consequences": [
                "The figures come from the ledger and the approved invoices of the month; each opens to its records.",
                "Nothing is posted or paid before the practice has approved it.",
            ],
            "back": reverse("treasury:runs"),
        },
    )  # fmt: skip


@page(READ.code)
def run(request: ActorRequest, payment_run: str) -> HttpResponse:
    """One run: what came in, each step with its words, the loan, the payments, the entries."""
    return respond.page(request, "treasury/run.html", showing.run(request, queries.run(payment_run)))


@page(READ.code)
def behind(request: ActorRequest, payment_run: str, figure: str) -> HttpResponse:
    """The ledger lines behind one figure of a run."""
    one, found = queries.run(payment_run), queries.given(payment_run, figure)
    return tables.answer(
        request, BEHIND, tables.ask(request, BEHIND), template="treasury/behind.html",
        context={"figure": found, "run": one, "here": found.words,
                 "crumbs": [*_way(), (f"{one.row.month.first:%B %Y}", reverse("treasury:run", args=[payment_run]))]},
        fetch=lambda asked: queries.behind(found, asked),
    )  # fmt: skip


@act(APPROVE.code)
def approve(request: ActorRequest, payment_run: str) -> HttpResponse:
    """The practice approves a run."""
    running.approve(actor=request.actor, run=payment_run, at=request.actor.at)
    return _done(request, payment_run, "Approved; it can be posted now.")


@act(RUN.code)
def post(request: ActorRequest, payment_run: str) -> HttpResponse:
    """Post an approved run in both books."""
    filled = PostForm(request.POST)
    if not filled.is_valid():
        raise CannotRun("Give the day on which it is paid.", field="on", fix="Such as 2026-11-05.")
    running.post(actor=request.actor, run=payment_run, on=filled.cleaned_data["on"], at=request.actor.at)
    return _done(request, payment_run, "Posted in both books; its payments wait for a bank file.")


@act(RUN.code)
def withdraw(request: ActorRequest, payment_run: str) -> HttpResponse:
    """Take a run back before it is posted."""
    running.withdraw(actor=request.actor, run=payment_run, why=_why(request), at=request.actor.at)
    return _done(request, payment_run, "Withdrawn; the month can be proposed anew.")


@act(RUN.code)
def reverse_run(request: ActorRequest, payment_run: str) -> HttpResponse:
    """Take a posted run back."""
    running.reverse(actor=request.actor, run=payment_run, why=_why(request), at=request.actor.at)
    return _done(request, payment_run, "Reversed in both books; the month can be proposed anew.")


@page(READ.code)
def loans(request: ActorRequest) -> HttpResponse:
    """The register of deficit loans."""
    ask = tables.ask(request, LOANS)
    return tables.answer(
        request, LOANS, ask, template="treasury/loans.html", fetch=lambda asked: lent.loans(ask.filters, asked)
    )


@page(READ.code)
def loan(request: ActorRequest, deficit_loan: str) -> HttpResponse:
    """One loan: what stands, what moved it, and what the books say."""
    one = lent.loan(deficit_loan)
    return respond.page(
        request, "treasury/loan.html",
        {"loan": one, "table": tables.static(request, MOVEMENTS, lent.movements(deficit_loan)),
         "agreement": reverse("agreements:agreement", args=[one.agreement]), "here": one.public_id,
         "crumbs": [("Deficit loans", reverse("treasury:loans"))]},
    )  # fmt: skip


def _why(request: ActorRequest) -> str:
    filled = WhyForm(request.POST)
    return filled.cleaned_data["why"] if filled.is_valid() else ""


def _way() -> list[tuple[str, str]]:
    return [("Waterfall", reverse("treasury:runs"))]


def _done(request: ActorRequest, payment_run: str, words: str) -> HttpResponse:
    messages.success(request, words)
    return respond.redirect(request, reverse("treasury:run", args=[payment_run]))
