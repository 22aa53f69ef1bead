"""Payers and the MSO: the register of the network."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.urls import reverse

from openmso.parties import forms
from openmso.parties.contracts import NETWORK, NOTE
from openmso.parties.queries import notes, practices
from openmso.parties.queries import payers as queries
from openmso.parties.services import payers as services
from openmso.parties.tables import PAYERS
from openmso.platform.access.edges import form, page
from openmso.platform.tenancy.scope import reading
from openmso.platform.ui import respond, tables
from openmso.platform.ui.filling import fill


@page("parties.read")
def index(request: Any) -> HttpResponse:
    """The payer register."""
    ask = tables.ask(request, PAYERS)
    return tables.answer(
        request, PAYERS, ask, template="parties/payers.html", context={"may_edit": _may_edit(request)},
        fetch=lambda wanted: queries.listing(filters=ask.filters, page=wanted),
    )  # fmt: skip


@page("parties.read")
def payer(request: Any, payer: str) -> HttpResponse:
    """One payer: how claims reach it, and how long that may take."""
    found = queries.by_public_id(payer)
    context = {
        "payer": found, "may_edit": _may_edit(request), "here": found.name,
        "notes": notes.of_payer(payer, on=request.actor.today), "may_note": request.actor.can(NOTE.code),
    }  # fmt: skip
    return respond.page(request, "parties/payer.html", context)


@form("parties.network")
def add(request: Any) -> HttpResponse:
    """Add a payer."""
    filled = forms.PayerForm(request.POST or None)

    def save(given: dict[str, Any]) -> str:
        made = services.add(actor=request.actor, mso=_mso(request), payer=filled.payer(), at=request.actor.at)
        return reverse("parties:payer", args=[made.public_id])

    return fill(request, filled, save=save, said="Added.", context={"title": "Add a payer"})


@form("parties.network")
def change(request: Any, payer: str) -> HttpResponse:
    """Correct what is recorded about a payer."""
    with reading():
        now = queries.by_public_id(payer)
    names = ("name", "edi_id", "kind", "filing", "timely_filing_days", "corrected_days", "appeal_days", "phone")
    address = {key: getattr(now.address, key) for key in ("line1", "line2", "city", "state", "zip")}
    initial = {key: getattr(now, key) for key in names} | address
    filled = forms.PayerForm(request.POST or None, initial=initial)

    def save(given: dict[str, Any]) -> str:
        services.change(
            actor=request.actor, mso=_mso(request), public_id=payer, payer=filled.payer(), at=request.actor.at
        )
        return reverse("parties:payer", args=[payer])

    context = {"title": f"Change {now.name}", "back": reverse("parties:payer", args=[payer])}
    return fill(request, filled, save=save, said="Changed.", context=context)


@page("parties.read")
def mso(request: Any) -> HttpResponse:
    """The MSO: ownership, tax status, and its legal entities for those who belong to it."""
    houses = [
        (one, practices.entities(one.id, on=request.actor.today), request.actor.can("parties.edit", one.id))
        for one in practices.msos()
    ]
    return respond.page(request, "parties/mso.html", {"houses": houses})


def _mso(request: Any) -> int:
    """The MSO for which one keeps the register."""
    with reading():
        return practices.mso_where(request.actor, NETWORK.code)


def _may_edit(request: Any) -> bool:
    return bool(practices.mso_where(request.actor, NETWORK.code))
