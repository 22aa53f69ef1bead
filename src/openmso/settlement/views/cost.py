"""Edges: what the MSO cost a practice, month by month: fee, formula, inputs, records; every figure opens."""

from __future__ import annotations

from django.http import HttpResponse

from openmso.kit.money import Money
from openmso.platform.access.edges import ActorRequest, page
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.ui import respond, tables
from openmso.settlement import showing
from openmso.settlement.contracts import READ
from openmso.settlement.queries import allocations, costs
from openmso.settlement.tables.allocation import OWN
from openmso.settlement.tables.openbook import COST

LATEST = 3


@page(READ.code)
def panel(request: ActorRequest, practice: str) -> HttpResponse:
    """The panel of the open book: the latest months, and the way to all."""
    key = tenancy.key_in_scope(practice)
    found = costs.months(key)
    shown = found[:LATEST]
    context = {
        "practice": practice, "months": len(found), "table": tables.static(request, COST, shown,
                                                                           totals=costs.totals(shown)),
    }  # fmt: skip
    return respond.page(request, "settlement/cost_panel.html", context)


@page(READ.code)
def cost(request: ActorRequest, practice: str) -> HttpResponse:
    """Every month that is settled: what came in, the fee and its sentence, what was given back, paid and is due."""
    key = tenancy.key_in_scope(practice)
    found = costs.months(key)
    place = next(one for one in tenancy.tenants_in_scope() if one.pk == key)
    if file := tables.exported(request, COST, found, totals=costs.totals(found)):
        return file
    own = allocations.own_shares(key)
    sums = {"amount": Money.total(one.amount for one in own)}
    context = {
        "practice": place, "here": "What it cost",
        "crumbs": showing.book(request.actor, key, place.public_id),
        "table": tables.static(request, COST, found, totals=costs.totals(found)),
        "shared": tables.static(request, OWN, own, totals=sums) if own else None,
    }  # fmt: skip
    return respond.page(request, "settlement/cost.html", context)
