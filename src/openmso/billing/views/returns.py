"""Money that goes back: refunds to patients, and what payers paid too much."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.urls import reverse

from openmso.billing.contracts import APPROVE, COLLECT, READ, REPAY, Cause
from openmso.billing.forms import RefundForm, ReturnForm
from openmso.billing.queries import credits, online, payments, refunds
from openmso.billing.services import crediting, refunding
from openmso.billing.states import R, V
from openmso.billing.tables import OVERPAYMENTS, REFUNDS
from openmso.billing.views.doing import done
from openmso.kit.errors import Refused
from openmso.kit.money import Money
from openmso.parties.queries import notes
from openmso.platform.access.edges import ActorRequest, act, form, page
from openmso.platform.tenancy.scope import reading
from openmso.platform.ui import respond
from openmso.platform.ui import tables as ui_tables
from openmso.platform.ui.filling import fill


@page(READ.code)
def index(request: ActorRequest) -> HttpResponse:
    """The refunds, the latest first."""
    ask = ui_tables.ask(request, REFUNDS)
    return ui_tables.answer(
        request, REFUNDS, ask, template="billing/list.html",
        fetch=lambda asked: refunds.listing(filters=ask.filters, page=asked),
        tally=lambda: refunds.tally(filters=ask.filters),
        context={"title": "Refunds", "lede": "Asked for by one person, approved and paid by another."},
    )  # fmt: skip


@page(READ.code)
def refund(request: ActorRequest, refund: str) -> HttpResponse:
    """One refund, and its decision."""
    found = refunds.refund(refund)
    button = None
    if found.state is R.ASKED:
        button = respond.act(request.actor, APPROVE.code, "Approve and pay", practice=found.practice)
    context = {"one": found, "here": found.public_id, "button": button, "is_online": online.is_of_online(refund)}
    return respond.page(request, "billing/refund.html", context)


@form(COLLECT.code)
def ask_refund(request: ActorRequest, receipt: str) -> HttpResponse:
    """Ask that what is left of a payment be given back."""
    with reading():
        row = payments.payment(receipt)
    back = reverse("billing:payment", args=[receipt])

    def save(given: dict[str, Any]) -> str:
        made = refunding.ask(
            actor=request.actor, payment=receipt, amount=Money.of(given["amount"]), why=given["why"],
            at=request.actor.at,
        )  # fmt: skip
        return reverse("billing:refund", args=[made])

    context = {
        "title": "Give money back", "act_label": "Ask for the refund", "back": back, "crumbs": [(receipt, back)],
        "lede": f"{row.left} of {receipt} is not applied. Somebody else approves the refund and pays it.",
    }  # fmt: skip
    return fill(
        request, RefundForm(request.POST or None, initial={"amount": row.left.amount}),
        save=save, said="Asked; somebody else decides.", context=context,
    )  # fmt: skip


@act(APPROVE.code)
def pay_refund(request: ActorRequest, refund: str) -> HttpResponse:
    """Approve a refund and pay it."""
    return _refund(request, refund, lambda: refunding.pay(
        actor=request.actor, refund=refund, reference=request.POST.get("reference", ""), at=request.actor.at
    ), "Approved and paid")  # fmt: skip


@act(APPROVE.code)
def refuse_refund(request: ActorRequest, refund: str) -> HttpResponse:
    """Say no to a refund."""
    return _refund(request, refund, lambda: refunding.refuse(
        actor=request.actor, refund=refund, why=request.POST.get("why", ""), at=request.actor.at
    ), "Not approved; the money is left of its payment again")  # fmt: skip


@page(READ.code)
def overpayments(request: ActorRequest) -> HttpResponse:
    """What payers paid too much, what was identified first before the others."""
    ask = ui_tables.ask(request, OVERPAYMENTS)
    return ui_tables.answer(
        request, OVERPAYMENTS, ask, template="billing/list.html",
        fetch=lambda asked: credits.listing(filters=ask.filters, page=asked, on=request.actor.today),
        tally=lambda: credits.tally(filters=ask.filters),
        context={"title": "Overpayments", "lede": "What payers paid too much; Medicare and Medicaid within 60 days."},
    )  # fmt: skip


@page(READ.code)
def overpayment(request: ActorRequest, overpayment: str) -> HttpResponse:
    """One overpayment with its clock."""
    found = credits.overpayment(overpayment, on=request.actor.today)
    context = {
        "one": found, "here": found.public_id, "may_repay": request.actor.can(REPAY.code, found.practice),
        "is_open": found.state is V.OPEN, "is_investigated": found.state is V.INVESTIGATED,
        "causes": [(one.value, one.label) for one in Cause],
        "notes": notes.about(practice=found.practice, payer=found.payer, on=request.actor.today),
    }  # fmt: skip
    return respond.page(request, "billing/overpayment.html", context)


@act(REPAY.code)
def investigate(request: ActorRequest, overpayment: str) -> HttpResponse:
    """Begin to look for related overpayments."""
    return _overpayment(request, overpayment, lambda: crediting.investigate(
        actor=request.actor, overpayment=overpayment, at=request.actor.at
    ), "The investigation has begun; the deadline is suspended")  # fmt: skip


@act(REPAY.code)
def conclude(request: ActorRequest, overpayment: str) -> HttpResponse:
    """End the investigation."""

    def ended() -> None:
        cause = request.POST.get("cause", "")
        if cause not in {one.value for one in Cause}:
            raise Refused("Choose a cause.", code="form", field="cause")
        crediting.conclude(actor=request.actor, overpayment=overpayment, cause=Cause(cause),
                           why=request.POST.get("why", ""), at=request.actor.at)  # fmt: skip

    return _overpayment(request, overpayment, ended, "The investigation is over; the clock goes on")


@form(REPAY.code)
def give_back(request: ActorRequest, overpayment: str) -> HttpResponse:
    """Return money to the payer by check."""
    with reading():
        row = credits.overpayment(overpayment, on=request.actor.today)
    back = reverse("billing:overpayment", args=[overpayment])

    def save(given: dict[str, Any]) -> str:
        crediting.give_back(
            actor=request.actor, overpayment=overpayment, amount=Money.of(given["amount"]),
            reference=given["check"], why=given["why"], at=request.actor.at,
        )  # fmt: skip
        return back

    context = {
        "title": "Return by check", "act_label": "It is returned", "back": back, "crumbs": [(overpayment, back)],
        "lede": f"By its figures {row.claim} has {row.amount} too much; what {row.payer} paid too much is returned.",
    }  # fmt: skip
    return fill(
        request, ReturnForm(request.POST or None), save=save,
        said="Returned; the payer has still to acknowledge it.", context=context,
    )  # fmt: skip


def _refund(request: ActorRequest, refund: str, work: Callable[[], object], words: str) -> HttpResponse:
    return done(request, lambda: refunds.refund(refund), work, words, reverse("billing:refund", args=[refund]))


def _overpayment(request: ActorRequest, name: str, work: Callable[[], object], words: str) -> HttpResponse:
    return done(request, lambda: credits.overpayment(name, on=request.actor.today), work, words,
                 reverse("billing:overpayment", args=[name]))  # fmt: skip
