"""The fees of a practice: what holds today, and publishing what will hold from a day on."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.urls import reverse

from openmso.charges import queries, services
from openmso.charges.contracts import FEES, READ
from openmso.charges.forms import FeesForm, with_payers
from openmso.charges.tables import FEES as TABLE
from openmso.kit import clock
from openmso.parties.queries import payers
from openmso.platform.access.edges import form, page
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.tenancy.scope import reading
from openmso.platform.ui import respond, tables
from openmso.platform.ui.contracts import PageAsk
from openmso.platform.ui.filling import fill


@page(READ.code)
def fees(request: Any, practice: str) -> HttpResponse:
    """The prices that hold today, by code."""
    key = tenancy.key_in_scope(practice)
    on = tenancy.today(key, clock.now())
    ask = tables.ask(request, TABLE)
    return tables.answer(
        request, TABLE, ask, template="charges/fees.html",
        context={
            "practice": practice, "name": (name := _name(key)), "may_publish": request.actor.can(FEES.code, key),
            "crumbs": [(name, reverse("parties:practice", args=[practice]))], "here": "Fees",
        },
        fetch=lambda wanted: queries.prices(practice=key, on=on, text=ask.filters.text, page=wanted),
    )  # fmt: skip


@page(READ.code)
def latest(request: Any, practice: str) -> HttpResponse:
    """The panel of a practice's page: how many prices hold, and since when."""
    key = tenancy.key_in_scope(practice)
    on = tenancy.today(key, clock.now())
    context = {
        "practice": practice,
        "schedules": queries.schedules(practice=key),
        "count": queries.prices(practice=key, on=on, text="", page=PageAsk(size=1)).total,
        "may_publish": request.actor.can(FEES.code, key),
    }
    return respond.page(request, "charges/latest.html", context)


@form(FEES.code)
def publish(request: Any, practice: str) -> HttpResponse:
    """Publish prices from a day on; what was published before is never changed."""
    with reading():
        key = tenancy.key_in_scope(practice)
        today = tenancy.today(key, clock.now())
        known = next((one.name for one in queries.schedules(practice=key) if not one.payer), "Standard")
        first = {"starts_on": today, "name": known}
        filled = with_payers(FeesForm(request.POST or None, initial=first), payers.choices())
        name = _name(key)
    back = reverse("charges:fees", args=[practice])

    def save(given: dict[str, Any]) -> str:
        with reading():
            payer = payers.by_public_id(given["payer"]).id if given["payer"] else None
        services.publish_fees(
            actor=request.actor, practice=key, name=given["name"], label=given["label"], starts_on=given["starts_on"],
            fees=given["prices"], payer_id=payer, at=clock.now(),
        )  # fmt: skip
        return back

    said = "Published. Scrub held claims again, and they are priced."
    context = {"name": name, "back": back, "crumbs": [(f"Fees of {name}", back)], "here": "Publish prices"}
    return fill(request, filled, template="charges/publish.html", save=save, said=said, context=context)


def _name(practice: int) -> str:
    return next(one.name for one in tenancy.tenants() if one.pk == practice)
