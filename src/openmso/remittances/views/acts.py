"""Acts: a payment is matched to its claim, deposits are matched and unmatched."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse

from openmso.kit.errors import Refused
from openmso.kit.words import counted
from openmso.platform.access.edges import act, form
from openmso.platform.tenancy.scope import reading
from openmso.platform.ui import respond
from openmso.remittances.forms import Match, Undo
from openmso.remittances.queries import banked
from openmso.remittances.services import asking, deposits, matching


@act("remittances.match")
def match_claim(request: Any, payment: str) -> HttpResponse:
    """Post an unmatched payment to the claim that was chosen."""
    filled = Match(request.POST)
    if not filled.is_valid():
        first = next(iter(filled.errors.values()))[0]
        return respond.refusal(request, Refused(f"{first}", field="claim", fix="Give the claim's number and a reason."))
    matching.match_claim(actor=request.actor, payment=payment, at=request.actor.at, **filled.cleaned_data)
    messages.success(request, f"Posted to {filled.cleaned_data['claim']}.")
    return respond.redirect(request, reverse("remittances:payment", args=[payment]))


@act("remittances.match")
def match_all(request: Any) -> HttpResponse:
    """Look for all money that is surely there."""
    practices = sorted(request.actor.practices_for("remittances.match"))
    found = sum(
        deposits.match_deposits(actor=request.actor, practice=practice, at=request.actor.at) for practice in practices
    )
    messages.success(request, f"{counted(found, 'deposit')} matched.")
    return respond.redirect(request, reverse("remittances:deposits"))


@form("remittances.match")
def unmatch(request: Any, deposit: str) -> HttpResponse:
    """Undo a match, with a reason."""
    with reading():
        row = banked.deposit(deposit)
        others = banked.others_of(row)
    filled = Undo(request.POST or None)
    if request.method == "POST" and filled.is_valid():
        try:
            deposits.unmatch_deposit(
                actor=request.actor, deposit=deposit, why=filled.cleaned_data["why"], at=request.actor.at
            )
        except Refused as no:
            filled.add_error(None, f"{no.sentence} {no.fix}")
        else:
            messages.success(request, f"{deposit} was undone; both sides are open again.")
            return respond.redirect(request, reverse("remittances:deposits"))
    context = {"row": row, "others": others, "form": filled, "here": "Undo",
               "crumbs": [("Deposits", reverse("remittances:deposits")), (deposit, "")]}  # fmt: skip
    return respond.page(request, "remittances/unmatch.html", context, status=422 if filled.is_bound else 200)


@act("claims.work")
def ask_next(request: Any, claim: str) -> HttpResponse:
    """Have the next payer asked."""
    asking.ask_next(actor=request.actor, claim=claim, at=request.actor.at)
    messages.success(request, "The claim is made ready for the next payer.")
    return respond.redirect(request, reverse("claims:claim", args=[claim]))


@act("claims.work")
def ask_again(request: Any, claim: str) -> HttpResponse:
    """Have the same later payer asked once more, with a reason."""
    asking.ask_again(actor=request.actor, claim=claim, why=request.POST.get("why", ""), at=request.actor.at)
    messages.success(request, "The claim is made ready to be asked again.")
    return respond.redirect(request, reverse("claims:claim", args=[claim]))


@act("claims.work")
def leave_to_patient(request: Any, claim: str) -> HttpResponse:
    """Do not ask the next payer, with a reason."""
    asking.leave_to_patient(actor=request.actor, claim=claim, why=request.POST.get("why", ""), at=request.actor.at)
    messages.success(request, "The rest is the patient's.")
    return respond.redirect(request, reverse("claims:claim", args=[claim]))
