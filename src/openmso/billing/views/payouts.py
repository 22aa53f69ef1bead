"""Card payouts: taken from a report or from the provider, their lines, and what does not tie."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.urls import reverse

from openmso.billing.contracts import DEPOSIT, READ
from openmso.billing.forms.deposits import PayoutsForm
from openmso.billing.queries import payouts
from openmso.billing.services import paying_out, regarding
from openmso.billing.services.paying_out import NoPayout
from openmso.billing.states import PaidOut, Regard
from openmso.billing.tables.payouts import LINES, PAYOUTS
from openmso.billing.views.doing import done
from openmso.platform.access.edges import ActorRequest, act, form, page
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.tenancy.scope import reading
from openmso.platform.ui import respond
from openmso.platform.ui import tables as ui_tables
from openmso.platform.ui.filling import fill


@page(READ.code)
def index(request: ActorRequest) -> HttpResponse:
    """The payouts, the latest first."""
    ask = ui_tables.ask(request, PAYOUTS)
    return ui_tables.answer(
        request, PAYOUTS, ask, template="billing/payouts.html",
        fetch=lambda asked: payouts.listing(filters=ask.filters, page=asked),
        tally=lambda: payouts.tally(filters=ask.filters),
        context={"may_deposit": request.actor.can(DEPOSIT.code), "choices": tenancy.practice_choices()},
    )  # fmt: skip


@page(READ.code)
def payout(request: ActorRequest, card_payout: str) -> HttpResponse:
    """One payout with its lines."""
    found = payouts.payout(card_payout)
    lines = payouts.lines(found)
    context = {
        "one": found, "here": found.public_id, "is_open": found.state is PaidOut.OPEN,
        "may_deposit": request.actor.can(DEPOSIT.code, found.practice),
        "faults": [one for one in lines if one.fault], "said": [one for one in lines if one.why],
        "regards": list(Regard), "unnamed": Regard.UNNAMED.label, "takes": not found.amount.amount > 0,
        "lines": ui_tables.static(request, LINES, lines),
    }  # fmt: skip
    return respond.page(request, "billing/payout.html", context)


@form(DEPOSIT.code)
def take(request: ActorRequest) -> HttpResponse:
    """Take a report."""
    with reading():
        practices = tenancy.practice_choices()
    filled = PayoutsForm(request.POST or None, request.FILES or None, practices=practices)
    back = reverse("billing:payouts")

    def save(given: dict[str, Any]) -> str:
        with reading():
            practice = tenancy.key_in_scope(given["run_practice"].upper())
        made = paying_out.take(
            actor=request.actor, practice=practice, name=given["file"].name, content=given["file"].read(),
            at=request.actor.at,
        )  # fmt: skip
        return reverse("billing:payout", args=made) if len(made) == 1 else back

    context = {
        "title": "Take card payouts", "act_label": "Take the report", "back": back, "crumbs": [("Card payouts", back)],
        "lede": "All of the file or nothing; a payout that is here already stays as it is.",
    }  # fmt: skip
    return fill(request, filled, save=save, said="The report is taken.", context=context)


@act(DEPOSIT.code)
def fetch(request: ActorRequest) -> HttpResponse:
    """Ask a practice's provider."""
    with reading():
        practice = tenancy.key_in_scope(request.POST.get("run_practice", "").upper())
    return done(
        request, lambda: None, lambda: paying_out.fetch(actor=request.actor, practice=practice, at=request.actor.at),
        "The provider was asked; what is new is here", reverse("billing:payouts"),
    )  # fmt: skip


@act(DEPOSIT.code)
def look_again(request: ActorRequest, card_payout: str) -> HttpResponse:
    """Look whether its lines tie by now."""
    return _payout(
        request, card_payout,
        lambda: paying_out.look_again(actor=request.actor, payout=card_payout, at=request.actor.at), "Looked at again",
    )  # fmt: skip


@act(DEPOSIT.code)
def tie(request: ActorRequest, card_payout: str) -> HttpResponse:
    """Say which payment a line is."""
    return _payout(
        request, card_payout,
        lambda: paying_out.tie(
            actor=request.actor, payout=card_payout, number=_number(request),
            payment=request.POST.get("payment", "").strip().upper(), why=request.POST.get("why", ""),
            at=request.actor.at,
        ), "The line is tied",
    )  # fmt: skip


@act(DEPOSIT.code)
def regard(request: ActorRequest, card_payout: str) -> HttpResponse:
    """Say what a line is that is no payment of ours."""
    said = request.POST.get("regard", "")
    return _payout(
        request, card_payout,
        lambda: regarding.regard(
            actor=request.actor, payout=card_payout, number=_number(request), regard=Regard(said),
            failed=request.POST.get("failed", "").strip().upper(), why=request.POST.get("why", ""), at=request.actor.at,
        ) if said in {one.value for one in Regard} else refuse("Choose what the line is."), "It is written down",
    )  # fmt: skip


@act(DEPOSIT.code)
def name(request: ActorRequest, card_payout: str) -> HttpResponse:
    """Say which payment money is that nobody could name."""
    return _payout(
        request, card_payout,
        lambda: regarding.name(
            actor=request.actor, payout=card_payout, number=_number(request),
            payment=request.POST.get("payment", "").strip().upper(), why=request.POST.get("why", ""),
            at=request.actor.at,
        ), "The money has found its payment",
    )  # fmt: skip


@act(DEPOSIT.code)
def take_back(request: ActorRequest, card_payout: str) -> HttpResponse:
    """Take back what was said of a line."""
    return _payout(
        request, card_payout,
        lambda: regarding.take_back(
            actor=request.actor, payout=card_payout, number=_number(request), at=request.actor.at
        ), "The line waits for words again",
    )  # fmt: skip


def refuse(words: str) -> None:
    """Raises `NoPayout` with words."""
    raise NoPayout(words, field="regard")


def _number(request: ActorRequest) -> int:
    number = request.POST.get("number", "")
    return int(number) if number.isdecimal() else 0


def _payout(request: ActorRequest, card_payout: str, work: Callable[[], object], words: str) -> HttpResponse:
    return done(
        request, lambda: payouts.payout(card_payout), work, words, reverse("billing:payout", args=[card_payout])
    )
