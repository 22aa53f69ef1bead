"""Screens of budgets: the list, one with its grid, preparing and deciding it, the books against it."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.urls import reverse

from openmso.governance.contracts import BUDGETS, DECIDE, PLAN, Paper
from openmso.governance.contracts.budgets import MONTHS, AccountLine, Budget, Variance
from openmso.governance.forms.budgets import BudgetDecisionForm, BudgetForm, GridFileForm, GridForm
from openmso.governance.forms.proposals import WhyForm
from openmso.governance.queries import budgets as queries
from openmso.governance.rules import budgets as rules
from openmso.governance.services import budgets as services
from openmso.governance.states import B
from openmso.governance.tables.budgets import BUDGET_LIST, VARIANCE
from openmso.kit.money import Money
from openmso.kit.periods import Month
from openmso.ledger.contracts import Kind
from openmso.ledger.queries import books
from openmso.platform.access import duties
from openmso.platform.access.edges import form, page
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.tenancy.scope import reading
from openmso.platform.ui import respond, tables
from openmso.platform.ui.contracts import Event
from openmso.platform.ui.filling import fill

GROUPS = ((Kind.REVENUE, "Income"), (Kind.CONTRA_REVENUE, "Less reductions"), (Kind.EXPENSE, "Expenses"))


@dataclass(frozen=True, slots=True)
class Group:
    """Accounts of a kind, and their totals."""

    title: str
    lines: tuple[AccountLine, ...]
    months: tuple[Money, ...]
    prior: Money

    @property
    def year(self) -> Money:
        """The sum of its months."""
        return Money.total(self.months)

    @property
    def change(self) -> Money:
        """The year less the year before."""
        return self.year - self.prior


@page(BUDGETS.code)
def budgets(request: Any) -> HttpResponse:
    """The budgets one may see."""
    ask = tables.ask(request, BUDGET_LIST)
    return tables.answer(
        request, BUDGET_LIST, ask, template="governance/budgets.html",
        context={"here": "Budgets", "crumbs": [], "may_plan": request.actor.can(PLAN.code)},
        fetch=lambda wanted: queries.listing(filters=ask.filters, page=wanted),
    )  # fmt: skip


@page(BUDGETS.code)
def budget(request: Any, budget: str) -> HttpResponse:
    """One budget: every figure by account and month, beside the year before, and what happened to it."""
    asked = request.GET.get("version", "")
    version = int(asked) if asked.isdecimal() and len(asked) < 5 else None
    found = queries.budget(budget, version=version, at=request.actor.at)
    row, actor = found.row, request.actor
    plans, state = actor.can(PLAN.code, row.practice), row.state
    latest = found.versions[0]
    context = {
        "one": found, "row": row, "here": row.name, "crumbs": crumbs(), "groups": _groups(found),
        "months": [row.first.plus(number) for number in range(MONTHS)], "latest": latest,
        "plans": plans, "may_propose": plans and state in {B.DRAFT, B.FALLBACK},
        "decide": actor.can(DECIDE.code, row.practice) and state is B.PROPOSED,
        "same": duties.why_not(actor, did=latest.user, **services.PARTED), "story": _story(found),
        "is_latest": found.shown.number == latest.number,
    }  # fmt: skip
    return respond.page(request, "governance/budget.html", context)


def _groups(found: Budget) -> list[Group]:
    groups = []
    for kind, title in GROUPS:
        lines = tuple(one for one in found.lines if one.kind is kind)
        if lines:
            months = tuple(Money.total(one.months[number] for one in lines) for number in range(MONTHS))
            groups.append(Group(title, lines, months, Money.total(one.prior for one in lines)))
    return groups


def _story(found: Budget) -> list[Event]:
    steps = [
        Event(one.at, f"{one.to.label}: version {one.version}, by {one.by}", one.to.tone, one.why)
        for one in found.moves
    ]
    made = [
        Event(one.made_at, f"Version {one.number} by {one.made_by}", note=f"{one.why} From {one.basis}.")
        for one in found.versions
    ]
    return sorted([*steps, *made], key=lambda one: one.at, reverse=True)


@form(PLAN.code)
def new(request: Any) -> HttpResponse:
    """Begin a budget from last year's books."""
    with reading():
        practices = {one.pk for one in tenancy.tenants_in_scope() if not one.is_mso}
        shelf = [(one.public_id, one.name) for one in books.every() if one.practice in practices]
    next_year = Month.of(request.actor.today.replace(month=1, day=1)).plus(MONTHS)
    filled = BudgetForm(
        request.POST or None, books=shelf, initial={"first": str(next_year), "agree_by": next_year.first}
    )

    def save(given: dict[str, Any]) -> str:
        made = services.begin(actor=request.actor, new=filled.budget(), why=given["why"], at=request.actor.at)
        return reverse("governance:budget", args=[made])

    context = {
        "title": "Begin a budget", "here": "New", "crumbs": crumbs(), "back": reverse("governance:budgets"),
        "act_label": "Begin it",
        "lede": "It begins from what the books say of the year before; months that are not over take the others' mean.",
    }  # fmt: skip
    return fill(request, filled, save=save, said="Begun: version 1.", context=context)


@form(PLAN.code)
def revise(request: Any, budget: str) -> HttpResponse:
    """Change figures in the grid."""
    found = _found(request, budget)
    with reading():
        chart = queries.chart_of(queries.row_of(budget))
    filled = GridForm(request.POST or None, chart=chart, grid=found.versions[0].grid, first=found.row.first)

    def save(given: dict[str, Any]) -> str:
        services.revise(
            actor=request.actor, budget=budget, grid=filled.grid(), why=given["why"],
            basis=f"version {found.versions[0].number}, changed by hand", at=request.actor.at,
        )  # fmt: skip
        return _latest(request, budget)

    months = [found.row.first.plus(number) for number in range(MONTHS)]
    context = about(found, "Change figures", "Save a new version") | {"months": months}
    return fill(request, filled, template="governance/grid.html", save=save, said="A new version.", context=context)


