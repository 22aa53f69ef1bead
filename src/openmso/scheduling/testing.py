"""Builders for tests of all apps; they walk the real services."""

from __future__ import annotations

from datetime import date, datetime
from itertools import count

from openmso.parties.testing import House
from openmso.platform.access.contracts import Actor
from openmso.scheduling import services
from openmso.scheduling.contracts import Visit, VisitDraft

_numbers = count(1)


def visit(house: House, *, patient_id: int, service_on: date, at: datetime, place_of_service: str = "11") -> Visit:
    """A visit that took place, at the practice's site with its clinician."""
    draft = VisitDraft(
        patient_id, service_on, "test", f"V{next(_numbers)}", house.clinician.id, house.site.id,
        place_of_service=place_of_service,
    )  # fmt: skip
    actor = Actor.system("building a test", at=at)
    return services.record_visits(actor=actor, practice=house.id, drafts=[draft], at=at).visits[0]
