"""One's own sign-in: where one is signed in, and the API tokens one made."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from openmso.kit.errors import Refused
from openmso.platform.access import queries as access
from openmso.platform.access import registry
from openmso.platform.access.contracts import Actor, TenantRow
from openmso.platform.access.edges import act, form, own, page
from openmso.platform.accounts import forms
from openmso.platform.accounts.tables import TokenState
from openmso.platform.identity import queries, services
from openmso.platform.identity.contracts import TokenRow
from openmso.platform.ui import respond


@own("where one is signed in")
@require_safe
def sessions(request: Any) -> HttpResponse:
    """Every place where one is signed in."""
    rows = queries.sessions_of(request.actor.user_id, current=request.session.session_key or "")
    return render(request, "accounts/sessions.html", {"sessions": rows})


@own("ending one of one's own sessions")
@require_POST
def end_session(request: Any, session: str) -> HttpResponse:
    """Sign one place out."""
    services.end_session(actor=request.actor, session=session, at=request.actor.at)
    messages.success(request, "Signed out there.")
    return respond.redirect(request, reverse("accounts:sessions"))


@own("ending all of one's own sessions")
@require_POST
def end_sessions(request: Any) -> HttpResponse:
    """Sign every place out, this one too."""
    services.end_sessions(actor=request.actor, account=request.actor.user, at=request.actor.at)
    return respond.redirect(request, reverse("account_login"))


@page("tokens.read")
def tokens(request: Any) -> HttpResponse:
    """The tokens one made."""
    rows = queries.tokens_of(request.actor.user_id)
    context = {
        "tokens": _shown(rows, request.actor), "may_make": request.actor.can("tokens.issue"),
        "makers": access.who_may("tokens.issue"),
    }  # fmt: skip
    return render(request, "accounts/tokens.html", context)


@form("tokens.issue")
def new_token(request: Any) -> HttpResponse:
    """Make a token; its secret is shown on the answer, once."""
    filled = forms.Token(request.POST or None, **_choices(request.actor))
    if request.method == "POST" and filled.is_valid():
        given = filled.cleaned_data
        practices = {row.public_id: row.practice for row in _practices(request.actor)}
        try:
            issued = services.issue_token(
                actor=request.actor, name=given["name"], permissions=given["permissions"], days=int(given["days"]),
                practices=[practices[one] for one in given["practices"]], networks=given["networks"],
                at=request.actor.at,
            )  # fmt: skip
        except Refused as no:
            filled.add_error(no.field if no.field in filled.fields else None, f"{no.sentence} {no.fix}".strip())
        else:
            return render(request, "accounts/token_once.html", {"issued": issued, "name": given["name"]}, status=201)
    return render(
        request,
        "accounts/new_token.html",
        {"form": filled, "here": "New token"},
        status=422 if filled.is_bound else 200,
    )


@act("tokens.revoke")
def revoke_token(request: Any, token: str) -> HttpResponse:
    """End a token at once."""
    services.revoke_token(actor=request.actor, token=token, at=request.actor.at, why=request.POST.get("why", ""))
    messages.success(request, "Revoked. It opens nothing any more.")
    return respond.redirect(request, reverse("accounts:tokens"))


def _practices(actor: Actor) -> list[TenantRow]:
    return access.tenants(actor.practices_for("tokens.issue"))


def _choices(actor: Actor) -> dict[str, forms.Choices]:
    grantable = [
        one for one in registry.permissions().values() if not (one.reserved or one.fresh) and actor.can(one.code)
    ]
    return {
        "permissions": [(one.code, f"{one.words} ({one.code})") for one in sorted(grantable, key=lambda one: one.code)],
        "practices": [(row.public_id, row.name) for row in _practices(actor)],
    }


def _shown(rows: list[TokenRow], actor: Actor) -> list[dict[str, Any]]:
    return [
        {
            "row": row,
            "state": TokenState(row.state_at(actor.at)),
            "practices": ", ".join(one.name for one in access.tenants(row.practices)),
            "is_open": row.state_at(actor.at) == "active",
        }
        for row in rows
    ]
