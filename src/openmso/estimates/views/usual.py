"""Screens of what reasons for visits usually come to: the list, one of them, and saying it."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.urls import reverse

from openmso.estimates import queries
from openmso.estimates.contracts import MAKE, READ
from openmso.estimates.forms import UsualForm
from openmso.estimates.rules import typed
from openmso.estimates.services import expecting
from openmso.estimates.tables import USUAL
from openmso.kit import clock
from openmso.kit.errors import Refused
from openmso.platform.access.edges import ActorRequest, act, form, page
from openmso.platform.tenancy.queries import tenants
from openmso.platform.tenancy.scope import reading
from openmso.platform.ui import respond, tables
from openmso.platform.ui.filling import fill


@page(READ.code)
def index(request: ActorRequest) -> HttpResponse:
    """What reasons usually come to."""
    ask = tables.ask(request, USUAL)
    return tables.answer(
        request, USUAL, ask, template="estimates/usual_list.html",
        fetch=lambda asked: queries.usual_listing(filters=ask.filters, page=asked),
        context={"may_make": request.actor.can(MAKE.code), "here": "Usual services",
                 "crumbs": [("Estimates", reverse("estimates:estimates"))]},
    )  # fmt: skip


@page(READ.code)
def usual(request: ActorRequest, usual: str) -> HttpResponse:
    """One of them, beside what was charged for the reason, and what was said of it before."""
    found = queries.usual(usual)
    may = found.ended_at is None and request.actor.can(MAKE.code, found.practice)
    context = {
        "one": found, "here": usual, "may_make": may, "before": queries.usual_before(found),
        "charged": queries.charged_for(found.practice, found.words, today=request.actor.today),
        "crumbs": [("Estimates", reverse("estimates:estimates")), ("Usual services", reverse("estimates:usual-list"))],
    }  # fmt: skip
    return respond.page(request, "estimates/usual.html", context)


@form(MAKE.code)
def say(request: ActorRequest) -> HttpResponse:
    """Say what a reason usually comes to; what was charged for it is looked up on the way."""
    allowed = request.actor.practices_for(MAKE.code)
    with reading():
        practices = [(str(one.pk), one.name) for one in tenants() if one.pk in allowed and not one.is_mso]
    title, context = "What a reason usually comes to", {"back": reverse("estimates:usual-list"), "may_look": True}
    context |= {"title": title, "here": title, "act_label": "Keep it"}
    if request.method == "POST" and "look" in request.POST:
        return _looked(request, practices, context)

    def save(given: dict[str, Any]) -> str:
        made = expecting.say(
            actor=request.actor, practice=int(given["practice"]), words=given["words"],
            items=typed.read(given["items"]), at=clock.now(),
        )  # fmt: skip
        return reverse("estimates:usual", args=[made])

    return fill(
        request, UsualForm(request.POST or None, practices=practices), template="estimates/usual_form.html",
        save=save, said="Estimates of such visits begin with it.", context=context,
    )  # fmt: skip


def _looked(request: ActorRequest, practices: list[tuple[str, str]], context: dict[str, Any]) -> HttpResponse:
    given = {name: request.POST.get(name, "")[:80] for name in ("practice", "words")}
    key = next((int(key) for key, _ in practices if key == given["practice"]), None)
    with reading():
        charged = queries.charged_for(key, given["words"], today=request.actor.today) if key else []
        items = queries.suggested(key, charged) if key else ()
        initial = {**given, "items": typed.written(items) or request.POST.get("items", "")[:8000]}
        filled = UsualForm(initial=initial, practices=practices)
        told = context | {"form": filled, "charged": charged, "has_looked": True}
        return respond.page(request, "estimates/usual_form.html", told)


@form(MAKE.code)
def change(request: ActorRequest, usual: str) -> HttpResponse:
    """Say other services of the same reason."""
    with reading():
        found = queries.usual(usual)
        charged = queries.charged_for(found.practice, found.words, today=request.actor.today)
    filled = UsualForm(request.POST or None, initial={"items": typed.written(found.items)})

    def save(given: dict[str, Any]) -> str:
        made = expecting.change(actor=request.actor, usual=usual, items=typed.read(given["items"]), at=clock.now())
        return reverse("estimates:usual", args=[made])

    title = f"What “{found.words}” usually comes to"
    context = {"title": title, "here": "Change", "back": reverse("estimates:usual", args=[usual]), "charged": charged,
               "act_label": "Keep it", "has_looked": True}  # fmt: skip
    return fill(
        request, filled, template="estimates/usual_form.html", save=save,
        said="Estimates of such visits begin with it from now on.", context=context,
    )  # fmt: skip


@act(MAKE.code)
def end(request: ActorRequest, usual: str) -> HttpResponse:
    """Estimates of such visits begin with nothing any more."""
    try:
        expecting.end(actor=request.actor, usual=usual, at=clock.now())
    except Refused as no:
        return respond.refusal(request, no)
    return respond.done(request, "Ended", back=reverse("estimates:usual-list"))
