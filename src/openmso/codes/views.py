"""Screens of codes: look-up, one code, the register of loads, loading and taking back."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpResponse
from django.urls import reverse

from openmso.codes import services
from openmso.codes.contracts import LOAD, SourceFile
from openmso.codes.forms import LoadForm, UndoForm
from openmso.codes.queries import loads as register
from openmso.codes.queries import lookup
from openmso.codes.tables import CODES, LOADS
from openmso.platform.access.edges import form, page
from openmso.platform.ui import respond, tables
from openmso.platform.ui.contracts import Page
from openmso.platform.ui.filling import fill

UPLOAD, PLAIN = "codes/new_load.html", "codes/undo.html"


@page("codes.read")
def codes(request: Any) -> HttpResponse:
    """Codes of all sets by code or words, as of a day."""
    ask = tables.ask(request, CODES)
    on, kind = ask.filters.one("on") or request.actor.today, ask.filters.one("set") or ""
    return tables.answer(
        request, CODES, ask, template="codes/codes.html", context={"here": "Code sets", "may_load": _may_load(request)},
        fetch=lambda asked: lookup.search(text=ask.filters.text, on=on, kind=kind, page=asked),
    )  # fmt: skip


@page("codes.read")
def code(request: Any, code: str) -> HttpResponse:
    """Everything that holds about a code on a day."""
    found = lookup.about(code, _day(request.GET.get("on", ""), request.actor.today))
    return respond.page(request, "codes/code.html", {"found": found, "crumbs": [], "here": found.code})


@page("codes.read")
def loads(request: Any) -> HttpResponse:
    """The register of loads."""
    ask = tables.ask(request, LOADS)
    kind = ask.filters.one("set") or ""

    def fetch(asked: Any) -> Page[Any]:
        found = register.every(kind)
        rows = found[::-1] if not asked.desc else found
        return Page(rows[asked.offset : asked.offset + asked.size], len(rows), asked)

    context = {"crumbs": [], "here": "Loads", "may_load": _may_load(request)}
    return tables.answer(request, LOADS, ask, template="codes/loads.html", context=context, fetch=fetch)


@page("codes.read")
def load(request: Any, load: str) -> HttpResponse:
    """One load: its files, what its checks found, and how to take it back."""
    found = register.load(load)
    context = {"load": found, "may_load": _may_load(request), "crumbs": [], "here": found.public_id}
    return respond.page(request, "codes/load.html", context)


@form("codes.load")
def new_load(request: Any) -> HttpResponse:
    """Take an edition in."""
    filled = LoadForm(request.POST or None, request.FILES or None)

    def save(given: dict[str, Any]) -> str:
        sent = SourceFile(given["file"].name, given["file"].read())
        done = services.load(
            actor=request.actor, kind=given["kind"], edition=filled.named(), files=[sent], at=request.actor.at
        )
        return reverse("codes:load", args=[done.public_id])

    return fill(request, filled, template=UPLOAD, save=save, said="Loaded.", context={"crumbs": [], "here": "Load"})


@form("codes.load")
def undo_load(request: Any, load: str) -> HttpResponse:
    """Take a load back."""
    filled = UndoForm(request.POST or None)

    def save(given: dict[str, Any]) -> str:
        services.undo(actor=request.actor, load=load, why=given["why"], at=request.actor.at)
        return reverse("codes:load", args=[load])

    context = {"back": reverse("codes:load", args=[load]), "crumbs": [], "here": load}
    return fill(request, filled, template=PLAIN, save=save, said="Taken back.", context=context)


def _may_load(request: Any) -> bool:
    return bool(request.actor.practices_for(LOAD.code))


def _day(text: str, otherwise: date) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return otherwise
