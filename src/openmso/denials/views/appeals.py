"""Appeals: the list, the page of one with its letter, what is done with it; the letters of the network."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse

from openmso.denials.contracts import APPEAL, PHI, WORK, Appeal, Method
from openmso.denials.forms import AnswerForm, DropForm, EncloseForm, LetterForm, SendForm, TemplateForm
from openmso.denials.queries import appeals
from openmso.denials.rules import letters
from openmso.denials.services import appealing
from openmso.denials.states import A
from openmso.denials.tables import APPEALS, OF_CLAIM, OVERTURNED
from openmso.denials.views.lists import selected
from openmso.denials.views.network import may_set_up, mso_of
from openmso.kit.errors import NotFound, Refused
from openmso.kit.money import ZERO, Money
from openmso.platform.access.edges import ActorRequest, act, form, page
from openmso.platform.audit import services as audit
from openmso.platform.documents import queries as documents
from openmso.platform.tenancy.scope import reading
from openmso.platform.ui import respond
from openmso.platform.ui import tables as ui_tables

CRUMBS = [("Denials", "/denials/")]


@page("denials.read")
def listed(request: ActorRequest) -> HttpResponse:
    """Every appeal, the latest first, and how those that were answered ended."""
    ask = ui_tables.ask(request, APPEALS)
    return ui_tables.answer(
        request, APPEALS, ask, template="denials/appeals.html",
        fetch=lambda asked: appeals.appeals(filters=ask.filters, page=asked),
        tally=lambda: appeals.tally(filters=ask.filters),
        context={"overturned": ui_tables.static(request, OVERTURNED, appeals.overturned())},
    )  # fmt: skip


@page("denials.read")
def appeal(request: ActorRequest, appeal: str) -> HttpResponse:
    """One appeal: its letter, what goes with it, how it left, what came of it."""
    found = appeals.appeal(appeal, on=request.actor.today)
    _tell_read(request, found)
    return respond.page(request, "denials/appeal.html", _shown(request, found))


def _tell_read(request: ActorRequest, found: Appeal) -> None:
    audit.record_read(
        actor=request.actor, practice=found.row.practice, subject=(APPEAL, found.row.public_id), at=request.actor.at,
        classes=[one for one in PHI if request.actor.sees(one, found.row.practice)],
        decision=request.actor.may("denials.read", found.row.practice),
    )  # fmt: skip


def _shown(request: ActorRequest, found: Appeal, **forms: Any) -> dict[str, Any]:
    row = found.row
    return {
        "one": found, "row": row, "here": row.public_id, "crumbs": [],
        "can_work": request.actor.can(WORK.code, row.practice), "is_draft": row.state is A.DRAFT,
        "is_sent": row.state is A.SENT, "about": ui_tables.static(request, OF_CLAIM, found.denials),
        "letter_form": LetterForm(initial={"title": row.title, "body": found.body}), "enclose_form": EncloseForm(),
        "send_form": SendForm(), "answer_form": AnswerForm(), "drop_form": DropForm(), **forms,
    }  # fmt: skip


@act("denials.work")
def draft(request: ActorRequest, denial: str) -> HttpResponse:
    """Draft an appeal about one denial, from the letter that fits its kind."""
    made = appealing.draft(actor=request.actor, denials=[denial], at=request.actor.at)
    return respond.redirect(request, reverse("denials:appeal", args=[made]))


@act("denials.work")
def choose_letter(request: ActorRequest) -> HttpResponse:
    """From which letter the selection is appealed together."""
    try:
        found = selected(request)
    except Refused as no:
        return respond.refusal(request, no)
    with reading():
        known = appeals.templates()
    return respond.page(
        request, "denials/choose_letter.html#letters", {"count": len(found), "ids": found, "letters": known}
    )


@act("denials.work")
def draft_many(request: ActorRequest) -> HttpResponse:
    """Draft one appeal about the selection."""
    try:
        made = appealing.draft(
            actor=request.actor, denials=request.POST.getlist("ids"), template=request.POST.get("template", ""),
            at=request.actor.at,
        )  # fmt: skip
    except Refused as no:
        return respond.refusal(request, no)
    return respond.redirect(request, reverse("denials:appeal", args=[made]))


def _acted(request: ActorRequest, appeal: str, filled: Any, name: str, work: Any, words: str) -> HttpResponse:
    """Do what a form of an appeal's page asks for; the page with the form where it says no."""
    with reading():
        found = appeals.appeal(appeal, on=request.actor.today)
    if filled.is_valid():
        try:
            work(filled.cleaned_data)
        except Refused as no:
            filled.add_error(no.field if no.field in filled.fields else None, f"{no.sentence} {no.fix}".strip())
        else:
            messages.success(request, words)
            return respond.redirect(request, reverse("denials:appeal", args=[appeal]))
    with reading():
        _tell_read(request, found)
        return respond.page(request, "denials/appeal.html", _shown(request, found, **{name: filled}), status=422)


