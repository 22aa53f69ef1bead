"""The page of a clinician: what is on file, and which payers take their services."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.urls import reverse

from openmso.parties.queries import enrolments, practices, providers
from openmso.platform.access.edges import page
from openmso.platform.ui import respond


@page("parties.read")
def clinician(request: Any, clinician: str) -> HttpResponse:
    """One clinician of a practice one may see."""
    found = providers.clinician_by_public_id(clinician)
    house = practices.practice(found.practice, on=request.actor.day_in(found.practice))
    context = {
        "one": found, "practice": house, "here": found.name,
        "crumbs": [("Practices", reverse("parties:practices")),
                   (house.name, reverse("parties:practice", args=[house.public_id]))],
        "enrolments": [one for one in enrolments.of_practice(house.id) if one.clinician_id == found.id],
        "may_edit": request.actor.can("parties.edit", house.id),
    }  # fmt: skip
    return respond.page(request, "parties/clinician.html", context)
