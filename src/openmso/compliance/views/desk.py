"""What is done in the register: registering, writing and activating terms, signatures, opinions, answers, the end."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse

from openmso.compliance.contracts import KEEP, Arrangement
from openmso.compliance.forms import (
    AnswerForm,
    ArrangementForm,
    EndForm,
    OpinionForm,
    RelativeForm,
    SignatureForm,
    TermForm,
    paper_of,
)
from openmso.compliance.queries import register
from openmso.compliance.rules import checklists, terms
from openmso.compliance.services import keeping
from openmso.compliance.states import Said, Side
from openmso.compliance.views.pages import crumbs
from openmso.kit.errors import NotFound
from openmso.platform.access.edges import act, form
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.tenancy.scope import reading
from openmso.platform.ui import respond
from openmso.platform.ui.filling import fill


@form(KEEP.code)
def new(request: Any) -> HttpResponse:
    """Enter an arrangement into the register."""
    with reading():
        choices = [(one.public_id, one.name) for one in tenancy.tenants_in_scope()]
    filled = ArrangementForm(request.POST or None, practices=choices)

    def save(given: dict[str, Any]) -> str:
        with reading():
            practice = tenancy.key_in_scope(given["practice"])
        return _place(
            keeping.register_arrangement(
                actor=request.actor, practice=practice, new=filled.arrangement(), at=request.actor.at
            )
        )

    context = {
        "title": "Register an arrangement", "here": "New", "crumbs": crumbs(), "act_label": "Register it",
        "back": reverse("compliance:arrangements"),
        "lede": "Every arrangement with somebody who can refer belongs here, whoever pays. What is entered stays.",
    }  # fmt: skip
    return fill(request, filled, save=save, said="Registered. Write its terms next.", context=context)


@form(KEEP.code)
def write_term(request: Any, arrangement: str) -> HttpResponse:
    """Write the first terms, a renewal or a change."""
    one = _found(arrangement)
    last = one.terms[-1] if one.terms else None
    initial: dict[str, Any] = {"in_advance": True}
    if last is not None:
        initial = {
            "services": last.services, "pay": last.pay.value, "rate": last.rate, "hours_cap": last.hours_cap,
            "unit_words": last.unit_words, "starts_on": last.ends_on, "holdover": last.holdover, "in_advance": True,
            "reasonable": last.reasonable, "grounds": list(last.grounds),
        }  # fmt: skip
    filled = TermForm(
        request.POST or None, request.FILES or None, kind=one.kind, is_first=last is None, initial=initial
    )

    def save(given: dict[str, Any]) -> str:
        keeping.write_term(actor=request.actor, arrangement=arrangement, new=filled.term(), at=request.actor.at)
        return _place(arrangement)

    context = _about(one, "Terms" if last is None else f"Term {last.number + 1}", "Write them")
    if last is not None:
        context["consequences"] = ["Earlier terms stay; these take their place from their first day on."]
    return fill(request, filled, save=save, said="Written. They are paid once they are active.", context=context)


@form(KEEP.code)
def sign(request: Any, arrangement: str, number: int) -> HttpResponse:
    """Record that one side signed a term."""
    one = _found(arrangement)
    term = next((each for each in one.terms if each.number == number), None)
    if term is None:
        raise NotFound(f"There is no term {number}.")
    usual = Side.PARTY if term.ours_signed_on else Side.OURS
    filled = SignatureForm(request.POST or None, initial={"side": usual.value})

    def save(given: dict[str, Any]) -> str:
        keeping.sign_term(
            actor=request.actor, arrangement=arrangement, number=number, side=Side(given["side"]), by=given["by"],
            signed_on=given["signed_on"], at=request.actor.at,
        )  # fmt: skip
        return _place(arrangement)

    return fill(
        request, filled, save=save, said="Recorded.", context=_about(one, f"Sign term {number}", "Record the signature")
    )


@act(KEEP.code)
def activate(request: Any, arrangement: str, number: int) -> HttpResponse:
    """Have a term be paid."""
    keeping.activate(actor=request.actor, arrangement=arrangement, number=number, at=request.actor.at)
    messages.success(request, f"Term {number} is active.")
    return respond.redirect(request, _place(arrangement))


@form(KEEP.code)
def file_opinion(request: Any, arrangement: str) -> HttpResponse:
    """File an opinion of fair market value."""
    one = _found(arrangement)
    unit = one.terms[-1].pay.value if one.terms else None
    filled = OpinionForm(request.POST or None, request.FILES or None, initial={"unit": unit})

    def save(given: dict[str, Any]) -> str:
        keeping.file_opinion(actor=request.actor, arrangement=arrangement, new=filled.opinion(), at=request.actor.at)
        return _place(arrangement)

    context = _about(one, "Opinion of value", "File it")
    return fill(request, filled, save=save, said="Filed. The latest opinion governs.", context=context)


@form(KEEP.code)
def name_relative(request: Any, arrangement: str) -> HttpResponse:
    """Name family or an entity of the party."""
    one = _found(arrangement)
    filled = RelativeForm(request.POST or None)

    def save(given: dict[str, Any]) -> str:
        keeping.name_relative(
            actor=request.actor, arrangement=arrangement, relative=filled.relative(), at=request.actor.at
        )
        return _place(arrangement)

    context = _about(one, "Family and entities", "Name them") | {
        "consequences": ["Payments to them are stopped unless they have an arrangement of their own."]
    }
    return fill(request, filled, save=save, said="Named.", context=context)


@form(KEEP.code)
def answer(request: Any, arrangement: str, element: str) -> HttpResponse:
    """Answer an element of a checklist."""
    one, asked = _found(arrangement), checklists.element(element)
    if asked is None:
        raise NotFound(f"There is no element {element} to answer.")
    filled = AnswerForm(request.POST or None, request.FILES or None)

    def save(given: dict[str, Any]) -> str:
        keeping.answer(
            actor=request.actor, arrangement=arrangement, element=element, said=Said(given["said"]),
            evidence=given["evidence"], paper=paper_of(given["paper"]), at=request.actor.at,
        )  # fmt: skip
        return f"{_place(arrangement)}#checklists"

    context = _about(one, "Checklist", "Answer") | {"title": asked.words, "lede": f"{asked.citation} · {one.title}"}
    return fill(request, filled, save=save, said="Answered.", context=context)


@form(KEEP.code)
def end(request: Any, arrangement: str) -> HttpResponse:
    """End an arrangement."""
    one = _found(arrangement)
    filled = EndForm(request.POST or None)

    def save(given: dict[str, Any]) -> str:
        keeping.end(
            actor=request.actor, arrangement=arrangement, ends_on=filled.ends_on, why=given["why"], at=request.actor.at
        )
        return _place(arrangement)

    told = ["Payments for later days are stopped. It stays in the register, and nothing can be added to its terms."]
    with reading():
        on = request.actor.day_in(one.practice)
    term = terms.holding(one, on)
    if term is not None and one.kind in terms.YEAR_LONG and on - terms.begun_on(one, term) < terms.YEAR:
        told.append("It is in its first year: no new terms for the same services within that year can be paid.")
    context = _about(one, "End", "End it") | {"danger": True, "consequences": told}
    return fill(request, filled, save=save, said="Ended.", context=context)


def _found(arrangement: str) -> Arrangement:
    with reading():
        return register.arrangement(arrangement)


def _place(arrangement: str) -> str:
    return reverse("compliance:arrangement", args=[arrangement])


def _about(one: Arrangement, here: str, act_label: str) -> dict[str, Any]:
    back = _place(one.public_id)
    return {
        "title": here, "here": here, "act_label": act_label, "back": back, "lede": f"{one.title} · {one.name}",
        "crumbs": [*crumbs(), (one.public_id, back)],
    }  # fmt: skip
