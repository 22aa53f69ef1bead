"""Screens of interests: the disclosures, one with its story, disclosing and renewing, related parties."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.urls import reverse

from openmso.governance.contracts import DISCLOSE, READ
from openmso.governance.contracts.interests import Band, Interest, NewInterest, Told
from openmso.governance.forms.interests import CHANGE, END, InterestForm, RenewForm
from openmso.governance.queries import interests as queries
from openmso.governance.services import interests as services
from openmso.governance.states import Held
from openmso.governance.tables.interests import INTERESTS, PAID_TO, RELATED
from openmso.parties.queries import practices as parties
from openmso.parties.queries import vendors
from openmso.platform.access.edges import form, page
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.tenancy.scope import reading
from openmso.platform.ui import respond, tables
from openmso.platform.ui.contracts import Event, Tone
from openmso.platform.ui.filling import fill

_WHAT = {"disclosed": "Disclosed", "renewed": "Renewed", "changed": "Changed", "ended": "Ended"}


@page(READ.code)
def interests(request: Any) -> HttpResponse:
    """The disclosures one may see."""
    ask = tables.ask(request, INTERESTS)
    return tables.answer(
        request, INTERESTS, ask, template="governance/interests.html",
        context={"here": "Interests", "crumbs": [], "may": request.actor.can(DISCLOSE.code)},
        fetch=lambda wanted: queries.listing(filters=ask.filters, page=wanted, at=request.actor.at),
    )  # fmt: skip


@page(READ.code)
def interest(request: Any, interest: str) -> HttpResponse:
    """One disclosure with everything that was said of it."""
    found = queries.interest(interest, at=request.actor.at)
    mine = found.account == request.actor.user and request.actor.can(DISCLOSE.code, found.practice)
    context = {
        "one": found, "here": found.public_id, "crumbs": _crumbs(), "story": _story(found),
        "may_renew": mine and found.state is not Held.ENDED, "overdue": found.state is Held.OVERDUE,
    }  # fmt: skip
    return respond.page(request, "governance/interest.html", context)


@page(READ.code)
def related(request: Any) -> HttpResponse:
    """The related parties of the practices one may see."""
    ask = tables.ask(request, RELATED)
    return tables.answer(
        request, RELATED, ask, template="governance/related.html",
        context={"here": "Related parties", "crumbs": _crumbs()},
        fetch=lambda wanted: queries.related_page(
            actor=request.actor, filters=ask.filters, page=wanted, at=request.actor.at
        ),
    )  # fmt: skip


@page(READ.code)
def related_party(request: Any, practice: str, party: str) -> HttpResponse:
    """One related party: what makes it so, who disclosed it, and everything that was paid to it."""
    found = queries.related_party(tenancy.key_in_scope(practice), party, actor=request.actor, at=request.actor.at)
    if file := tables.exported(request, PAID_TO, found.payments, totals={"amount": found.paid}):
        return file
    context = {
        "one": found, "here": found.party, "crumbs": [*_crumbs(), ("Related parties", reverse("governance:related"))],
        "table": tables.static(request, PAID_TO, found.payments, totals={"amount": found.paid}),
    }  # fmt: skip
    return respond.page(request, "governance/related_party.html", context)


@form(DISCLOSE.code)
def disclose(request: Any) -> HttpResponse:
    """Disclose an interest of one's own."""
    with reading():
        practices = [row for row in tenancy.tenants_in_scope() if not row.is_mso]
        sellers = [(one.public_id, one.name) for row in practices for one in vendors.vendors(row.pk)]
        msos = " or ".join(one.legal_name for one in parties.msos())
    filled = InterestForm(
        request.POST or None, practices=[(row.public_id, row.name) for row in practices], vendors=sellers,
        msos=msos, initial={"practice": request.GET.get("practice", "")},
    )  # fmt: skip

    def save(given: dict[str, Any]) -> str:
        with reading():
            practice = tenancy.key_in_scope(given["practice"])
        made = services.disclose(actor=request.actor, practice=practice, new=filled.interest(), at=request.actor.at)
        return reverse("governance:interest", args=[made])

    context = {
        "title": "Disclose an interest", "here": "Disclose", "crumbs": _crumbs(), "act_label": "Disclose it",
        "back": reverse("governance:interests"),
        "lede": "Yours alone, and what your family holds. The practice sees it; it stays, and is renewed every year.",
        "consequences": ["You neither vote nor decide on what is about that party, until you say that it has ended."],
    }  # fmt: skip
    return fill(request, filled, save=save, said="Disclosed.", context=context)


@form(DISCLOSE.code)
def renew(request: Any, interest: str) -> HttpResponse:
    """Say whether a disclosure still holds."""
    with reading():
        found = queries.interest(interest, at=request.actor.at)
    filled = RenewForm(request.POST or None, initial={"band": found.band.value, "words": found.words})

    def save(given: dict[str, Any]) -> str:
        mine = {"actor": request.actor, "interest": interest, "at": request.actor.at}
        if given["what"] == END:
            services.end(why=given["words"], **mine)
        else:
            new = NewInterest(found.nature, found.party, given["words"], Band(given["band"]), found.vendor)
            services.renew(changed=new if given["what"] == CHANGE else None, **mine)
        return reverse("governance:interest", args=[interest])

    context = {
        "title": "Renew the disclosure", "here": "Renew", "act_label": "Say so", "lede": _about(found),
        "back": reverse("governance:interest", args=[interest]),
        "crumbs": [*_crumbs(), (interest, reverse("governance:interest", args=[interest]))],
    }  # fmt: skip
    return fill(request, filled, save=save, said="Recorded.", context=context)


def _about(found: Interest) -> str:
    return f"{found.person}: {found.nature_words.lower()}{f' in {found.party}' if found.party else ''}."


def _story(found: Interest) -> list[Event]:
    return [_event(one) for one in reversed(found.story)]


def _event(one: Told) -> Event:
    tone = Tone.NONE if one.what == "ended" else Tone.INFO
    return Event(one.at, f"{_WHAT[one.what]} by {one.by}", tone, f"{one.band.words}. {one.words}")


def _crumbs() -> list[tuple[str, str]]:
    return [("Interests", reverse("governance:interests"))]