@act("denials.work")
def change(request: ActorRequest, appeal: str) -> HttpResponse:
    """Write the letter anew."""
    return _acted(
        request, appeal, LetterForm(request.POST), "letter_form",
        lambda given: appealing.change(actor=request.actor, appeal=appeal, at=request.actor.at, **given), "Kept",
    )  # fmt: skip


@act("denials.work")
def enclose(request: ActorRequest, appeal: str) -> HttpResponse:
    """Keep a document with it."""
    return _acted(
        request, appeal, EncloseForm(request.POST, request.FILES), "enclose_form",
        lambda given: appealing.enclose(
            actor=request.actor, appeal=appeal, name=given["file"].name, content=given["file"],
            media_type=given["file"].content_type or "", is_proof=given["is_proof"], at=request.actor.at,
        ), "Kept with the appeal",
    )  # fmt: skip


@act("denials.work")
def send(request: ActorRequest, appeal: str) -> HttpResponse:
    """Record that it left."""
    return _acted(
        request, appeal, SendForm(request.POST), "send_form",
        lambda given: appealing.send(
            actor=request.actor, appeal=appeal, method=Method(given["method"]), proof=given["proof"],
            sent_on=given["sent_on"], at=request.actor.at,
        ), "Sent; the denials wait for the answer",
    )  # fmt: skip


@act("denials.work")
def answer(request: ActorRequest, appeal: str) -> HttpResponse:
    """Record what the payer answered."""
    return _acted(
        request, appeal, AnswerForm(request.POST), "answer_form",
        lambda given: appealing.answer(
            actor=request.actor, appeal=appeal, outcome=A(given["outcome"]), note=given["note"],
            amount=Money(given["amount"]) if given["amount"] else ZERO, answered_on=given["answered_on"],
            at=request.actor.at,
        ), "Recorded",
    )  # fmt: skip


@act("denials.work")
def drop(request: ActorRequest, appeal: str) -> HttpResponse:
    """Give the draft up."""
    return _acted(
        request, appeal, DropForm(request.POST), "drop_form",
        lambda given: appealing.drop(actor=request.actor, appeal=appeal, at=request.actor.at, **given), "Dropped",
    )  # fmt: skip


@page("denials.read")
def letter(request: ActorRequest, appeal: str) -> HttpResponse:
    """The letter as PDF: as it was sent, or of a draft as it would be."""
    found = appeals.appeal(appeal, on=request.actor.today)
    _tell_read(request, found)
    content = (
        documents.read(found.letter, found.row.practice)
        if found.letter
        else appealing.letter(appeal, on=request.actor.today)
    )
    return HttpResponse(
        content, content_type="application/pdf", headers={"Content-Disposition": f'inline; filename="{appeal}.pdf"'}
    )


@page("denials.read")
def templates(request: ActorRequest) -> HttpResponse:
    """The letters that appeals are written from."""
    context = {
        "letters": appeals.templates(),
        "may_set_up": may_set_up(request.actor),
        "crumbs": CRUMBS,
        "here": "Letters",
    }
    return respond.page(request, "denials/letters.html", context)


@form("denials.setup")
def template(request: ActorRequest, letter: str) -> HttpResponse:
    """Write a letter anew, with a preview; the version before stays what earlier appeals were written from."""
    with reading():
        known = next((one for one in appeals.templates() if one.name == letter), None)
        past = appeals.versions(letter)
    if known is None and not letter.replace("-", "").isalnum():
        raise NotFound(f"There is no letter {letter}.")
    initial = {"title": known.title, "body": known.body, "category": known.category} if known else {}
    filled = TemplateForm(request.POST or None, initial=initial)
    preview: dict[str, str] = {}
    if request.method == "POST" and filled.is_valid():
        given = filled.cleaned_data
        try:
            preview = {name: letters.fill(given[name], letters.SAMPLE) for name in ("title", "body")}
            if "keep" in request.POST:
                number = appealing.keep_template(
                    actor=request.actor, mso=mso_of(request.actor), name=letter, at=request.actor.at, **given
                )
                messages.success(request, f"Version {number} is used from now on.")
                return respond.redirect(request, reverse("denials:letters"))
        except Refused as no:
            filled.add_error(no.field if no.field in filled.fields else None, f"{no.sentence} {no.fix}".strip())
    elif known and request.method != "POST":
        preview = {name: letters.fill(initial[name], letters.SAMPLE) for name in ("title", "body")}
    context = {
        "form": filled, "preview": preview, "fields": letters.FIELDS.items(), "letter": letter, "versions": past,
        "here": letter, "crumbs": [*CRUMBS, ("Letters", reverse("denials:letters"))],
    }  # fmt: skip
    return respond.page(request, "denials/letter.html", context, status=422 if filled.errors else 200)
