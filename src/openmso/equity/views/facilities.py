"""Facilities: the list, one with its draws, covenants and proof, and the schedule of a draw."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.urls import reverse

from openmso.equity.contracts import KEEP, PAY, READ
from openmso.equity.contracts.facilities import APPROVE, ASK, Facility, Lending
from openmso.equity.queries import facilities as asking
from openmso.equity.rules import lending
from openmso.equity.tables import FACILITIES, SCHEDULE
from openmso.ledger.contracts import READ as BOOKS
from openmso.platform.access import duties
from openmso.platform.access.edges import page
from openmso.platform.ui import respond, tables
from openmso.platform.ui.contracts import Event


@page(READ.code)
def facilities(request: Any) -> HttpResponse:
    """The facilities that one may see."""
    ask = tables.ask(request, FACILITIES)
    context = {"here": "Facilities", "crumbs": [], "may_ask": request.actor.can(ASK.code)}
    return tables.answer(
        request, FACILITIES, ask, template="equity/facilities.html", context=context,
        fetch=lambda wanted: asking.listing(filters=ask.filters, page=wanted),
    )  # fmt: skip


@page(READ.code)
def facility(request: Any, facility: str) -> HttpResponse:
    """One facility: how it stands, its draws and covenants, its balance beside the books, its story."""
    one = asking.facility(facility)
    today = request.actor.day_in(one.practice)
    waits = one.state in {Lending.REQUESTED, Lending.SECONDED}
    may = {code: request.actor.can(code, one.practice) for code in (KEEP.code, PAY.code, APPROVE.code)}
    no = next(filter(None, (duties.why_not(request.actor, did=each.by_user, first="asked for it or approved it first",
                                           then="approve it") for each in one.steps)), None)  # fmt: skip
    context = {
        "one": one, "here": facility, "crumbs": crumbs(), "no": no, "rate": one.rate,
        "may_approve": waits and may[APPROVE.code],
        "may_draw": one.state is Lending.OPEN and may[PAY.code], "may_pay": may[PAY.code],
        "may_close": one.state is Lending.OPEN and may[APPROVE.code] and not one.balance,
        "may_keep": may[KEEP.code] and one.state not in {Lending.DECLINED, Lending.CLOSED},
        "covenants": [
            (each, bool(lending.periods(one, each, today)), any(t.cure_by and not t.cured_on for t in each.tests))
            for each in one.covenants
        ],
        "unequal": asking.unequal(one),
        "unused_due": [(each, *lending.unused(one, each)) for each in lending.unused_months(one, today)],
        "story": [Event(each.at, f"{each.by}: {each.to.label.lower()}", each.to.tone, each.why)
                  for each in reversed(one.steps)],
    }  # fmt: skip
    return respond.page(request, "equity/facility.html", context)


@page(READ.code)
def draw(request: Any, draw: str) -> HttpResponse:
    """A draw with its schedule to the cent."""
    one, found = asking.of_draw(draw)
    if file := tables.exported(request, SCHEDULE, found.rows):
        return file
    context = {
        "one": one, "draw": found, "here": draw, "crumbs": [*crumbs(), (one.public_id, place(one))],
        "sees_mso": request.actor.can(BOOKS.code, one.mso),
        "may_pay": found.next is not None and request.actor.can(PAY.code, one.practice),
    }  # fmt: skip
    return respond.page(request, "equity/draw.html", context)


def crumbs() -> list[tuple[str, str]]:
    """Where a facility stands."""
    return [("Facilities", reverse("equity:facilities"))]


def place(one: Facility) -> str:
    """The page of a facility."""
    return reverse("equity:facility", args=[one.public_id])
