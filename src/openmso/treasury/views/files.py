"""Edges: bank files, from what waits to be paid to what came back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse

from openmso.platform.access.edges import ActorRequest, act, form, page
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.tenancy.scope import reading
from openmso.platform.ui import respond, tables
from openmso.platform.ui.filling import fill
from openmso.treasury import showing
from openmso.treasury.contracts import PREPARE, READ, RELEASE, SEND
from openmso.treasury.forms import PrepareForm, ReturnsForm, WhyForm
from openmso.treasury.queries import paying as queries
from openmso.treasury.services import correcting, paying, returning
from openmso.treasury.tables import BANK_FILES


@page(READ.code)
def files(request: ActorRequest) -> HttpResponse:
    """Bank files, the latest first, and what waits to be put into one."""
    ask = tables.ask(request, BANK_FILES)
    return tables.answer(
        request, BANK_FILES, ask, template="treasury/files.html",
        context={"may_prepare": request.actor.can(PREPARE.code), "waiting": showing.waiting()},
        fetch=lambda asked: queries.files(ask.filters, asked),
    )  # fmt: skip


@form(PREPARE.code)
def prepare(request: ActorRequest) -> HttpResponse:
    """Prepare a bank file out of one account."""
    with reading():
        choices = showing.payable()
    filled = PrepareForm(request.POST or None, accounts=choices)

    def save(given: Mapping[str, Any]) -> str:
        code, account = given["account"].split(":")
        with reading():
            practice = tenancy.key_in_scope(code)
        made = paying.prepare(actor=request.actor, practice=practice, account=account, at=request.actor.at)
        return reverse("treasury:file", args=[made.public_id])

    return fill(
        request, filled, save=save, said="Prepared; somebody else approves it.",
        context={
            "title": "Prepare a bank file", "here": "New", "act_label": "Prepare it",
            "crumbs": [("Bank files", reverse("treasury:files"))],
            "lede": "Everything that waits to be paid out of the account." if choices else "Nothing waits to be paid.",
            "consequences": ["It settles on the next banking day.", "Nobody approves a file that they prepared."],
            "back": reverse("treasury:files"),
        },
    )  # fmt: skip


@page(READ.code)
def file(request: ActorRequest, bank_file: str) -> HttpResponse:
    """One bank file: totals, digest, payees with changed accounts flagged, and what can be done."""
    return respond.page(request, "treasury/file.html", showing.file(request, queries.file(bank_file)))


@act(RELEASE.code)
def approve(request: ActorRequest, bank_file: str) -> HttpResponse:
    """Approve a bank file; which permission that takes, the account that pays decides."""
    paying.approve(actor=request.actor, file=bank_file, at=request.actor.at)
    return _done(request, bank_file, "Approved; it can be taken to the bank.")


@form(SEND.code, gives_file=True)
def take(request: ActorRequest, bank_file: str) -> HttpResponse:
    """Take an approved file to the bank; for whoever comes back from a confirmation, its page."""
    if request.method != "POST":
        return respond.page(request, "treasury/file.html", showing.file(request, queries.file(bank_file), again=True))
    name, content = paying.take(actor=request.actor, file=bank_file, at=request.actor.at)
    return HttpResponse(
        content, content_type="application/octet-stream",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )  # fmt: skip


@act(PREPARE.code)
def cancel(request: ActorRequest, bank_file: str) -> HttpResponse:
    """Cancel a file that was not taken to the bank."""
    paying.cancel(actor=request.actor, file=bank_file, why=_why(request), at=request.actor.at)
    return _done(request, bank_file, "Cancelled; its payments wait to be paid.")


@form(PREPARE.code)
def returns(request: ActorRequest) -> HttpResponse:
    """Read what a bank sent back."""
    with reading():
        choices = [(one.code, one.name) for one in tenancy.tenants_in_scope() if not one.is_mso]
    filled = ReturnsForm(request.POST or None, request.FILES or None, practices=choices)

    def save(given: Mapping[str, Any]) -> str:
        with reading():
            practice = tenancy.key_in_scope(given["practice"])
        done = returning.take(
            actor=request.actor, practice=practice, name=given["file"].name, content=given["file"].file,
            at=request.actor.at,
        )  # fmt: skip
        messages.info(request, done.words)
        return reverse("treasury:files")

    return fill(
        request, filled, save=save, said="Read.",
        context={
            "title": "Payments that came back, and notes of changes", "here": "Returns", "act_label": "Read the file",
            "crumbs": [("Bank files", reverse("treasury:files"))],
            "lede": "The bank's file of returns or of notifications of change names each payment by its trace number.",
            "consequences": [
                "What came back waits to be paid again, with the reason of the bank and what it asks for first.",
                "What a bank notes of an account waits for a second person to take it over.",
                "Both books say that the money is where it was.",
            ],
            "back": reverse("treasury:files"),
        },
    )  # fmt: skip


@act(RELEASE.code)
def authorize(request: ActorRequest, run_payment: str) -> HttpResponse:
    """Record that the payee authorized anew what came back."""
    back = returning.authorize(actor=request.actor, payment=run_payment, why=_why(request), at=request.actor.at)
    return _done(request, back, "Recorded; it goes into the next file.")


@act(RELEASE.code)
def take_over(request: ActorRequest, correction: str) -> HttpResponse:
    """Take over what a bank noted of an account."""
    done = correcting.approve(actor=request.actor, correction=correction, at=request.actor.at)
    return _done(request, done.file, "Taken over; the account with the corrected data is paid from here on.")


@act(RELEASE.code)
def leave(request: ActorRequest, correction: str) -> HttpResponse:
    """Leave an account as it is, whatever a bank noted."""
    done = correcting.decline(actor=request.actor, correction=correction, why=_why(request), at=request.actor.at)
    return _done(request, done.file, "Not taken over; the account stays as it is.")


def _why(request: ActorRequest) -> str:
    filled = WhyForm(request.POST)
    return filled.cleaned_data["why"] if filled.is_valid() else ""


def _done(request: ActorRequest, bank_file: str, words: str) -> HttpResponse:
    messages.success(request, words)
    return respond.redirect(request, reverse("treasury:file", args=[bank_file]))
