"""Money in the bank: what waits on either side, what is matched, which two could be one payment, one deposit."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse

from openmso.kit.errors import Refused
from openmso.kit.words import counted
from openmso.platform.access.edges import act, page
from openmso.platform.ui import respond, tables
from openmso.platform.ui.contracts import Choice, Page, PageAsk
from openmso.remittances.contracts import OpenRemittance, Punctuality
from openmso.remittances.forms import Pair
from openmso.remittances.queries import banked
from openmso.remittances.rules import core
from openmso.remittances.rules.deposits import SPEAKS
from openmso.remittances.services import deposits as services
from openmso.remittances.tables import AWAITED, FOUND_BY, MATCHED, PUNCTUALITY, UNEXPLAINED

FITS_SHOWN = 20
TABS = (("Not in the bank yet", "deposits"), ("Money nobody explained", "unexplained"), ("Matched", "matched"),
        ("By payer", "punctuality"))  # fmt: skip


@page("remittances.read")
def awaited(request: Any) -> HttpResponse:
    """Remittances whose money was not found yet, and what could be it."""
    ask, on = tables.ask(request, AWAITED), request.actor.today
    return tables.answer(
        request, AWAITED, ask, template="remittances/deposits.html", context=_around(request, "deposits"),
        fetch=lambda wanted: banked.awaited(filters=ask.filters, page=wanted, on=on),
        tally=lambda: banked.tally_awaited(filters=ask.filters, on=on),
    )  # fmt: skip


@page("remittances.read")
def unexplained(request: Any) -> HttpResponse:
    """Money in the bank without a remittance, and which could explain it."""
    ask, on = tables.ask(request, UNEXPLAINED), request.actor.today
    return tables.answer(
        request, UNEXPLAINED, ask, template="remittances/deposits.html", context=_around(request, "unexplained"),
        fetch=lambda wanted: banked.unexplained(filters=ask.filters, page=wanted, on=on),
        tally=lambda: banked.tally_unexplained(filters=ask.filters, on=on),
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


@page("remittances.read")
def punctuality(request: Any) -> HttpResponse:
    """How far each payer's remittances and money are apart, and what of both waits."""
    ask, on = tables.ask(request, PUNCTUALITY), request.actor.today

    def fetch(wanted: PageAsk) -> Page[Punctuality]:
        rows = banked.punctuality(on=on)
        return Page(rows[wanted.offset : wanted.offset + wanted.size], len(rows), wanted)

    return tables.answer(
        request, PUNCTUALITY, ask, template="remittances/deposits.html", context=_around(request, "punctuality"),
        fetch=fetch,
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
    given, fits = banked.candidates(waiting, on=on)
    remittance = given if isinstance(given, OpenRemittance) else None
    line = None if isinstance(given, OpenRemittance) else given
    waited = given.waited if isinstance(given, OpenRemittance) else banked.waited(given, on=on)
    context = {
        "remittance": remittance, "line": line, "given": given, "waited": waited,
        "ask": banked.follow_up(given, fits, on=on),
        "fits": [(fit, SPEAKS[fit.by]) for fit in fits[:FITS_SHOWN]],
        "together": banked.checks_together(line, on=on) if line and not fits else [],
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
    given = filled.cleaned_data
    first, *others = given["remittance"]
    done = services.match_deposit(
        actor=request.actor, at=request.actor.at, remittance=first, beside=others, line=given["line"], why=given["why"]
    )
    more = f", with {counted(len(others), 'other check')} of its slip" if others else ""
    messages.success(request, f"Matched as {done}{more}.")
    return respond.redirect(request, reverse("remittances:deposits"))


@page("remittances.read")
def deposit(request: Any, deposit: str) -> HttpResponse:
    """One match: both sides, how it was found, who did it."""
    row = banked.deposit(deposit)
    context = {
        "row": row, "here": deposit, "found_by": FOUND_BY[row.method], "others": banked.others_of(row),
        "apart": "Not counted" if row.gap is None else core.gap_words(row.gap),
        "undo": respond.act(request.actor, "remittances.match", "Undo the match", practice=row.practice,
                            url=reverse("remittances:unmatch", args=[deposit])),
    }  # fmt: skip
    return respond.page(request, "remittances/deposit.html", context)
