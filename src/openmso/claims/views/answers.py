"""Taking in acknowledgements, and what each said."""

from __future__ import annotations

from django.http import HttpResponse
from django.urls import reverse

from openmso.claims.forms import AcknowledgementForm
from openmso.claims.queries import stories
from openmso.claims.services import acknowledging
from openmso.kit import clock
from openmso.kit.errors import NotFound, Refused
from openmso.platform.access.edges import ActorRequest, form, page
from openmso.platform.tenancy.queries import tenants
from openmso.platform.ui import respond


@form("claims.acknowledge")
def acknowledge(request: ActorRequest) -> HttpResponse:
    """Take in a file of answers."""
    allowed = request.actor.practices_for("claims.acknowledge")
    choices = [(str(t.pk), t.name) for t in tenants() if t.pk in allowed and not t.is_mso]
    filled = AcknowledgementForm(request.POST or None, request.FILES or None)
    filled.fields["practice"].choices = choices  # type: ignore[attr-defined]
    if request.method != "POST" or not filled.is_valid():
        status = 422 if request.method == "POST" else 200
        return respond.page(request, "claims/acknowledge.html", {"form": filled, "here": "Answers"}, status=status)
    upload = filled.cleaned_data["file"]
    try:
        summary = acknowledging.read_acknowledgements(
            actor=request.actor, practice=int(filled.cleaned_data["practice"]), name=upload.name,
            content=upload.file, at=clock.now(),
        )  # fmt: skip
    except Refused as no:
        filled.add_error(None, f"{no.sentence} {no.fix}".strip())
        return respond.page(request, "claims/acknowledge.html", {"form": filled, "here": "Answers"}, status=no.status)
    return respond.page(request, "claims/acknowledged.html", {"summary": summary, "here": "Answers"})


@page("claims.read")
def acknowledgement(request: ActorRequest, acknowledgement: str) -> HttpResponse:
    """One answer, claim by claim; what fits none of ours first."""
    try:
        found = stories.acknowledgement(acknowledgement)
    except NotFound as no:
        return respond.refusal(request, no)
    back = reverse("claims:worklist")
    return respond.page(request, "claims/acknowledgement.html", {"ack": found, "back": back})
