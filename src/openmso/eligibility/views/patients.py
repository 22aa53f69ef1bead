"""Screens of a patient's coverages, and of the reasons that lead visits to a medical or a vision plan."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.urls import reverse

from openmso.eligibility.contracts import CHECK
from openmso.eligibility.forms import CardForm, RouteForm
from openmso.eligibility.queries import checks, covers, permits
from openmso.eligibility.services import discovering, sending
from openmso.eligibility.tables import ROUTES
from openmso.kit import clock
from openmso.kit.classes import PHI
from openmso.kit.errors import Refused
from openmso.parties.queries import payers
from openmso.patients import queries as patients
from openmso.patients.contracts import PlanKind
from openmso.platform.access.edges import ActorRequest, act, form, page
from openmso.platform.audit import services as audit
from openmso.platform.tenancy.queries import tenants
from openmso.platform.tenancy.scope import reading
from openmso.platform.ui import respond, tables
from openmso.platform.ui.filling import fill
from openmso.scheduling import queries as scheduling
from openmso.scheduling import services as visits
from openmso.scheduling.contracts import ROUTE


@page("eligibility.read")
def patient(request: ActorRequest, patient: str) -> HttpResponse:
    """What covers a patient: medical and vision plans in order, what came before, the checks, what is authorized."""
    actor = request.actor
    found = covers.of_patient(patient, on=actor.today)
    audit.record_read(
        actor=actor, practice=found.practice, subject=("patients.patient", patient), at=actor.at,
        classes=[one for one in PHI if actor.sees(one, found.practice)],
        decision=actor.may("eligibility.read", found.practice),
    )  # fmt: skip
    context = {
        "one": found, "here": found.name, "now": [row for row in found.covers if row.holds], "today": actor.today,
        "may_check": actor.can(CHECK.code, found.practice), "crumbs": [("Coverage", reverse("eligibility:checks"))],
        "before": [row for row in found.covers if not row.holds], "checks": checks.of_patient(patient),
        "permits": permits.of_patients([patients.get(patient).id]),
        "ask_button": respond.act(actor, CHECK.code, "Ask the payers", practice=found.practice, icon="send"),
    }  # fmt: skip
    return respond.page(request, "eligibility/patient.html", context)


@form(CHECK.code)
def record(request: ActorRequest, patient: str) -> HttpResponse:
    """Record a coverage as the card says it; its payer is asked at once."""
    with reading():
        found, shown = patients.get(patient), covers.of_patient(patient, on=request.actor.today)
        held = [(one.public_id, f"{one.payer} {one.member_id}, {one.order.label.lower()} {one.kind.label.lower()}")
                for one in shown.covers if one.holds]  # fmt: skip
        choices = payers.choices()
    initial = {"starts_on": request.actor.today, "replaces": request.GET.get("replaces", "")[:16]}
    filled = CardForm(request.POST or None, payers=choices, held=held, initial=initial)
    back = reverse("eligibility:patient", args=[patient])

    def save(given: dict[str, Any]) -> str:
        with reading():
            payer = payers.by_public_id(given["payer"])
        discovering.record(
            actor=request.actor, patient=patient, draft=filled.draft(payer.id, found.person),
            replaces=given["replaces"], at=clock.now(),
        )  # fmt: skip
        sending.send_due(actor=request.actor, practice=found.practice, at=clock.now())
        return back

    title = "Record a coverage"
    return fill(
        request, filled, template="eligibility/permit.html", save=save, said="The coverage is on file.",
        context={"title": title, "lede": shown.name, "back": back, "here": title, "act": "Record it and ask the payer",
                 "crumbs": [("Coverage", reverse("eligibility:checks")), (shown.name, back)]},
    )  # fmt: skip


@page("eligibility.read")
def routes(request: ActorRequest) -> HttpResponse:
    """The words of reasons, and where they lead."""
    ask = tables.ask(request, ROUTES)
    return tables.answer(
        request, ROUTES, ask, template="eligibility/routes.html",
        fetch=lambda asked: scheduling.routes(page=asked),
        context={"may_route": request.actor.can(ROUTE.code), "here": "Reasons for visits",
                 "crumbs": [("Coverage", reverse("eligibility:checks"))]},
    )  # fmt: skip


@page("eligibility.read")
def route(request: ActorRequest, route: str) -> HttpResponse:
    """One line: the words, where they lead, since when."""
    found = scheduling.route(route)
    context = {
        "one": found, "here": route,
        "crumbs": [("Coverage", reverse("eligibility:checks")), ("Reasons for visits", reverse("eligibility:routes"))],
        "may_end": found.ended_at is None and request.actor.can(ROUTE.code, found.practice),
    }  # fmt: skip
    return respond.page(request, "eligibility/route.html", context)


@form(ROUTE.code)
def new_route(request: ActorRequest) -> HttpResponse:
    """Say where visits with some words in their reason go."""
    allowed = request.actor.practices_for(ROUTE.code)
    with reading():
        practices = [(str(one.pk), one.name) for one in tenants() if one.pk in allowed and not one.is_mso]

    def save(given: dict[str, Any]) -> str:
        visits.route_reason(
            actor=request.actor, practice=int(given["practice"]), words=given["words"], plan=PlanKind(given["plan"]),
            at=clock.now(),
        )  # fmt: skip
        return reverse("eligibility:routes")

    title = "Where a reason leads"
    return fill(
        request, RouteForm(request.POST or None, practices=practices), template="eligibility/permit.html", save=save,
        said="Visits that are recorded from now on go there.",
        context={"title": title, "back": reverse("eligibility:routes"), "here": title, "act": "Keep it",
                 "crumbs": [("Coverage", reverse("eligibility:checks")),
                            ("Reasons for visits", reverse("eligibility:routes"))]},
    )  # fmt: skip


@act(ROUTE.code)
def end_route(request: ActorRequest, route: str) -> HttpResponse:
    """These words lead nowhere any more."""
    try:
        visits.end_route(actor=request.actor, route=route, at=clock.now())
    except Refused as no:
        return respond.refusal(request, no)
    return respond.done(request, "Ended", back=reverse("eligibility:routes"))
