"""Revealing a sealed number: asked for with a reason, shown once, never cached."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.cache import never_cache

from openmso.kit.errors import Refused
from openmso.parties import forms
from openmso.parties.queries import practices as queries
from openmso.parties.services import secrets
from openmso.platform.access.edges import form
from openmso.platform.tenancy.scope import reading
from openmso.platform.ui import respond
from openmso.platform.ui.filling import refuse

TEMPLATE = "parties/reveal.html"


@never_cache
@form("parties.reveal")
def ssn(request: Any, practice: str, clinician: str) -> HttpResponse:
    """A clinician's social security number."""

    def reveal(tenant: int, why: str) -> str:
        return secrets.reveal_ssn(
            actor=request.actor, practice=tenant, clinician=clinician, why=why, at=request.actor.at
        )

    return _revealed(request, practice, "Reveal the social security number", reveal)


@never_cache
@form("parties.reveal")
def account(request: Any, practice: str, account: str) -> HttpResponse:
    """The number of a bank account."""

    def reveal(tenant: int, why: str) -> str:
        return secrets.reveal_account(
            actor=request.actor, practice=tenant, account=account, why=why, at=request.actor.at
        )

    return _revealed(request, practice, "Reveal the account number", reveal)


def _revealed(request: Any, practice: str, title: str, reveal: Callable[[int, str], str]) -> HttpResponse:
    with reading():
        found = queries.by_public_id(practice, at=request.actor.at)
    filled, shown = forms.Why(request.POST or None), ""
    if request.method == "POST" and filled.is_valid():
        try:
            shown = reveal(found.id, filled.cleaned_data["why"])
        except Refused as no:
            refuse(filled, no)
    back = reverse("parties:practice", args=[practice])
    context = {"title": title, "form": filled, "shown": shown, "back": back, "crumbs": [(found.name, back)]}
    return respond.page(request, TEMPLATE, context, status=422 if filled.errors else 200)
