"""Payer contracts: the list, one contract, versions side by side, drafting, publishing, and trying a price."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse

from openmso.contracting import queries, services
from openmso.contracting.contracts import DRAFT, PUBLISH, READ, Ask, Contract, Version
from openmso.contracting.forms import NewForm, PriceForm, TermsForm, initial
from openmso.contracting.tables import CONTRACTS, RATES
from openmso.kit import clock
from openmso.kit.errors import NotFound
from openmso.kit.money import Money
from openmso.parties.queries import payers
from openmso.platform.access.edges import act, form, page
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.tenancy.scope import reading
from openmso.platform.ui import respond, tables
from openmso.platform.ui.contracts import Filters, PageAsk
from openmso.platform.ui.filling import fill

PANEL_MAX = 50


@page(READ.code)
def index(request: Any) -> HttpResponse:
    """The contracts one may read."""
    ask = tables.ask(request, CONTRACTS)
    return tables.answer(
        request, CONTRACTS, ask, template="contracting/contracts.html",
        context={"may_draft": request.actor.can(DRAFT.code)},
        fetch=lambda wanted: queries.listing(on=request.actor.today, filters=ask.filters, page=wanted),
    )  # fmt: skip


@page(READ.code)
def of_practice(request: Any, practice: str) -> HttpResponse:
    """The panel of a practice's page: its contracts as they hold today."""
    key = tenancy.key_in_scope(practice)
    on = tenancy.today(key, clock.now())
    found = queries.listing(on=on, filters=Filters(), page=PageAsk(size=PANEL_MAX), practice=key)
    context = {"rows": found.rows, "may_draft": request.actor.can(DRAFT.code, key)}
    return respond.page(request, "contracting/of_practice.html", context)


@page(READ.code)
def contract(request: Any, contract: str) -> HttpResponse:
    """One contract: what holds today, the draft, and its versions."""
    found = queries.contract(contract)
    today = request.actor.day_in(found.practice)
    shown = found.on(today) or found.draft or (found.versions[0] if found.versions else None)
    context = {
        "contract": found, "shown": shown, "holds": found.on(today), "here": found.payer, "price_form": PriceForm(),
        "may_draft": request.actor.can(DRAFT.code, found.practice),
        "may_publish": request.actor.can(PUBLISH.code, found.practice),
    }  # fmt: skip
    return respond.page(request, "contracting/contract.html", context)


@page(READ.code)
def version(request: Any, contract: str, number: int) -> HttpResponse:
    """A version, or the draft, beside the version before it, with its fee schedule."""
    found = queries.contract(contract, with_rates=True)
    after = _version(found, number)
    before = next((one for one in found.versions if one.number < number), None)
    ask = tables.ask(request, RATES)
    context = {
        "contract": found, "after": after, "before": before, "is_draft": after is found.draft,
        "changes": queries.changes(before, after) if before else [], "here": f"Version {number}",
        "crumbs": [(found.payer, reverse("contracting:contract", args=[contract]))],
    }  # fmt: skip
    return tables.answer(
        request, RATES, ask, template="contracting/version.html", context=context,
        fetch=lambda wanted: queries.rates(contract=contract, number=number, text=ask.filters.text, page=wanted),
    )  # fmt: skip


@page(READ.code)
def price(request: Any, contract: str, number: int) -> HttpResponse:
    """What a version, or the draft, would expect for a line, step by step; a fragment of the contract's page."""
    found = queries.contract(contract, with_rates=True)
    shown = _version(found, number)
    filled, answer = PriceForm(request.GET or None), None
    if filled.is_valid():
        given = filled.cleaned_data
        code, *modifiers = given["tried"].upper().split("-")
        on = max(request.actor.day_in(found.practice), shown.days.starts_on)
        asked = Ask(
            0, 0, found.payer_id, code, tuple(modifiers), Decimal(given["units"]), given["pos"],
            Money.rounded(given["charge"]), on,
        )  # fmt: skip
        answer = queries.tried(shown.terms, asked, f"{contract}/{number}")
    context = {"contract": found, "shown": shown, "price_form": filled, "answer": answer}
    return respond.page(request, "contracting/price.html", context, status=422 if filled.errors else 200)


@form(DRAFT.code)
def new(request: Any) -> HttpResponse:
    """The first version of a contract, as a draft."""
    with reading():
        filled = NewForm(
            request.POST or None, request.FILES or None, practices=tenancy.practice_choices(),
            payers=payers.choices(), initial=initial(None, request.actor.today),
        )  # fmt: skip

    def save(given: dict[str, Any]) -> str:
        with reading():
            practice = tenancy.key_in_scope(given["contract_practice"].upper())
            payer = payers.by_public_id(given["contract_payer"]).id
        return _save(request, filled, practice, payer)

    title = "A new payer contract"
    context = {"title": title, "here": title, "back": reverse("contracting:contracts")}
    return fill(
        request, filled, template="contracting/draft.html", save=save, said="The draft is on the desk.", context=context
    )


@form(DRAFT.code)
def draft(request: Any, contract: str) -> HttpResponse:
    """Change the draft, or begin one from the latest version."""
    with reading():
        found = queries.contract(contract, with_rates=True)
        before = found.draft or (found.versions[0] if found.versions else None)
        filled = TermsForm(
            request.POST or None, request.FILES or None,
            initial=initial(before, request.actor.day_in(found.practice)),
        )  # fmt: skip
    back = reverse("contracting:contract", args=[contract])
    context = {
        "title": f"Version {len(found.versions) + 1} with {found.payer}", "here": "Draft", "back": back,
        "crumbs": [(found.payer, back)],
    }  # fmt: skip
    return fill(
        request, filled, template="contracting/draft.html", said="The draft is on the desk.", context=context,
        save=lambda _: _save(request, filled, found.practice, found.payer_id),
    )  # fmt: skip


@act(DRAFT.code)
def withdraw(request: Any, contract: str) -> HttpResponse:
    """Take the draft off the desk."""
    services.withdraw(actor=request.actor, contract=contract, at=clock.now())
    messages.success(request, "The draft is withdrawn.")
    return respond.redirect(request, reverse("contracting:contract", args=[contract]))


@act(PUBLISH.code)
def publish(request: Any, contract: str) -> HttpResponse:
    """Publish the draft."""
    made = services.publish(actor=request.actor, contract=contract, at=clock.now())
    messages.success(request, f"Version {len(made.versions)} is published.")
    return respond.redirect(request, reverse("contracting:contract", args=[contract]))


def _save(request: Any, filled: TermsForm, practice: int, payer: int) -> str:
    given = filled.cleaned_data
    made = services.draft(
        actor=request.actor, practice=practice, payer_id=payer, terms=filled.terms(),
        starts_on=given["contract_starts_on"], ends_on=given["contract_ends_on"], at=clock.now(),
    )  # fmt: skip
    return reverse("contracting:contract", args=[made.public_id])


def _version(found: Contract, number: int) -> Version:
    shown = found.version(number)
    if shown is None:
        raise NotFound(f"There is no version {number}.", field="number")
    return shown
