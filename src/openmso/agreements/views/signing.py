"""Screens of counsel's review and of signing: asked, answered, sent, signed, declined, recalled."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.urls import reverse

from openmso.agreements.contracts import DRAFT, EXECUTE, Agreement, Draft
from openmso.agreements.forms.papers import AskCounselForm, CounselForm, DeclineForm, SendForm, SignForm, WhyForm
from openmso.agreements.paper.contracts import REVIEW, SIGN, SignerState, SigningState
from openmso.agreements.queries import agreements as queries
from openmso.agreements.queries import law as law_queries
from openmso.agreements.queries import paper as texts
from openmso.agreements.queries import signing as signings
from openmso.agreements.services import companions, counsel, law, signing
from openmso.kit.errors import NotFound
from openmso.platform.access.edges import form
from openmso.platform.identity.policy import client_address
from openmso.platform.tenancy.scope import reading
from openmso.platform.ui.filling import fill


@form(DRAFT.code)
def ask_counsel(request: Any, agreement: str) -> HttpResponse:
    """Ask a named reviewer to look at the draft."""
    with reading():
        found, draft = _draft(agreement)
        wrote = {draft.drafted_by, *(one.user for one in texts.own_words(agreement).values())}
        who = [one for one in signings.who_reviews(found.practice, at=request.actor.at) if one.user not in wrote]
    filled = AskCounselForm(request.POST or None, reviewers=who)

    def save(given: dict[str, Any]) -> str:
        counsel.ask(actor=request.actor, agreement=agreement, reviewer=given["reviewer"], at=request.actor.at)
        return _place(agreement)

    context = _titled("Ask counsel to review the draft", agreement, "Ask", "Counsel") | {
        "lede": "Who wrote the draft is not its counsel. The word is tied to the terms and the text as they stand now.",
    }
    return fill(request, filled, save=save, said="Asked. It waits in their inbox.", context=context)


@form(REVIEW.code)
def answer_counsel(request: Any, agreement: str) -> HttpResponse:
    """Sign the draft off as counsel, or return it."""
    with reading():
        _draft(agreement)
    filled = CounselForm(request.POST or None)

    def save(given: dict[str, Any]) -> str:
        counsel.answer(actor=request.actor, agreement=agreement, at=request.actor.at, **given)
        return _place(agreement)

    context = _titled("Counsel's answer", agreement, "Answer", "Counsel")
    return fill(request, filled, save=save, said="Your answer stands beside the draft.", context=context)


@form(EXECUTE.code)
def send(request: Any, agreement: str) -> HttpResponse:
    """Send the draft for signature."""
    with reading():
        found, draft = _draft(agreement)
        who = signings.who_signs(found.practice, at=request.actor.at)
        unlawful = law_queries.at_signing(found, on=request.actor.day_in(found.practice))
        missing = companions.faults(found, draft.terms, on=draft.starts_on)
        review = signings.review(agreement, draft.number)
        no = counsel.why_not_signed_off(review, texts.of_draft(found).content_sha256)
    filled = SendForm(request.POST or None, candidates=who)

    def save(given: dict[str, Any]) -> str:
        signing.send(
            actor=request.actor, agreement=agreement, signers=filled.signers(), provider=given["provider"],
            at=request.actor.at,
        )  # fmt: skip
        return _place(agreement)

    context = _titled(f"Send version {draft.number} for signature", agreement, "Send it", "Send") | {
        "faults": [*([no] if no else []), *missing, *law.faults(unlawful)],
        "consequences": [
            "The paper is frozen: each signer signs the same bytes, by their SHA-256.",
            "A change of the draft makes signatures void; when all have signed, the version is executed.",
        ],
    }
    return fill(request, filled, save=save, said="Sent. It waits in the signers' inboxes.", context=context)


@form(SIGN.code)
def sign(request: Any, agreement: str) -> HttpResponse:
    """Sign the frozen paper under one's own name."""
    with reading():
        _, signer = _mine(request, agreement)
    intent = signing.intent_of(signer.title, signer.side)
    filled = SignForm(request.POST or None, intent=intent)

    def save(given: dict[str, Any]) -> str:
        signing.sign(
            actor=request.actor, agreement=agreement, intent=intent, address=client_address(request),
            at=request.actor.at,
        )  # fmt: skip
        return _place(agreement)

    context = _titled(f"Sign {agreement}", agreement, "Sign", "Sign") | {
        "lede": f"As {signer.name}, {signer.title}. Read the paper first: it is the PDF beside its text.",
        "consequences": [
            "Your name, the time, the kind of network you sign from, and the SHA-256 of the paper are kept with it.",
            "Once everybody has signed, the agreement is executed and what it puts in scope opens on its day.",
        ],
    }
    return fill(request, filled, save=save, said="Signed.", context=context)


@form(SIGN.code)
def decline(request: Any, agreement: str) -> HttpResponse:
    """Decline to sign, in words."""
    with reading():
        _mine(request, agreement)
    filled = DeclineForm(request.POST or None)

    def save(given: dict[str, Any]) -> str:
        signing.decline(
            actor=request.actor, agreement=agreement, why=given["why"], address=client_address(request),
            at=request.actor.at,
        )  # fmt: skip
        return _place(agreement)

    context = _titled(f"Decline to sign {agreement}", agreement, "Decline", "Decline") | {
        "danger": True, "consequences": ["It goes back to its desk; signatures given already are void."],
    }  # fmt: skip
    return fill(request, filled, save=save, said="Declined. Who sent it reads why.", context=context)


@form(EXECUTE.code)
def recall(request: Any, agreement: str) -> HttpResponse:
    """Take back what is out for signature."""
    with reading():
        _draft(agreement)
    filled = WhyForm(request.POST or None)

    def save(given: dict[str, Any]) -> str:
        signing.recall(actor=request.actor, agreement=agreement, why=given["why"], at=request.actor.at)
        return _place(agreement)

    context = _titled(f"Recall {agreement} from signature", agreement, "Recall it", "Recall") | {
        "danger": True, "consequences": ["Signatures given already are void, and nobody is asked any longer."],
    }  # fmt: skip
    return fill(request, filled, save=save, said="Recalled.", context=context)


def _draft(agreement: str) -> tuple[Agreement, Draft]:
    found = queries.agreement(agreement)
    if found.draft is None:
        raise NotFound("There is no draft of this agreement.")
    return found, found.draft


def _mine(request: Any, agreement: str) -> tuple[SigningState, SignerState]:
    queries.agreement(agreement)
    out = signings.out(agreement)
    mine = out.of(request.actor.user) if out else None
    if out is None or mine is None:
        raise NotFound("Nothing of this agreement waits for your signature.")
    return out, mine


def _titled(title: str, agreement: str, act_label: str, here: str) -> dict[str, Any]:
    back = _place(agreement)
    return {
        "title": title, "here": here, "back": back, "act_label": act_label,
        "crumbs": [(agreement, reverse("agreements:agreement", args=[agreement])), ("Text", back)],
    }  # fmt: skip


def _place(agreement: str) -> str:
    return reverse("agreements:document", args=[agreement])
