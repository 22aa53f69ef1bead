"""Screens of what payers took or left beside claims: references, the ledger line by line, one reference."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse

from openmso.kit.errors import Refused
from openmso.platform.access.edges import act, page
from openmso.platform.ui import respond, tables
from openmso.platform.ui.contracts import Choice
from openmso.remittances.contracts import Answer
from openmso.remittances.forms import Explain
from openmso.remittances.queries import recoupments as queries
from openmso.remittances.services import recoupments as services
from openmso.remittances.tables import BESIDE, RECOUPMENT_LEDGER, RECOUPMENTS

TABS = (("By reference", "recoupments"), ("Line by line", "recoupment-ledger"), ("All beside claims", "beside"))


@page("remittances.read")
def listed(request: Any) -> HttpResponse:
    """What payers hold against the practices, reference by reference."""
    ask, on = tables.ask(request, RECOUPMENTS), request.actor.today
    return tables.answer(
        request, RECOUPMENTS, ask, template="remittances/recoupments.html", context=_around("recoupments"),
        fetch=lambda wanted: queries.references(filters=ask.filters, page=wanted, on=on),
        tally=lambda: queries.tally(filters=ask.filters, on=on),
    )  # fmt: skip


@page("remittances.read")
def ledger(request: Any) -> HttpResponse:
    """Every movement, with what the payer holds after it."""
    ask = tables.ask(request, RECOUPMENT_LEDGER)
    return tables.answer(
        request, RECOUPMENT_LEDGER, ask, template="remittances/recoupments.html", context=_around("recoupment-ledger"),
        fetch=lambda wanted: queries.ledger(filters=ask.filters, page=wanted),
    )  # fmt: skip


@page("remittances.read")
def beside(request: Any) -> HttpResponse:
    """All that payers took or gave beside claims: interest, capitation and fees, too."""
    ask = tables.ask(request, BESIDE)
    return tables.answer(
        request, BESIDE, ask, template="remittances/recoupments.html", context=_around("beside"),
        fetch=lambda wanted: queries.beside(filters=ask.filters, page=wanted),
        tally=lambda: queries.tally_beside(filters=ask.filters),
    )  # fmt: skip


HELD = (
    "What payers hold against you beside claims: left for now, carried over, taken back. Below zero: taken, and nobody "
    "knows for what."
)
BY_KIND = "All that payers gave or took beside claims: interest, capitation, fees, and what is taken back."


def _around(here: str) -> dict[str, Any]:
    return {
        "lede": BY_KIND if here == "beside" else HELD,
        "tabs": [Choice(label, reverse(f"remittances:{name}"), current=name == here) for label, name in TABS],
        "crumbs": [], "here": "Recoupments",
    }  # fmt: skip


@page("remittances.read")
def recoupment(request: Any, adjustment: str) -> HttpResponse:
    """One reference: its movements, what was taken back under it, what people said of it."""
    one = queries.recoupment(adjustment, on=request.actor.today)
    context = {
        "one": one, "row": one.row, "form": Explain(),
        "may_explain": bool(one.row.amount) and request.actor.may("remittances.match", one.row.practice).allowed,
        "crumbs": [("Recoupments", reverse("remittances:recoupments"))], "here": adjustment,
    }  # fmt: skip
    return respond.page(request, "remittances/recoupment.html", context)


@act("remittances.match")
def explain(request: Any, adjustment: str) -> HttpResponse:
    """Say what a reference answers."""
    filled = Explain(request.POST)
    if not filled.is_valid():
        field, errors = next(iter(filled.errors.items()))
        return respond.refusal(request, Refused(f"{filled.fields[field].label}: {errors[0]}", field=field))
    said = filled.cleaned_data
    services.explain(
        actor=request.actor, adjustment=adjustment, answer=Answer(said["answer"]), answers=said["answers"],
        why=said["why"], at=request.actor.at,
    )  # fmt: skip
    messages.success(request, "Kept. Another movement on this reference opens it again.")
    return respond.redirect(request, reverse("remittances:recoupment", args=[adjustment]))
