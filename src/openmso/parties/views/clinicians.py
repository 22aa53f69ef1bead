"""The page of a clinician: what is on file, their time, and which payers take their services."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.http import HttpResponse
from django.urls import reverse

from openmso.parties.forms import ClinicianShare
from openmso.parties.queries import enrolments, practices, providers
from openmso.parties.services import clinicians
from openmso.platform.access.edges import form, page
from openmso.platform.tenancy.scope import reading
from openmso.platform.ui import respond
from openmso.platform.ui.filling import fill

PERCENT = Decimal(100)


@page("parties.read")
def clinician(request: Any, clinician: str) -> HttpResponse:
    """One clinician of a practice one may see."""
    found = providers.clinician_by_public_id(clinician)
    house = practices.practice(found.practice, on=request.actor.day_in(found.practice))
    context = {
        "one": found, "practice": house, "here": found.name, "crumbs": _crumbs(house.name, house.public_id),
        "enrolments": [one for one in enrolments.of_practice(house.id) if one.clinician_id == found.id],
        "time": providers.time_of(found.id), "may_edit": request.actor.can("parties.edit", house.id),
    }  # fmt: skip
    return respond.page(request, "parties/clinician.html", context)


@form("parties.edit")
def time(request: Any, practice: str, clinician: str) -> HttpResponse:
    """State how much of full time a clinician works."""
    with reading():
        house = practices.by_public_id(practice, at=request.actor.at)
        found = providers.clinician_by_public_id(clinician)
    back = reverse("parties:clinician", args=[clinician])
    filled = ClinicianShare(request.POST or None, initial={"starts_on": request.actor.day_in(house.id)})

    def save(given: dict[str, Any]) -> str:
        clinicians.state_time(
            actor=request.actor, practice=house.id, clinician=clinician, share=given["share"] / PERCENT,
            starts_on=given["starts_on"], shows=given["shows"], at=request.actor.at,
        )  # fmt: skip
        return back

    context = {
        "title": f"Time of {found.name}", "here": "Time", "act_label": "State it", "back": back,
        "crumbs": [*_crumbs(house.name, house.public_id), (found.name, back)],
        "consequences": [
            "Fees by full-time equivalents count it day by day from then on.",
            "Months that are settled stay as they were; what was stated before stays on file.",
        ],
    }  # fmt: skip
    return fill(request, filled, save=save, said="Stated.", context=context)


def _crumbs(name: str, public_id: str) -> list[tuple[str, str]]:
    return [("Practices", reverse("parties:practices")), (name, reverse("parties:practice", args=[public_id]))]
