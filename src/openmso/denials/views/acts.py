"""What is done with one denial."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse

from openmso.denials.contracts import Cause
from openmso.denials.forms import AskForm, CauseForm
from openmso.denials.queries import pages
from openmso.denials.services import acting, writing_off
from openmso.denials.views.pages import story
from openmso.kit.errors import Refused
from openmso.platform.access.edges import ActorRequest, act
from openmso.platform.tenancy.scope import reading
from openmso.platform.ui import respond


def _done(request: ActorRequest, denial: str, work: Callable[[], object], words: str) -> HttpResponse:
    """Do one thing with a denial; show it anew, or the refusal. Whose it is not is told before what was typed wrong."""
    try:
        with reading():
            pages.practice_of(denial)
        work()
    except Refused as no:
        return respond.refusal(request, no)
    if not respond.is_fragment(request):
        messages.success(request, words)
        return respond.redirect(request, reverse("denials:denial", args=[denial]))
    with reading():
        found = pages.denial(denial, on=request.actor.today)
        shown = respond.page(request, "denials/denial.html#story", story(request, found))
    return respond.toast(shown, words)


def _cleaned(filled: forms.Form) -> dict[str, Any]:
    """What a form says; raises `Refused` with the first thing that is wrong with it."""
    if not filled.is_valid():
        field, errors = next(iter(filled.errors.items()))
        raise Refused(f"{filled.fields[field].label}: {errors[0]}", code="form", field=field)
    return filled.cleaned_data


@act("denials.work")
def correct(request: ActorRequest, denial: str) -> HttpResponse:
    """Make a replacement of the claim and go there."""
    try:
        new = acting.correct(
            actor=request.actor, denials=[denial], why=request.POST.get("why", "") or "Denied; to be mended",
            at=request.actor.at,
        )  # fmt: skip
    except Refused as no:
        return respond.refusal(request, no)
    return respond.redirect(request, reverse("claims:claim", args=[new]))


@act("denials.work")
def resubmit(request: ActorRequest, denial: str) -> HttpResponse:
    """Ask anew for the denied line alone, and go to the claim that does."""
    try:
        new = acting.resubmit(
            actor=request.actor, denials=[denial], frequency=request.POST.get("frequency", "1"),
            why=request.POST.get("why", ""), at=request.actor.at,
        )  # fmt: skip
    except Refused as no:
        return respond.refusal(request, no)
    return respond.redirect(request, reverse("claims:claim", args=[new]))


@act("denials.work")
def ask(request: ActorRequest, denial: str) -> HttpResponse:
    """Note that the payer was asked."""

    def asked() -> None:
        given = _cleaned(AskForm(request.POST))
        acting.ask_payer(
            actor=request.actor,
            denial=denial,
            note=given["note"],
            until=given["until"],
            at=request.actor.at,
        )

    return _done(request, denial, asked, "Noted; it comes back when there is to be an answer")


@act("denials.work")
def take_up(request: ActorRequest, denial: str) -> HttpResponse:
    """Work on it again."""
    why = request.POST.get("why", "")
    return _done(
        request, denial, lambda: acting.take_up(actor=request.actor, denial=denial, why=why, at=request.actor.at),
        f"{denial} is to be worked on",
    )  # fmt: skip


@act("denials.work")
def to_patient(request: ActorRequest, denial: str) -> HttpResponse:
    """Make it the patient's, where the rules allow it."""
    why = request.POST.get("why", "")
    return _done(
        request, denial, lambda: acting.to_patient(actor=request.actor, denial=denial, why=why, at=request.actor.at),
        "Moved to the patient",
    )  # fmt: skip


@act("denials.work")
def write_off(request: ActorRequest, denial: str) -> HttpResponse:
    """Give it up."""
    why = request.POST.get("why", "")
    return _done(
        request, denial, lambda: writing_off.ask(actor=request.actor, denial=denial, why=why, at=request.actor.at),
        "Written off, or sent for approval",
    )  # fmt: skip


@act("denials.work")
def cause(request: ActorRequest, denial: str) -> HttpResponse:
    """Say who caused it."""

    def said() -> None:
        given = _cleaned(CauseForm(request.POST))
        acting.say_cause(
            actor=request.actor, denial=denial, cause=Cause(given["cause"]), why=given["why"], at=request.actor.at
        )

    return _done(request, denial, said, "Kept")


@act("denials.approve")
def approve(request: ActorRequest, write_off: str) -> HttpResponse:
    """Agree to a write-off."""
    asked = writing_off.approve(actor=request.actor, write_off=write_off, at=request.actor.at)
    return _back(request, asked.denial.public_id, f"{asked.amount:,.2f} written off")


@act("denials.approve")
def refuse(request: ActorRequest, write_off: str) -> HttpResponse:
    """Say no to a write-off."""
    asked = writing_off.refuse(
        actor=request.actor, write_off=write_off, why=request.POST.get("why", ""), at=request.actor.at
    )
    return _back(request, asked.denial.public_id, "Not approved; the denial is to be worked on again")


def _back(request: ActorRequest, denial: str, words: str) -> HttpResponse:
    messages.success(request, words)
    return respond.redirect(request, reverse("denials:denial", args=[denial]))
