"""What patients paid on line, and their cards on file, for those who work with them."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse

from openmso.billing.contracts import APPROVE, COLLECT, READ, STATE
from openmso.billing.queries import accounts, online, refunds
from openmso.billing.services import consenting
from openmso.billing.services import online as paying
from openmso.billing.tables import ONLINE
from openmso.kit.errors import Refused
from openmso.platform.access.edges import ActorRequest, act, page
from openmso.platform.tenancy.scope import reading
from openmso.platform.ui import respond
from openmso.platform.ui import tables as ui_tables


@page(READ.code)
def index(request: ActorRequest) -> HttpResponse:
    """What patients began to pay on line, the latest first."""
    ask = ui_tables.ask(request, ONLINE)
    return ui_tables.answer(
        request, ONLINE, ask, template="billing/list.html",
        fetch=lambda asked: online.listing(filters=ask.filters, page=asked),
        tally=lambda: online.tally(filters=ask.filters),
        context={"title": "Paid on line", "lede": "What patients began to pay on the page of their statement."},
    )  # fmt: skip


@act(COLLECT.code)
def end_card(request: ActorRequest, card: str) -> HttpResponse:
    """Take a card off file."""
    try:
        with reading():
            holder = online.holder(card)
        paying.end_card(actor=request.actor, card=card, why=request.POST.get("why", ""), at=request.actor.at)
    except Refused as no:
        return respond.refusal(request, no)
    messages.success(request, "The card is off file; nothing is charged to it any more.")
    return respond.redirect(request, reverse("billing:card", args=[holder]))


@act(STATE.code)
def texts(request: ActorRequest, patient: str) -> HttpResponse:
    """Write down whether a patient allows text messages."""
    is_given = request.POST.get("texts") == "yes"
    try:
        with reading():
            accounts.account(patient)
        consenting.texts(
            actor=request.actor, patient=patient, is_given=is_given, how=request.POST.get("how", ""),
            at=request.actor.at,
        )  # fmt: skip
    except Refused as no:
        return respond.refusal(request, no)
    messages.success(request, "Text messages are allowed" if is_given else "No more text messages")
    return respond.redirect(request, reverse("billing:account", args=[patient]))


@act(APPROVE.code)
def give_back(request: ActorRequest, refund: str) -> HttpResponse:
    """Approve a refund, and give it back to the card it came from."""
    try:
        with reading():
            refunds.refund(refund)
        paying.give_back(actor=request.actor, refund=refund, at=request.actor.at)
    except Refused as no:
        return respond.refusal(request, no)
    messages.success(request, "Approved, and given back to the card")
    return respond.redirect(request, reverse("billing:refund", args=[refund]))
