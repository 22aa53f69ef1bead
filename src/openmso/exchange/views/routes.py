"""Partners and routes on screen: the register, the matrix, and the switch for an outage."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.urls import reverse

from openmso.exchange import forms
from openmso.exchange.contracts import KEEP, READ, Partner, RouteRow, Transaction
from openmso.exchange.queries import partners as queries
from openmso.exchange.services import keeping
from openmso.exchange.tables import PARTNERS
from openmso.parties.queries import payers
from openmso.platform.access.edges import form, page
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.tenancy.scope import reading
from openmso.platform.ui import respond, tables
from openmso.platform.ui.filling import fill


@dataclass(frozen=True, slots=True)
class Cell:
    """One crossing of the matrix: the route, or where to set one."""

    route: RouteRow | None
    url: str


@page(READ.code)
def routes(request: Any) -> HttpResponse:
    """Who gets what: payers by transactions, and the exceptions of practices below."""
    mine = {tenant.pk for tenant in tenancy.tenants_in_scope()}
    rows = queries.routes(on=request.actor.today, practices=mine)
    context = {
        "transactions": list(Transaction), "matrix": _matrix(rows), "may_keep": request.actor.can(KEEP.code),
        "exceptions": [(row, _route_url(row)) for row in rows if row.practice is not None],
        "down": queries.down(), "here": "Routes",
    }  # fmt: skip
    return respond.page(request, "exchange/routes.html", context)


def _matrix(rows: Sequence[RouteRow]) -> list[tuple[str, list[Cell]]]:
    own = {(row.payer_id, row.transaction): row for row in rows if row.practice is None}
    listed = [(None, queries.EVERY_PAYER, "")] + [(one.id, one.name, one.public_id) for one in payers.every()]
    return [
        (name, [Cell(own.get((key, one)), _url(public_id, one, "")) for one in Transaction])
        for key, name, public_id in listed
    ]


def _url(payer: str, transaction: str, practice: str) -> str:
    return f"{reverse('exchange:set-route')}?payer={payer}&transactions={transaction}&practice={practice}"


def _route_url(row: RouteRow) -> str:
    names = {one.id: one.public_id for one in payers.every()}
    codes = {tenant.pk: tenant.public_id for tenant in tenancy.tenants_in_scope()}
    return _url(names.get(row.payer_id or 0, ""), row.transaction, codes.get(row.practice or 0, ""))


@form(KEEP.code, mailroom=True)
def set_route(request: Any) -> HttpResponse:
    """Set where files of a kind go from a day on."""
    with reading():
        mso = tenancy.mso()
        offered = {
            "payers": payers.choices(), "partners": queries.choices(),
            "practices": [(row.public_id, row.name) for row in tenancy.tenants_in_scope() if not row.is_mso],
        }  # fmt: skip
        initial = _asked(request)
    filled = forms.RouteForm(request.POST or None, initial=initial, **offered)

    def save(given: dict[str, Any]) -> str:
        with reading():
            payer = payers.by_public_id(given["payer"]).id if given["payer"] else None
            practice = tenancy.key_in_scope(given["practice"]) if given["practice"] else None
        for transaction in given["transactions"]:
            keeping.set_route(
                actor=request.actor, mso=mso, payer=payer, transaction=Transaction(transaction), practice=practice,
                partners=filled.partners(), starts_on=given["starts_on"], at=request.actor.at,
            )  # fmt: skip
        return reverse("exchange:routes")

    context = {
        "title": "Set a route", "crumbs": [("Routes", reverse("exchange:routes"))], "back": reverse("exchange:routes"),
        "lede": "The most specific route counts: payer and practice, payer, practice, all.",
    }  # fmt: skip
    return fill(request, filled, save=save, said="The route is set.", context=context)


def _asked(request: Any) -> dict[str, Any]:
    """What the matrix asked for, with the partners that are there now."""
    asked = request.GET
    initial: dict[str, Any] = {
        "payer": asked.get("payer", ""), "practice": asked.get("practice", ""), "starts_on": request.actor.today,
        "transactions": [one for one in asked.getlist("transactions") if one],
    }  # fmt: skip
    mine = {tenant.pk: tenant.public_id for tenant in tenancy.tenants_in_scope()}
    names = {one.id: one.public_id for one in payers.every()}
    for row in queries.routes(on=request.actor.today, practices=set(mine)):
        same = (names.get(row.payer_id or 0, ""), mine.get(row.practice or 0, ""))
        if same == (initial["payer"], initial["practice"]) and row.transaction in initial["transactions"]:
            initial |= dict(zip(("first", "second", "third"), [one.public_id for one in row.partners], strict=False))
    return initial


@page(READ.code)
def partners(request: Any) -> HttpResponse:
    """The register of trading partners."""
    ask = tables.ask(request, PARTNERS)
    return tables.answer(
        request, PARTNERS, ask, template="exchange/partners.html",
        context={"may_keep": request.actor.can(KEEP.code), "here": "Partners", "crumbs": _crumbs()},
        fetch=lambda wanted: queries.listing(filters=ask.filters, page=wanted),
    )  # fmt: skip


@page(READ.code)
def partner(request: Any, partner: str) -> HttpResponse:
    """One partner: how it is reached, its envelope, and the routes it stands in."""
    found = queries.partner(partner)
    mine = {tenant.pk for tenant in tenancy.tenants_in_scope()}
    rows = [
        row
        for row in queries.routes(on=request.actor.today, practices=mine)
        if any(one.id == found.id for one in row.partners)
    ]
    context = {
        "partner": found, "routes": rows, "may_keep": request.actor.can(KEEP.code), "here": found.name,
        "crumbs": [*_crumbs(), ("Partners", reverse("exchange:partners"))], "envelope": _envelope(found),
    }  # fmt: skip
    return respond.page(request, "exchange/partner.html", context)


def _envelope(found: Partner) -> list[tuple[str, str]]:
    """What its guide asks for, in words; what is as made is left out."""
    given = found.settings
    pairs = [
        ("Sender", f"{given.sender_qualifier} {given.sender}"),
        ("Receiver", f"{given.receiver_qualifier} {given.receiver}"),
        ("Group", f"{given.group_sender} {given.group_receiver}"), ("Submitter number", given.submitter),
        ("Receiver's name", given.receiver_name), ("Usage", given.usage), ("Separators", given.separators),
        ("Versions", given.versions), ("Lines", "" if given.newlines else "No line ends"),
    ]  # fmt: skip
    return [(label, value.strip()) for label, value in pairs if value.strip()]


@form(KEEP.code, mailroom=True)
def add(request: Any) -> HttpResponse:
    """Add a trading partner."""
    filled = forms.PartnerForm(request.POST or None)

    def save(given: dict[str, Any]) -> str:
        made = keeping.add(actor=request.actor, mso=_mso(), facts=filled.facts(), at=request.actor.at)
        return reverse("exchange:partner", args=[made.public_id])

    crumbs = [*_crumbs(), ("Partners", reverse("exchange:partners"))]
    context = {"title": "Add a partner", "crumbs": crumbs, "back": reverse("exchange:partners")}
    return fill(request, filled, save=save, said="Added.", context=context)


@form(KEEP.code, mailroom=True)
def change(request: Any, partner: str) -> HttpResponse:
    """Change what is recorded about a partner."""
    with reading():
        now = queries.partner(partner)
    names = ("name", "kind", "way", "host", "port", "host_key", "user", "outgoing", "incoming", "realtime")
    ends = {name: getattr(now.settings, name) for name in queries.SETTINGS}
    initial = {name: getattr(now, name) for name in names} | ends
    filled = forms.PartnerForm(request.POST or None, initial=initial)
    back = reverse("exchange:partner", args=[partner])

    def save(given: dict[str, Any]) -> str:
        keeping.change(actor=request.actor, mso=_mso(), partner=partner, facts=filled.facts(), at=request.actor.at)
        return back

    context = {"title": f"Change {now.name}", "back": back, "crumbs": [*_crumbs(), (now.name, back)]}
    return fill(request, filled, save=save, said="Changed.", context=context)


@form(KEEP.code, mailroom=True)
def down(request: Any, partner: str) -> HttpResponse:
    """Say that a partner is down: its files go elsewhere at once."""
    with reading():
        now = queries.partner(partner)
    filled = forms.DownForm(request.POST or None)
    back = reverse("exchange:partner", args=[partner])

    def save(given: dict[str, Any]) -> str:
        keeping.declare_down(actor=request.actor, mso=_mso(), partner=partner, at=request.actor.at, **given)
        return back

    context = {
        "title": f"{now.name} is down", "back": back, "crumbs": [*_crumbs(), (now.name, back)],
        "lede": "Its routes move to the next partner, or to people's hands, until you say that it works again.",
    }  # fmt: skip
    return fill(request, filled, save=save, said=f"Files go around {now.name} now.", context=context)


@form(KEEP.code, mailroom=True)
def up(request: Any, partner: str) -> HttpResponse:
    """Say that a partner works again."""
    with reading():
        now = queries.partner(partner)
    back = reverse("exchange:partner", args=[partner])
    filled = forms.Nothing(request.POST if request.method == "POST" else None)

    def save(given: dict[str, Any]) -> str:
        keeping.declare_up(actor=request.actor, mso=_mso(), partner=partner, at=request.actor.at)
        return back

    context = {
        "title": f"{now.name} works again", "back": back, "crumbs": [*_crumbs(), (now.name, back)],
        "lede": "What still waits for people's hands goes to it by itself.",
    }  # fmt: skip
    return fill(request, filled, save=save, said=f"Files go to {now.name} again.", context=context)


def _mso() -> int:
    with reading():
        return tenancy.mso()


def _crumbs() -> list[tuple[str, str]]:
    return [("Routes", reverse("exchange:routes"))]
