"""Edges: the MSO's own finances, as far as the agreement promises to show them."""

from __future__ import annotations

from django.http import HttpResponse

from openmso.platform.access.edges import ActorRequest, page
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.ui import respond, tables
from openmso.settlement import showing
from openmso.settlement.contracts import READ
from openmso.settlement.queries import health as queries
from openmso.settlement.tables.openbook import HEADS, HEALTH


@page(READ.code)
def panel(request: ActorRequest, practice: str) -> HttpResponse:
    """The panel of the open book: the figures that were shown last."""
    found = queries.health(tenancy.key_in_scope(practice), at=request.actor.at)
    latest = found.months[0] if found.months else None
    figures = [(HEADS[one.code], one) for one in latest.figures] if latest else []
    context = {"found": found, "latest": latest, "figures": figures, "practice": practice}
    return respond.page(request, "settlement/health_panel.html", context)


@page(READ.code)
def health(request: ActorRequest, practice: str) -> HttpResponse:
    """What the MSO showed of its finances, month by month, each figure with its formula."""
    found = queries.health(tenancy.key_in_scope(practice), at=request.actor.at)
    if file := tables.exported(request, HEALTH, found.months):
        return file
    context = {
        "found": found, "here": "The MSO's finances", "table": tables.static(request, HEALTH, found.months),
        "crumbs": showing.book(request.actor, found.practice, practice),
    }  # fmt: skip
    return respond.page(request, "settlement/health.html", context)
