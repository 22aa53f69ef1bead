"""Capital in and out: calls and what comes of them, allocations, distributions."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.urls import reverse

from openmso.equity.contracts import KEEP, PAY, Table
from openmso.equity.forms import AllocateForm, CallForm, DayForm, DeclareForm, DefaultForm, PaidForm
from openmso.equity.queries import ventures
from openmso.equity.services import capital
from openmso.equity.states import By
from openmso.equity.views.desk import about, found
from openmso.equity.views.pages import place
from openmso.kit.errors import NotFound
from openmso.kit.money import Money
from openmso.platform.access.edges import form
from openmso.platform.tenancy.scope import reading
from openmso.platform.ui.filling import fill


@form(PAY.code)
def allocate(request: Any, venture: str) -> HttpResponse:
    """Allocate profit or loss to the capital accounts."""
    one = found(request, venture)
    filled = AllocateForm(request.POST or None, initial={"on": request.actor.day_in(one.practice)})

    def save(given: dict[str, Any]) -> str:
        capital.allocate(
            actor=request.actor, venture=venture, amount=Money.of(given["amount"]), on=given["on"], why=given["why"],
            at=request.actor.at,
        )  # fmt: skip
        return place(venture)

    return fill(request, filled, save=save, said="Allocated.", context=about(one, "Profit or loss", "Allocate it"))


@form(KEEP.code)
def call_capital(request: Any, venture: str) -> HttpResponse:
    """Call capital."""
    one = found(request, venture)
    filled = CallForm(request.POST or None, table=one)

    def save(given: dict[str, Any]) -> str:
        made = capital.call_capital(
            actor=request.actor, venture=venture, cls=given["cls"], amount=Money.of(given["amount"]),
            purpose=given["purpose"], due_on=given["due_on"], at=request.actor.at,
        )  # fmt: skip
        return _of_call(made.public_id)

    context = about(one, "Capital call", "Call it") | {
        "consequences": ["Each holder's share waits in the inbox until it is paid or in default."]
    }
    return fill(request, filled, save=save, said="Called.", context=context)


@form(KEEP.code)
def declare(request: Any, venture: str) -> HttpResponse:
    """Declare a distribution."""
    one = found(request, venture)
    filled = DeclareForm(request.POST or None)

    def save(given: dict[str, Any]) -> str:
        made = capital.declare(
            actor=request.actor, venture=venture, amount=Money.of(given["amount"]), by=By(given["by"]),
            why=given["why"], at=request.actor.at,
        )  # fmt: skip
        return reverse("equity:distribution", args=[made.public_id])

    context = about(one, "Distribution", "Declare it") | {
        "consequences": [
            "It pays preferred return first, then capital, then vested units alike; computed as of today and kept so.",
            "Somebody else pays it.",
        ]
    }
    return fill(request, filled, save=save, said="Declared. Somebody else pays it.", context=context)


@form(PAY.code)
def pay_share(request: Any, call: str, holder: str) -> HttpResponse:
    """Post what a holder paid on a capital call."""
    one, share = _share(request, call, holder)
    filled = PaidForm(request.POST or None, initial={"amount": share.left.amount, "on": request.actor.at.date()})

    def save(given: dict[str, Any]) -> str:
        capital.pay_share(
            actor=request.actor, call=call, holder=holder, amount=Money.of(given["amount"]), on=given["on"],
            at=request.actor.at,
        )  # fmt: skip
        return _of_call(call)

    context = about(one, f"{share.name} paid", "Post it") | {"back": _of_call(call)}
    return fill(request, filled, save=save, said="Posted.", context=context)


@form(PAY.code)
def default_share(request: Any, call: str, holder: str) -> HttpResponse:
    """Record a default."""
    one, share = _share(request, call, holder)
    filled = DefaultForm(request.POST or None)

    def save(given: dict[str, Any]) -> str:
        capital.default_share(actor=request.actor, call=call, holder=holder, why=given["why"], at=request.actor.at)
        return _of_call(call)

    context = about(one, f"{share.name} is in default", "Record it") | {"back": _of_call(call), "danger": True}
    return fill(request, filled, save=save, said="Recorded.", context=context)


@form(PAY.code)
def pay(request: Any, distribution: str) -> HttpResponse:
    """Pay a distribution that somebody else declared."""
    with reading():
        one, given_out = ventures.of_distribution(distribution, request.actor.at)
    filled = DayForm(request.POST or None, initial={"on": request.actor.day_in(one.practice)})
    back = reverse("equity:distribution", args=[distribution])

    def save(given: dict[str, Any]) -> str:
        capital.pay(actor=request.actor, distribution=distribution, on=given["on"], at=request.actor.at)
        return back

    context = about(one, f"Pay {given_out.amount:,.2f}", "Pay it") | {
        "back": back, "consequences": ["Cash leaves the book, and each capital account is less by its share."]
    }  # fmt: skip
    return fill(request, filled, save=save, said="Paid.", context=context)


def _of_call(call: str) -> str:
    return reverse("equity:call", args=[call])


def _share(request: Any, call: str, holder: str) -> tuple[Table, Any]:
    with reading():
        one, asked = ventures.of_call(call, request.actor.at)
    share = next((each for each in asked.shares if each.holder == holder), None)
    if share is None:
        raise NotFound(f"{call} asks nothing of {holder}.")
    return one, share
