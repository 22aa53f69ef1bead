"""Papers: explanations of benefits that somebody types, claim by claim, and posts."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse

from openmso.kit.classes import DataClass
from openmso.kit.errors import NotFound, Refused
from openmso.parties.queries import payers
from openmso.platform.access.edges import act, form, page
from openmso.platform.audit import services as audit
from openmso.platform.tenancy.scope import reading
from openmso.platform.ui import respond, tables
from openmso.remittances.contracts import POST, READ, EobState
from openmso.remittances.forms import AddClaim, GiveUp, OpenEob, TakeBack, TypeClaim, TypeProvider
from openmso.remittances.queries import eobs
from openmso.remittances.queries.eobs import EobView
from openmso.remittances.rules.eobs import TypedClaim, said
from openmso.remittances.services import eobs as services
from openmso.remittances.tables import EOBS

SEEN = frozenset({DataClass.DEMOGRAPHIC, DataClass.CLINICAL})


@page(READ.code)
def listed(request: Any) -> HttpResponse:
    """Papers that are typed, or were."""
    ask = tables.ask(request, EOBS)
    return tables.answer(
        request, EOBS, ask, template="remittances/eobs.html", context={"here": "Papers"},
        fetch=lambda wanted: eobs.eobs_listed(filters=ask.filters, page=wanted),
    )  # fmt: skip


@form(POST.code)
def begin(request: Any) -> HttpResponse:
    """Begin a paper with its check."""
    with reading():
        billers = eobs.billers_of(request.actor.practices_for(POST.code), on=request.actor.today)
        paying = payers.choices()
    filled = OpenEob(request.POST or None, request.FILES or None, billers=billers, payers=paying)
    if request.method == "POST" and filled.is_valid():
        given = dict(filled.cleaned_data)
        scan = given.pop("scan")
        try:
            made = services.open_eob(
                actor=request.actor, at=request.actor.at, scan=(scan.name, scan.file) if scan else None, **given
            )
        except Refused as no:
            filled.add_error(no.field if no.field in filled.fields else None, f"{no.sentence} {no.fix}".strip())
        else:
            return respond.redirect(request, reverse("remittances:eob", args=[made]))
    context = {"form": filled, "crumbs": [("Papers", reverse("remittances:eobs"))], "here": "Type a paper"}
    return respond.page(request, "remittances/open_eob.html", context, status=422 if filled.is_bound else 200)


@page(READ.code)
def paper(request: Any, eob: str) -> HttpResponse:
    """One paper: its check, what was typed of each claim, what is left."""
    return _paper(request, eobs.eob(eob))


def _paper(request: Any, view: EobView, *, status: int = 200, **filled: Any) -> HttpResponse:
    may = request.actor.may(POST.code, view.practice)
    audit.record_read(
        actor=request.actor, practice=view.practice, subject=(services.SUBJECT, view.public_id), at=request.actor.at,
        classes=SEEN, count=len(view.paper.claims), decision=request.actor.may(READ.code, view.practice),
    )  # fmt: skip
    is_open = view.state is EobState.DRAFT and may.allowed
    context = {
        "eob": view, "is_open": is_open, "claims": [_shown(view, one) for one in view.paper.claims],
        "provider": list(enumerate(view.paper.provider)),
        "post": respond.act(
            request.actor, POST.code, "Post it", practice=view.practice, letter="p",
            why_not=view.wrong[0] if view.wrong else None, url=reverse("remittances:post-eob", args=[view.public_id]),
        ) if view.state is EobState.DRAFT else None,
        "add": AddClaim(), "plb": TypeProvider(), "back": TakeBack(), "give_up": GiveUp(),
        "crumbs": [("Papers", reverse("remittances:eobs"))], "here": view.public_id,
    } | filled  # fmt: skip
    return respond.page(request, "remittances/eob.html", context, status=status)


def _shown(view: EobView, claim: TypedClaim) -> dict[str, Any]:
    charged = sum(line.charge for line in claim.lines)
    why = "; ".join(said(line.reasons) for line in claim.lines if line.reasons)
    url = reverse("remittances:eob-claim", args=[view.public_id, claim.claim])
    return {"claim": claim, "charged": charged, "why": why, "url": url,
            "remove": reverse("remittances:remove-eob-claim", args=[view.public_id, claim.claim])}  # fmt: skip


@act(POST.code)
def add_claim(request: Any, eob: str) -> HttpResponse:
    """Go on to a claim of the practice."""
    filled = AddClaim(request.POST)
    if filled.is_valid():
        try:
            with reading():
                eobs.to_type(eob, filled.cleaned_data["claim"])
        except NotFound as no:
            filled.add_error("claim", no.sentence)
        else:
            return respond.redirect(request, reverse("remittances:eob-claim", args=[eob, filled.cleaned_data["claim"]]))
    with reading():
        return _paper(request, eobs.eob(eob), status=422, add=filled)


@form(POST.code)
def claim(request: Any, eob: str, claim: str) -> HttpResponse:
    """What the paper says of one claim, line by line."""
    with reading():
        view, typed = eobs.eob(eob), eobs.to_type(eob, claim)
        audit.record_read(
            actor=request.actor, practice=view.practice, subject=("claims.claim", claim), at=request.actor.at,
            classes=SEEN, count=1, decision=request.actor.may(POST.code, view.practice),
        )  # fmt: skip
    filled = TypeClaim(request.POST or None, claim=typed)
    if request.method == "POST" and filled.is_valid():
        services.type_claim(
            actor=request.actor, eob=eob, claim=claim, status=filled.cleaned_data["status"],
            payer_control=filled.cleaned_data["payer_control"], lines=filled.lines(), at=request.actor.at,
        )  # fmt: skip
        left = sum(abs(line.left) for line in filled.lines())
        if left:
            messages.warning(request, f"Kept. {left:,.2f} of {claim} is not explained yet.")
        return respond.redirect(request, reverse("remittances:eob", args=[eob]))
    context = {
        "eob": view, "claim": typed, "form": filled, "here": claim,
        "crumbs": [("Papers", reverse("remittances:eobs")), (eob, reverse("remittances:eob", args=[eob]))],
    }  # fmt: skip
    return respond.page(request, "remittances/eob_claim.html", context, status=422 if filled.is_bound else 200)


@act(POST.code)
def remove(request: Any, eob: str, claim: str) -> HttpResponse:
    """Take a claim off a paper."""
    services.remove_claim(actor=request.actor, eob=eob, claim=claim, at=request.actor.at)
    return respond.redirect(request, reverse("remittances:eob", args=[eob]))


@act(POST.code)
def take_back(request: Any, eob: str) -> HttpResponse:
    """Add a payment of before that the paper takes back, by its number or that of its claim."""
    filled = TakeBack(request.POST)
    with reading():
        view = eobs.eob(eob)
        found = eobs.to_take_back(eob, filled.cleaned_data["number"]) if filled.is_valid() else []
        if filled.is_valid() and len(found) != 1:
            said = (
                "Which of these: " + ", ".join(found) if found else "This payer paid nothing there that still stands."
            )
            filled.add_error("number", said)
        if not filled.is_valid():
            return _paper(request, view, status=422, back=filled)
    known = [one.payment for one in view.paper.taken_back]
    services.type_taken_back(actor=request.actor, eob=eob, payments=[*known, *found], at=request.actor.at)
    return respond.redirect(request, reverse("remittances:eob", args=[eob]))


@act(POST.code)
def leave_back(request: Any, eob: str, payment: str) -> HttpResponse:
    """Take such a payment off the paper again."""
    with reading():
        known = [one.payment for one in eobs.eob(eob).paper.taken_back]
    left = [one for one in known if one != payment]
    services.type_taken_back(actor=request.actor, eob=eob, payments=left, at=request.actor.at)
    return respond.redirect(request, reverse("remittances:eob", args=[eob]))


@act(POST.code)
def provider(request: Any, eob: str) -> HttpResponse:
    """Add an item of the practice as a whole."""
    filled = TypeProvider(request.POST)
    with reading():
        view = eobs.eob(eob)
        if not filled.is_valid():
            return _paper(request, view, status=422, plb=filled)
    given = filled.cleaned_data
    items = (*view.paper.provider, (given["code"], given["reference"], given["amount"]))
    services.type_provider(actor=request.actor, eob=eob, items=items, at=request.actor.at)
    return respond.redirect(request, reverse("remittances:eob", args=[eob]))


@act(POST.code)
def remove_provider(request: Any, eob: str, place: int) -> HttpResponse:
    """Take an item of the practice as a whole away."""
    with reading():
        items = list(eobs.eob(eob).paper.provider)
    if place >= len(items):
        raise NotFound("The paper has no such item any more.")
    del items[place]
    services.type_provider(actor=request.actor, eob=eob, items=items, at=request.actor.at)
    return respond.redirect(request, reverse("remittances:eob", args=[eob]))


@act(POST.code, mailroom=True)
def post(request: Any, eob: str) -> HttpResponse:
    """Post a paper that adds up."""
    outcome = services.post(actor=request.actor, eob=eob, at=request.actor.at)
    messages.success(request, outcome.words)
    return respond.redirect(request, reverse("remittances:file", args=[outcome.file]))


@act(POST.code)
def withdraw(request: Any, eob: str) -> HttpResponse:
    """Give up a paper that was not posted."""
    filled = GiveUp(request.POST)
    why = filled.cleaned_data["why"] if filled.is_valid() else ""
    services.withdraw(actor=request.actor, eob=eob, why=why, at=request.actor.at)
    messages.success(request, f"{eob} was withdrawn.")
    return respond.redirect(request, reverse("remittances:eobs"))
