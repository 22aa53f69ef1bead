"""Who calls: a bearer token, or the session of a signed-in person with a CSRF token."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja.security.base import AuthBase
from ninja.utils import check_csrf

from openmso.platform.access import queries as access
from openmso.platform.access.contracts import Actor, ActorKind
from openmso.platform.api import problems
from openmso.platform.identity import policy, queries, services
from openmso.platform.identity.contracts import ISSUE_TOKENS, TokenGrant

SAFE = {"GET", "HEAD", "OPTIONS"}


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls, and the public id under which their idempotency keys are kept."""

    actor: Actor
    owner: str


def caller_of(request: Any) -> Caller | HttpResponse:
    """The caller of a request, or the problem to answer with."""
    header = request.headers.get("Authorization", "")
    if header:
        return _by_token(request, header)
    if request.actor.kind is ActorKind.NOBODY:
        return unauthorized("Send `Authorization: Bearer <token>`, or sign in.")
    if request.method not in SAFE and check_csrf(request) is not None:
        return problems.problem(403, "csrf", "A call by session cookie needs its CSRF token in X-CSRFToken.")
    return Caller(request.actor, request.actor.user)


def _by_token(request: HttpRequest, header: str) -> Caller | HttpResponse:
    kind, _, secret = header.partition(" ")
    if kind.lower() != "bearer" or not secret.strip():
        return unauthorized("The header is `Authorization: Bearer <token>`.")
    at: datetime = request.actor.at  # type: ignore[attr-defined]
    address = policy.client_address(request)
    grant = queries.grant_of(secret.strip(), address=address, at=at)
    if grant is None:
        return unauthorized("This token is unknown, expired, revoked, or not for your address.", error="invalid_token")
    services.note_use(token=grant.public_id, address=address, at=at)
    return Caller(token_actor(grant, at=at, request=request.actor.request), grant.public_id)  # type: ignore[attr-defined]


def token_actor(grant: TokenGrant, *, at: datetime, request: str = "") -> Actor:
    """The actor of a token, never wider than its account is now, nor than whoever vouches for it may vouch."""
    account = queries.user_of(grant.user_id)
    actor = access.actor_for(account, at=at, session=grant.public_id, request=request, only=grant.permissions)
    practices = grant.practices
    if grant.vouched_by != grant.user_id:
        voucher = access.actor_for(queries.user_of(grant.vouched_by), at=at, fresh=True)
        practices &= voucher.practices_for(ISSUE_TOKENS.code)
    return narrowed(replace(actor, kind=ActorKind.SERVICE), practices)


def narrowed(actor: Actor, practices: frozenset[int]) -> Actor:
    """The same actor, with no standing outside some practices."""
    standing = actor.standing
    kept = replace(
        standing,
        assignments={key: held for key, held in standing.assignments.items() if key in practices},
        grants={key: held for key, held in standing.grants.items() if key in practices},
        tenants={key: tenant for key, tenant in standing.tenants.items() if key in practices},
    )
    return replace(actor, standing=kept)


def unauthorized(detail: str, *, error: str = "") -> HttpResponse:
    """401 with the challenge that RFC 6750 asks for."""
    challenge = 'Bearer realm="openmso"' + (f', error="{error}"' if error else "")
    return problems.problem(401, "unauthorized", detail, headers={"WWW-Authenticate": challenge})


class _Checked(AuthBase):
    """The guard has checked the caller already; ninja asks these only for the description of the API."""

    def __call__(self, request: HttpRequest) -> Any:
        return getattr(request, "caller", None)


class BearerToken(_Checked):
    openapi_type = "http"
    openapi_scheme = "bearer"
    openapi_name = "token"


class SessionCookie(_Checked):
    openapi_type = "apiKey"
    openapi_in = "cookie"
    openapi_name = "sessionid"
