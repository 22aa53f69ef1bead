"""The cap tables, one entity with all that is known of it, holders, calls, distributions, rollovers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from django.http import HttpResponse
from django.urls import reverse

from openmso.equity import pdf
from openmso.equity.contracts import KEEP, PAY, READ, Corrected, Holding, Table, plain
from openmso.equity.forms import RolloverForm
from openmso.equity.queries import facilities
from openmso.equity.queries import ventures as asking
from openmso.equity.rules import holding
from openmso.equity.rules import rollover as selling
from openmso.equity.rules import venture as joint
from openmso.equity.services import capital
from openmso.equity.states import Paying, Standing
from openmso.equity.tables import HELD, UNITS, VENTURES
from openmso.kit.errors import Refused
from openmso.kit.money import Money
from openmso.platform.access import duties
from openmso.platform.access.edges import form, page
from openmso.platform.ui import respond, tables
from openmso.platform.ui.contracts import Event, Tone
from openmso.platform.ui.filling import refuse

ENTRIES_SHOWN = 8


@page(READ.code)
def ventures(request: Any) -> HttpResponse:
    """The cap tables that one may see."""
    ask = tables.ask(request, VENTURES)
    context = {"here": "Cap tables", "crumbs": [], "may_keep": request.actor.can(KEEP.code)}
    return tables.answer(
        request, VENTURES, ask, template="equity/ventures.html", context=context,
        fetch=lambda wanted: asking.listing(filters=ask.filters, page=wanted, at=request.actor.at),
    )  # fmt: skip


@page(READ.code)
def venture(request: Any, venture: str) -> HttpResponse:
    """One entity on a day: who holds what, capital accounts, the test of a joint venture, calls and distributions."""
    one = asking.today(venture, request.actor.at)
    today = request.actor.day_in(one.practice)
    on = _day(request.GET.get("on", ""), today)
    held = holding.holdings(one, on)
    if file := tables.exported(request, HELD, held):
        return file
    points = facilities.points(one, on)
    context = {
        "one": one, "here": one.public_id, "crumbs": crumbs(), "on": on, "is_today": on == today, "held": held,
        "totals": _totals(held), "points": points, "verdict": joint.verdict(points), "rule": joint.RULE,
        "classes": [(each, holding.terms_of(each).sentence if each.rate else "") for each in one.classes],
        "entries": list(reversed(one.entries))[:ENTRIES_SHOWN], "revenues": list(reversed(one.revenues)),
        "calls": list(reversed(one.calls)), "distributions": list(reversed(one.distributions)),
        "unequal": asking.unequal(one), "may_keep": request.actor.can(KEEP.code, one.practice),
        "may_pay": request.actor.can(PAY.code, one.practice),
        "story": sorted(_story(one), key=lambda each: each.at, reverse=True)[:20],
    }  # fmt: skip
    return respond.page(request, "equity/venture.html", context)


@page(READ.code)
def units(request: Any, venture: str) -> HttpResponse:
    """The ledger of units."""
    one = asking.today(venture, request.actor.at)
    ask = tables.ask(request, UNITS)
    context = {
        "one": one, "here": "Units", "crumbs": [*crumbs(), (one.public_id, place(venture))],
        "may_keep": request.actor.can(KEEP.code, one.practice),
    }  # fmt: skip
    return tables.answer(
        request, UNITS, ask, template="equity/units.html", context=context,
        fetch=lambda wanted: asking.entries(venture, filters=ask.filters, page=wanted, at=request.actor.at),
    )  # fmt: skip


@page(READ.code)
def holder(request: Any, holder: str) -> HttpResponse:
    """A holder: what they hold, their capital account movement by movement, their statement on paper."""
    one, found = asking.of_holder(holder, request.actor.at)
    on = request.actor.day_in(one.practice)
    context = {
        "one": one, "holder": found, "here": found.name, "crumbs": [*crumbs(), (one.public_id, place(one.public_id))],
        "held": [each for each in holding.holdings(one, on) if each.holder.public_id == holder], "on": on,
        "account": holding.account(one, holder),
        "may_keep": request.actor.can(KEEP.code, one.practice),
        "corrections": [_corrected(each) for each in reversed(found.corrections)],
        "may_issue": bool(found.tenant) and request.actor.can(KEEP.code, one.practice),
    }  # fmt: skip
    return respond.page(request, "equity/holder.html", context)


@page(READ.code)
def statement(request: Any, holder: str) -> HttpResponse:
    """A holder's statement as PDF."""
    one, found = asking.of_holder(holder, request.actor.at)
    content = pdf.statement(one, found, holding.account(one, holder), on=request.actor.day_in(one.practice))
    headers = {"Content-Disposition": f'inline; filename="statement-{holder}.pdf"'}
    return HttpResponse(content, content_type="application/pdf", headers=headers)


