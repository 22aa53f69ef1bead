"""The dialogs that a selection of work is answered with, whatever list it was made in."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from django.forms import Form
from django.http import HttpResponse
from django.urls import reverse

from openmso.kit.errors import Refused
from openmso.platform.access.edges import ActorRequest
from openmso.platform.tenancy.scope import reading
from openmso.platform.ui import respond
from openmso.platform.work import queries, services
from openmso.platform.work.forms import Snooze

Selected = Callable[[], Sequence[str]]
"""The public ids of the items that were selected; raises `Refused` where nothing waits."""


def givers(request: ActorRequest, selected: Selected, *, one: str = "") -> HttpResponse:
    """To whom the items can be given; a choice of people, which gives. `one` is the item whose page asks."""
    try:
        services.check_count(items := selected())
    except Refused as no:
        return respond.refusal(request, no)
    with reading():
        people = queries.takers(actor=request.actor, public_ids=items, at=request.actor.at)
    give_url = reverse("work:give", args=[one]) if one else reverse("work:give-many")
    context = {"takers": people, "count": len(items), "ids": items, "give_url": give_url}
    return respond.page(request, "work/takers.html#takers", context)


def later(request: ActorRequest, selected: Selected) -> HttpResponse:
    """Until when the items are put off, and why; what is chosen puts them off."""
    form = Snooze.until_tomorrow(request.actor.at, request.actor.standing.zone)
    return asked(request, selected, form, "work/later.html#later")


def asked(request: ActorRequest, selected: Selected, form: Form, template: str) -> HttpResponse:
    """A dialog that asks something about the items."""
    try:
        services.check_count(items := selected())
    except Refused as no:
        return respond.refusal(request, no)
    return respond.page(request, template, {"form": form, "ids": items, "count": len(items)})
