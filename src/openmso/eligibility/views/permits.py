"""Screens of authorizations: what payers have authorized, and the rules that ask for it."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.urls import reverse

from openmso.eligibility.contracts import AUTHORIZE, AuthorizationDraft, Permit, RuleDraft
from openmso.eligibility.forms import AuthorizationForm, RuleForm
from openmso.eligibility.queries import permits
from openmso.eligibility.services import permitting
from openmso.eligibility.tables import AUTHORIZATIONS, RULES
from openmso.kit import clock
from openmso.kit.errors import NotFound, Refused
from openmso.parties.queries import payers
from openmso.patients import queries as patients
from openmso.patients.contracts import PatientRow
from openmso.platform.access.edges import ActorRequest, form, page
from openmso.platform.tenancy.queries import tenants
from openmso.platform.tenancy.scope import reading
from openmso.platform.ui import respond, tables
from openmso.platform.ui.contracts import PageAsk


@page("eligibility.read")
def authorizations(request: ActorRequest) -> HttpResponse:
    """What payers have authorized, by the day it ends."""
    ask = tables.ask(request, AUTHORIZATIONS)
    return tables.answer(
        request, AUTHORIZATIONS, ask, template="eligibility/authorizations.html",
        fetch=lambda asked: permits.authorizations(filters=ask.filters, page=asked),
        context={"may_authorize": request.actor.can(AUTHORIZE.code), "crumbs": [], "here": "Authorizations"},
    )  # fmt: skip


@page("eligibility.read")
def rules(request: ActorRequest) -> HttpResponse:
    """What payers ask for."""
    ask = tables.ask(request, RULES)
    return tables.answer(
        request, RULES, ask, template="eligibility/rules.html",
        fetch=lambda asked: permits.rules(filters=ask.filters, page=asked),
        context={
            "may_authorize": request.actor.can(AUTHORIZE.code), "here": "Rules",
            "crumbs": [("Authorizations", reverse("eligibility:authorizations"))],
        },
    )  # fmt: skip


@form("eligibility.authorize")
def new_authorization(request: ActorRequest) -> HttpResponse:
    """Record a payer's yes."""
    with reading():
        filled = AuthorizationForm(request.POST or None, payers=payers.choices())

    def save(given: dict[str, Any]) -> None:
        first, last = filled.codes()
        with reading():
            patient, payer = _patient(given["patient"]), payers.by_public_id(given["payer"])
        draft = AuthorizationDraft(
            patient.id, payer.id, Permit(given["kind"]), given["number"], first, last, given["starts_on"],
            given["ends_on"], given["units"], given["note"],
        )  # fmt: skip
        permitting.record(actor=request.actor, practice=patient.practice, draft=draft, at=clock.now())

    return _save(request, filled, save, title="Record an authorization", back="eligibility:authorizations")


@form("eligibility.authorize")
def new_rule(request: ActorRequest) -> HttpResponse:
    """Record what a payer asks for."""
    allowed = request.actor.practices_for(AUTHORIZE.code)
    with reading():
        practices = [(str(one.pk), one.name) for one in tenants() if one.pk in allowed and not one.is_mso]
        filled = RuleForm(request.POST or None, payers=payers.choices(), practices=practices)

    def save(given: dict[str, Any]) -> None:
        first, last = filled.codes()
        with reading():
            payer = payers.by_public_id(given["payer"])
        draft = RuleDraft(
            payer.id, Permit(given["kind"]), first, last, given["starts_on"], given["source"], given["places"],
            given["diagnoses"], given["ends_on"],
        )  # fmt: skip
        permitting.add_rule(actor=request.actor, practice=int(given["practice"]), draft=draft, at=clock.now())

    return _save(request, filled, save, title="Record what a payer asks for", back="eligibility:rules")


def _patient(typed: str) -> PatientRow:
    """The one patient of a number or a record number."""
    found = patients.search(text=typed, page=PageAsk(size=2)).rows
    if len(found) != 1:
        none = "No patient" if not found else "More than one patient"
        raise NotFound(f"{none} fits {typed}.", field="patient", fix="Type the number or the record number.")
    return found[0]


def _save(request: ActorRequest, filled: Any, save: Any, *, title: str, back: str) -> HttpResponse:
    if request.method == "POST" and filled.is_valid():
        try:
            save(filled.cleaned_data)
        except Refused as no:
            filled.add_error(no.field if no.field in filled.fields else None, f"{no.sentence} {no.fix}".strip())
        else:
            return respond.redirect(request, reverse(back))
    context = {"form": filled, "title": title, "back": reverse(back), "here": title}
    return respond.page(request, "eligibility/permit.html", context, status=422 if filled.is_bound else 200)
