"""Papers on the page of a claim: added, sent, withdrawn."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse

from openmso.claims.services import attaching
from openmso.platform.access.edges import ActorRequest, act
from openmso.platform.ui import respond


@act("claims.work")
def add(request: ActorRequest, claim: str) -> HttpResponse:
    """Put a paper beside the claim."""
    given = request.POST
    control = attaching.add(
        actor=request.actor, claim=claim, kind=given.get("kind", ""), way=given.get("way", ""),
        note=given.get("note", ""), at=request.actor.at,
    )  # fmt: skip
    messages.success(request, f"Its number is {control}; write it on the paper.")
    return respond.redirect(request, reverse("claims:claim", args=[claim]))


@act("claims.work")
def sent(request: ActorRequest, attachment: str) -> HttpResponse:
    """The paper went."""
    claim = attaching.sent(actor=request.actor, attachment=attachment, at=request.actor.at)
    return respond.redirect(request, reverse("claims:claim", args=[claim]))


@act("claims.work")
def withdraw(request: ActorRequest, attachment: str) -> HttpResponse:
    """The paper is not needed."""
    claim = attaching.withdraw(actor=request.actor, attachment=attachment, at=request.actor.at)
    return respond.redirect(request, reverse("claims:claim", args=[claim]))
