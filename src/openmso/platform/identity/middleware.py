"""Session limits: a session ends after 15 idle minutes and after 12 hours, whatever its cookie says.

A page that asks again by itself (`hx-trigger="every ..."`) says so in a header, and is no sign that anybody is there.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse

from openmso.kit import clock
from openmso.platform.identity import rules

BEGAN, SEEN = "openmso_began_at", "openmso_seen_at"
BACKGROUND = "X-Background"
"""Sent by a page that asks by itself; whoever sends it only keeps their own session shorter."""


class SessionLimits:
    """Ends sessions that are over, and keeps when a session was last seen, to the minute."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            keep_or_end(request, clock.now())
        return self.get_response(request)


def keep_or_end(request: HttpRequest, at: datetime) -> None:
    """Sign the person out where the session is over at an instant; otherwise note that they are here."""
    began_at, seen_at = _instant(request, BEGAN, at), _instant(request, SEEN, at)
    why = rules.why_over(began_at=began_at, seen_at=seen_at, at=at)
    if why:
        UserSession.objects.filter(session_key=request.session.session_key).delete()
        logout(request)
        messages.info(request, why, extra_tags="session-over")
    elif BEGAN not in request.session or (at - seen_at >= rules.SEEN_EVERY and BACKGROUND not in request.headers):
        request.session[BEGAN], request.session[SEEN] = began_at.timestamp(), at.timestamp()
        UserSession.objects.create_from_request(request)


def _instant(request: HttpRequest, key: str, at: datetime) -> datetime:
    kept = request.session.get(key)
    return at if kept is None else datetime.fromtimestamp(kept, UTC)
