"""Writing agreements: drafts, amendments, execution, termination, and business associate agreements."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse

from openmso.agreements import rules
from openmso.agreements.contracts import Agreement, SignedDocument, Terms
from openmso.agreements.fees.reading import terms_of
from openmso.agreements.forms import agreements as forms
from openmso.agreements.queries import agreements as queries
from openmso.agreements.queries import baas as baa_queries
from openmso.agreements.queries import law as law_queries
from openmso.agreements.services import baas, companions, counsel, drafting, execution, law, renewing, signing
from openmso.kit.errors import NotFound
from openmso.parties.contracts import Practice
from openmso.parties.queries import practices
from openmso.platform.access import duties
from openmso.platform.access.edges import act, form
from openmso.platform.access.registry import LINES
from openmso.platform.tenancy.scope import reading
from openmso.platform.ui import respond
from openmso.platform.ui.contracts import Filters, PageAsk
from openmso.platform.ui.filling import fill

PRACTICES_MAX = 500


@form("agreements.draft")
def choose(request: Any) -> HttpResponse:
    """Which practice the new agreement is with."""
    with reading():
        rows = practices.listing(filters=Filters(), page=PageAsk(size=PRACTICES_MAX, sort="name")).rows
    filled = forms.Choose(request.POST or None, practices=[(row.public_id, row.name) for row in rows])

    def save(given: dict[str, Any]) -> str:
        return reverse("agreements:draft", args=[given["practice"]])

    context = {
        "title": "A new agreement",
        "here": "A new agreement",
        "lede": "A draft opens nothing; only an executed agreement does.",
        "act_label": "Go on",
    }
    return fill(request, filled, save=save, said="", context=context)


@form("agreements.draft")
def begin(request: Any, practice: str) -> HttpResponse:
    """Begin a draft with a practice."""
    found = _practice(request, practice)
    today = request.actor.day_in(found.id)
    filled = forms.DraftForm(
        request.POST or None, **_entities(request, found), before=None, initial={"starts_on": today.replace(day=1)}
    )

    def save(given: dict[str, Any]) -> str:
        made = drafting.begin(
            actor=request.actor, practice=found.id, terms=_terms(request, filled, found), at=request.actor.at,
            summary=given["summary"],
        )  # fmt: skip
        return reverse("agreements:agreement", args=[made])

    return _draft(request, filled, save, f"An agreement with {found.name}", reverse("agreements:agreements"))


@form("agreements.draft")
def revise(request: Any, agreement: str) -> HttpResponse:
    """Change the draft on the desk."""
    found, practice = _agreement(request, agreement)
    if found.draft is None:
        raise NotFound("There is no draft of this agreement.")
    amends = found.draft.number > 1
    initial = {"summary": found.draft.summary, "effective_on": found.draft.starts_on}
    kind = forms.AmendmentForm if amends else forms.DraftForm
    filled = kind(
        request.POST or None, **_entities(request, practice, found), before=found.draft.terms, initial=initial
    )

    def save(given: dict[str, Any]) -> str:
        drafting.revise(
            actor=request.actor, agreement=agreement, terms=_terms(request, filled, practice), at=request.actor.at,
            starts_on=given.get("effective_on"), summary=given["summary"],
        )  # fmt: skip
        return _place(agreement)

    return _draft(request, filled, save, f"Draft of version {found.draft.number}", _place(agreement))


@form("agreements.draft")
def amend(request: Any, agreement: str) -> HttpResponse:
    """Begin the draft of an amendment, from what is in force; `fee` in the address puts other terms of the fee in."""
    found, practice = _agreement(request, agreement)
    if found.latest is None:
        raise NotFound("This agreement was never executed; change its draft instead.")
    today = request.actor.day_in(practice.id)
    before = found.latest.terms
    if fee := request.GET.get("fee"):
        before = replace(before, fee=terms_of(forms.AmendmentForm.parsed(fee), "fee"))
    filled = forms.AmendmentForm(
        request.POST or None, **_entities(request, practice, found), before=before, initial={"effective_on": today}
    )

    def save(given: dict[str, Any]) -> str:
        drafting.amend(
            actor=request.actor, agreement=agreement, starts_on=given["effective_on"], at=request.actor.at,
            terms=_terms(request, filled, practice), summary=given["summary"],
        )  # fmt: skip
        return _place(agreement)

    return _draft(request, filled, save, f"Amend {agreement}", _place(agreement))


@act("agreements.draft")
def withdraw(request: Any, agreement: str) -> HttpResponse:
    """Take the draft off the desk."""
    why = request.POST.get("why", "")
    drafting.withdraw(actor=request.actor, agreement=agreement, why=why, at=request.actor.at)
    messages.success(request, "The draft is withdrawn.")
    return respond.redirect(request, _place(agreement))


@form("agreements.execute")
def execute(request: Any, agreement: str) -> HttpResponse:
    """Record the draft as executed: the signed document, the signers, and what will follow in words."""
    found, practice = _agreement(request, agreement)
    if found.draft is None:
        raise NotFound("There is no draft of this agreement.")
    draft = found.draft
    today = request.actor.day_in(practice.id)
    with reading():
        has_baa = baa_queries.in_force(found.practice, draft.starts_on) is not None
        unlawful = law_queries.at_signing(found, on=today)
        missing = companions.faults(found, draft.terms, on=draft.starts_on)
        unseen = counsel.why_not_seen(agreement, draft.number)
    parted = duties.why_not(request.actor, did=draft.drafted_by, **execution.PARTED)
    filled = forms.ExecuteForm(
        request.POST or None, request.FILES or None, initial={"signed_on": today}, reviewed=unseen is None
    )

    def save(given: dict[str, Any]) -> str:
        signing.bring_back(
            actor=request.actor, agreement=agreement, signers=filled.signers(request.actor.at), at=request.actor.at,
            document=_paper(given["document"]), unreviewed=given.get("unreviewed", ""),
        )  # fmt: skip
        return _place(agreement)

    context = _titled(f"Execute version {draft.number}", agreement, "Record as executed") | {
        "faults": [*rules.faults(draft.terms), *([parted] if parted else []), *missing, *law.faults(unlawful)],
        "consequences": rules.consequences(
            draft.terms, starts_on=draft.starts_on, practice=practice.name, has_baa=has_baa, amends=draft.number > 1
        ),
    }
    said = "Executed. What it puts in scope opens on its day."
    return fill(request, filled, save=save, said=said, context=context)


@form("agreements.terminate")
def terminate(request: Any, agreement: str) -> HttpResponse:
    """End an agreement."""
    found, practice = _agreement(request, agreement)
    if found.latest is None:
        raise NotFound("This agreement was never executed; withdraw its draft instead.")
    mine = [line.code for line in found.latest.terms.lines if line.code in rules.RUN_OFF]
    filled = forms.TerminationForm(
        request.POST or None, lines=[(code, LINES[code]) for code in mine],
        initial={"ends_on": request.actor.day_in(practice.id)},
    )  # fmt: skip

    def save(given: dict[str, Any]) -> str:
        execution.terminate(actor=request.actor, agreement=agreement, at=request.actor.at, **given)
        return _place(agreement)

    context = _titled(f"Terminate {agreement}", agreement, "Terminate") | {
        "consequences": [
            f"On that day every service line of {practice.name} closes to the MSO's staff, with their next request.",
            "Lines kept for the run-off can be read and nothing else, until the day named.",
            "Nothing is deleted: the practice keeps all its records, and the audit trail says what was done.",
        ],
        "danger": True,
    }
    return fill(request, filled, save=save, said="Terminated.", context=context)


@form("agreements.notice")
def give_notice(request: Any, agreement: str) -> HttpResponse:
    """Give notice that the term that runs is not renewed."""
    found, practice = _agreement(request, agreement)
    with reading():
        if no := renewing.why_no_notice(found, request.actor.at):
            raise no
    latest = found.latest
    assert latest is not None, "there is a term to give notice of"
    ends_on = latest.terms.days.ends_on
    filled = forms.NoticeForm(request.POST or None)

    def save(given: dict[str, Any]) -> str:
        renewing.give_notice(actor=request.actor, agreement=agreement, why=given["why"], at=request.actor.at)
        return _place(agreement)

    context = _titled(f"Give notice of {agreement}", agreement, "Give notice") | {
        "consequences": [
            f"The agreement holds until {ends_on:%-d %B %Y} and is not renewed; what it opens closes on that day.",
            f"{practice.name} and the MSO are told, and its end waits to be planned.",
            "It is not taken back: to go on after all, both sides sign an amendment.",
        ],
        "danger": True,
    }
    said = "Notice is given. Both sides find it on this page."
    return fill(request, filled, save=save, said=said, context=context)


@form("agreements.execute")
def sign_baa(request: Any, agreement: str) -> HttpResponse:
    """Record a signed business associate agreement of the agreement's practice."""
    found, practice = _agreement(request, agreement)
    today = request.actor.day_in(practice.id)
    filled = forms.BaaForm(request.POST or None, request.FILES or None, initial={"starts_on": today})

    def save(given: dict[str, Any]) -> str:
        baas.sign(
            actor=request.actor, practice=found.practice, at=request.actor.at,
            **given | {"document": _paper(given["document"])},
        )  # fmt: skip
        return _place(agreement)

    context = _titled("Business associate agreement", agreement, "Record") | {
        "consequences": [
            f"While it is in force, lines in scope of {practice.name} open patient data (45 CFR 164.504(e))."
        ],
    }
    return fill(request, filled, save=save, said="Recorded.", context=context)