@form(PLAN.code)
def upload(request: Any, budget: str) -> HttpResponse:
    """Bring the figures along as a file."""
    found = _found(request, budget)
    filled = GridFileForm(request.POST or None, request.FILES or None)

    def save(given: dict[str, Any]) -> str:
        services.bring(
            actor=request.actor, budget=budget, paper=Paper(given["file"].name, given["file"].read()), why=given["why"],
            at=request.actor.at,
        )  # fmt: skip
        return _latest(request, budget)

    context = about(found, "Bring figures along", "Save a new version") | {
        "consequences": [
            "A heading, then a row for each account: account, name, twelve months. The CSV of the page has this form.",
            "Accounts that the file leaves out are zero.",
        ]
    }  # fmt: skip
    return fill(request, filled, save=save, said="A new version.", context=context)


@form(PLAN.code)
def propose(request: Any, budget: str) -> HttpResponse:
    """Propose the latest version."""
    found = _found(request, budget)
    filled = WhyForm(request.POST or None)

    def save(given: dict[str, Any]) -> str:
        services.propose(actor=request.actor, budget=budget, why=given["why"], at=request.actor.at)
        return reverse("governance:budget", args=[budget])

    context = about(found, f"Propose version {found.versions[0].number}", "Propose it") | {
        "consequences": ["It waits for the practice's licensees, and is put before its joint board.", found.rule]
    }
    return fill(request, filled, save=save, said="Proposed.", context=context)


@form(DECIDE.code)
def decide(request: Any, budget: str) -> HttpResponse:
    """Approve the proposed version, or decline it."""
    found = _found(request, budget)
    filled = BudgetDecisionForm(request.POST or None)

    def save(given: dict[str, Any]) -> str:
        services.decide(
            actor=request.actor, budget=budget, approve=given["outcome"] == "approve", why=given["why"],
            at=request.actor.at,
        )  # fmt: skip
        return reverse("governance:budget", args=[budget])

    context = about(found, f"Decide version {found.versions[0].number}", "Sign the decision")
    return fill(request, filled, save=save, said="Decided.", context=context)


@page(BUDGETS.code)
def grid(request: Any, budget: str) -> HttpResponse:
    """The figures as CSV, in the form in which they can be brought along."""
    found = queries.budget(budget, at=request.actor.at)
    out = io.StringIO()
    csv.writer(out).writerows(
        rules.rows_of(found.versions[0].grid, queries.names(queries.row_of(budget)), found.row.first)
    )
    return HttpResponse(
        out.getvalue(), content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="budget-{budget}.csv"'},
    )  # fmt: skip


@page(BUDGETS.code)
def variance(request: Any, budget: str) -> HttpResponse:
    """The books against the budget, up to a month; each figure opens to its lines."""
    through = _month(request)
    found, rows = queries.variances(budget, through=through, at=request.actor.at)
    if file := tables.exported(request, VARIANCE, rows):
        return file
    first, row = found.row.first, found.row
    count = queries.months_through(first, through)
    last = first.plus(max(count, 1) - 1)
    days = f"starts={first.first}&through={last.last}"
    shown = [
        (one, f"{reverse('ledger:account', args=[row.book, one.code])}?{days}") for one in rows
    ]  # fmt: skip
    planned, actual = _net(rows, "planned"), _net(rows, "actual")
    context = {
        "one": found, "row": row, "here": "Variance", "rows": [(title, _of(shown, kind)) for kind, title in GROUPS],
        "through": last, "count": count, "crumbs": [*crumbs(), (row.name, reverse("governance:budget", args=[budget]))],
        "choices": [first.plus(number) for number in range(MONTHS)],
        "planned": planned, "actual": actual, "difference": actual - planned,
    }  # fmt: skip
    return respond.page(request, "governance/variance.html", context)


def _of(shown: list[tuple[Variance, str]], kind: Kind) -> list[tuple[Variance, str]]:
    return [pair for pair in shown if pair[0].kind is kind]


def _net(rows: list[Variance], which: str) -> Money:
    signed = (getattr(one, which) if one.kind is Kind.REVENUE else -getattr(one, which) for one in rows)
    return Money.total(signed)


def _month(request: Any) -> Month:
    """The month asked for, else the one that was over last."""
    try:
        return Month.parse(request.GET.get("through", ""))
    except ValueError:
        return Month.of(request.actor.today).plus(-1)


def _latest(request: Any, budget: str) -> str:
    with reading():
        number = queries.budget(budget, at=request.actor.at).versions[0].number
    return f"{reverse('governance:budget', args=[budget])}?version={number}"


def _found(request: Any, budget: str) -> Budget:
    with reading():
        return queries.budget(budget, at=request.actor.at)


def about(found: Budget, title: str, label: str) -> dict[str, Any]:
    """What the forms of a budget's acts show."""
    back = reverse("governance:budget", args=[found.row.public_id])
    return {
        "title": title, "here": title, "act_label": label, "back": back,
        "lede": f"Budget {found.row.name} of {found.row.practice_name}", "crumbs": [*crumbs(), (found.row.name, back)],
    }  # fmt: skip


def crumbs() -> list[tuple[str, str]]:
    """The way to a budget."""
    return [("Budgets", reverse("governance:budgets"))]
