"""The board of EDI enrolments on screen."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.urls import reverse

from openmso.exchange import forms
from openmso.exchange.contracts import ENROL, READ, Transaction
from openmso.exchange.queries import enrolments as queries
from openmso.exchange.queries import partners
from openmso.exchange.services import enrolling
from openmso.exchange.states import E
from openmso.exchange.tables import ENROLMENTS
from openmso.kit.errors import Conflict
from openmso.parties.queries import payers
from openmso.platform.access.edges import form, page
from openmso.platform.tenancy.scope import reading
from openmso.platform.ui import respond, tables
from openmso.platform.ui.contracts import Choice, Event
from openmso.platform.ui.filling import fill

VIEWS = (("To be chased", "is:requested is:sent is:pending is:rejected"), ("Live", "is:live"), ("All", ""))


@page(READ.code)
def index(request: Any) -> HttpResponse:
    """Payers, what is exchanged, and for whom: how far each enrolment is."""
    ask = tables.ask(request, ENROLMENTS)
    here = reverse("exchange:enrolments")
    tabs = [Choice(label, f"{here}?q={text}" if text else here, current=ask.q == text) for label, text in VIEWS]
    return tables.answer(
        request, ENROLMENTS, ask, template="exchange/enrolments.html",
        context={
            "tabs": tabs, "may_enrol": request.actor.can(ENROL.code), "here": "Enrolments",
            "unenrolled": queries.unenrolled(on=request.actor.today),
        },
        fetch=lambda wanted: queries.listing(filters=ask.filters, page=wanted),
    )  # fmt: skip


@page(READ.code)
def enrolment(request: Any, enrolment: str) -> HttpResponse:
    """One enrolment and its story."""
    found = queries.enrolment(enrolment)
    events = [
        Event(
            one.at, one.state.label, one.state.tone, " · ".join(part for part in (one.words, one.actor) if part),
            reverse("documents:document", args=[one.document]) if one.document else "",
        )
        for one in reversed(found.events)
    ]  # fmt: skip
    context = {
        "row": found.row, "events": events, "here": enrolment,
        "may_enrol": request.actor.can(ENROL.code, found.row.practice),
    }  # fmt: skip
    return respond.page(request, "exchange/enrolment.html", context)


@form(ENROL.code)
def begin(request: Any) -> HttpResponse:
    """Open enrolments: one payer, one billing provider, several kinds of files at once."""
    with reading():
        offered = {
            "payers": payers.choices(),
            "partners": partners.choices(),
            "billers": queries.billers(request.actor.today),
        }
    filled = forms.EnrolmentForm(request.POST or None, **offered)

    def save(given: dict[str, Any]) -> str:
        made, there = [], None
        for transaction in given.pop("transactions"):
            try:
                made.append(
                    enrolling.begin(
                        actor=request.actor, transaction=Transaction(transaction), at=request.actor.at, **given
                    )
                )
            except Conflict as no:
                there = no
        if there is not None and not made:
            raise there
        return reverse("exchange:enrolment", args=made) if len(made) == 1 else reverse("exchange:enrolments")

    back = reverse("exchange:enrolments")
    context = {"title": "Open an enrolment", "back": back}
    return fill(request, filled, save=save, said="Opened.", context=context)


@form(ENROL.code)
def move(request: Any, enrolment: str) -> HttpResponse:
    """Record what became of an enrolment, or that somebody asked."""
    with reading():
        now = queries.enrolment(enrolment).row
    filled = forms.EnrolmentStepForm(
        request.POST or None, request.FILES or None, initial={"to": now.state.value, "number": now.number}
    )
    back = reverse("exchange:enrolment", args=[enrolment])

    def save(given: dict[str, Any]) -> str:
        upload = given["paper"]
        enrolling.move(
            actor=request.actor, enrolment=enrolment, to=E(given["to"]), words=given["words"], at=request.actor.at,
            chase_on=given["chase_on"], number=given["number"],
            paper=(upload.name or "paper.pdf", upload.file) if upload else None,
        )  # fmt: skip
        return back

    context = {
        "title": f"{now.transaction.label} with {now.payer}", "back": back,
        "crumbs": [(enrolment, back)],
    }  # fmt: skip
    return fill(request, filled, template="exchange/enrolment_step.html", save=save, said="Recorded.", context=context)
