"""The register of arrangements, and one arrangement with all that is known of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.http import HttpResponse
from django.urls import reverse

from openmso.compliance.contracts import KEEP, READ, Arrangement, Term
from openmso.compliance.queries import register, runs
from openmso.compliance.rules import activating, checklists, terms
from openmso.compliance.states import Said, Standing
from openmso.compliance.tables import ARRANGEMENTS
from openmso.governance.queries import interests
from openmso.platform.access.edges import page
from openmso.platform.ui import respond, tables
from openmso.platform.ui.contracts import Event, Filters, PageAsk, Tone

PAYMENTS_SHOWN = 12


@page(READ.code)
def arrangements(request: Any) -> HttpResponse:
    """The register of the practices and of the MSO that one may see."""
    ask = tables.ask(request, ARRANGEMENTS)
    context = {"here": "Arrangements", "crumbs": [], "may_keep": request.actor.can(KEEP.code)}
    return tables.answer(
        request, ARRANGEMENTS, ask, template="compliance/arrangements.html", context=context,
        fetch=lambda wanted: interests.flagged(
            register.listing(filters=ask.filters, page=wanted, at=request.actor.at), lambda row: row.name,
            at=request.actor.at,
        ),
    )  # fmt: skip


@page(READ.code)
def arrangement(request: Any, arrangement: str) -> HttpResponse:
    """One arrangement: how it stands, its terms and opinions, what its checklists lack, what was paid, its story."""
    one = register.arrangement(arrangement)
    on = request.actor.day_in(one.practice)
    paid = runs.lines(
        filters=Filters(), page=PageAsk(size=PAYMENTS_SHOWN, sort="starts", desc=True), arrangement=arrangement
    )
    stands = terms.standing(one, on)
    context = {
        "one": one, "here": one.public_id, "crumbs": crumbs(), "stands": stands, "holds": terms.holding(one, on),
        "terms": [_shown(one, each, on) for each in reversed(one.terms)], "paid": paid,
        "related": interests.relation(one.practice, one.name, at=request.actor.at),
        "opinions": [(each, each.holds_on(on)) for each in reversed(one.opinions)],
        "checklists": checklists.checked(one, on=on), "story": sorted(_story(one), key=lambda e: e.at, reverse=True),
        "may_keep": request.actor.can(KEEP.code, one.practice) and one.ending is None, "says": _says(one, stands),
    }  # fmt: skip
    return respond.page(request, "compliance/arrangement.html", context)


def crumbs() -> list[tuple[str, str]]:
    """Where an arrangement stands."""
    return [("Arrangements", reverse("compliance:arrangements"))]


def _shown(one: Arrangement, term: Term, on: date) -> dict[str, Any]:
    """A version as the page shows it: what it lacks, and why it cannot be activated."""
    why, fix = activating.why_not_active(one, term, on)
    known = checklists.lists()
    return {
        "term": term, "why": why, "fix": fix, "may_activate": term.activated_on is None,
        "unsigned": term.signed_on is None, "sign_by": term.starts_on + terms.GRACE,
        "grounds": [known[code] for code in term.grounds if code in known],
    }  # fmt: skip


def _says(one: Arrangement, stands: Standing) -> str:
    """What follows from how it stands, in a sentence."""
    if stands is Standing.DRAFT and not one.terms:
        return "Write its terms, file an opinion of value, and activate them; nothing is paid before."
    return {
        Standing.DRAFT: "Nothing is paid under it: no term is active.",
        Standing.AHEAD: "Nothing is paid under it before it begins.",
        Standing.ACTIVE: "Payments are released when the opinion of value, the signatures and the formula hold.",
        Standing.HOLDOVER: "Its term is over; it goes on on the same terms, with an opinion of value that still holds.",
        Standing.EXPIRED: "Its term is over and allows no holdover: payments for later days are stopped.",
        Standing.ENDED: f"{one.ending.why}" if one.ending else "",
    }[stands]


def _story(one: Arrangement) -> Iterator[Event]:
    """What happened."""
    if one.registered_at:
        yield Event(one.registered_at, f"{one.registered_by} registered it", Tone.INFO, one.title)
    for term in one.terms:
        if term.recorded_at:
            yield Event(term.recorded_at, f"{term.recorded_by} wrote term {term.number}", Tone.INFO,
                        f"{term.formula}. {term.why}".strip())  # fmt: skip
        if term.activated_at:
            yield Event(term.activated_at, f"{term.activated_by} activated term {term.number}", Tone.GOOD)
    for opinion in one.opinions:
        if opinion.recorded_at:
            yield Event(opinion.recorded_at, f"{opinion.recorded_by} filed an opinion of value", Tone.INFO,
                        f"{opinion.appraiser}: {opinion.range}")  # fmt: skip
    for answer in one.answers:
        asked = checklists.element(answer.element)
        if answer.at and asked:
            tone = Tone.GOOD if answer.said is Said.MET else Tone.WARN
            yield Event(answer.at, f"{answer.by}: {answer.said.label.lower()}", tone,
                        f"{asked.words} {answer.evidence}")  # fmt: skip
    if one.ending and one.ending.at:
        yield Event(one.ending.at, f"{one.ending.by} ended it", Tone.BAD, one.ending.why)
