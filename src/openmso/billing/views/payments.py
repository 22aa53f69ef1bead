"""Payments of patients: the list, one, and what is done with it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.urls import reverse

from openmso.billing.contracts import COLLECT, READ
from openmso.billing.forms import PaymentForm
from openmso.billing.queries import accounts, payments
from openmso.billing.services import receipting, receiving
from openmso.billing.states import Method, P
from openmso.billing.tables import PAYMENTS, SETTLED
from openmso.billing.views.doing import done
from openmso.kit.errors import NotFound, Refused
from openmso.kit.money import Money
from openmso.kit.words import by_reason, counted
from openmso.platform.access.edges import ActorRequest, act, form, page
from openmso.platform.tenancy.scope import reading
from openmso.platform.ui import respond
from openmso.platform.ui import tables as ui_tables
from openmso.platform.ui.contracts import Tone
from openmso.platform.ui.filling import fill

BULK_MAX = 500


@page(READ.code)
def index(request: ActorRequest) -> HttpResponse:
    """What patients paid, and what of it is not applied."""
    ask = ui_tables.ask(request, PAYMENTS)
    return ui_tables.answer(
        request, PAYMENTS, ask, template="billing/list.html",
        fetch=lambda asked: payments.listing(filters=ask.filters, page=asked),
        tally=lambda: payments.tally(filters=ask.filters),
        context={"title": "Patients' payments", "lede": "What patients paid; what is not applied is theirs."},
    )  # fmt: skip


@page(READ.code)
def payment(request: ActorRequest, receipt: str) -> HttpResponse:
    """One payment, what it paid for, and what may be done with it."""
    found = payments.payment(receipt)
    context = {
        "one": found, "here": found.public_id, "may_collect": request.actor.can(COLLECT.code, found.practice),
        "is_posted": found.state is P.POSTED, "is_applied": found.left < found.amount,
        "settled": ui_tables.static(request, SETTLED, accounts.of_payment(found.id)),
    }  # fmt: skip
    return respond.page(request, "billing/payment.html", context)


@page(READ.code)
def receipt(request: ActorRequest, receipt: str) -> HttpResponse:
    """The receipt of a payment, to be printed."""
    content = receipting.receipt(receipt)
    return HttpResponse(
        content, content_type="application/pdf", headers={"Content-Disposition": f'inline; filename="{receipt}.pdf"'}
    )


@form(COLLECT.code)
def take(request: ActorRequest, patient: str) -> HttpResponse:
    """Take a payment at the desk."""
    with reading():
        row = accounts.account(patient).row
    back = reverse("billing:account", args=[patient])

    def save(given: dict[str, Any]) -> str:
        receiving.take(
            actor=request.actor, patient=patient, method=Method(given["method"]), amount=Money.of(given["amount"]),
            reference=given["reference"], chosen=() if given["keep"] else None, at=request.actor.at,
        )  # fmt: skip
        return back

    ahead = request.GET.get("amount", "")[:12]
    start: dict[str, Any] = {"amount": row.owed.amount} if row.owed.amount > 0 else {}
    if ahead:  # what a visit ahead is expected to cost is kept for it
        start = {"amount": ahead, "keep": True}
    context = {
        "title": "Take a payment", "act_label": "Take it", "back": back, "crumbs": [(row.name, back)],
        "lede": f"{row.name} owes {row.owed}. The money goes to the oldest service first.",
    }  # fmt: skip
    return fill(
        request, PaymentForm(request.POST or None, initial=start), save=save,
        said="The payment is taken.", context=context,
    )  # fmt: skip


@act(COLLECT.code)
def apply(request: ActorRequest, receipt: str) -> HttpResponse:
    """Apply what is left of it, oldest service first."""
    return _payment(request, receipt, lambda: receiving.apply(
        actor=request.actor, payment=receipt, at=request.actor.at
    ), "Applied to what the patient owes")  # fmt: skip


@act(COLLECT.code)
def withdraw(request: ActorRequest, receipt: str) -> HttpResponse:
    """Take it back from what it paid for."""
    return _payment(
        request, receipt,
        lambda: receiving.withdraw(
            actor=request.actor, payment=receipt, why=request.POST.get("why", ""), at=request.actor.at
        ), "Taken back from what it had paid for; it is the patient's money still",
    )  # fmt: skip


@act(COLLECT.code)
def reverse_payment(request: ActorRequest, receipt: str) -> HttpResponse:
    """Take the payment back altogether."""
    return _payment(
        request, receipt,
        lambda: receiving.reverse(
            actor=request.actor, payment=receipt, why=request.POST.get("why", ""), at=request.actor.at
        ), "The payment is taken back; what it had paid for is owed again",
    )  # fmt: skip


@act(COLLECT.code)
def apply_many(request: ActorRequest) -> HttpResponse:
    """Apply what is left of a selection."""
    back = f"{reverse('billing:payments')}?q=is:unapplied"
    try:
        chosen = ui_tables.selection(request, PAYMENTS)
        with reading():
            found = payments.ids(filters=chosen.filters, public_ids=chosen.ids, limit=BULK_MAX + 1)
        if len(found) > BULK_MAX:
            raise Refused(f"That is more than {BULK_MAX} payments at once.", code="too_many",
                          fix="Narrow the list first.")  # fmt: skip
        if not found:
            raise NotFound("There are no such payments.")
        told = receiving.apply_many(actor=request.actor, payments=found, at=request.actor.at)
    except Refused as no:
        return respond.refusal(request, no)
    words = f"{counted(told.done, 'payment')} applied"
    if not told.refused:
        return respond.done(request, words, back=back)
    more = f"{words}; {counted(len(told.refused), 'payment')} left out. {by_reason(told.refused)}."
    response = respond.done(request, more, back=back)
    return respond.toast(response, more, tone=Tone.BAD) if respond.is_fragment(request) else response


def _payment(request: ActorRequest, receipt: str, work: Callable[[], object], words: str) -> HttpResponse:
    return done(request, lambda: payments.payment(receipt), work, words, reverse("billing:payment", args=[receipt]))
