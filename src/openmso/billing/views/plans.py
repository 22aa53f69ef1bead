"""Payment plans: the list, one with its instalments, a new one, and what is decided about it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.urls import reverse

from openmso.billing.contracts import APPROVE, COLLECT, READ
from openmso.billing.forms import PlanForm
from openmso.billing.queries import accounts, plans, policies
from openmso.billing.services import planning
from openmso.billing.states import L
from openmso.billing.tables import CHARGES, INSTALMENTS, PLANS
from openmso.billing.views.doing import done
from openmso.kit.money import Money
from openmso.platform.access.edges import ActorRequest, act, form, page
from openmso.platform.tenancy.scope import reading
from openmso.platform.ui import respond
from openmso.platform.ui import tables as ui_tables
from openmso.platform.ui.filling import fill


@page(READ.code)
def index(request: ActorRequest) -> HttpResponse:
    """The plans, the latest first."""
    ask = ui_tables.ask(request, PLANS)
    return ui_tables.answer(
        request, PLANS, ask, template="billing/list.html",
        fetch=lambda asked: plans.listing(filters=ask.filters, page=asked),
        tally=lambda: plans.tally(filters=ask.filters),
        context={"title": "Payment plans", "lede": "Balances that patients pay by the month."},
    )  # fmt: skip


@page(READ.code)
def plan(request: ActorRequest, payment_plan: str) -> HttpResponse:
    """One plan with its instalments as they stand today."""
    found, instalments = plans.plan(payment_plan, on=request.actor.today)
    sums = {name: Money.total(getattr(one, name) for one in instalments) for name in ("amount", "open")}
    button = None
    if found.state is L.ASKED:
        button = respond.act(request.actor, APPROVE.code, "Approve", practice=found.practice)
    charged = plans.charges(payment_plan)
    context = {
        "one": found, "here": found.public_id, "button": button,
        "charges": ui_tables.static(request, CHARGES, charged) if charged else None,
        "instalments": ui_tables.static(request, INSTALMENTS, instalments, totals=sums),
        "may_end": found.state in {L.ASKED, L.ACTIVE} and request.actor.can(COLLECT.code, found.practice),
    }  # fmt: skip
    return respond.page(request, "billing/plan.html", context)


@form(COLLECT.code)
def make(request: ActorRequest, patient: str) -> HttpResponse:
    """Have what a patient owes paid by the month."""
    with reading():
        row = accounts.account(patient).row
        policy = policies.current(row.practice)
    back = reverse("billing:account", args=[patient])

    def save(given: dict[str, Any]) -> str:
        made = planning.make(
            actor=request.actor, patient=patient, instalment=Money.of(given["instalment"]), month_day=given["day"],
            starts_on=given["starts_on"], why=given["why"], at=request.actor.at,
        )  # fmt: skip
        return reverse("billing:plan", args=[made])

    context = {
        "title": "Pay by the month", "act_label": "Make the plan", "back": back, "crumbs": [(row.name, back)],
        "lede": f"{row.name} owes {row.owed}. While nothing is missed, statements ask for the instalment only.",
    }  # fmt: skip
    filled = PlanForm(
        request.POST or None, amount=row.owed, policy=policy, initial={"starts_on": request.actor.today}
    )  # fmt: skip
    return fill(
        request, filled, save=save, said="The plan is made.", context=context
    )  # fmt: skip


@act(APPROVE.code)
def approve(request: ActorRequest, payment_plan: str) -> HttpResponse:
    """Let a plan outside the policy begin."""
    return _plan(request, payment_plan, lambda: planning.approve(
        actor=request.actor, plan=payment_plan, at=request.actor.at
    ), "Approved; the plan runs")  # fmt: skip


@act(APPROVE.code)
def refuse(request: ActorRequest, payment_plan: str) -> HttpResponse:
    """Say no to a plan outside the policy."""
    return _plan(request, payment_plan, lambda: planning.refuse(
        actor=request.actor, plan=payment_plan, why=request.POST.get("why", ""), at=request.actor.at
    ), "Not approved")  # fmt: skip


@act(COLLECT.code)
def end(request: ActorRequest, payment_plan: str) -> HttpResponse:
    """End a plan before it is paid."""
    return _plan(request, payment_plan, lambda: planning.end(
        actor=request.actor, plan=payment_plan, why=request.POST.get("why", ""), at=request.actor.at
    ), "Ended; what is left is asked for as a whole")  # fmt: skip


def _plan(request: ActorRequest, name: str, work: Callable[[], object], words: str) -> HttpResponse:
    return done(request, lambda: plans.plan(name, on=request.actor.today), work, words,
                reverse("billing:plan", args=[name]))  # fmt: skip
