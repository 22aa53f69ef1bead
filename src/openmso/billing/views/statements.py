"""Statements: the runs, one statement as paper, holds, and the policy of a practice."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse

from openmso.billing import paper
from openmso.billing.contracts import READ, SETUP, STATE, Hold
from openmso.billing.forms import HoldForm, PolicyForm, RunForm
from openmso.billing.queries import accounts, policies, statements
from openmso.billing.services import policies as deciding
from openmso.billing.services import stating
from openmso.billing.states import Making
from openmso.billing.tables import RUNS, STATEMENTS
from openmso.kit.classes import DataClass
from openmso.kit.errors import Refused
from openmso.platform.access.edges import ActorRequest, act, form, page
from openmso.platform.audit import services as audit
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.tenancy.scope import reading
from openmso.platform.ui import respond
from openmso.platform.ui import tables as ui_tables
from openmso.platform.ui.filling import fill


@page(READ.code)
def index(request: ActorRequest) -> HttpResponse:
    """The runs, the latest first."""
    ask = ui_tables.ask(request, RUNS)
    return ui_tables.answer(
        request, RUNS, ask, template="billing/runs.html",
        fetch=lambda asked: statements.runs(filters=ask.filters, page=asked),
        context={"may_state": request.actor.can(STATE.code), "waiting": statements.in_outbox()},
    )  # fmt: skip


@page(READ.code)
def run(request: ActorRequest, statement_run: str) -> HttpResponse:
    """One run: who got a statement, and who did not and why."""
    found = statements.run(statement_run)
    ask = ui_tables.ask(request, STATEMENTS)
    return ui_tables.answer(
        request, STATEMENTS, ask, template="billing/run.html",
        fetch=lambda asked: statements.of_run(statement_run, filters=ask.filters, page=asked),
        tally=lambda: statements.tally(statement_run, filters=ask.filters),
        context={"one": found, "here": found.public_id, "has_paper": bool(found.paper),
                 "going": found.state is Making.GOING},
    )  # fmt: skip


@page(READ.code)
def run_progress(request: ActorRequest, statement_run: str) -> HttpResponse:
    """How far a run is, asked every second; the whole page once it is made."""
    found = statements.run(statement_run)
    if found.state is Making.DONE:
        return respond.redirect(request, reverse("billing:run", args=[statement_run]))
    return respond.page(request, "billing/run_progress.html", {"one": found})


@page(READ.code)
def statement(request: ActorRequest, patient_statement: str) -> HttpResponse:
    """A statement as PDF, as it was sent."""
    found, content = statements.statement(patient_statement)
    classes = {one for one in (DataClass.DEMOGRAPHIC, DataClass.CLINICAL) if request.actor.sees(one, found.practice)}
    audit.record_read(
        actor=request.actor, practice=found.practice, subject=("billing.statement", patient_statement),
        at=request.actor.at, classes=classes, count=1, decision=request.actor.may(READ.code, found.practice),
    )  # fmt: skip
    return HttpResponse(
        paper.pdf([content]), content_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="{patient_statement}.pdf"'},
    )  # fmt: skip


@form(STATE.code)
def new_run(request: ActorRequest) -> HttpResponse:
    """Send statements to the patients of a practice."""
    with reading():
        filled = RunForm(request.POST or None, practices=tenancy.practice_choices())
    back = reverse("billing:runs")

    def save(given: dict[str, Any]) -> str:
        with reading():
            practice = tenancy.key_in_scope(given["run_practice"].upper())
        made = stating.start(actor=request.actor, practice=practice, at=request.actor.at)
        return reverse("billing:run", args=[made])

    context = {
        "title": "Send statements", "act_label": "Send them", "back": back, "crumbs": [("Patient statements", back)],
        "lede": "Every account that owes is judged; who gets none is told why. A run that was interrupted goes on.",
    }  # fmt: skip
    return fill(request, filled, save=save, said="The statements are made.", context=context)


@form(STATE.code)
def hold(request: ActorRequest, patient: str) -> HttpResponse:
    """Hold a patient's statements back."""
    with reading():
        row = accounts.account(patient).row
    back = reverse("billing:account", args=[patient])

    def save(given: dict[str, Any]) -> str:
        stating.hold(
            actor=request.actor, patient=patient, reason=Hold(given["reason"]), why=given["why"],
            until=given["until"], at=request.actor.at,
        )  # fmt: skip
        return back

    context = {
        "title": "Hold statements back", "act_label": "Hold them back", "back": back, "crumbs": [(row.name, back)],
        "lede": f"{row.name} owes {row.owed}. No run sends a statement while the hold stands.",
    }  # fmt: skip
    return fill(
        request, HoldForm(request.POST or None), save=save,
        said="The statements are held back.", context=context,
    )  # fmt: skip


@act(STATE.code)
def release(request: ActorRequest, patient: str) -> HttpResponse:
    """Send a patient statements again."""
    try:
        stating.release(
            actor=request.actor, patient=patient, why=request.POST.get("why", ""), at=request.actor.at
        )  # fmt: skip
    except Refused as no:
        return respond.refusal(request, no)
    messages.success(request, "The patient gets statements again.")
    return respond.redirect(request, reverse("billing:account", args=[patient]))


@page(READ.code)
def policies_page(request: ActorRequest) -> HttpResponse:
    """How the practices in scope bill their patients."""
    rows = [(one, policies.current(one.pk), policies.number(one.pk)) for one in tenancy.tenants_in_scope()
            if not one.is_mso]  # fmt: skip
    return respond.page(
        request,
        "billing/policies.html",
        {"here": "Policies", "rows": rows, "may_set_up": request.actor.can(SETUP.code)},
    )


@form(SETUP.code)
def policy(request: ActorRequest, practice: str) -> HttpResponse:
    """Decide how a practice bills its patients."""
    with reading():
        key = tenancy.key_in_scope(practice.upper())
        now, number = policies.current(key), policies.number(key)
    back = reverse("billing:policies")

    def save(given: dict[str, Any]) -> str:
        why = given.pop("why")
        deciding.decide(
            actor=request.actor, practice=key, policy=PolicyForm.policy(given), why=why, at=request.actor.at
        )
        return back

    context = {
        "title": "How patients are billed", "act_label": "Decide", "back": back, "crumbs": [("Policies", back)],
        "lede": f"Version {number} holds." if number else "The house's own policy holds.",
    }  # fmt: skip
    return fill(
        request, PolicyForm(request.POST or None, initial=now.as_json()), save=save,
        said="The policy holds from now on.", context=context,
    )  # fmt: skip
