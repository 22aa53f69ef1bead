"""What the network decides about denials: the map of codes, and what one person writes off alone."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.urls import reverse

from openmso.denials import tables
from openmso.denials.contracts import SETUP, MapRule
from openmso.denials.forms import LimitForm, MapForm
from openmso.denials.queries import network
from openmso.denials.services import network as services
from openmso.kit.money import Money
from openmso.parties.queries import payers, practices
from openmso.platform.access.contracts import Actor
from openmso.platform.access.edges import ActorRequest, form, page
from openmso.platform.tenancy.scope import reading
from openmso.platform.ui import tables as ui_tables
from openmso.platform.ui.contracts import Page
from openmso.platform.ui.filling import fill
from openmso.remittances.queries import denied


@page("denials.read")
def the_map(request: ActorRequest) -> HttpResponse:
    """What reason codes mean: the network's own lines, version by version, and the house's map."""
    ask = ui_tables.ask(request, tables.HOUSE_MAP)
    words = ask.filters.text.lower()
    known = [one for one in denied.reasons().values() if words in f"{one.code} {one.words} {one.category}".lower()]
    known.sort(key=lambda one: (len(one.code), one.code), reverse=ask.page.desc)
    return ui_tables.answer(
        request, tables.HOUSE_MAP, ask, template="denials/map.html",
        fetch=lambda asked: Page(known[asked.offset : asked.offset + asked.size], len(known), asked),
        context={
            "ours": ui_tables.static(request, tables.MAP, network.lines()), "may_set_up": may_set_up(request.actor),
            "limit": network.limit(), "crumbs": [("Denials", reverse("denials:queue"))], "here": "Map of reasons",
        },
    )  # fmt: skip


def may_set_up(actor: Actor) -> bool:
    """Whether this person decides for the network."""
    return bool(practices.mso_where(actor, SETUP.code))


def mso_of(actor: Actor) -> int:
    """The MSO for which this person decides; raises `Refused` where there is none."""
    with reading():
        return practices.mso_that_decides(actor, SETUP.code, otherwise="This is decided by the MSO.")


@form("denials.setup")
def change_map(request: ActorRequest) -> HttpResponse:
    """Write a line of the network's own map."""
    with reading():
        choices = payers.choices()
    filled = MapForm(request.POST or None, payers=choices, initial={"reason": request.GET.get("reason", "")})

    def save(given: dict[str, Any]) -> str:
        with reading():
            payer = payers.by_public_id(given["payer"]).id if given["payer"] else None
        services.write_rule(
            actor=request.actor, mso=mso_of(request.actor), at=request.actor.at, withdrawn=given["withdrawn"],
            rule=MapRule(
                given["group"], given["reason"], given["remark"], payer, given["category"], given["owner"],
                given["action"], given["stage"], why=given["why"],
            ),
        )  # fmt: skip
        return reverse("denials:map")

    context = _titled("Change the map", "What these codes mean from now on; what came before stays as it is.")
    return fill(request, filled, save=save, said="The map holds for what comes from now on.", context=context)


@form("denials.setup")
def limit(request: ActorRequest) -> HttpResponse:
    """Say up to what one person writes off alone."""
    with reading():
        now = network.limit()
    filled = LimitForm(request.POST or None, initial={"amount": now.amount})

    def save(given: dict[str, Any]) -> str:
        services.set_limit(
            actor=request.actor, mso=mso_of(request.actor), amount=Money(given["amount"]), why=given["why"],
            at=request.actor.at,
        )  # fmt: skip
        return reverse("denials:map")

    context = _titled("Write-offs without approval", f"Now up to {now}. What is more, somebody else approves.")
    return fill(request, filled, save=save, said="Kept; write-offs asked for from now on follow it.", context=context)


def _titled(title: str, lede: str) -> dict[str, Any]:
    back = reverse("denials:map")
    return {
        "title": title, "lede": lede, "here": title, "act_label": "Keep", "back": back,
        "crumbs": [("Denials", reverse("denials:queue")), ("Map of reasons", back)],
    }  # fmt: skip
