"""Edges of a month before it is settled: all fees, one with its steps, and the lines behind a figure."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.urls import reverse

from openmso.agreements.fees import writing
from openmso.kit.errors import NotFound
from openmso.kit.periods import Month
from openmso.platform.access.edges import page
from openmso.platform.tenancy.queries import key_in_scope
from openmso.platform.ui import respond, tables
from openmso.settlement import ahead as months
from openmso.settlement import parts, queries, showing
from openmso.settlement.contracts import READ, FeeAhead, Input
from openmso.settlement.contracts.allocation import SHARED_COST
from openmso.settlement.contracts.parts import parted
from openmso.settlement.tables import AHEAD, BEHIND


@page(READ.code)
def index(request: Any) -> HttpResponse:
    """What the fees of a month come to, as the books stand; this month unless another is asked for."""
    month = _month(request.GET.get("month", "")) or Month.of(request.actor.today)
    ask = tables.ask(request, AHEAD)
    found = months.of_month(_practices(request.actor), month, at=request.actor.at)
    context = {
        "month": month, "over": request.actor.today > month.last, "here": "Ahead",
        "before": month.plus(-1), "after": month.plus(1), "refused": [one for one in found if one.refused],
    }  # fmt: skip
    return tables.answer(
        request, AHEAD, ask, template="settlement/ahead.html", context=context,
        fetch=lambda wanted: months.listed(found, ask.filters, wanted),
    )  # fmt: skip


@page(READ.code)
def of_practice(request: Any, month: str, practice: str) -> HttpResponse:
    """One practice's fee of a month, as the books stand: from what, and every step."""
    one = _one(request, month, practice)
    context = {
        "one": one, "inputs": list(_inputs(one)), "sentence": writing.said_of(one.quote) if one.quote else "",
        "crumbs": [("Ahead", f"{reverse('settlement:ahead')}?month={one.month}")], "here": one.practice_name,
        "statement": reverse("settlement:statement", args=[one.settlement]) if one.settlement else "",
        "agreement": reverse("agreements:agreement", args=[one.agreement]), "waits": showing.waits(one.waits),
    }  # fmt: skip
    return respond.page(request, "settlement/ahead_fee.html", context)


@page(READ.code)
def behind(request: Any, month: str, practice: str, name: str, category: str) -> HttpResponse:
    """The ledger lines behind a figure that a fee is computed from, or its part of one kind of payer."""
    one = _one(request, month, practice)
    opens = one.opens.get(name, {})
    if "entered" in opens.get(category, {"entered": ""}):
        raise NotFound("The fee is not computed from such a figure of the ledger.")
    own, part = parted(name)
    amount = months.categories(one.figures[name])[category]
    found = Input(own, category, str(amount.amount), opens[category])
    title = showing.part(own, category, one.parts[part - 1] if part else None)
    way = reverse("settlement:ahead-of", args=[month, practice])
    return tables.answer(
        request, BEHIND, tables.ask(request, BEHIND), template="settlement/ahead_behind.html",
        context={"title": title, "amount": amount, "one": one, "crumbs": [(one.practice_name, way)], "here": title},
        fetch=lambda asked: queries.behind(found, asked),
    )  # fmt: skip


def _practices(actor: Any) -> list[int]:
    return [one for one in actor.practices_for(READ.code) if not actor.standing.tenants[one].is_mso]


def _one(request: Any, month: str, practice: str) -> FeeAhead:
    wanted, key = _month(month), key_in_scope(practice)
    if wanted is None or key not in _practices(request.actor):
        raise NotFound("There is no such month of a practice for you.")
    return months.of_practice(key, wanted, at=request.actor.at)


def _month(said: str) -> Month | None:
    try:
        return Month.parse(said)
    except ValueError:
        return None


def _named(one: FeeAhead, name: str) -> str:
    """A figure in words; of a month in several parts with the days that it is of."""
    own, part = parted(name)
    return f"{showing.named(own)}, {parts.words(one.parts[part - 1])}" if part else showing.named(own)


def _inputs(one: FeeAhead) -> Any:
    """Each figure in words: name, part, value, and where it opens."""
    for name, value in one.figures.items():
        opens, (own, _) = one.opens.get(name, {}), parted(name)
        if figure := opens.get(queries.OTHER, {}).get("entered", ""):
            if own == SHARED_COST:
                draft = reverse("settlement:allocation-draft", args=[str(one.month)])
                yield _named(one, name), "Allocated and frozen", value, draft
            else:
                yield _named(one, name), "Entered and confirmed", value, reverse("settlement:figure", args=[figure])
        elif not opens:
            yield _named(one, name), "", value, ""
        else:
            for category, amount in months.categories(value).items():
                address = [str(one.month), one.practice_code, name, category]
                url = reverse("settlement:ahead-behind", args=address)
                yield _named(one, name), showing.of_part(own, category), amount, url
