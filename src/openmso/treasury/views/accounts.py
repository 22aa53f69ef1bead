"""Edges: deposit accounts with the instructions that hold for them; giving one, and revoking it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse

from openmso.kit.money import Money
from openmso.parties.contracts import AccountUse
from openmso.parties.queries import practices
from openmso.platform.access.edges import ActorRequest, act, form, page
from openmso.platform.tenancy.scope import reading
from openmso.platform.ui import respond
from openmso.platform.ui.filling import fill
from openmso.treasury import rules, showing
from openmso.treasury.contracts import INSTRUCT, READ
from openmso.treasury.forms import InstructForm, RevokeForm
from openmso.treasury.queries import accounts as queries
from openmso.treasury.services import instructing
from openmso.treasury.states import Formula


@page(READ.code)
def accounts(request: ActorRequest) -> HttpResponse:
    """The deposit accounts of practices, what leaves them until further notice, and what was revoked."""
    return respond.page(request, "treasury/accounts.html", showing.accounts(request.actor))


@form(INSTRUCT.code)
def instruct(request: ActorRequest, deposit_account: str) -> HttpResponse:
    """Give a standing instruction for a deposit account."""
    with reading():
        one = queries.account(deposit_account, on=request.actor.today)
        others = [each for each in practices.accounts(one.practice) if each.closed_on is None]
    targets = [
        (each.public_id, each.name)
        for each in others
        if each.public_id != deposit_account and each.use is not AccountUse.DEPOSIT_GOVERNMENT
    ]
    filled = InstructForm(request.POST or None, targets=targets, initial={"starts_on": request.actor.today})

    def save(given: Mapping[str, Any]) -> str:
        amount = given["amount"]
        instructing.instruct(
            actor=request.actor, practice=one.practice, account=deposit_account, target=given["target"],
            formula=Formula(given["formula"]), amount=None if amount is None else Money.of(amount),
            clause=given["clause"], starts_on=given["starts_on"], at=request.actor.at,
        )  # fmt: skip
        return reverse("treasury:accounts")

    return fill(
        request, filled, save=save, said="The instruction holds. Revoke it whenever you want.",
        context={
            "title": f"Instruct {one.name}", "here": "Instruct", "act_label": "Give the instruction",
            "crumbs": [("Deposit accounts", reverse("treasury:accounts"))],
            "lede": f"{one.practice_name}, {one.bank_name} {one.masked_number}",
            "consequences": [
                "Each month's run moves what the instruction says, once you have approved the run.",
                f"You can revoke it at any time and at once, whatever the agreement says ({rules.CITATION}).",
                "Nobody of the MSO can give or change it, and it moves nothing to the MSO: that a run alone does.",
            ],
            "back": reverse("treasury:accounts"),
        },
    )  # fmt: skip


@act(INSTRUCT.code)
def revoke(request: ActorRequest, instruction: str) -> HttpResponse:
    """Revoke a standing instruction, with a word or without."""
    filled = RevokeForm(request.POST)
    why = filled.cleaned_data["why"] if filled.is_valid() else ""
    instructing.revoke(actor=request.actor, instruction=instruction, why=why, at=request.actor.at)
    messages.success(request, "Revoked. What was not with the bank yet is stopped.")
    return respond.redirect(request, reverse("treasury:accounts"))
