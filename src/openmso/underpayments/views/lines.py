"""Underpayments: the queue by dollars, one line with what was expected and why, disputes."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.http import HttpResponse
from django.urls import reverse

from openmso.claims.queries import stories
from openmso.contracting import queries as contracting
from openmso.contracting.contracts import READ as TERMS
from openmso.contracting.contracts import Contract
from openmso.kit import clock
from openmso.kit.periods import Month
from openmso.parties.queries import notes, payers
from openmso.platform.access.edges import form, page
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.tenancy.scope import reading
from openmso.platform.ui import respond, tables
from openmso.platform.ui.contracts import Filters, PageAsk
from openmso.platform.ui.filling import fill
from openmso.underpayments import allowing, queries
from openmso.underpayments import repricing as what_if
from openmso.underpayments.contracts import READ, WORK, By
from openmso.underpayments.forms import AcceptForm, DisputeForm
from openmso.underpayments.services import lines as services
from openmso.underpayments.states import S
from openmso.underpayments.tables import ALLOWED, REPRICED, UNDERPAYMENTS

OF_CLAIM_MAX, OF_CONTRACT = 50, 8


@page(READ.code)
def index(request: Any) -> HttpResponse:
    """What payers paid short, by dollars."""
    ask = tables.ask(request, UNDERPAYMENTS)
    return tables.answer(
        request, UNDERPAYMENTS, ask, template="underpayments/underpayments.html",
        context={"may_work": request.actor.can(WORK.code)},
        fetch=lambda wanted: queries.listing(filters=ask.filters, page=wanted),
    )  # fmt: skip


@page(READ.code)
def of_claim(request: Any, claim: str) -> HttpResponse:
    """The panel of a claim's page: its lines that were paid short."""
    stories.key(claim)
    found = queries.listing(filters=Filters(text=claim), page=PageAsk(size=OF_CLAIM_MAX))
    return respond.page(request, "underpayments/of_claim.html", {"rows": found.rows})


@page(READ.code)
def underpayment(request: Any, underpayment: str) -> HttpResponse:
    """One line: what was expected by which term, what was allowed, and what may be done."""
    found = queries.underpayment(underpayment)
    context = {
        "one": found, "here": found.public_id,
        "proposals": queries.proposals_of(underpayment),
        "notes": notes.about(practice=found.practice, payer_id=found.payer_id, on=request.actor.today),
        "may_work": request.actor.can(WORK.code, found.practice),
        "may_accept": found.state in {S.OPEN, S.DISPUTED} and request.actor.can(WORK.code, found.practice),
    }  # fmt: skip
    return respond.page(request, "underpayments/underpayment.html", context)


@page(TERMS.code)
def repricing(request: Any, contract: str, number: int) -> HttpResponse:
    """What the claims of the last months would have brought under a version of a contract, or its draft."""
    ask = tables.ask(request, REPRICED)
    found = contracting.contract(contract)
    months = int(ask.filters.one("months") or what_if.MONTHS)
    since, until = what_if.year_before(request.actor.day_in(found.practice), months)
    told = what_if.reprice(contract=contract, number=number, since=since, until=until)
    by = By(ask.filters.one("by") or By.CODE)
    context = {
        "told": told, "last": until - timedelta(days=1), "here": f"Version {number} repriced",
        "crumbs": [(found.payer, reverse("contracting:contract", args=[contract]))],
    }  # fmt: skip
    return tables.answer(
        request, REPRICED, ask, template="underpayments/repricing.html", context=context,
        fetch=lambda wanted: what_if.rows(told, by, text=ask.filters.text, page=wanted),
    )  # fmt: skip


@page(TERMS.code)
def reprice(request: Any, contract: str) -> HttpResponse:
    """The panel of a contract's page: from which of its versions a year may be repriced."""
    return respond.page(request, "underpayments/reprice.html", {"contract": contracting.contract(contract)})


@page(READ.code)
def of_contract(request: Any, contract: str) -> HttpResponse:
    """The panel of a contract's page: the codes of a year where allowed and expected are widest apart."""
    found = contracting.contract(contract)
    since, until = _months(request, found, 12)
    rows = allowing.by_code(found, since=since, until=until)
    context = {"contract": found, "rows": rows[:OF_CONTRACT], "count": len(rows), "more": len(rows) > OF_CONTRACT}
    return respond.page(request, "underpayments/of_contract.html", context)


@page(READ.code)
def allowed(request: Any, contract: str) -> HttpResponse:
    """What the payer of a contract allowed by code beside what was expected, with sums."""
    ask = tables.ask(request, ALLOWED)
    found = contracting.contract(contract)
    since, until = _months(request, found, int(ask.filters.one("months") or 12))
    rows = allowing.by_code(found, since=since, until=until)
    context = {
        "contract": found, "since": since, "last": until - timedelta(days=1), "here": "Allowed by code",
        "crumbs": [(found.payer, reverse("contracting:contract", args=[contract]))],
    }  # fmt: skip
    return tables.answer(
        request, ALLOWED, ask, template="underpayments/allowed.html", context=context,
        fetch=lambda wanted: allowing.rows(rows, text=ask.filters.text, page=wanted),
    )  # fmt: skip


def _months(request: Any, found: Contract, months: int) -> tuple[date, date]:
    """So many months up to the end of the reader's day."""
    today = request.actor.day_in(found.practice)
    return Month.of(today).plus(1 - months).first, today + timedelta(days=1)


@page(READ.code)
def disputes(request: Any) -> HttpResponse:
    """The disputes with their packets."""
    context = {
        "disputes": queries.disputes(), "may_work": request.actor.can(WORK.code), "here": "Disputes",
    }  # fmt: skip
    return respond.page(request, "underpayments/disputes.html", context)


@form(WORK.code)
def accept(request: Any, underpayment: str) -> HttpResponse:
    """Leave a line as it was paid, with a reason."""
    with reading():
        found = queries.underpayment(underpayment)
    back = reverse("underpayments:underpayment", args=[underpayment])

    def save(given: dict[str, Any]) -> str:
        services.accept(actor=request.actor, underpayment=underpayment, why=given["why"], at=clock.now())
        return back

    context = {
        "title": "Accept as paid", "act_label": "Accept", "back": back, "crumbs": [(underpayment, back)],
        "lede": f"{found.payer} allowed {found.allowed} for {found.code}; {found.short} is missing.",
    }  # fmt: skip
    return fill(
        request, AcceptForm(request.POST or None), save=save,
        said="It is accepted as paid.", context=context,
    )  # fmt: skip


@form(WORK.code)
def dispute(request: Any) -> HttpResponse:
    """Make a packet of all that a payer paid short in a practice."""
    with reading():
        filled = DisputeForm(
            request.POST or None, practices=tenancy.practice_choices(), payers=payers.choices()
        )  # fmt: skip

    def save(given: dict[str, Any]) -> str:
        with reading():
            practice = tenancy.key_in_scope(given["dispute_practice"].upper())
            payer = payers.by_public_id(given["dispute_payer"]).id
        services.dispute(actor=request.actor, practice=practice, payer_id=payer, at=clock.now())
        return reverse("underpayments:disputes")

    back = reverse("underpayments:disputes")
    context = {
        "title": "A dispute", "act_label": "Make the packet", "back": back, "crumbs": [("Disputes", back)],
        "lede": "All open lines of the payer in the practice go into one packet: the contract's page and the claims.",
    }  # fmt: skip
    return fill(request, filled, save=save, said="The packet is made.", context=context)
