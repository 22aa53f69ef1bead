"""Screens of the papers that go along with agreements."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse

from openmso.agreements.contracts import DRAFT, EXECUTE, READ, TERMINATE, Agreement, SignedDocument, Terms
from openmso.agreements.forms.agreements import EndForm
from openmso.agreements.forms.companions import CompanionForm, NeedForm, SignedCompanionForm
from openmso.agreements.paper.companions import COMPANION, CompanionKind, Standing
from openmso.agreements.paper.contracts import CLAUSES
from openmso.agreements.queries import agreements
from openmso.agreements.queries import companions as queries
from openmso.agreements.services import companions
from openmso.agreements.services.companions import CompanionDraft
from openmso.agreements.tables import COMPANION_LIST
from openmso.agreements.views.pages import download
from openmso.kit.errors import NotFound
from openmso.parties.queries import practices, providers
from openmso.platform.access import duties
from openmso.platform.access.edges import act, form, page
from openmso.platform.audit import queries as audit
from openmso.platform.documents import queries as documents
from openmso.platform.tenancy.scope import reading
from openmso.platform.ui import respond, tables
from openmso.platform.ui.filling import fill


@page(READ.code)
def index(request: Any) -> HttpResponse:
    """The papers that go along with agreements, of all practices one may read."""
    ask = tables.ask(request, COMPANION_LIST)
    return tables.answer(
        request, COMPANION_LIST, ask, template="agreements/companions.html",
        context={"here": "Companion papers", "crumbs": []},
        fetch=lambda wanted: queries.listing(filters=ask.filters, page=wanted, on=request.actor.today),
    )  # fmt: skip


@page(READ.code)
def of_agreement(request: Any, agreement: str) -> HttpResponse:
    """What an agreement needs in its mode and state: what is there, what is missing, what ends."""
    found = agreements.agreement(agreement)
    on = request.actor.day_in(found.practice)
    practice = practices.practice(found.practice, on=on)
    rows = queries.needed(found, terms_of(found, on), state=practice.state, on=on)
    confirmed = replace(request.actor, fresh=True)
    context = {
        "agreement": found, "practice": practice, "rows": rows, "mode": terms_of(found, on).mode,
        "blocks": [one for one in rows if one.blocks], "on": on,
        "others": [one for one in CompanionKind if one not in {row.need.kind for row in rows}],
        "may_draft": confirmed.can(DRAFT.code, found.practice) and found.state != "withdrawn",
        "may_baa": confirmed.can(EXECUTE.code, found.practice), "here": "Papers",
        "crumbs": [(agreement, reverse("agreements:agreement", args=[agreement]))],
    }  # fmt: skip
    return respond.page(request, "agreements/papers.html", context)


@page(READ.code)
def companion(request: Any, companion: str) -> HttpResponse:
    """One paper: its terms, its assets, who signed it."""
    one = queries.companion(companion)
    confirmed = replace(request.actor, fresh=True)
    is_draft, is_signed = one.state is Standing.DRAFT, one.state is Standing.SIGNED
    signs = is_draft and confirmed.can(EXECUTE.code, one.practice)
    context = {
        "one": one, "terms": queries.said(one), "may_change": is_draft and confirmed.can(DRAFT.code, one.practice),
        "may_sign": signs, "may_end": is_signed and confirmed.can(TERMINATE.code, one.practice),
        "signs_not": signs and duties.why_not(request.actor, did=one.drafted_user, **companions.PARTED),
        "clinical": [asset for asset in one.assets if asset.is_clinical],
        "others": [asset for asset in one.assets if not asset.is_clinical],
        "history": audit.history((COMPANION, companion), practice=one.practice), "here": companion,
        "crumbs": _crumbs(one.agreement),
    }  # fmt: skip
    return respond.page(request, "agreements/companion.html", context)


@page(READ.code)
def paper(request: Any, companion: str) -> HttpResponse:
    """The signed paper."""
    one = queries.companion(companion)
    if not one.document:
        raise NotFound("It is not signed yet.")
    return download(documents.read(one.document, one.practice), f"{companion}.pdf")


@form(DRAFT.code)
def draft(request: Any, agreement: str, paper_kind: str) -> HttpResponse:
    """Draft a paper of a kind."""
    kind = _kind(paper_kind)
    with reading():
        found = agreements.agreement(agreement)
        clinicians = providers.clinicians(found.practice)
    filled = CompanionForm(
        request.POST or None, kind=kind, clinicians=clinicians,
        initial={"starts_on": request.actor.day_in(found.practice)},
    )  # fmt: skip

    def save(given: dict[str, Any]) -> str:
        made = companions.draft(
            actor=request.actor, agreement=agreement, kind=kind, new=_new(filled), at=request.actor.at
        )
        return reverse("agreements:companion", args=[made])

    return _fill(request, filled, save, kind.label, agreement, reverse("agreements:papers", args=[agreement]))


@form(DRAFT.code)
def revise(request: Any, companion: str) -> HttpResponse:
    """Change the draft of a paper."""
    with reading():
        one = queries.companion(companion)
        clinicians = providers.clinicians(one.practice)
    filled = CompanionForm(request.POST or None, kind=one.kind, clinicians=clinicians, before=one)
    back = reverse("agreements:companion", args=[companion])

    def save(given: dict[str, Any]) -> str:
        companions.revise(actor=request.actor, companion=companion, new=_new(filled), at=request.actor.at)
        return back

    return _fill(request, filled, save, f"{one.kind.label} {companion}", one.agreement, back)


@act(DRAFT.code)
def drop(request: Any, companion: str) -> HttpResponse:
    """Drop a draft."""
    companions.drop(actor=request.actor, companion=companion, at=request.actor.at)
    messages.success(request, "The draft is dropped.")
    return respond.redirect(request, reverse("agreements:companion", args=[companion]))


@form(EXECUTE.code)
def sign(request: Any, companion: str) -> HttpResponse:
    """Record a paper as signed."""
    with reading():
        one = queries.companion(companion)
    today = request.actor.day_in(one.practice)
    filled = SignedCompanionForm(request.POST or None, request.FILES or None, initial={"signed_on": today})
    back = reverse("agreements:companion", args=[companion])

    def save(given: dict[str, Any]) -> str:
        document = SignedDocument(given["document"].name, given["document"].read())
        companions.sign(actor=request.actor, companion=companion, at=request.actor.at, **given | {"document": document})
        return back

    context = _titled(f"Record {companion} as signed", one.agreement, back, "Record it")
    return fill(request, filled, save=save, said="Recorded.", context=context)


@form(TERMINATE.code)
def end(request: Any, companion: str) -> HttpResponse:
    """End a signed paper."""
    with reading():
        one = queries.companion(companion)
    filled = EndForm(request.POST or None, initial={"ends_on": request.actor.day_in(one.practice)})
    back = reverse("agreements:companion", args=[companion])

    def save(given: dict[str, Any]) -> str:
        companions.end(actor=request.actor, companion=companion, at=request.actor.at, **given)
        return back

    context = _titled(f"End {companion}", one.agreement, back, "End it") | {"danger": True}
    return fill(request, filled, save=save, said="Ended.", context=context)


@page(READ.code)
def needs(request: Any) -> HttpResponse:
    """Which agreements need which papers."""
    context = {
        "needs": queries.needs(), "may_write": bool(practices.mso_where(request.actor, CLAUSES.code)),
        "here": "What is needed", "crumbs": [("Companion papers", reverse("agreements:companions"))],
    }  # fmt: skip
    return respond.page(request, "agreements/needs.html", context)


@form(CLAUSES.code)
def need(request: Any, paper_kind: str) -> HttpResponse:
    """Write which agreements need a kind of paper."""
    with reading():
        mso = practices.mso_that_decides(request.actor, CLAUSES.code, otherwise="The MSO says what is needed.")
        now = next((one for one in queries.needs() if one.kind.value == paper_kind), None)
    if now is None:
        raise NotFound("There is no such kind of paper.")
    filled = NeedForm(request.POST or None, now=now)
    back = reverse("agreements:needs")

    def save(given: dict[str, Any]) -> str:
        companions.write_need(
            actor=request.actor, mso=mso, given=filled.data_of(paper_kind), why=given["why"], at=request.actor.at
        )
        return back

    context = {
        "title": f"Who needs: {now.kind.label.lower()}", "here": now.kind.label, "back": back, "act_label": "Write it",
        "crumbs": [("Companion papers", reverse("agreements:companions")), ("What is needed", back)],
        "consequences": ["It holds for what is signed from now on; what was signed stays as it is."],
    }  # fmt: skip
    return fill(request, filled, save=save, said="Written.", context=context)


def terms_of(found: Agreement, on: Any) -> Terms:
    """The terms that say what is needed: of the draft, where one is on the desk, else what holds or held."""
    shown = found.draft or found.version_on(on) or found.latest
    assert shown is not None, "an agreement has a draft or a version"
    return shown.terms


def _new(filled: CompanionForm) -> CompanionDraft:
    given = filled.cleaned_data
    return CompanionDraft(filled.given(), given["starts_on"], filled.ends_on(), given["note"], filled.lines())


def _kind(said: str) -> CompanionKind:
    try:
        found = CompanionKind(said)
    except ValueError:
        raise NotFound("There is no such kind of paper.") from None
    if found is CompanionKind.BAA:
        raise NotFound("A business associate agreement is recorded on its own page.")
    return found


def _fill(request: Any, filled: CompanionForm, save: Any, title: str, agreement: str, back: str) -> HttpResponse:
    context = _titled(title, agreement, back, "Keep the draft") | {
        "lede": "A draft holds nothing; the signed paper does. What it may not say is refused with its source.",
    }
    return fill(
        request, filled, template="agreements/companion_form.html", save=save, said="The draft is kept.",
        context=context,
    )  # fmt: skip


def _titled(title: str, agreement: str, back: str, act_label: str) -> dict[str, Any]:
    return {"title": title, "here": title, "back": back, "act_label": act_label, "crumbs": _crumbs(agreement)}


def _crumbs(agreement: str) -> list[tuple[str, str]]:
    return [
        (agreement, reverse("agreements:agreement", args=[agreement])),
        ("Papers", reverse("agreements:papers", args=[agreement])),
    ]
