"""Who acts: computed anew for every request, never kept in the session."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable
from datetime import datetime

import structlog
from django.http import HttpRequest, HttpResponse

from openmso.kit import clock
from openmso.platform.access import queries
from openmso.platform.access.contracts import Actor
from openmso.platform.identity import policy


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
        fresh=policy.proved_recently(request),
        secured=policy.is_secured(request),
    )


def digest(session_key: str) -> str:
    """What the audit trail keeps of a session: enough to tell two apart, useless to take one over."""
    return hashlib.sha256(session_key.encode()).hexdigest()[:16] if session_key else ""