@form("agreements.terminate")
def end_baa(request: Any, agreement: str, baa: str) -> HttpResponse:
    """End a business associate agreement."""
    found, practice = _agreement(request, agreement)
    today = request.actor.day_in(practice.id)
    filled = forms.EndForm(request.POST or None, initial={"ends_on": today})

    def save(given: dict[str, Any]) -> str:
        baas.end(actor=request.actor, baa=baa, at=request.actor.at, **given)
        return _place(found.public_id)

    context = _titled(f"End {baa}", agreement, "End it") | {
        "consequences": [f"From that day no patient data of {practice.name} is open to anybody at the MSO."],
        "danger": True,
    }
    return fill(request, filled, save=save, said="Ended.", context=context)


def _draft(request: Any, filled: forms.DraftForm, save: Any, title: str, back: str) -> HttpResponse:
    context = {"title": title, "back": back, "here": title}
    return fill(
        request, filled, template="agreements/draft.html", save=save, said="The draft is kept.", context=context
    )


def _titled(title: str, agreement: str, act_label: str) -> dict[str, Any]:
    return {
        "title": title, "here": title, "back": _place(agreement), "act_label": act_label,
        "crumbs": [(agreement, _place(agreement))],
    }  # fmt: skip


def _place(agreement: str) -> str:
    return reverse("agreements:agreement", args=[agreement])


