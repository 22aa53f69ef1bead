"""Edges of what shared cost is allocated by: versions of the plan, and figures that people enter for a month."""

from __future__ import annotations

import csv
import io
from typing import Any

from django.http import HttpResponse
from django.urls import reverse

from openmso.kit.periods import Month
from openmso.parties.queries import practices
from openmso.platform.access.edges import ActorRequest, form, page
from openmso.platform.tenancy.scope import reading
from openmso.platform.ui import respond, tables
from openmso.platform.ui.filling import fill
from openmso.settlement import drivers, runs
from openmso.settlement.contracts import ALLOCATE, SHARED, Paper
from openmso.settlement.contracts.allocation import NewFigure, NewPlan
from openmso.settlement.forms import FigureFileForm, FiguresForm, PlanForm, brought
from openmso.settlement.queries import allocating, plans
from openmso.settlement.services import allocating as services
from openmso.settlement.tables.allocation import PLANS, POOLS
from openmso.settlement.views.allocation import crumbs, named


@page(SHARED.code)
def versions(request: ActorRequest) -> HttpResponse:
    """Every version of the plan, the latest first."""
    found = plans.plans()
    if file := tables.exported(request, PLANS, found):
        return file
    context = {"table": tables.static(request, PLANS, found), "may_prepare": request.actor.can(ALLOCATE.code),
               "here": "Plan", "crumbs": crumbs()}  # fmt: skip
    return respond.page(request, "settlement/allocation_plans.html", context)


@page(SHARED.code)
def plan(request: ActorRequest, plan: str) -> HttpResponse:
    """A version of the plan: its pools in the order in which they close."""
    one = plans.plan(plan)
    if request.GET.get("export") == "lines":
        rows = [tuple(label for _, label in PlanForm.COLUMNS), *map(drivers.written, one.pools)]
        return _csv(rows, f"plan-{one.number}")
    if file := tables.exported(request, POOLS, one.pools):
        return file
    context = {
        "one": one, "table": tables.static(request, POOLS, one.pools), "here": f"Version {one.number}",
        "crumbs": [*crumbs(), ("Plan", reverse("settlement:allocation-plans"))],
        "may_prepare": request.actor.can(ALLOCATE.code),
    }  # fmt: skip
    return respond.page(request, "settlement/allocation_plan.html", context)


@form(ALLOCATE.code)
def write(request: ActorRequest) -> HttpResponse:
    """Write a version of the plan, beginning from the latest."""
    actor = request.actor
    mso = runs.mso_of(actor, ALLOCATE.code)
    with reading():
        latest = next(iter(plans.plans()), None)
        entities = [(str(one.id), one.legal_name) for one in practices.entities(mso, on=actor.today)]
    filled = PlanForm(
        request.POST or None, request.FILES or None, entities=entities, pools=latest.pools if latest else (),
        initial={"from_month": str(Month.of(actor.today).plus(-1))},
    )  # fmt: skip

    def save(given: dict[str, Any]) -> str:
        new = NewPlan(given["from_month"], int(given["entity"]), filled.pools(), given["why"])
        made = services.plan(actor=actor, mso=mso, new=new, at=actor.at)
        return reverse("settlement:allocation-plan", args=[made])

    context = {
        "title": "Write a version of the plan", "here": "Write", "act_label": "Write it", "columns": PlanForm.COLUMNS,
        "lede": "Pools in the order in which they close. Versions before it stay; frozen months do not change.",
        "crumbs": [*crumbs(), ("Plan", reverse("settlement:allocation-plans"))], "known": drivers.DRIVERS,
        "back": reverse("settlement:allocation-plans"),
    }  # fmt: skip
    return fill(request, filled, template="settlement/plan_form.html", save=save, said="Written.", context=context)


@form(ALLOCATE.code)
def figures(request: ActorRequest, month: str) -> HttpResponse:
    """Enter the figures of a month in a grid."""
    asked = named(month)
    mso = runs.mso_of(request.actor, ALLOCATE.code)
    with reading():
        wanted = allocating.asked(mso, asked).wanted
        before = plans.entered(asked.plus(-1), tenants={one.tenant for one in wanted})
    filled = FiguresForm(request.POST or None, request.FILES or None, wanted=wanted, before=before)

    def save(given: dict[str, Any]) -> str:
        return _enter(request, mso, asked, filled.figures(), given["why"], brought(given["evidence"]))

    context = _about(asked, "Enter figures") | {"month": asked}
    return fill(request, filled, template="settlement/figures.html", save=save, said="Entered.", context=context)


@form(ALLOCATE.code)
def figures_file(request: ActorRequest, month: str) -> HttpResponse:
    """Bring the figures of a month along as a file."""
    asked = named(month)
    mso = runs.mso_of(request.actor, ALLOCATE.code)
    with reading():
        wanted = allocating.asked(mso, asked).wanted
    filled = FigureFileForm(request.POST or None, request.FILES or None)

    def save(given: dict[str, Any]) -> str:
        new = drivers.figures_of(given["file"].read(), wanted)
        return _enter(request, mso, asked, new, given["why"], [])

    context = _about(asked, "Bring figures along") | {
        "consequences": ["A heading, then a row for each figure: practice, driver, pool, figure; as the template.",
                         "Figures that the file leaves empty are not entered."],
    }  # fmt: skip
    return fill(request, filled, save=save, said="Entered.", context=context)


@page(SHARED.code)
def figures_template(request: ActorRequest, month: str) -> HttpResponse:
    """The figures that a month asks people for as CSV, in the form in which they can be brought along."""
    asked = named(month)
    wanted = allocating.asked(runs.mso_of(request.actor, SHARED.code), asked).wanted
    return _csv(drivers.template(wanted), f"figures-{asked}")


def _enter(
    request: ActorRequest, mso: int, month: Month, new: list[NewFigure], why: str, papers: list[Paper]
) -> str:  # fmt: skip
    services.enter(actor=request.actor, mso=mso, month=month, figures=new, why=why, papers=papers, at=request.actor.at)
    return reverse("settlement:allocation-draft", args=[str(month)])


def _about(month: Month, title: str) -> dict[str, Any]:
    back = reverse("settlement:allocation-draft", args=[str(month)])
    return {
        "title": f"{title} for {month.words}", "here": title, "act_label": "Enter them", "back": back,
        "lede": "What the system does not know. A zero is a figure; what is left empty stays missing.",
        "crumbs": [*crumbs(), (f"{month.words}, draft", back)],
    }  # fmt: skip


def _csv(rows: list[tuple[str, ...]], name: str) -> HttpResponse:
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return HttpResponse(
        out.getvalue(), content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}.csv"'},
    )  # fmt: skip
