"""Following claims up on screen: when payers are asked, what they were asked, and asking now."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.urls import reverse

from openmso.claims import forms
from openmso.claims.contracts import SUBMIT
from openmso.claims.queries import follow_ups as queries
from openmso.claims.services import following
from openmso.claims.tables import FOLLOW_UPS, INQUIRIES
from openmso.kit import clock
from openmso.kit.words import counted
from openmso.parties.queries import payers
from openmso.platform.access.edges import act, form, page
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.tenancy.scope import reading
from openmso.platform.ui import respond, tables
from openmso.platform.ui.contracts import PageAsk
from openmso.platform.ui.filling import fill

LATEST = 20


@page("claims.read")
def index(request: Any) -> HttpResponse:
    """When each payer is asked, and the latest questions."""
    context = {
        "rules": tables.static(request, FOLLOW_UPS, queries.register()),
        "asked": tables.static(request, INQUIRIES, queries.inquiries(page=PageAsk(size=LATEST)).rows),
        "may_ask": request.actor.can(SUBMIT.code), "here": "Follow-up",
    }  # fmt: skip
    return respond.page(request, "claims/follow_up.html", context)


@act("claims.submit")
def ask(request: Any) -> HttpResponse:
    """Ask now about every claim that is due."""
    sent = [
        one
        for practice in sorted(request.actor.practices_for(SUBMIT.code))
        for one in following.ask(actor=request.actor, practice=practice, at=clock.now())
    ]
    claims = sum(one.claims for one in sent)
    said = f"{counted(claims, 'claim')} asked about in {counted(len(sent), 'file')}." if sent else "No claim is due."
    return respond.done(request, said, back=reverse("claims:follow_up"))


@form("claims.follow", mailroom=True)
def change(request: Any, payer: str) -> HttpResponse:
    """Say when a payer is asked."""
    with reading():
        whom, mso = payers.by_public_id(payer), tenancy.mso()
        now = next((one for one in queries.register() if one.payer == payer), None)
    initial = {"days": now.days, "again_days": now.again_days, "asks_max": now.asks_max} if now else {}
    filled = forms.FollowUpForm(request.POST or None, initial=initial)
    back = reverse("claims:follow_up")

    def save(given: dict[str, Any]) -> str:
        following.set_rule(actor=request.actor, mso=mso, payer=payer, at=clock.now(), **given)
        return back

    context = {"title": f"When {whom.name} is asked", "back": back, "crumbs": [("Follow-up", back)]}
    return fill(request, filled, template="claims/follow_up_rule.html", save=save, said="Changed.", context=context)
