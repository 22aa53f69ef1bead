"""What a practice holds of entities of the network: the statements that were issued to it, and issuing one."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.urls import reverse

from openmso.equity.contracts import KEEP, READ
from openmso.equity.contracts.yearly import MOVED, NO_ADVICE, WORDS, HolderStatement
from openmso.equity.forms import YearForm
from openmso.equity.queries import ventures
from openmso.equity.queries import yearly as asking
from openmso.equity.services import yearly
from openmso.equity.tables import HOLDINGS
from openmso.equity.views.pages import crumbs, place
from openmso.platform.access.edges import form, page
from openmso.platform.tenancy.scope import reading
from openmso.platform.ui import respond, tables
from openmso.platform.ui.filling import fill

FIGURES = ("opening", *MOVED, "closing", "owed")


@page(READ.code)
def listed(request: Any) -> HttpResponse:
    """The statements of what practices hold, the latest year first."""
    ask = tables.ask(request, HOLDINGS)
    return tables.answer(
        request, HOLDINGS, ask, template="equity/holdings.html", context={"here": "Holdings", "crumbs": []},
        fetch=lambda wanted: asking.listing(ask.filters, wanted),
    )  # fmt: skip


@page(READ.code)
def statement(request: Any, holding: str) -> HttpResponse:
    """What a practice held in a year: units, shares, and what moved its capital account."""
    one = asking.statement(holding)
    context = {
        "one": one, "here": holding, "crumbs": [("Holdings", reverse("equity:holdings"))], "note": NO_ADVICE,
        "rows": _rows(one), "paper": reverse("documents:document", args=[one.document]),
    }  # fmt: skip
    return respond.page(request, "equity/holding.html", context)


def _rows(one: HolderStatement) -> list[tuple[str, list[Any], Any]]:
    """Each figure in words, of each class and together; what is nothing in all of them is left out."""
    made = []
    for name in FIGURES:
        each = [getattr(cls, name) for cls in one.classes]
        if any(each) or name in {"opening", "closing"}:
            made.append((WORDS[name], each, one.of(name)))
    return made


@form(KEEP.code)
def issue(request: Any, holder: str) -> HttpResponse:
    """Issue the statement of a year to the practice that holds."""
    with reading():
        one, found = ventures.of_holder(holder, request.actor.at)
    today = request.actor.day_in(one.practice)
    filled = YearForm(request.POST or None, initial={"year": today.year})

    def save(given: dict[str, Any]) -> str:
        made = yearly.issue(actor=request.actor, holder=holder, year=given["year"], at=request.actor.at)
        return reverse("equity:holding", args=[made.public_id])

    back = reverse("equity:holder", args=[holder])
    context = {
        "title": f"Statement of a year for {found.name}", "here": "Statement of a year", "act_label": "Issue it",
        "back": back, "lede": one.name,
        "crumbs": [*crumbs(), (one.public_id, place(one.public_id)), (found.name, back)],
        "consequences": ["It is kept in the practice that holds, whose people read it under Holdings.",
                         "Of a year that is not over it tells the days through today."],
    }  # fmt: skip
    return fill(request, filled, save=save, said="Issued.", context=context)
