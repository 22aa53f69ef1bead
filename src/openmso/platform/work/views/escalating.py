"""Work that one cannot decide oneself goes to the lead of its practice."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse

from openmso.platform.access.edges import act
from openmso.platform.work import quality
from openmso.platform.work.forms import ToLead
from openmso.platform.work.views import dialogs
from openmso.platform.work.views.items import many, selected


@act("work.use")
def ask_lead(request: Any) -> HttpResponse:
    """What the lead is to decide about the selection; what is answered takes it there."""
    return dialogs.asked(request, lambda: selected(request), ToLead(auto_id="lead-%s"), "work/to_lead.html#to_lead")


@act("work.use")
def to_lead(request: Any) -> HttpResponse:
    """Take the selection to the lead."""
    filled = ToLead(request.POST)
    why = filled.cleaned_data["why"] if filled.is_valid() else ""
    return many(
        request, "taken to the lead",
        lambda ids: quality.to_lead(actor=request.actor, public_ids=ids, why=why, at=request.actor.at),
    )  # fmt: skip
