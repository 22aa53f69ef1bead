"""Mending what a claim is made of: the visit, the patient's record, the coverage; and the clinician of many claims."""

from __future__ import annotations

from typing import Any

from django import forms as django_forms
from django.http import HttpResponse
from django.urls import reverse

from openmso.claims.contracts import Sources
from openmso.claims.forms import CoverageForm, PatientForm, VisitForm
from openmso.claims.queries import sources, worklist
from openmso.claims.services import mending
from openmso.claims.tables import CLAIMS
from openmso.claims.views import fixes
from openmso.kit import clock
from openmso.kit.errors import NotFound, Refused
from openmso.kit.words import counted
from openmso.parties.queries import payers
from openmso.patients.contracts import Coverage
from openmso.platform.access.edges import ActorRequest, act, form
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.tenancy.scope import reading
from openmso.platform.ui import respond, tables
from openmso.platform.ui.filling import fill

MEND = "claims/mend.html"
ANOTHER = "new"


@form("claims.work")
def visit(request: ActorRequest, claim: str) -> HttpResponse:
    """Who rendered the visit of a claim, and at which site."""
    found = _found(claim)
    filled = VisitForm(request.POST or None, initial={"clinician": found.clinician, "site": found.site})
    _choose(filled, "clinician", [(one.public_id, f"{one.name} · {one.npi}") for one in found.clinicians])
    _choose(filled, "site", [(one.public_id, one.name) for one in found.sites])

    def save(given: dict[str, Any]) -> str:
        mending.correct_visit(
            actor=request.actor, claim=claim, clinician=given["clinician"], site=given["site"], at=clock.now()
        )
        return _story(claim)

    title = "Who rendered the visit, and where"
    return fill(
        request,
        filled,
        template=MEND,
        save=save,
        said="Scrubbed again.",
        context=_context(found, title, "claims:visit"),
    )


@form("claims.work")
def patient(request: ActorRequest, claim: str) -> HttpResponse:
    """The record of a claim's patient."""
    found = _found(claim)
    person = found.patient.person
    names = ("last_name", "first_name", "middle_name", "suffix", "born_on", "sex")
    initial = {name: getattr(person, name) for name in names}
    initial |= {name: getattr(person.address, name) for name in ("line1", "line2", "city", "state", "zip")}
    filled = PatientForm(request.POST or None, initial=initial)

    def save(given: dict[str, Any]) -> str:
        mending.correct_patient(actor=request.actor, claim=claim, person=filled.person(), at=clock.now())
        return _story(claim)

    title = "Correct the patient's record"
    return fill(
        request,
        filled,
        template=MEND,
        save=save,
        said="Scrubbed again.",
        context=_context(found, title, "claims:patient"),
    )


@form("claims.work")
def coverage(request: ActorRequest, claim: str) -> HttpResponse:
    """The coverages of a claim's patient: ask another payer, correct what the card says, add one."""
    found = _found(claim)
    wanted = request.GET.get("coverage", found.coverage)
    now = next((one for one in found.coverages if one.public_id == wanted), None)
    filled = CoverageForm(request.POST or None, initial=_told(now, found))
    _choose(filled, "payer", payers.choices(), "Choose a payer")

    def save(given: dict[str, Any]) -> str:
        with reading():
            payer = payers.by_public_id(given["payer"])
            holder = sources.holder(claim, now.public_id if now else "")
        mending.cover(
            actor=request.actor, claim=claim, draft=filled.draft(payer.id, holder), at=clock.now(),
            coverage=now.public_id if now else "",
        )  # fmt: skip
        return _story(claim)

    names = {one.id: one.name for one in payers.every()}
    context = _context(found, "Correct the coverage" if now else "Add a coverage", "claims:coverage") | {
        "coverages": [(one, names.get(one.payer_id, "")) for one in found.coverages],
        "shown": now.public_id if now else ANOTHER,
        "asked": found.coverage,
    }
    return fill(request, filled, template="claims/coverage.html", save=save, said="Scrubbed again.", context=context)


@act("claims.work")
def choose_coverage(request: ActorRequest, claim: str) -> HttpResponse:
    """Ask the payer of another coverage that is on file."""
    wanted = request.POST.get("coverage", "")
    try:
        mending.choose_coverage(actor=request.actor, claim=claim, coverage=wanted, at=clock.now())
    except Refused as no:
        return respond.refusal(request, no)
    return respond.redirect(request, _story(claim))


@act("claims.work")
def clinicians(request: ActorRequest) -> HttpResponse:
    """Who can be named as rendering the selected claims; a choice of people, which names."""
    try:
        practice, ids = _selected(request)
    except Refused as no:
        return respond.refusal(request, no)
    with reading():
        found = sources.clinicians(practice, on=tenancy.today(practice, clock.now()))
    given = [(name, value) for name in ("ids", "every", "q") for value in request.POST.getlist(name)]
    context = {"clinicians": found, "count": len(ids), "given": given}
    return respond.page(request, "claims/clinicians.html#clinicians", context)


@act("claims.work")
def name_clinician(request: ActorRequest) -> HttpResponse:
    """Name who rendered the selected claims; says what could not be named, and why."""
    try:
        practice, ids = _selected(request)
        answer = mending.correct_visits(
            actor=request.actor, practice=practice, claim_ids=ids, clinician=request.POST.get("clinician", ""),
            at=clock.now(),
        )  # fmt: skip
    except Refused as no:
        return respond.refusal(request, no)
    said = f"{counted(len(answer.done), 'claim')} scrubbed again"
    if answer.refused:
        first = answer.refused[0]
        said += f"; {counted(len(answer.refused), 'claim')} not changed: {first.words} {first.fix}"
    return respond.done(request, said, back=reverse("claims:worklist"))


def _selected(request: ActorRequest) -> tuple[int, list[int]]:
    """The claims of a selection, which are of one practice."""
    chosen = tables.selection(request, CLAIMS)
    with reading():
        frozen = worklist.ids(filters=chosen.filters, public_ids=chosen.ids)
    if not frozen:
        raise NotFound("There are no such claims.")
    if len(frozen) > 1:
        raise Refused(
            f"The claims are of {len(frozen)} practices; a clinician is of one.", code="several_practices",
            fix="Narrow the list to one practice first.",
        )  # fmt: skip
    return next(iter(frozen.items()))


def _found(claim: str) -> Sources:
    with reading():
        return sources.of(claim)


def _context(found: Sources, title: str, route: str) -> dict[str, Any]:
    tabs = fixes.parts(found.claim, route)
    return {"claim": found.claim, "title": title, "back": _story(found.claim.public_id), "here": title, "tabs": tabs}


def _story(claim: str) -> str:
    return reverse("claims:claim", args=[claim])


def _choose(filled: django_forms.Form, name: str, choices: list[tuple[str, str]], nobody: str = "Choose") -> None:
    filled.fields[name].choices = [("", nobody), *choices]  # type: ignore[attr-defined]


def _told(one: Coverage | None, found: Sources) -> dict[str, Any]:
    if one is None:
        return {"starts_on": found.claim.service_on.replace(month=1, day=1)}
    names = ("member_id", "order", "group_number", "plan_name", "starts_on", "ends_on", "insurance_type")
    told: dict[str, Any] = {name: getattr(one, name) for name in names} | {"relationship": one.relationship}
    told["payer"] = payers.payer(one.payer_id).public_id
    if one.subscriber:
        for name in ("last_name", "first_name", "born_on"):
            told[f"subscriber_{name}"] = getattr(one.subscriber, name)
    return told
