"""Screens of an agreement's text: clause by clause, as PDF, and its own words in place of a clause."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse

from openmso.agreements import pdf, rules
from openmso.agreements.contracts import DRAFT, EXECUTE, READ, Agreement, Draft, Version
from openmso.agreements.forms.papers import OwnWordsForm
from openmso.agreements.paper.clauses import by_block
from openmso.agreements.paper.contracts import REVIEW, SIGN, Review, SigningState
from openmso.agreements.paper.providers import HERE, WAYS
from openmso.agreements.queries import agreements as queries
from openmso.agreements.queries import paper as texts
from openmso.agreements.queries import signing as signings
from openmso.agreements.services import clauses, counsel, signing
from openmso.agreements.views.pages import download
from openmso.kit.errors import NotFound
from openmso.parties.queries import practices
from openmso.platform.access import duties
from openmso.platform.access.edges import act, form, page
from openmso.platform.documents import queries as documents
from openmso.platform.tenancy.scope import reading
from openmso.platform.ui import respond
from openmso.platform.ui.filling import fill


@page(READ.code)
def document(request: Any, agreement: str) -> HttpResponse:
    """The text of the draft, or of a version; how far it is on its way to being signed."""
    found = queries.agreement(agreement)
    shown = _shown(found, request.GET.get("version", ""))
    paper = texts.of(found, shown)
    number = shown.number
    rounds = [one for one in signings.rounds(agreement) if one.number == number]
    context = {
        "agreement": found, "shown": shown, "is_draft": isinstance(shown, Draft), "paper": paper,
        "blocks": [(one.label, held) for one, held in by_block(paper.articles)] if paper else [],
        "practice": practices.practice(found.practice, on=shown.starts_on), "here": "Text",
        "oddities": list(rules.oddities(shown.terms)) if isinstance(shown, Draft) else [],
        "rounds": rounds, "ways": WAYS, "review": signings.review(agreement, number),
        "numbers": [one.number for one in found.versions] + ([found.draft.number] if found.draft else []),
        "crumbs": [(agreement, reverse("agreements:agreement", args=[agreement]))],
        **(_acts(request.actor, found, paper, rounds) if isinstance(shown, Draft) and paper else {}),
    }  # fmt: skip
    return respond.page(request, "agreements/document.html", context)


def _acts(actor: Any, found: Agreement, paper: texts.Paper, rounds: list[SigningState]) -> dict[str, Any]:
    """What the person may do with the draft next, and why not."""
    confirmed, practice, draft = replace(actor, fresh=True), found.practice, found.draft
    assert draft is not None, "only of a draft"
    review = signings.review(found.public_id, draft.number)
    out = next((one for one in rounds if one.state == "open"), None)
    mine = out.of(actor.user) if out else None
    asked = review if review and review.state is Review.ASKED else None
    is_open = found.state != "withdrawn"
    wrote = sorted(counsel.writers(found.public_id, draft))
    sends = is_open and out is None and confirmed.can(EXECUTE.code, practice)
    return {
        "out": out, "mine": mine if mine and mine.act is None and confirmed.can(SIGN.code, practice) else None,
        "may_write": is_open and confirmed.can(DRAFT.code, practice),
        "may_ask": is_open and asked is None and out is None and confirmed.can(DRAFT.code, practice),
        "may_answer": asked is not None and asked.reviewer_user == actor.user and confirmed.can(REVIEW.code, practice),
        "may_send": sends, "may_recall": out is not None and confirmed.can(EXECUTE.code, practice),
        "sends_not": sends and (
            next(filter(None, (duties.why_not(actor, did=one, **signing.PARTED) for one in wrote)), None)
            or counsel.why_not_signed_off(review, paper.content_sha256)
        ),
        "may_bring_back": out is not None and out.provider != HERE and confirmed.can(EXECUTE.code, practice),
    }  # fmt: skip


@page(READ.code)
def document_pdf(request: Any, agreement: str) -> HttpResponse:
    """The whole text with the schedule of terms; of what was signed here, the signed bytes themselves."""
    found = queries.agreement(agreement)
    shown = _shown(found, request.GET.get("version", ""))
    name = f"{agreement}-{shown.number}.pdf"
    if isinstance(shown, Version):
        return download(documents.read(shown.document, found.practice), name)
    out = signings.out(agreement)
    if out is not None:
        return download(documents.read(out.document, found.practice), name)
    return download(pdf.document(found, texts.of_draft(found).articles, paper=shown), name)


@page(READ.code)
def certificate(request: Any, agreement: str, number: int) -> HttpResponse:
    """Who signed a version, when and over which bytes."""
    found = queries.agreement(agreement)
    done = next((one for one in signings.rounds(agreement) if one.number == number and one.certificate), None)
    if done is None:
        raise NotFound("This version was not signed here; its paper says who signed it.")
    return download(documents.read(done.certificate, found.practice), f"{agreement}-{number}-certificate.pdf")


@form(DRAFT.code)
def own_words(request: Any, agreement: str, clause: str) -> HttpResponse:
    """Put words of the draft's own in place of a clause."""
    with reading():
        found = queries.agreement(agreement)
        if found.draft is None:
            raise NotFound("There is no draft of this agreement.")
        library = texts.clause(clause)
        mine = texts.own_words(agreement).get(clause)
    initial = {"text": mine.text if mine else library.text, "why": mine.why if mine else ""}
    filled = OwnWordsForm(request.POST or None, initial=initial)
    back = reverse("agreements:document", args=[agreement])

    def save(given: dict[str, Any]) -> str:
        clauses.replace(actor=request.actor, agreement=agreement, code=clause, at=request.actor.at, **given)
        return back

    context = {
        "title": f"{library.title}, in this draft's own words", "here": library.title, "back": back,
        "act_label": "Put it in", "crumbs": [(agreement, reverse("agreements:agreement", args=[agreement])),
                                             ("Text", back)],
        "consequences": ["The page of the text shows that it leaves the library, and why.",
                         "Counsel looks at the draft anew, and signatures under it are void."],
    }  # fmt: skip
    return fill(request, filled, save=save, said="The draft says it in its own words.", context=context)


@act(DRAFT.code)
def restore(request: Any, agreement: str, clause: str) -> HttpResponse:
    """Take the library's clause back."""
    clauses.restore(actor=request.actor, agreement=agreement, code=clause, at=request.actor.at)
    messages.success(request, "The library's clause stands again.")
    return respond.redirect(request, reverse("agreements:document", args=[agreement]))


def _shown(found: Agreement, number: str) -> Draft | Version:
    """The paper that is asked for; the draft where there is one, else the last version."""
    papers: list[Draft | Version] = [*found.versions, *([found.draft] if found.draft else [])]
    if not number:
        return papers[-1]
    shown = next((one for one in papers if str(one.number) == number), None)
    if shown is None:
        raise NotFound(f"There is no version {number}.", field="version")
    return shown
