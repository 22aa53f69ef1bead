"""The desk's money on its way to the bank: slips, and the bank lines that carry them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.urls import reverse

from openmso.billing.contracts import DEPOSIT, READ
from openmso.billing.forms.deposits import SlipsForm
from openmso.billing.queries import deposits
from openmso.billing.services import depositing
from openmso.billing.states import Slipped
from openmso.billing.tables import PAYMENTS
from openmso.billing.tables.deposits import SLIPS
from openmso.billing.views.doing import done
from openmso.kit.words import counted
from openmso.platform.access.edges import ActorRequest, act, form, page
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.tenancy.scope import reading
from openmso.platform.ui import respond
from openmso.platform.ui import tables as ui_tables
from openmso.platform.ui.filling import fill


@page(READ.code)
def index(request: ActorRequest) -> HttpResponse:
    """The slips, the latest first, and what waits for one."""
    ask = ui_tables.ask(request, SLIPS)
    return ui_tables.answer(
        request, SLIPS, ask, template="billing/slips.html",
        fetch=lambda asked: deposits.listing(filters=ask.filters, page=asked),
        tally=lambda: deposits.tally(filters=ask.filters),
        context={"at_hand": deposits.at_hand(), "may_deposit": request.actor.can(DEPOSIT.code)},
    )  # fmt: skip


@page(READ.code)
def slip(request: ActorRequest, slip: str) -> HttpResponse:
    """One slip with its payments, and the bank lines that may carry it."""
    found = deposits.slip(slip)
    context = {
        "one": found, "here": found.public_id, "may_deposit": request.actor.can(DEPOSIT.code, found.practice),
        "is_made": found.state is Slipped.MADE, "is_banked": found.state is Slipped.BANKED,
        "candidates": deposits.candidates(found), "payments": ui_tables.static(request, PAYMENTS, deposits.on(found)),
    }  # fmt: skip
    return respond.page(request, "billing/slip.html", context)


@form(DEPOSIT.code)
def prepare(request: ActorRequest) -> HttpResponse:
    """Put what waits on slips."""
    with reading():
        filled = SlipsForm(request.POST or None, practices=tenancy.practice_choices())
        waits = deposits.at_hand()
    back = reverse("billing:slips")

    def save(given: dict[str, Any]) -> str:
        with reading():
            practice = tenancy.key_in_scope(given["run_practice"].upper())
        made = depositing.prepare(actor=request.actor, practice=practice, until=given["until"], at=request.actor.at)
        return reverse("billing:slip", args=made) if len(made) == 1 else back

    context = {
        "title": "Bring payments to the bank", "act_label": "Make the slips", "back": back,
        "crumbs": [("Desk deposits", back)],
        "lede": f"{counted(waits.total, 'payment')} of {waits.totals['amount']} wait. Cash and checks of a day go in "
        "one bag, cards in their batch.",
    }  # fmt: skip
    return fill(request, filled, save=save, said="The slips are made.", context=context)


@act(DEPOSIT.code)
def match(request: ActorRequest, slip: str) -> HttpResponse:
    """Say that a bank line carries the slip."""
    return _slip(
        request, slip,
        lambda: depositing.match_by_hand(
            actor=request.actor, slip=slip, line=request.POST.get("line", ""), why=request.POST.get("why", ""),
            at=request.actor.at,
        ), "Found in the bank",
    )  # fmt: skip


@act(DEPOSIT.code)
def unmatch(request: ActorRequest, slip: str) -> HttpResponse:
    """Undo a match."""
    return _slip(
        request, slip,
        lambda: depositing.unmatch(
            actor=request.actor, slip=slip, why=request.POST.get("why", ""), at=request.actor.at
        ), "The slip is on its way again",
    )  # fmt: skip


@act(DEPOSIT.code)
def take_apart(request: ActorRequest, slip: str) -> HttpResponse:
    """Take a slip apart."""
    return _slip(
        request, slip,
        lambda: depositing.take_apart(
            actor=request.actor, slip=slip, why=request.POST.get("why", ""), at=request.actor.at
        ), "Its payments wait for another slip",
    )  # fmt: skip


def _slip(request: ActorRequest, slip: str, work: Callable[[], object], words: str) -> HttpResponse:
    return done(request, lambda: deposits.slip(slip), work, words, reverse("billing:slip", args=[slip]))
