"""Splitting a claim, asking anew for its denied lines, asking its payer for an authorization that it lacks."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse

from openmso.claims.services import parting, permits
from openmso.kit import clock
from openmso.kit.errors import Refused
from openmso.platform.access.edges import ActorRequest, act
from openmso.platform.ui import respond


@act("claims.work")
def split(request: ActorRequest, claim: str) -> HttpResponse:
    """Move lines to a claim of their own, and go there."""
    return _made(
        request,
        lambda: parting.split(
            actor=request.actor, claim=claim, lines=_lines(request), why=request.POST.get("why", ""), at=clock.now()
        ),
        f"Split off {claim}; the two add up",
    )


@act("claims.work")
def resubmit(request: ActorRequest, claim: str) -> HttpResponse:
    """Ask anew for denied lines, and go to the claim that does."""
    return _made(
        request,
        lambda: parting.resubmit(
            actor=request.actor, claim=claim, lines=_lines(request), why=request.POST.get("why", ""),
            frequency=request.POST.get("frequency", "1"), at=clock.now(),
        ),
        f"It asks only for the denied lines of {claim}",
    )  # fmt: skip


@act("claims.work")
def ask_permit(request: ActorRequest, claim: str) -> HttpResponse:
    """Ask the payer for what the claim lacks, and go to the request."""
    try:
        asked = permits.ask(actor=request.actor, claim=claim, at=clock.now())
    except Refused as no:
        return respond.refusal(request, no)
    messages.success(request, "The payer is asked; the claim is scrubbed again when the answer comes")
    return respond.redirect(request, reverse("eligibility:request", args=[asked[0]]))


def _made(request: ActorRequest, work: Callable[[], str], words: str) -> HttpResponse:
    try:
        new = work()
    except Refused as no:
        return respond.refusal(request, no)
    messages.success(request, words)
    return respond.redirect(request, reverse("claims:claim", args=[new]))


def _lines(request: ActorRequest) -> list[int]:
    """The numbers that were ticked; what is no number is none."""
    return [int(number) for number in request.POST.getlist("lines") if number.isascii() and number.isdigit()]
