"""Screens of analytics: the board, one figure, its claims, receivables by age, the definitions."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse

from openmso.analytics import costs, queries, services, showing
from openmso.analytics.contracts import COSTS, READ, Asked, Function
from openmso.analytics.forms import HourCostForm
from openmso.analytics.rules.catalogue import KPIS, REWORK_COST
from openmso.analytics.tables import AGEING, BEHIND, BOARD, COHORTS, FORECAST, HOUR_COSTS, OCCURRED, PARTS
from openmso.claims.contracts import READ as READ_CLAIMS
from openmso.kit.errors import NotFound, Refused
from openmso.kit.money import Money
from openmso.kit.periods import Month
from openmso.kit.words import counted
from openmso.parties.queries import practices
from openmso.platform.access import queries as access
from openmso.platform.access.edges import act, form, page
from openmso.platform.tenancy.scope import reading
from openmso.platform.ui import respond, tables
from openmso.platform.ui.contracts import Choice, Filters, Page, Tally, Totals
from openmso.platform.ui.filling import fill


def asked(filters: Filters, fallback: Month) -> Asked:
    """What the filters of a list ask for."""
    words = {name: filters.one(name) or "" for name in ("practice", "payer", "specialty")}
    return Asked(filters.one("month") or fallback, **words)


def _latest(request: Any) -> Month:
    return queries.latest_month() or Month.of(request.actor.today)


@page(READ.code)
def board(request: Any) -> HttpResponse:
    """Every figure of a month, with its year."""
    ask = tables.ask(request, BOARD)
    wanted = asked(ask.filters, _latest(request))
    found = queries.board(wanted) if queries.latest_month() else []
    return tables.answer(
        request, BOARD, ask, template="analytics/board.html",
        context={"month": wanted.month, "standing": queries.standing(), "around": showing.around(ask.q, wanted.month),
                 "here": "Key figures"},
        fetch=lambda page: Page(found, len(found), page),
    )  # fmt: skip


@page(READ.code)
def figure(request: Any, kpi: str) -> HttpResponse:
    """One figure: what it is, how it came about, a year of it, and its parts."""
    ask = tables.ask(request, PARTS)
    wanted = asked(ask.filters, _latest(request))
    one = queries.figure(kpi, wanted)
    by = request.GET.get("by", "practice")
    if by not in queries.DIMENSIONS:
        raise NotFound(f"A figure has no parts by {by}.", fix=f"Choose one of {', '.join(queries.DIMENSIONS)}.")
    rows = showing.parts(one.kpi, queries.parts(kpi, wanted, by=by), by=by, asked=ask.q)
    path = reverse("analytics:figure", args=[kpi])
    tabs = [
        Choice(label, f"{path}?{urlencode({'by': key, **({'q': ask.q} if ask.q else {})})}", key == by)
        for key, label in queries.DIMENSIONS.items()
    ]
    return tables.answer(
        request, PARTS, ask, template="analytics/figure.html",
        context=showing.figure(one, wanted, ask.q) | {
            "tabs": tabs, "by": by, "here": one.kpi.title,
            "wanting": costs.wanting(wanted.month.last) if kpi == REWORK_COST else "",
            "of_costs": kpi == REWORK_COST,
        },
        fetch=lambda page: Page(rows, len(rows), page),
    )  # fmt: skip


@page(READ_CLAIMS.code)
def behind(request: Any, kpi: str, side: str) -> HttpResponse:
    """The claims, or else the visits, answers, payments and fees, that a part of a figure counts."""
    one = queries.kpi(kpi)
    of_claims = side in queries.SIDES and queries.opens(one, side)
    if side not in queries.SIDES or not (of_claims or queries.occurs(one, side)):
        raise NotFound("This part of the figure is a sum of money and opens to no records.")
    spec = BEHIND if of_claims else OCCURRED
    fetch, count_ = (queries.behind, queries.tally_behind) if of_claims else (queries.occurred, queries.tally_occurred)
    ask = tables.ask(request, spec)
    wanted = asked(ask.filters, _latest(request))
    crumbs = [(one.title, reverse("analytics:figure", args=[kpi]))]
    return tables.answer(
        request, spec, ask, template="analytics/behind.html",
        context={"kpi": one, "words": one.top_words if side == "top" else one.bottom_words, "month": wanted.month,
                 "crumbs": crumbs, "here": "Claims" if of_claims else "Records"},
        fetch=lambda page: fetch(kpi, wanted, side=side, page=page), tally=lambda: count_(kpi, wanted, side=side),
    )  # fmt: skip


@page(READ.code)
def ageing(request: Any) -> HttpResponse:
    """Receivables by age, with credits and without."""
    ask = tables.ask(request, AGEING)
    wanted = asked(ask.filters, _latest(request))
    found = queries.ageing(wanted)
    totals: Totals = {"open": found.open, "patient": found.patient, "credit": found.credit,
              "claims": sum(row.claims for row in found.rows)}  # fmt: skip
    rows = found.rows if found.on else []
    return tables.answer(
        request, AGEING, ask, template="analytics/ageing.html",
        context={"ageing": found, "month": wanted.month, "parts": showing.strip(found), "here": "Receivables by age",
                 "around": showing.around(ask.q, wanted.month), "crumbs": []},
        fetch=lambda page: Page(rows, len(rows), page, totals), tally=lambda: Tally(len(rows), totals),
    )  # fmt: skip


@page(READ.code)
def cohorts(request: Any) -> HttpResponse:
    """The services of each month, and how much of what is allowed was paid by each age."""
    ask = tables.ask(request, COHORTS)
    wanted = asked(ask.filters, _latest(request))
    rows = queries.cohorts(wanted)
    return tables.answer(
        request, COHORTS, ask, template="analytics/cohorts.html",
        context={"month": wanted.month, "around": showing.around(ask.q, wanted.month), "here": "Cohorts",
                 "crumbs": []},
        fetch=lambda page: Page(rows, len(rows), page),
    )  # fmt: skip


@page(READ.code)
def forecast(request: Any) -> HttpResponse:
    """Thirteen weeks of cash ahead."""
    ask = tables.ask(request, FORECAST)
    wanted = asked(ask.filters, _latest(request))
    found = queries.forecast(wanted)
    totals: Totals = {
        "waiting": Money.total(week.waiting for week in found.weeks),
        "coming": Money.total(week.coming for week in found.weeks),
        "total": Money.total(week.total for week in found.weeks),
    }
    return tables.answer(
        request, FORECAST, ask, template="analytics/forecast.html",
        context={"forecast": found, "chart": showing.cash(found) if found.weeks else None, "here": "Cash ahead",
                 "off": showing.off(found), "crumbs": []},
        fetch=lambda page: Page(found.weeks, len(found.weeks), page, totals),
        tally=lambda: Tally(len(found.weeks), totals),
    )  # fmt: skip


@page(READ.code)
def definitions(request: Any) -> HttpResponse:
    """What each figure is, and who says so."""
    return respond.page(
        request, "analytics/definitions.html",
        {"groups": showing.groups(KPIS), "crumbs": [], "here": "Definitions"},
    )  # fmt: skip


@page(READ.code)
def hour_costs(request: Any) -> HttpResponse:
    """What an hour of work costs, version by version."""
    ask, rows = tables.ask(request, HOUR_COSTS), costs.every(on=request.actor.today)
    return tables.answer(
        request, HOUR_COSTS, ask, template="analytics/hour_costs.html",
        context={
            "may_enter": bool(practices.mso_where(request.actor, COSTS.code)), "who": access.who_may(COSTS.code),
            "wanting": costs.wanting(request.actor.today), "here": "Cost of an hour",
            "crumbs": [("Key figures", reverse("analytics:board"))],
        },
        fetch=lambda page: Page(rows, len(rows), page),
    )  # fmt: skip


@form(COSTS.code)
def enter_cost(request: Any) -> HttpResponse:
    """Say what an hour of a function costs."""
    with reading():
        mine = practices.mso_where(request.actor, COSTS.code)
    back = reverse("analytics:hour-costs")

    def save(given: dict[str, Any]) -> str:
        if not mine:
            raise Refused("Costs are entered by the MSO.", code="not_the_mso")
        services.enter_cost(
            actor=request.actor, mso=mine, function=Function(given["function"]), starts_on=given["starts_on"],
            hourly=Money.of(given["hourly"]), minutes=given["minutes"], source=given["source"], why=given["why"],
            at=request.actor.at,
        )  # fmt: skip
        return back

    context = {
        "title": "What an hour costs", "act_label": "Enter it", "back": back, "crumbs": [("Cost of an hour", back)],
        "here": "Enter", "lede": "Earlier versions stay; figures are counted anew with what holds on each day.",
    }  # fmt: skip
    filled = HourCostForm(request.POST or None, initial={"starts_on": request.actor.today})
    return fill(
        request, filled, save=save, context=context,
        said="It is entered. Figures are counted anew tonight, or now from the board.",
    )  # fmt: skip


@act(READ.code)
def count(request: Any) -> HttpResponse:
    """Have everything counted anew that has changed since the last count."""
    with reading():
        stale = queries.to_count()
    for practice in stale:
        services.count_later(practice=practice)
    messages.success(request, f"{counted(len(stale), 'practice')} will be counted anew." if stale
                     else "Everything is counted already.")  # fmt: skip
    return respond.redirect(request, reverse("analytics:board"))
