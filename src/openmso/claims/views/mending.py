"""Mending a claim and what it is made of: the visit, the patient's record, the coverage; the clinician of many."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django import forms as django_forms
from django.http import HttpResponse
from django.urls import reverse

from openmso.claims.contracts import Sources
from openmso.claims.forms import ClaimForm, CoverageForm, PatientForm, StayForm, VisitForm, stay_first
from openmso.claims.queries import sources, stories, worklist
from openmso.claims.services import correcting, mending
from openmso.claims.tables import CLAIMS
from openmso.claims.views import fixes
from openmso.kit import clock
from openmso.kit.errors import NotFound, Refused
from openmso.kit.words import by_reason, counted
from openmso.parties.queries import payers
from openmso.patients.contracts import Coverage
from openmso.platform.access.edges import ActorRequest, act, form
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.tenancy.scope import reading
from openmso.platform.ui import respond, tables
from openmso.platform.ui.contracts import Tone
from openmso.platform.ui.filling import fill

ANOTHER = "new"


@form("claims.work")
def change(request: ActorRequest, claim: str) -> HttpResponse:
    """The claim itself: codes, numbers, accident; its lines, and one more."""
    found = _found(claim)
    with reading():
        filled = ClaimForm(request.POST or None, initial=stories.editable(claim), lines=sources.lines(claim))

    def save(given: dict[str, Any]) -> None:
        fields = {name: value for name, value in given.items() if name in correcting.FIELDS}
        correcting.change(
            actor=request.actor, claim=claim, fields=fields, diagnoses=filled.codes(), lines=filled.changes(),
            more=filled.more(), sheet_version=given["sheet_version"], at=clock.now(),
        )  # fmt: skip

    return _mend(request, found, filled, save, title="Mend the claim", template="claims/change.html")


@form("claims.work")
def visit(request: ActorRequest, claim: str) -> HttpResponse:
    """Who rendered the visit of a claim, and at which site."""
    found = _found(claim)
    filled = VisitForm(request.POST or None, initial=_first(found) | {"clinician": found.clinician, "site": found.site})
    _choose(filled, "clinician", [(one.public_id, f"{one.name} · {one.npi}") for one in found.clinicians])
    _choose(filled, "site", [(one.public_id, one.name) for one in found.sites])

    def save(given: dict[str, Any]) -> None:
        mending.correct_visit(actor=request.actor, claim=claim, at=clock.now(), **given)

    return _mend(request, found, filled, save, title="Who rendered the visit, and where")


@form("claims.work")
def stay(request: ActorRequest, claim: str) -> HttpResponse:
    """What the facility says of the visit of an institutional claim, and the revenue codes of its lines."""
    found = _found(claim)
    kept = found.claim.stay
    names = {one.id: one.public_id for one in found.clinicians}
    initial = _first(found) | stay_first(kept) | {
        "attending": names.get((kept.attending_id if kept else None) or 0, ""),
        "operating": names.get((kept.operating_id if kept else None) or 0, ""),
    }  # fmt: skip
    filled = StayForm(request.POST or None, initial=initial, lines=found.claim.lines)
    people = [(one.public_id, f"{one.name} · {one.npi}") for one in found.clinicians]
    _choose(filled, "attending", people, "Who rendered the visit")
    _choose(filled, "operating", people, "Nobody")
    keys = {public_id: key for key, public_id in names.items()}

    def save(given: dict[str, Any]) -> None:
        mending.say_stay(
            actor=request.actor, claim=claim,
            stay=filled.stay(keys.get(given["attending"]), keys.get(given["operating"])),
            revenue=filled.revenue(), sheet_version=given["sheet_version"], at=clock.now(),
        )  # fmt: skip

    return _mend(request, found, filled, save, title="What the facility says")


@form("claims.work")
def patient(request: ActorRequest, claim: str) -> HttpResponse:
    """The record of a claim's patient."""
    found = _found(claim)
    person = found.patient.person
    names = ("last_name", "first_name", "middle_name", "suffix", "born_on", "sex")
    initial = _first(found) | {name: getattr(person, name) for name in names}
    initial |= {name: getattr(person.address, name) for name in ("line1", "line2", "city", "state", "zip")}
    filled = PatientForm(request.POST or None, initial=initial)

    def save(given: dict[str, Any]) -> None:
        mending.correct_patient(
            actor=request.actor, claim=claim, person=filled.person(), sheet_version=given["sheet_version"],
            at=clock.now(),
        )  # fmt: skip

    return _mend(request, found, filled, save, title="Correct the patient's record")


@form("claims.work")
def coverage(request: ActorRequest, claim: str) -> HttpResponse:
    """The coverages of a claim's patient: ask another payer, correct what the card says, add one."""
    found = _found(claim)
    wanted = request.GET.get("coverage", found.coverage)
    now = next((one for one in found.coverages if one.public_id == wanted), None)
    filled = CoverageForm(request.POST or None, initial=_first(found) | _told(now, found))
    _choose(filled, "payer", payers.choices(), "Choose a payer")

    def save(given: dict[str, Any]) -> None:
        with reading():
            payer = payers.by_public_id(given["payer"])
            holder = sources.holder(claim, now.public_id if now else "")
        mending.cover(
            actor=request.actor, claim=claim, draft=filled.draft(payer.id, holder), at=clock.now(),
            coverage=now.public_id if now else "", sheet_version=given["sheet_version"],
        )  # fmt: skip

    names = {one.id: one.name for one in payers.every()}
    shown = {
        "coverages": [(one, names.get(one.payer_id, "")) for one in found.coverages],
        "shown": now.public_id if now else ANOTHER,
        "asked": found.coverage,
    }
    title = "Correct the coverage" if now else "Add a coverage"
    return _mend(request, found, filled, save, title=title, template="claims/coverage.html", shown=shown)


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
    if not answer.refused:
        return respond.done(request, said, back=reverse("claims:worklist"))
    why = by_reason((one.claim, f"{one.words} {one.fix}") for one in answer.refused)
    said += f"; {counted(len(answer.refused), 'claim')} not changed. {why}."
    response = respond.done(request, said, back=reverse("claims:worklist"))
    return respond.toast(response, said, tone=Tone.BAD) if respond.is_fragment(request) else response


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
    """What a claim is made of; raises `NotEditable` where it is not mended in place."""
    with reading():
        found = sources.of(claim)
    if no := correcting.why_not_editable(found.claim.state):
        raise no
    return found


def _mend(
    request: ActorRequest,
    found: Sources,
    filled: django_forms.Form,
    save: Callable[[dict[str, Any]], None],
    *,
    title: str,
    template: str = "claims/mend.html",
    shown: Mapping[str, Any] | None = None,
) -> HttpResponse:
    """One of the forms by which a claim is mended: under its findings, back to its story when it is saved."""
    name, here = found.claim.public_id, request.resolver_match
    back = _story(name)

    def saved(given: dict[str, Any]) -> str:
        save(given)
        return back

    context = {
        "claim": found.claim, "title": title, "here": title, "back": back,
        "tabs": fixes.parts(found.claim, here.view_name if here else ""), **(shown or {}),
    }  # fmt: skip
    return fill(request, filled, template=template, save=saved, said="Saved, and scrubbed again.", context=context)


def _first(found: Sources) -> dict[str, Any]:
    return {"sheet_version": found.claim.sheet_version}


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
