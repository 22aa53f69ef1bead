"""Screens of estimates: the list, one with its arithmetic and its paper, and what is done with it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse
from django.urls import reverse

from openmso.estimates import paper as papers
from openmso.estimates import queries
from openmso.estimates.contracts import MAKE, READ, Estimate, EstimateDraft, ItemDraft, Kind, Way
from openmso.estimates.forms import DropForm, EstimateForm, GiveForm, RequestForm
from openmso.estimates.rules import typed
from openmso.estimates.services import making, owing
from openmso.estimates.services.common import SUBJECT
from openmso.estimates.states import S
from openmso.estimates.tables import ESTIMATES
from openmso.estimates.views.reading import tell_read
from openmso.kit import clock
from openmso.kit.errors import NotFound
from openmso.patients import queries as patients
from openmso.patients.contracts import PatientRow
from openmso.platform.access.edges import ActorRequest, form, page
from openmso.platform.documents import queries as documents
from openmso.platform.tenancy.scope import reading
from openmso.platform.ui import respond, tables
from openmso.platform.ui.contracts import Choice, PageAsk
from openmso.platform.ui.filling import fill
from openmso.platform.work import queries as work
from openmso.scheduling import queries as scheduling

VIEWS = (("All", ""), ("Owed", "is:due"), ("Made", "is:made"), ("Given", "is:given"))


@page(READ.code)
def index(request: ActorRequest) -> HttpResponse:
    """The estimates: owed, made, given."""
    ask, here = tables.ask(request, ESTIMATES), reverse("estimates:estimates")
    tabs = [Choice(label, f"{here}?q={text}" if text else here, current=ask.q == text) for label, text in VIEWS]
    return tables.answer(
        request, ESTIMATES, ask, template="estimates/estimates.html",
        fetch=lambda wanted: queries.listing(filters=ask.filters, page=wanted),
        context={"tabs": tabs, "may_make": request.actor.can(MAKE.code), "here": "Estimates"},
    )  # fmt: skip


@page(READ.code)
def estimate(request: ActorRequest, estimate: str) -> HttpResponse:
    """One estimate: its clock, its lines and every step."""
    found = queries.estimate(estimate)
    row = found.row
    tell_read(request, row.practice, (SUBJECT, estimate))
    may = request.actor.can(MAKE.code, row.practice)
    context = {
        "one": found, "row": row, "here": estimate,
        "may_make": may and row.state in {S.DUE, S.MADE}, "may_give": may and row.state is S.MADE,
        "may_drop": may and row.state in {S.DUE, S.MADE}, "make_url": _make_url(found),
        "waits": work.open_for((SUBJECT, estimate), at=request.actor.at),
    }  # fmt: skip
    return respond.page(request, "estimates/estimate.html", context)


def _make_url(found: Estimate) -> str:
    owed = found.row.public_id
    return f"{reverse('estimates:make')}?patient={found.patient}&visit={found.visit}&kind={found.row.kind}&owed={owed}"


@page(READ.code)
def paper(request: ActorRequest, estimate: str) -> HttpResponse:
    """The paper of an estimate: as it was given, or as it would be."""
    found = queries.estimate(estimate)
    tell_read(request, found.row.practice, (SUBJECT, estimate))
    kept = found.row.document
    content = documents.read(kept, found.row.practice) if kept else papers.pdf(found)
    return HttpResponse(
        content, content_type="application/pdf", headers={"Content-Disposition": f'inline; filename="{estimate}.pdf"'}
    )


@form(MAKE.code)
def make(request: ActorRequest) -> HttpResponse:
    """Work an estimate out; one that takes the place of another begins with the services of that one."""
    asked = {name: request.GET.get(name, "")[:60] for name in ("patient", "visit", "kind", "owed")}
    with reading():
        before = queries.estimate(asked["owed"]) if asked["owed"] else None
        known = _known(asked["visit"], before)
        items, lede = _begun(before, known)
        initial = {**asked, "service_on": request.actor.today, **known, "items": typed.written(items)}
    filled = EstimateForm(request.POST or None, initial=initial)

    def save(given: dict[str, Any]) -> str:
        with reading():
            patient = _patient(given["patient"])
        draft = EstimateDraft(
            Kind(given["kind"]), patient.public_id, given["service_on"], typed.read(given["items"]), given["reason"],
            given["diagnoses"], given["visit"].strip().upper(), place_of_service=given["place_of_service"],
        )  # fmt: skip
        made = making.make(actor=request.actor, draft=draft, owed=asked["owed"], at=clock.now())
        return reverse("estimates:estimate", args=[made])

    back = reverse("estimates:visit", args=[asked["visit"]]) if asked["visit"] else reverse("estimates:estimates")
    return _fill(
        request, filled, save, "Make an estimate", "Work it out", back, said="The estimate is made.", lede=lede
    )


def _known(visit: str, before: Estimate | None) -> dict[str, Any]:
    """What the visit, and the estimate that is owed or made anew, tell of what is to be estimated."""
    known: dict[str, Any] = {}
    if visit:
        seen = scheduling.get(visit)
        known = {"practice": seen.practice, "service_on": seen.service_on, "reason": seen.reason,
                 "place_of_service": seen.place_of_service}  # fmt: skip
    if before is not None:
        known = {"practice": before.row.practice, "service_on": before.row.service_on, "reason": before.reason} | known
    if before is not None and before.lines:
        known |= {"reason": before.reason, "diagnoses": " ".join(before.diagnoses),
                  "place_of_service": before.place_of_service}  # fmt: skip
    return known


def _begun(before: Estimate | None, known: Mapping[str, Any]) -> tuple[tuple[ItemDraft, ...], str]:
    """The services that the form begins with, and whose they are in words."""
    if before is not None and before.lines:
        told = f"The services are those of {before.row.public_id}; change what differs."
        return tuple(line.as_item() for line in before.lines), told
    usual = queries.usual_for(known["practice"], known["reason"]) if known else None
    if usual is None:
        return (), ""
    return usual.items, f"The services are those that “{usual.words}” usually comes to; change what differs."


@form(MAKE.code)
def request_one(request: ActorRequest) -> HttpResponse:
    """A patient asks for a good faith estimate."""

    def save(given: dict[str, Any]) -> str:
        with reading():
            patient = _patient(given["patient"])
        owed = owing.request(
            actor=request.actor, patient=patient.public_id, service_on=given["service_on"], reason=given["reason"],
            at=clock.now(),
        )  # fmt: skip
        return reverse("estimates:estimate", args=[owed])

    filled, back = RequestForm(request.POST or None), reverse("estimates:estimates")
    return _fill(
        request, filled, save, "A patient asks for an estimate", "Start the clock", back, said="It is owed now."
    )


@form(MAKE.code)
def give(request: ActorRequest, estimate: str) -> HttpResponse:
    """Give an estimate to the patient."""
    with reading():
        queries.estimate(estimate)
    back = reverse("estimates:estimate", args=[estimate])

    def save(given: dict[str, Any]) -> str:
        making.give(actor=request.actor, estimate=estimate, way=Way(given["way"]), at=clock.now())
        return back

    title = "Give it to the patient"
    return _fill(
        request, GiveForm(request.POST or None), save, title, "It was given", back, said="It is given and kept."
    )


@form(MAKE.code)
def drop(request: ActorRequest, estimate: str) -> HttpResponse:
    """Say that an estimate is not owed."""
    with reading():
        queries.estimate(estimate)
    back = reverse("estimates:estimate", args=[estimate])

    def save(given: dict[str, Any]) -> str:
        making.drop(actor=request.actor, estimate=estimate, why=given["why"], at=clock.now())
        return back

    return _fill(request, DropForm(request.POST or None), save, "Not owed", "Drop it", back, said="It is dropped.")


def _fill(
    request: ActorRequest, filled: Any, save: Any, title: str, act_label: str, back: str, *, said: str, lede: str = ""
) -> HttpResponse:
    context = {"title": title, "lede": lede, "act_label": act_label, "back": back, "here": title}
    return fill(request, filled, save=save, said=said, context=context)


def _patient(named: str) -> PatientRow:
    """The one patient of a number or a record number."""
    found = patients.search(text=named, page=PageAsk(size=2)).rows
    if len(found) != 1:
        none = "No patient" if not found else "More than one patient"
        raise NotFound(f"{none} fits {named}.", field="patient", fix="Type the number or the record number.")
    return found[0]