def _agreement(request: Any, agreement: str) -> tuple[Agreement, Practice]:
    with reading():
        found = queries.agreement(agreement)
        return found, practices.practice(found.practice, on=request.actor.day_in(found.practice))


def _practice(request: Any, public_id: str) -> Practice:
    with reading():
        return practices.by_public_id(public_id, at=request.actor.at)


def _entities(request: Any, practice: Practice, found: Agreement | None = None) -> dict[str, forms.Choices]:
    """The entities that may sign: those of the MSO one works for, and the practice's own."""
    on = request.actor.day_in(practice.id)
    with reading():
        ours = [one for mso in practices.msos() for one in practices.entities(mso.id, on=on)]
        theirs = practices.entities(practice.id, on=on)
    signed = found.latest.terms.mso if found and found.latest else None
    mso = [(str(one.id), one.legal_name) for one in ours]
    if signed is not None and str(signed.entity) not in dict(mso):
        mso.append((str(signed.entity), signed.legal_name))
    return {"mso_entities": mso, "practice_entities": [(str(one.id), one.legal_name) for one in theirs]}


def _terms(request: Any, filled: forms.DraftForm, practice: Practice) -> Terms:
    on, given = request.actor.day_in(practice.id), filled.cleaned_data
    with reading():
        ours = practices.entity(int(given["mso_entity"]), on=on)
        mso = queries.party(ours.practice, ours.id, on=on)
        theirs = queries.party(practice.id, int(given["practice_entity"]), on=on)
    return filled.terms(mso, theirs)


def _paper(file: Any) -> SignedDocument:
    return SignedDocument(file.name, file.read())
