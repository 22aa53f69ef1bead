"""A patient's card on file, for the desk: what was agreed, what will be charged, and putting one on file."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse

from openmso.billing import paper, registry
from openmso.billing.contracts import CARD, COLLECT, READ, AccountRow
from openmso.billing.forms.cards import CardForm
from openmso.billing.providers.terminal import TestTerminal
from openmso.billing.queries import accounts, online
from openmso.billing.rules import letters
from openmso.billing.services import cards
from openmso.billing.services import online as paying
from openmso.billing.services.dunning import letter_head, to
from openmso.billing.services.online import Consent
from openmso.billing.states import C, Charging, Paying, Reach
from openmso.billing.tables import CHARGES
from openmso.billing.views.doing import done
from openmso.kit.classes import DataClass
from openmso.kit.errors import NotFound, Refused
from openmso.kit.money import Money
from openmso.kit.words import day
from openmso.patients import queries as patients
from openmso.platform.access.edges import ActorRequest, act, form, page
from openmso.platform.audit import services as audit
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.tenancy.scope import reading
from openmso.platform.ui import respond
from openmso.platform.ui import tables as ui_tables
from openmso.platform.ui.filling import fill
from openmso.platform.ui.middleware import CONTENT_SECURITY_POLICY


@page(READ.code)
def card(request: ActorRequest, patient: str) -> HttpResponse:
    """The card that a patient has on file with its contract, what will be charged, and the cards before it."""
    row = accounts.account(patient).row
    mine = {"practice": row.practice, "patient": row.patient_id}
    charges = online.charges_of(**mine)
    found = online.cards_of(**mine)
    context = {
        "row": row, "here": "Card on file", "crumbs": [(row.name, reverse("billing:account", args=[patient]))],
        "card": next((one for one in found if one.state is C.ACTIVE), None),
        "before": [one for one in found if one.state is C.ENDED and one.last4],
        "charges": ui_tables.static(request, CHARGES, charges) if charges else None,
        "coming": [one for one in charges if one.state is Charging.ANNOUNCED],
        "may_collect": request.actor.can(COLLECT.code, row.practice),
    }  # fmt: skip
    return respond.page(request, "billing/card.html", context)


@page(READ.code)
def contract(request: ActorRequest, patient: str) -> HttpResponse:
    """What the holder of the card agreed to, as a page to sign or to take along."""
    row = accounts.account(patient).row
    found = online.card_of(practice=row.practice, patient=row.patient_id)
    if found is None:
        return respond.refusal(request, NotFound("No card is on file."))
    head = letter_head(row.practice, request.actor.today)
    text = letters.contract(
        f"{found.brand} ending in {found.last4}", found.reach is Reach.YEAR, found.cap, found.notice_days,
        found.cancel_days, day(found.ends_on), head,
    )  # fmt: skip
    who = patients.by_ids([row.patient_id])[row.patient_id]
    audit.record_read(
        actor=request.actor, practice=row.practice, subject=(CARD, found.public_id), at=request.actor.at,
        classes={DataClass.DEMOGRAPHIC}, count=1, decision=request.actor.may(READ.code, row.practice),
    )  # fmt: skip
    return HttpResponse(
        paper.letters([letters.page(head, to(who), text)]), content_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="{found.public_id}.pdf"'},
    )  # fmt: skip


@form(COLLECT.code)
def keep(request: ActorRequest, patient: str) -> HttpResponse:
    """Put a card on file: its contract first, then the provider's page, and back."""
    with reading():
        row = accounts.account(patient).row
        code = next(one.code for one in tenancy.tenants() if one.pk == row.practice)
    provider = registry.provider_for(code)
    if name := request.GET.get("terminal", ""):
        return _terminal(request, row, name)
    if name := request.GET.get("back", ""):
        return _came(request, row, name)
    here = request.build_absolute_uri(reverse("billing:keep-card", args=[patient]))

    def save(given: dict[str, Any]) -> str:
        agreed = Consent(Reach(given["reach"]), Money.of(given["cap"]), given["notice_days"], given["cancel_days"])
        return cards.keep(
            actor=request.actor, patient=patient, agreed=agreed, how=given["how"],
            back=lambda made: f"{here}?back={made}", at=request.actor.at,
        )  # fmt: skip

    back = reverse("billing:card", args=[patient])
    context = {
        "title": "Put a card on file", "act_label": "Go on to the card", "back": back,
        "crumbs": [(row.name, reverse("billing:account", args=[patient])), ("Card on file", back)],
        "lede": "Read it to the patient, or have the form signed. The card is typed on the provider's page only.",
    }  # fmt: skip
    start = {"cap": row.owed.amount} if row.owed.amount > 0 else {}
    response = fill(
        request, CardForm(request.POST or None, initial=start), save=save,
        said="What was agreed is written down.", context=context,
    )  # fmt: skip
    if provider is not None and provider.origin:
        response["Content-Security-Policy"] = CONTENT_SECURITY_POLICY.replace(
            "form-action 'self'", f"form-action 'self' {provider.origin}"
        )
    return response


def _terminal(request: ActorRequest, row: AccountRow, name: str) -> HttpResponse:
    """The page of the test terminal."""
    with reading():
        begun = online.begun_by(name, practice=row.practice, patient=row.patient_id)
        if begun.provider != TestTerminal.name or begun.state is not Paying.STARTED:
            return respond.redirect(request, reverse("billing:card", args=[row.patient]))
        return respond.page(request, "billing/card_terminal.html", {"row": row, "begun": begun})


def _came(request: ActorRequest, row: AccountRow, name: str) -> HttpResponse:
    """Back from the provider: how it stands there now."""
    with reading():
        online.begun_by(name, practice=row.practice, patient=row.patient_id)
    state = Paying.STARTED
    with suppress(Refused):  # the provider does not say yet: the job asks again
        state = paying.settle(payment=name, at=request.actor.at)
    words = {
        Paying.PAID: "The card is on file.", Paying.DECLINED: "The card was not kept.",
        Paying.STARTED: "The provider has not said yet; the card is on file as soon as it does.",
    }[state]  # fmt: skip
    (messages.success if state is Paying.PAID else messages.warning)(request, words)
    return respond.redirect(request, reverse("billing:card", args=[row.patient]))


@act(COLLECT.code)
def press(request: ActorRequest, patient: str) -> HttpResponse:
    """A button of the test terminal."""
    name = request.POST.get("payment", "")

    def pressed() -> None:
        with reading():
            row = accounts.account(patient).row
            online.begun_by(name, practice=row.practice, patient=row.patient_id)
        paying.press(payment=name, works=request.POST.get("with") == "works", at=request.actor.at)

    words = "The card is on file." if request.POST.get("with") == "works" else "The card was declined; none is kept."
    return _card(request, patient, pressed, words)


@act(COLLECT.code)
def call_off(request: ActorRequest, patient: str) -> HttpResponse:
    """Call an announced charge off."""
    return _card(request, patient, lambda: cards.call_off(
        actor=request.actor, charge=request.POST.get("charge", ""), why=request.POST.get("why", ""),
        at=request.actor.at,
    ), "Called off; the instalment is still due")  # fmt: skip


def _card(request: ActorRequest, patient: str, work: Callable[[], object], words: str) -> HttpResponse:
    return done(request, lambda: accounts.account(patient), work, words, reverse("billing:card", args=[patient]))
