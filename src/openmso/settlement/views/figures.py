"""Edges of figures that people enter: the list, what a month needs, one with its history, entering and confirming."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse

from openmso.kit.errors import NotFound
from openmso.kit.periods import Month
from openmso.platform.access import duties
from openmso.platform.access.contracts import Actor
from openmso.platform.access.edges import ActorRequest, act, form, page
from openmso.platform.tenancy.queries import key_in_scope
from openmso.platform.tenancy.scope import reading
from openmso.platform.ui import respond, tables
from openmso.platform.ui.filling import fill
from openmso.settlement import showing
from openmso.settlement.contracts import CONFIRM, ENTER, READ, Paper
from openmso.settlement.contracts.figures import Figure
from openmso.settlement.forms import FigureForm
from openmso.settlement.queries import entered
from openmso.settlement.services import entering
from openmso.settlement.states import F
from openmso.settlement.tables.openbook import FIGURES


@page(READ.code)
def figures(request: ActorRequest) -> HttpResponse:
    """Every figure that was entered, the latest month first, and what was corrected."""
    ask = tables.ask(request, FIGURES)
    return tables.answer(
        request, FIGURES, ask, template="settlement/fee_figures.html", context={"here": "Figures"},
        fetch=lambda asked: entered.listed(ask.filters, asked),
    )  # fmt: skip


@page(READ.code)
def needed(request: ActorRequest, asked: str = "") -> HttpResponse:
    """What the fees of a month ask people for, of every practice or of one: entered, confirmed, or still to enter."""
    code, _, of = asked.rpartition(":")
    month = _month(of or request.GET.get("month", "")) or Month.of(request.actor.today).plus(-1)
    held = [one for one in request.actor.practices_for(READ.code) if not request.actor.standing.tenants[one].is_mso]
    if code:
        held = [one for one in held if one == key_in_scope(code)]
    rows = [(one, found, _next(request.actor, one, month, found)) for one, found in entered.needed(held, month)]
    context = {
        "rows": rows, "month": month, "before": month.plus(-1), "after": month.plus(1), "here": month.words,
        "crumbs": [("Figures", reverse("settlement:figures"))], "way": reverse("settlement:figures-needed"),
    }  # fmt: skip
    return respond.page(request, "settlement/figures_needed.html", context)


@page(READ.code)
def figure(request: ActorRequest, figure: str) -> HttpResponse:
    """One figure: what shows it, who entered and who confirmed it, what it was before, and where it was charged."""
    one = entered.figure(figure)
    context = {
        "one": one, "history": entered.history(one), "used": entered.used_in(one), "here": one.public_id,
        "confirm": _confirm(request.actor, one), "correct": _correct(request.actor, one),
        "document": reverse("documents:document", args=[one.document]) if one.document else "",
        "crumbs": [("Figures", reverse("settlement:figures"))],
    }  # fmt: skip
    return respond.page(request, "settlement/figure.html", context)


@form(ENTER.code)
def enter(request: ActorRequest, practice: str, month: str, name: str) -> HttpResponse:
    """Enter a figure of a month, or correct the one that is there."""
    with reading():
        key, of = key_in_scope(practice), _month(month)
        asks, last = _asked(key, of, name)
    assert of is not None, "there is such a month"
    filled = FigureForm(
        request.POST or None, request.FILES or None, corrects=last is not None, shown_by=asks.shown_by,
    )  # fmt: skip

    def save(given: dict[str, Any]) -> str:
        file = given.get("paper")
        made = entering.enter(
            actor=request.actor, practice=key, month=of, name=name, amount=given["amount"], shown_by=given["shown_by"],
            paper=Paper(file.name, file, file.content_type or "") if file else None, why=given.get("why", ""),
            at=request.actor.at,
        )  # fmt: skip
        return reverse("settlement:figure", args=[made.public_id])

    said = f"{asks.words[:1].upper()}{asks.words[1:]} of {of.words}"
    follows = [
        "A second person confirms it; until then the month is not settled.",
        "It is for the whole month: where the fee holds on part of its days, that part of it counts.",
    ]
    if last is not None:
        follows.insert(0, f"{last.value}, which {last.entered_by} entered, stays to be read with your reason.")
    return fill(
        request, filled, save=save, said="Entered; somebody else confirms it.",
        context={
            "title": f"{'Correct' if last else 'Enter'}: {said}", "here": "Correct" if last else "Enter",
            "act_label": "Correct it" if last else "Enter it", "consequences": follows,
            "lede": f"{asks.practice_name}. The fee needs it, and no book knows it.",
            "crumbs": [("Figures", reverse("settlement:figures"))],
            "back": reverse("settlement:figures-of", args=[f"{asks.practice_code}:{of}"]),
        },
    )  # fmt: skip


@act(CONFIRM.code)
def confirm(request: ActorRequest, figure: str) -> HttpResponse:
    """A second person confirms a figure."""
    one = entering.confirm(actor=request.actor, figure=figure, at=request.actor.at)
    messages.success(request, f"{one.heading} of {one.month.words} is confirmed.")
    return respond.redirect(request, reverse("settlement:figure", args=[figure]))


def _month(said: str) -> Month | None:
    try:
        return Month.parse(said)
    except ValueError:
        return None


def _asked(practice: int, month: Month | None, name: str) -> tuple[entered.Asks, Figure | None]:
    """What the terms of a practice ask for under a name, and the figure that is there; raises `NotFound`."""
    found = entered.needed([practice], month) if month else []
    for asks, last in found:
        if asks.name == name:
            return asks, last
    raise NotFound("No agreement in force in that month asks people for such a figure.")


def _next(actor: Actor, one: entered.Asks, month: Month, found: Figure | None) -> respond.Button | None:
    """What the reader can do about a figure that a month needs."""
    if found is None:
        url = showing.enter_url(one.practice_code, month, one.name)
        return respond.act(actor, ENTER.code, "Enter it", practice=one.practice, url=url)
    return _confirm(actor, found)


def _confirm(actor: Actor, one: Figure) -> respond.Button | None:
    if one.state is not F.WAITS:
        return None
    same = duties.why_not(actor, did=one.entered_user, **entering.PARTED)
    url = reverse("settlement:confirm-figure", args=[one.public_id])
    return respond.act(actor, CONFIRM.code, "Confirm", practice=one.practice, why_not=same, url=url)


def _correct(actor: Actor, one: Figure) -> respond.Button | None:
    if one.state is F.CORRECTED:
        return None
    url = showing.enter_url(one.practice_code, one.month, one.name)
    return respond.act(actor, ENTER.code, "Correct", practice=one.practice, url=url)
