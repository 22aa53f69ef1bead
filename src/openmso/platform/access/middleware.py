"""Who acts: computed anew for every request, never kept in the session."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable
from datetime import UTC, datetime

import structlog
from allauth.account import app_settings as account_settings
from allauth.account.authentication import get_authentication_records
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.http import HttpRequest, HttpResponse

from openmso.kit import clock
from openmso.platform.access import queries
from openmso.platform.access.contracts import Actor


class ActorMiddleware:
    """Sets `request.actor`; a person who has not signed in is an actor who may do nothing."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        at = clock.now()
        request.actor = _actor(request, at)  # type: ignore[attr-defined]
        structlog.contextvars.bind_contextvars(request=request.actor.request, user=request.actor.user)  # type: ignore[attr-defined]
        try:
            return self.get_response(request)
        finally:
            structlog.contextvars.clear_contextvars()


def _actor(request: HttpRequest, at: datetime) -> Actor:
    user = request.user
    if not user.is_authenticated:
        return Actor.nobody(at=at)
    return queries.actor_for(
        user,
        at=at,
        session=digest(request.session.session_key or ""),
        request=secrets.token_hex(8),
        fresh=is_fresh(request, at),
        secured=is_secured(request),
    )


def is_secured(request: HttpRequest) -> bool:
    """Whether the person signed in with a second factor, or is a demo user in demo mode on loopback."""
    user = request.user
    if not getattr(user, "must_use_mfa", True):
        return True
    if settings.DEMO and getattr(user, "is_demo", False) and request.get_host().split(":")[0] in settings.LOOPBACK:
        return True
    return is_mfa_enabled(user) and any(
        record["method"] in {"mfa", "webauthn"} for record in get_authentication_records(request)
    )


def is_fresh(request: HttpRequest, at: datetime) -> bool:
    """Whether the person proved who they are within the last five minutes."""
    records = get_authentication_records(request)
    latest = max((record["at"] for record in records), default=0)
    age = (at - datetime.fromtimestamp(latest, UTC)).total_seconds()
    return age <= account_settings.REAUTHENTICATION_TIMEOUT


def digest(session_key: str) -> str:
    """What the audit trail keeps of a session: enough to tell two apart, useless to take one over."""
    return hashlib.sha256(session_key.encode()).hexdigest()[:16] if session_key else ""
