"""What is entered in a cap table: the entity, classes, holders, units, revenue."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.urls import reverse

from openmso.equity.contracts import KEEP, Table
from openmso.equity.forms import ClassForm, CorrectForm, HolderForm, OpenForm, RevenueForm, UnitsForm
from openmso.equity.queries import ventures
from openmso.equity.services import keeping
from openmso.equity.states import Being, Venture
from openmso.equity.views.pages import crumbs, place
from openmso.kit.money import Money
from openmso.platform.access.edges import form
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.tenancy.scope import reading
from openmso.platform.ui.filling import fill


@form(KEEP.code)
def new(request: Any) -> HttpResponse:
    """Open the cap table of an entity."""
    with reading():
        entities = ventures.without_table(request.actor)
    filled = OpenForm(request.POST or None, entities=entities)

    def save(given: dict[str, Any]) -> str:
        return place(
            keeping.open_table(
                actor=request.actor, entity=given["entity"], kind=Venture(given["kind"]), at=request.actor.at
            )
        )

    context = {
        "title": "Open a cap table", "here": "New", "crumbs": crumbs(), "act_label": "Open it",
        "back": reverse("equity:ventures"),
        "lede": "Capital accounts are entries in the entity's own book; what is entered stays.",
    }  # fmt: skip
    return fill(request, filled, save=save, said="Opened. Add its classes and holders next.", context=context)


@form(KEEP.code)
def add_class(request: Any, venture: str) -> HttpResponse:
    """Add a class of units."""
    one = found(request, venture)
    filled = ClassForm(request.POST or None)

    def save(given: dict[str, Any]) -> str:
        keeping.add_class(actor=request.actor, venture=venture, new=filled.new(), at=request.actor.at)
        return place(venture)

    return fill(request, filled, save=save, said="Added.", context=about(one, "Class of units", "Add it"))


@form(KEEP.code)
def name_holder(request: Any, venture: str) -> HttpResponse:
    """Name somebody who may hold units."""
    one = found(request, venture)
    with reading():
        tenants = [(each.public_id, each.name) for each in tenancy.tenants_in_scope()]
    filled = HolderForm(request.POST or None, tenants=tenants)

    def save(given: dict[str, Any]) -> str:
        keeping.name_holder(actor=request.actor, venture=venture, new=filled.new(), at=request.actor.at)
        return place(venture)

    return fill(request, filled, save=save, said="Named.", context=about(one, "Holder", "Name them"))


@form(KEEP.code)
def correct_holder(request: Any, holder: str) -> HttpResponse:
    """Correct what a holder is called, or what they are."""
    with reading():
        one, held = ventures.of_holder(holder, request.actor.at)
    filled = CorrectForm(request.POST or None, initial={"name": held.name, "being": held.being.value})
    back = reverse("equity:holder", args=[holder])

    def save(given: dict[str, Any]) -> str:
        keeping.correct_holder(
            actor=request.actor, holder=holder, name=given["name"], being=Being(given["being"]), why=given["why"],
            at=request.actor.at,
        )  # fmt: skip
        return back

    context = about(one, "Correct", "Correct it") | {
        "title": f"Correct {held.name}", "back": back, "crumbs": [*about(one, "", "")["crumbs"], (held.name, back)],
        "consequences": [
            "They stand so from now on, in the cap table, its ledger of units and new papers.",
            "How they stood before stays in the history, and statements that were issued stay as they are.",
        ],
    }  # fmt: skip
    return fill(request, filled, save=save, said="Corrected.", context=context)


@form(KEEP.code)
def move_units(request: Any, venture: str) -> HttpResponse:
    """Enter an issue, rollover, transfer, redemption or forfeiture."""
    one = found(request, venture)
    filled = UnitsForm(request.POST or None, table=one, initial={"on": request.actor.day_in(one.practice)})

    def save(given: dict[str, Any]) -> str:
        keeping.move_units(actor=request.actor, venture=venture, new=filled.new(), at=request.actor.at)
        return place(venture)

    context = about(one, "Units", "Enter it") | {
        "consequences": [
            "With units that are transferred goes their part of the capital account; preferred return stays with who "
            "earned it.",
            "Forfeited are units that have not vested; what is transferred or redeemed has vested.",
        ]
    }
    return fill(request, filled, save=save, said="Entered.", context=context)


@form(KEEP.code)
def tell_revenue(request: Any, venture: str) -> HttpResponse:
    """Tell the revenue of a year."""
    one = found(request, venture)
    filled = RevenueForm(request.POST or None)

    def save(given: dict[str, Any]) -> str:
        keeping.tell_revenue(
            actor=request.actor, venture=venture, starts_on=given["starts_on"], gross=Money.of(given["gross"]),
            from_investors=Money.of(given["from_investors"]), shows=given["shows"], at=request.actor.at,
        )  # fmt: skip
        return place(venture)

    return fill(request, filled, save=save, said="Told.", context=about(one, "Revenue of a year", "Tell it"))


def found(request: Any, venture: str) -> Table:
    """The table of a form, as of today."""
    with reading():
        return ventures.today(venture, request.actor.at)


def about(one: Table, here: str, act_label: str) -> dict[str, Any]:
    """What every form of an entity shows around itself."""
    back = place(one.public_id)
    return {
        "title": here, "here": here, "act_label": act_label, "back": back, "lede": one.name,
        "crumbs": [*crumbs(), (one.public_id, back)],
    }  # fmt: skip
