"""Money in the bank: both open lists, matches, one deposit."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse

from openmso.banking.contracts import BankLine
from openmso.kit.money import Money
from openmso.platform.access.edges import act, page
from openmso.platform.ui import respond, tables
from openmso.remittances.contracts import OpenRemittance
from openmso.remittances.forms import Pair
from openmso.remittances.queries import cash
from openmso.remittances.services import deposits as services
from openmso.remittances.tables import MATCHED, OPEN_LINES, OPEN_REMITTANCES


@page("remittances.read")
def deposits(request: Any) -> HttpResponse:
    """Remittances without money, money without remittances, and the matches; a pair can be matched by hand."""
    waiting = cash.open_remittances(on=request.actor.at.date())
    practices = sorted(request.actor.practices_for("remittances.read"))
    lines = [line for practice in practices for line in cash.open_lines(practice=practice)]
    matched = cash.deposits()
    may = request.actor.may("remittances.match")
    context: dict[str, object] = {
        "form": pair_form(waiting, lines), "crumbs": [], "here": "Deposits",
        "waiting": tables.static(request, OPEN_REMITTANCES, waiting, totals=_total(waiting)),
        "lines": tables.static(request, OPEN_LINES, lines, totals=_total(lines)),
        "matched": tables.static(request, MATCHED, matched, totals=_total(matched)),
        "in_transit": _total(waiting)["amount"], "unexplained": _total(lines)["amount"],
        "banked": _total(matched)["amount"], "can_match": bool(waiting and lines) and may.allowed,
        "sweep": respond.button("Match what is sure", why_not=None if may.allowed else may.reason, letter="m"),
    }  # fmt: skip
    return respond.page(request, "remittances/deposits.html", context)


def pair_form(waiting: list[OpenRemittance], lines: list[BankLine], data: Any = None) -> Pair:
    """The form that names one of each."""
    return Pair(
        data,
        remittances=[(one.public_id, f"{one.amount}  {one.payer_name}, {one.trace}") for one in waiting],
        lines=[(line.public_id, f"{line.amount}  {line.posted_on:%-d %b}  {line.description[:50]}") for line in lines],
    )


@act("remittances.match")
def match_pair(request: Any) -> HttpResponse:
    """Match one pair by hand."""
    remittance, line, why = (request.POST.get(name, "") for name in ("remittance", "line", "why"))
    done = services.match_deposit(actor=request.actor, remittance=remittance, line=line, why=why, at=request.actor.at)
    messages.success(request, f"Matched as {done}.")
    return respond.redirect(request, reverse("remittances:deposits"))


def _total(rows: list[Any]) -> dict[str, Money]:
    return {"amount": Money.total(row.amount for row in rows)}


@page("remittances.read")
def deposit(request: Any, deposit: str) -> HttpResponse:
    """One match: both sides, how it was found, who did it."""
    row = cash.deposit(deposit)
    may = request.actor.may("remittances.match", row.practice)
    context = {
        "row": row, "crumbs": [("Deposits", reverse("remittances:deposits"))], "here": deposit,
        "undo": respond.button("Undo the match", why_not=None if may.allowed else may.reason,
                               url=reverse("remittances:unmatch", args=[deposit])),
    }  # fmt: skip
    return respond.page(request, "remittances/deposit.html", context)
