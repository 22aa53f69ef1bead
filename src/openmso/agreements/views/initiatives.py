"""Screens of initiatives: what the network offers, who takes part, a practice's yes or no."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.urls import reverse

from openmso.agreements.contracts import READ
from openmso.agreements.forms.initiatives import ChoiceForm, InitiativeForm
from openmso.agreements.forms.papers import WhyForm
from openmso.agreements.initiatives.contracts import INITIATIVES, JOIN, TakesPart
from openmso.agreements.queries import initiatives as queries
from openmso.agreements.services import initiatives
from openmso.agreements.tables import INITIATIVE_LIST
from openmso.kit.errors import NotFound
from openmso.parties.queries import practices
from openmso.platform.access.contracts import Actor
from openmso.platform.access.edges import form, page
from openmso.platform.tenancy.queries import key_in_scope
from openmso.platform.tenancy.scope import reading
from openmso.platform.ui import respond, tables
from openmso.platform.ui.filling import fill


@page(READ.code)
def index(request: Any) -> HttpResponse:
    """What the network offers, for each practice one may read of, and whether it takes part."""
    ask = tables.ask(request, INITIATIVE_LIST)
    context = {"may_write": _may_write(request.actor), "here": "Initiatives", "crumbs": []}
    return tables.answer(
        request, INITIATIVE_LIST, ask, template="agreements/initiatives.html", context=context,
        fetch=lambda wanted: queries.listing(filters=ask.filters, page=wanted, on=request.actor.today),
    )  # fmt: skip


@page(READ.code)
def initiative(request: Any, initiative: str) -> HttpResponse:
    """One initiative: what it does and uses, who takes part, and what practices said to it."""
    written = queries.versions(initiative)
    shown = next(one.initiative for one in written if one.initiative)
    rows = [row for row in queries.rows_of(on=request.actor.today) if row.code == initiative]
    mine = {key_in_scope(row.practice): row for row in rows}
    context = {
        "initiative": shown, "versions": written, "is_withdrawn": written[0].initiative is None, "here": shown.words,
        "rows": [(row, request.actor.can(JOIN.code, key), queries.choices(key, initiative))
                 for key, row in mine.items()],
        "may_write": _may_write(request.actor),
        "crumbs": [("Initiatives", reverse("agreements:initiatives"))],
    }  # fmt: skip
    return respond.page(request, "agreements/initiative.html", context)


@form(JOIN.code)
def choose(request: Any, initiative: str, practice: str) -> HttpResponse:
    """Say yes or no for a practice."""
    with reading():
        one, key = queries.initiative(initiative), key_in_scope(practice)
        row = next((row for row in queries.rows_of(on=request.actor.today) if (row.practice, row.code) == (practice,
                    initiative)), None)  # fmt: skip
    if row is None:
        raise NotFound("There is no such practice for you.")
    off = row.part not in {TakesPart.IN, TakesPart.SOON}
    initial = {"joins": "yes" if off else "no", "from_on": request.actor.day_in(key)}
    filled = ChoiceForm(request.POST or None, initial=initial)
    back = reverse("agreements:initiative", args=[initiative])

    def save(given: dict[str, Any]) -> str:
        initiatives.choose(actor=request.actor, practice=key, code=initiative, at=request.actor.at, **given)
        return back

    context = {
        "title": f"{one.words}: {row.practice_name}", "here": "Yes or no", "back": back, "act_label": "Say so",
        "lede": one.says, "crumbs": [("Initiatives", reverse("agreements:initiatives")), (one.words, back)],
        "consequences": [f"It uses: {one.uses}.", "It is taken back whenever the practice wants, and what was said "
                         "stays to be read."],
    }  # fmt: skip
    return fill(request, filled, save=save, said="It is said, and stands below with its day.", context=context)


@form(INITIATIVES.code)
def write(request: Any, initiative: str = "") -> HttpResponse:
    """Write an initiative, or its next version."""
    with reading():
        written = queries.versions(initiative) if initiative else []
    now = next((one.initiative for one in written if one.initiative), None)
    filled = InitiativeForm(request.POST or None, now=now)

    def save(given: dict[str, Any]) -> str:
        initiatives.write(
            actor=request.actor, mso=_mso(request.actor), given=given, why=given["why"], at=request.actor.at
        )  # fmt: skip
        return reverse("agreements:initiative", args=[given["code"]])

    context = {
        "title": f"Next version of {now.words}" if now else "An initiative", "here": "Next version" if now else "New",
        "lede": "No practice takes part until its owner says yes.", "act_label": "Write it",
        "back": reverse("agreements:initiative", args=[initiative]) if now else reverse("agreements:initiatives"),
        "crumbs": [("Initiatives", reverse("agreements:initiatives"))],
    }  # fmt: skip
    return fill(request, filled, save=save, said="Written. Practices are asked on its page.", context=context)


@form(INITIATIVES.code)
def withdraw(request: Any, initiative: str) -> HttpResponse:
    """Withdraw an initiative."""
    with reading():
        one = queries.initiative(initiative)
    filled = WhyForm(request.POST or None)

    def save(given: dict[str, Any]) -> str:
        initiatives.withdraw(
            actor=request.actor, mso=_mso(request.actor), code=initiative, why=given["why"], at=request.actor.at
        )
        return reverse("agreements:initiatives")

    back = reverse("agreements:initiative", args=[initiative])
    context = {
        "title": f"Withdraw: {one.words}", "here": "Withdraw", "back": back, "act_label": "Withdraw it",
        "danger": True, "crumbs": [("Initiatives", reverse("agreements:initiatives")), (one.words, back)],
        "consequences": ["No practice takes part any longer. What they said stays to be read; were it brought back, "
                         "each is asked anew."],
    }  # fmt: skip
    return fill(request, filled, save=save, said="Withdrawn.", context=context)


def _may_write(actor: Actor) -> bool:
    return bool(practices.mso_where(actor, INITIATIVES.code))


def _mso(actor: Actor) -> int:
    with reading():
        return practices.mso_that_decides(actor, INITIATIVES.code, otherwise=initiatives.NOT_THE_MSO)
