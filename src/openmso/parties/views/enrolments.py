"""The forms of payers' enrolment of clinicians, which the page of a practice shows."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.urls import reverse

from openmso.parties import forms
from openmso.parties.queries import enrolments as queries
from openmso.parties.queries import payers, practices, providers
from openmso.parties.services import enrolments as services
from openmso.platform.access.edges import form
from openmso.platform.tenancy.scope import reading
from openmso.platform.ui.filling import fill

PRACTICE = "practice"


@form("parties.edit")
def add(request: Any, practice: str) -> HttpResponse:
    """A payer has enrolled a clinician, or the practice itself."""
    with reading():
        found = practices.by_public_id(practice, at=request.actor.at)
        people = [(PRACTICE, queries.ITSELF), *((one.public_id, one.name) for one in providers.clinicians(found.id))]
        offered = payers.choices()
    filled = forms.EnrolmentFacts(
        request.POST or None, clinicians=people, payers=offered, initial={"starts_on": request.actor.day_in(found.id)}
    )

    def save(given: dict[str, Any]) -> str:
        who = "" if given["clinician"] == PRACTICE else given["clinician"]
        services.record(actor=request.actor, practice=found.id, at=request.actor.at, **given | {"clinician": who})
        return back

    back = reverse("parties:practice", args=[practice])
    context = {
        "title": "A payer enrolled a clinician or the practice",
        "back": back,
        "crumbs": [(found.name, back)],
        "here": "Enrolment",
    }
    return fill(request, filled, save=save, said="Recorded.", context=context)


@form("parties.edit")
def end(request: Any, practice: str, payer_enrolment: str) -> HttpResponse:
    """The enrolment of a clinician ends."""
    with reading():
        found = practices.by_public_id(practice, at=request.actor.at)
        now = queries.enrolment(payer_enrolment)
    filled = forms.EnrolmentEnd(request.POST or None, initial={"ends_on": request.actor.day_in(found.id)})

    def save(given: dict[str, Any]) -> str:
        services.end(
            actor=request.actor, practice=found.id, enrolment=payer_enrolment, ends_on=given["ends_on"],
            at=request.actor.at,
        )  # fmt: skip
        return back

    back = reverse("parties:practice", args=[practice])
    title = f"{now.clinician} is enrolled with {now.payer} no more"
    context = {"title": title, "back": back, "crumbs": [(found.name, back)], "here": "Enrolment"}
    return fill(request, filled, save=save, said="Recorded.", context=context)
