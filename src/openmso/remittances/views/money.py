"""Money in the bank: what waits on either side, what is matched, which two could be one payment, one deposit."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse

from openmso.banking.contracts import BankLine
from openmso.kit.errors import NotFound, Refused
from openmso.platform.access.edges import act, page
from openmso.platform.ui import respond, tables
from openmso.platform.ui.contracts import Choice
from openmso.remittances.contracts import OpenRemittance
from openmso.remittances.forms import Pair
from openmso.remittances.queries import banked
from openmso.remittances.rules.deposits import SPEAKS
from openmso.remittances.services import deposits as services
from openmso.remittances.tables import AWAITED, FOUND_BY, MATCHED, UNEXPLAINED

FITS_SHOWN = 20
TABS = (("Not in the bank yet", "deposits"), ("Money nobody explained", "unexplained"), ("Matched", "matched"))


@page("remittances.read")
def awaited(request: Any) -> HttpResponse:
    """Remittances whose money was not found yet, and what could be it."""
    ask, on = tables.ask(request, AWAITED), request.actor.today
    return tables.answer(
        request, AWAITED, ask, template="remittances/deposits.html", context=_around(request, "deposits"),
        fetch=lambda wanted: banked.awaited(filters=ask.filters, page=wanted, on=on),
        tally=lambda: banked.tally_awaited(filters=ask.filters),
    )  # fmt: skip


@page("remittances.read")
def unexplained(request: Any) -> HttpResponse:
    """Money in the bank without a remittance, and which could explain it."""
    ask, on = tables.ask(request, UNEXPLAINED), request.actor.today
    return tables.answer(
        request, UNEXPLAINED, ask, template="remittances/deposits.html", context=_around(request, "unexplained"),
        fetch=lambda wanted: banked.unexplained(text=ask.filters.text, page=wanted, on=on),
        tally=lambda: banked.tally_unexplained(text=ask.filters.text),
    )  # fmt: skip


@page("remittances.read")
def matched(request: Any) -> HttpResponse:
    """Remittances and bank lines that are one payment."""
    ask = tables.ask(request, MATCHED)
    return tables.answer(
        request, MATCHED, ask, template="remittances/deposits.html", context=_around(request, "matched"),
        fetch=lambda wanted: banked.deposits(filters=ask.filters, page=wanted),
        tally=lambda: banked.tally_deposits(filters=ask.filters),
    )  # fmt: skip


def _around(request: Any, here: str) -> dict[str, Any]:
    return {
        "tabs": [Choice(label, reverse(f"remittances:{name}"), current=name == here) for label, name in TABS],
        "crumbs": [], "here": "Deposits" if here == "deposits" else {name: label for label, name in TABS}[here],
        "sweep": respond.act(request.actor, "remittances.match", "Match what is sure", letter="m"),
    }  # fmt: skip


@page("remittances.read")
def pair(request: Any, waiting: str) -> HttpResponse:
    """One open remittance, or one bank line, by its number; and what could be its other half."""
    on = request.actor.today
    is_line = waiting.startswith("BNK-")
    line = banked.open_line(waiting) if is_line else None
    remittance = None if is_line else banked.open_remittance(waiting, on=on)
    given: OpenRemittance | BankLine
    if line:
        given, fits = line, banked.remittances_fitting([line], on=on)
    elif remittance:
        given, fits = remittance, banked.lines_fitting([remittance])
    else:
        raise NotFound(f"{waiting} waits for nothing: it is matched, or moves no money.")
    context = {
        "remittance": remittance, "line": line, "given": given,
        "fits": [(fit, SPEAKS[fit.by]) for fit in fits[:FITS_SHOWN]],
        "form": Pair(),
        "may_match": request.actor.may("remittances.match", given.practice).allowed,
        "crumbs": [("Money nobody explained", reverse("remittances:unexplained"))] if line else [],
        "here": waiting,
    }  # fmt: skip
    return respond.page(request, "remittances/pair.html", context)


@act("remittances.match")
def match_pair(request: Any) -> HttpResponse:
    """Match one pair by hand."""
    filled = Pair(request.POST)
    if not filled.is_valid():
        field, errors = next(iter(filled.errors.items()))
        return respond.refusal(request, Refused(f"{filled.fields[field].label}: {errors[0]}", field=field))
    done = services.match_deposit(actor=request.actor, at=request.actor.at, **filled.cleaned_data)
    messages.success(request, f"Matched as {done}.")
    return respond.redirect(request, reverse("remittances:deposits"))


@page("remittances.read")
def deposit(request: Any, deposit: str) -> HttpResponse:
    """One match: both sides, how it was found, who did it."""
    row = banked.deposit(deposit)
    context = {
        "row": row, "here": deposit, "found_by": FOUND_BY[row.method],
        "undo": respond.act(request.actor, "remittances.match", "Undo the match", practice=row.practice,
                            url=reverse("remittances:unmatch", args=[deposit])),
    }  # fmt: skip
    return respond.page(request, "remittances/deposit.html", context)
