"""Screens of analytics: the board, one figure, its claims, receivables by age, the definitions."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse

from openmso.analytics import costs, network, queries, services, showing
from openmso.analytics.contracts import COSTS, READ, Asked, Function, Kind
from openmso.analytics.forms import HourCostForm
from openmso.analytics.queries import behind as drill
from openmso.analytics.rules.catalogue import KPIS, REWORK_COST
from openmso.analytics.tables import (
    AGEING,
    BEHIND,
    BEHIND_AGEING,
    BEHIND_COHORT,
    BEHIND_DAYS,
    BOARD,
    COHORTS,
    FORECAST,
    HOUR_COSTS,
    OCCURRED,
    PARTS,
)
from openmso.claims.contracts import READ as READ_CLAIMS
from openmso.kit.errors import NotFound
from openmso.kit.money import Money
from openmso.kit.periods import Month
from openmso.kit.words import counted
from openmso.parties.queries import practices
from openmso.platform.access import queries as access
from openmso.platform.access.edges import act, form, page
from openmso.platform.tenancy.scope import reading
from openmso.platform.ui import respond, tables
from openmso.platform.ui.cells import day_text
from openmso.platform.ui.contracts import Choice, Filters, Page, Tally, Totals
from openmso.platform.ui.filling import fill


def asked(filters: Filters, fallback: Month) -> Asked:
    """What the filters of a list ask for."""
    words = {name: filters.one(name) or "" for name in ("practice", "payer", "clinician", "specialty")}
    return Asked(filters.one("month") or fallback, **words, alone=filters.flag("alone"), served=filters.one("served"))


def _latest(request: Any) -> Month:
    return queries.latest_month() or Month.of(request.actor.today)


def _opens(request: Any) -> bool:
    """Whether figures open to claims and records, for who reads them."""
    return bool(request.actor.practices_for(READ_CLAIMS.code))


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
    dimensions = queries.dimensions(one.kpi)
    if by not in dimensions:
        raise NotFound(f"The figure has no parts by {by}.", fix=f"Choose one of {', '.join(dimensions)}.")
    rows = showing.parts(one.kpi, queries.parts(kpi, wanted, by=by), by=by, asked=ask.q, opens=_opens(request))
    path = reverse("analytics:figure", args=[kpi])
    tabs = [
        Choice(label, f"{path}?{urlencode({'by': key, **({'q': ask.q} if ask.q else {})})}", key == by)
        for key, label in dimensions.items()
    ]
    return tables.answer(
        request, PARTS, ask, template="analytics/figure.html",
        context=showing.figure(one, wanted, ask.q, opens=_opens(request)) | {
            "tabs": tabs, "by": by, "here": one.kpi.title,
            "who": "" if _opens(request) else access.who_may(READ_CLAIMS.code),
            "wanting": costs.wanting(wanted.month.last) if kpi == REWORK_COST else "",
            "of_costs": kpi == REWORK_COST, "network": showing.beside(one.kpi, network.beside(
                kpi, wanted.month, on=request.actor.today)),
        },
        fetch=lambda page: Page(rows, len(rows), page),
    )  # fmt: skip


@page(READ_CLAIMS.code)
def behind(request: Any, kpi: str, side: str) -> HttpResponse:
    """The claims, or else the visits, answers, payments and fees, that a part of a figure counts."""
    one = queries.kpi(kpi)
    if side not in drill.SIDES:
        raise NotFound("A figure has a top and a bottom.")
    of_claims = drill.opens(one, side) is not drill.Opens.OCCURRED
    spec = (BEHIND_DAYS if one.kind is Kind.MEDIAN else BEHIND) if of_claims else OCCURRED
    ask = tables.ask(request, spec)
    wanted = asked(ask.filters, _latest(request))
    crumbs = [("Key figures", reverse("analytics:board")), (one.title, reverse("analytics:figure", args=[kpi]))]
    fetch: Any = drill.claims if of_claims else drill.occurred
    tally: Any = drill.tally_claims if of_claims else drill.tally_occurred
    words = one.top_words if side == "top" and one.top_words else one.bottom_words
    return tables.answer(
        request, spec, ask, template="analytics/behind.html",
        context={"kpi": one, "words": words.removesuffix(" a day"), "lede": showing.counting(one, side, wanted),
                 "crumbs": crumbs, "here": "Claims" if of_claims else "Records"},
        fetch=lambda page: fetch(one, wanted, side=side, page=page), tally=lambda: tally(one, wanted, side=side),
    )  # fmt: skip


@page(READ_CLAIMS.code)
def behind_ageing(request: Any) -> HttpResponse:
    """The claims of receivables, of some ages or of all."""
    ask = tables.ask(request, BEHIND_AGEING)
    wanted = asked(ask.filters, _latest(request))
    buckets = [int(one) for one in ask.filters.many("age")]
    on = queries.ageing(wanted).on
    lede = f"As they stood at the end of {day_text(on)}." if on else f"Nothing was counted of {wanted.month.words}."
    return tables.answer(
        request, BEHIND_AGEING, ask, template="analytics/behind.html",
        context={"words": "Claims of receivables", "lede": lede, "here": "Claims",
                 "crumbs": [("Receivables by age", reverse("analytics:ageing"))]},
        fetch=lambda page: drill.aged(wanted, buckets=buckets, page=page),
        tally=lambda: drill.tally_aged(wanted, buckets=buckets),
    )  # fmt: skip


@page(READ_CLAIMS.code)
def behind_cohort(request: Any) -> HttpResponse:
    """The claims of the services of a month, with what they came to."""
    ask = tables.ask(request, BEHIND_COHORT)
    wanted = asked(ask.filters, _latest(request))
    return tables.answer(
        request, BEHIND_COHORT, ask, template="analytics/behind.html",
        context={"words": f"Services of {wanted.month.words}", "here": "Claims",
                 "lede": "What was charged, what contracts allow of it, and what was paid until the count.",
                 "crumbs": [("Cohorts", reverse("analytics:cohorts"))]},
        fetch=lambda page: drill.served(wanted, page=page), tally=lambda: drill.tally_served(wanted),
    )  # fmt: skip


@page(READ.code)
def ageing(request: Any) -> HttpResponse:
    """Receivables by age, with credits and without."""
    ask = tables.ask(request, AGEING)
    wanted = asked(ask.filters, _latest(request))
    found = queries.ageing(wanted)
    totals: Totals = {"open": found.open, "patient": found.patient, "credit": found.credit,
              "claims": sum(row.claims for row in found.rows)}  # fmt: skip
    rows = showing.aged(found, ask.q, opens=_opens(request))
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
    rows = showing.cohorts(queries.cohorts(wanted), ask.q, opens=_opens(request))
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
    back = reverse("analytics:hour-costs")

    def save(given: dict[str, Any]) -> str:
        with reading():
            mso = practices.mso_that_decides(request.actor, COSTS.code, otherwise="Costs are entered by the MSO.")
        services.enter_cost(
            actor=request.actor, mso=mso, function=Function(given["function"]), starts_on=given["starts_on"],
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
