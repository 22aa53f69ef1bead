"""Screens of authorizations: what payers have authorized, and the rules that ask for it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse

from openmso.eligibility.contracts import AUTHORIZE, REQUEST, AuthorizationDraft, Permit, RequestDraft, RuleDraft
from openmso.eligibility.forms import AuthorizationForm, RequestForm, RuleForm, TakeForm
from openmso.eligibility.queries import permits
from openmso.eligibility.services import permitting, requesting
from openmso.eligibility.tables import AUTHORIZATIONS, REQUESTS, RULES
from openmso.kit import clock
from openmso.kit.classes import PHI
from openmso.kit.errors import NotFound, Refused
from openmso.parties.queries import notes, payers
from openmso.patients import queries as patients
from openmso.patients.contracts import PatientRow
from openmso.platform.access.edges import ActorRequest, form, page
from openmso.platform.audit import services as audit
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


@page("eligibility.read")
def requests(request: ActorRequest) -> HttpResponse:
    """What payers were asked to authorize, the latest first."""
    ask = tables.ask(request, REQUESTS)
    return tables.answer(
        request, REQUESTS, ask, template="eligibility/requests.html",
        fetch=lambda asked: permits.requests(filters=ask.filters, page=asked),
        context={
            "may_authorize": request.actor.can(AUTHORIZE.code), "here": "Requests",
            "crumbs": [("Authorizations", reverse("eligibility:authorizations"))],
        },
    )  # fmt: skip


@page("eligibility.read")
def request(request: ActorRequest, permit_request: str) -> HttpResponse:
    """One request, and what became of it."""
    try:
        found = permits.request(permit_request)
    except NotFound as no:
        return respond.refusal(request, no)
    audit.record_read(
        actor=request.actor, practice=found.practice, subject=(REQUEST, found.public_id), at=request.actor.at,
        classes=[one for one in PHI if request.actor.sees(one, found.practice)],
        decision=request.actor.may("eligibility.read", found.practice),
    )  # fmt: skip
    context = {
        "row": found, "here": found.public_id, "crumbs": [("Requests", reverse("eligibility:requests"))],
        "notes": notes.about(practice=found.practice, payer=found.payer, on=request.actor.today),
    }  # fmt: skip
    return respond.page(request, "eligibility/request.html", context)


@form("eligibility.authorize")
def new_request(request: ActorRequest) -> HttpResponse:
    """Ask a payer to authorize or refer."""
    with reading():
        filled = RequestForm(request.POST or None, payers=payers.choices())

    def save(given: dict[str, Any]) -> None:
        with reading():
            patient, payer = _patient(given["patient"]), payers.by_public_id(given["payer"])
        draft = RequestDraft(
            patient.id, payer.id, Permit(given["kind"]), given["first_code"], given["starts_on"], given["ends_on"],
            given["units"], given["place"], given["diagnoses"],
        )  # fmt: skip
        requesting.ask(actor=request.actor, practice=patient.practice, draft=draft, at=clock.now())

    return _save(
        request, filled, save, title="Ask for an authorization", back="eligibility:requests", act="Ask the payer"
    )


@form("eligibility.authorize")
def take_requests(request: ActorRequest) -> HttpResponse:
    """Take in a file of answers about authorizations."""
    allowed = request.actor.practices_for(AUTHORIZE.code)
    with reading():
        practices = [(str(one.pk), one.name) for one in tenants() if one.pk in allowed and not one.is_mso]
    filled = TakeForm(request.POST or None, request.FILES or None, practices=practices)
    context: dict[str, Any] = {"form": filled, "here": "Answers", "title": "Take in answers about authorizations"}
    if request.method == "POST" and filled.is_valid():
        upload = filled.cleaned_data["file"]
        try:
            taken = requesting.take(
                actor=request.actor, practice=int(filled.cleaned_data["practice"]), name=upload.name,
                content=upload.file, at=clock.now(),
            )  # fmt: skip
        except Refused as no:
            filled.add_error("file", f"{no.sentence} {no.fix}".strip())
        else:
            words = f"{taken.authorized} authorized, {taken.pended} pending, {taken.refused} not authorized"
            messages.success(request, f"{words}, {taken.unmatched} of no request of ours")
            return respond.redirect(request, reverse("eligibility:requests"))
    return respond.page(request, "eligibility/take_requests.html", context, status=422 if filled.is_bound else 200)


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


def _save(
    request: ActorRequest, filled: Any, save: Any, *, title: str, back: str, act: str = "Record it"
) -> HttpResponse:  # fmt: skip
    if request.method == "POST" and filled.is_valid():
        try:
            save(filled.cleaned_data)
        except Refused as no:
            filled.add_error(no.field if no.field in filled.fields else None, f"{no.sentence} {no.fix}".strip())
        else:
            return respond.redirect(request, reverse(back))
    context = {"form": filled, "title": title, "back": reverse(back), "here": title, "act": act}
    return respond.page(request, "eligibility/permit.html", context, status=422 if filled.is_bound else 200)