@page(READ.code)
def call(request: Any, call: str) -> HttpResponse:
    """A capital call: what each holder is asked for, and what came."""
    one, found = asking.of_call(call, request.actor.at)
    may_pay = request.actor.can(PAY.code, one.practice)
    context = {
        "one": one, "call": found, "here": call, "crumbs": [*crumbs(), (one.public_id, place(one.public_id))],
        "shares": [
            (each, may_pay and bool(each.left), may_pay and each.standing is Standing.LATE) for each in found.shares
        ],
    }  # fmt: skip
    return respond.page(request, "equity/call.html", context)


@page(READ.code)
def distribution(request: Any, distribution: str) -> HttpResponse:
    """A distribution: each tier, each share, and how it stands."""
    one, found = asking.of_distribution(distribution, request.actor.at)
    no = duties.why_not(request.actor, did=found.made_by_user, **capital.PARTED)
    context = {
        "one": one, "given": found, "here": distribution, "no": no,
        "crumbs": [*crumbs(), (one.public_id, place(one.public_id))],
        "may_pay": found.standing is Paying.DECLARED and request.actor.can(PAY.code, one.practice),
    }  # fmt: skip
    return respond.page(request, "equity/distribution.html", context)


@form(READ.code)
def rollover(request: Any) -> HttpResponse:
    """The rollover and second-sale calculator: nothing of it is kept."""
    filled, outcome = RolloverForm(request.POST or None), None
    if request.method == "POST" and filled.is_valid():
        try:
            outcome = selling.rollover(filled.sale())
        except Refused as no:
            refuse(filled, no)
    context = {
        "here": "Rollover", "crumbs": crumbs(), "form": filled, "outcome": outcome,
    }  # fmt: skip
    status = 422 if filled.errors else 200
    return respond.page(request, "equity/rollover.html", context, status=status)


def crumbs() -> list[tuple[str, str]]:
    """Where a cap table stands."""
    return [("Cap tables", reverse("equity:ventures"))]


def place(venture: str) -> str:
    """The page of an entity."""
    return reverse("equity:venture", args=[venture])


def _day(asked: str, today: date) -> date:
    try:
        return date.fromisoformat(asked)
    except ValueError:
        return today


def _totals(held: list[Holding]) -> dict[str, Any]:
    return {
        "units": plain(sum((each.units for each in held), Decimal(0))),
        "account": Money.total(each.account for each in held),
        "capital": Money.total(each.capital for each in held),
        "preferred": Money.total(each.preferred for each in held),
    }


def _corrected(one: Corrected) -> Event:
    stood = f"{one.was} ({one.was_being.label.lower()})"
    now = f"{one.name} ({one.being.label.lower()})"
    return Event(one.at, f"{one.by} corrected {stood}: {now}", Tone.INFO, one.why)


def _story(one: Table) -> Iterator[Event]:
    """What happened."""
    for cls in one.classes:
        yield Event(cls.made_at, f"{cls.made_by} added {cls.name}", Tone.INFO, cls.sort.label)
    for holder in one.holders:
        yield from (_corrected(each) for each in holder.corrections)
    for entry in one.entries:
        words = f"{entry.made_by} entered: {entry.act.label.lower()} of {entry.units_words} {entry.class_name}"
        yield Event(entry.made_at, words, entry.act.tone, entry.why)
    for each in one.calls:
        yield Event(each.made_at, f"{each.made_by} called {each.amount:,.2f}", Tone.INFO, each.purpose)
    for given in one.distributions:
        yield Event(given.made_at, f"{given.made_by} declared {given.amount:,.2f}", Tone.INFO, given.why)
        if given.paid_at:
            yield Event(given.paid_at, f"{given.paid_by} paid {given.amount:,.2f}", Tone.GOOD)
