"""What the sign-in library tells us: it goes into the trail, and a changed credential ends every session."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from allauth.account import signals as account
from allauth.account.internal.flows.login import get_authentication_records, record_authentication
from allauth.mfa import signals as mfa
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.auth import signals as auth
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest

from openmso.kit import clock
from openmso.platform.access.contracts import Actor, ActorKind
from openmso.platform.audit import services as audit
from openmso.platform.identity import middleware, policy, queries, services
from openmso.platform.identity.models import User
from openmso.platform.tenancy.scope import atomic, scope


def connect() -> None:
    """Listen; weak references would let the receivers go."""
    for signal, receiver in (
        (account.user_logged_in, signed_in),
        (account.password_changed, password_changed),
        (account.password_reset, password_changed),
        (account.authentication_step_completed, confirmed),
        (mfa.authenticator_added, factor_added),
        (mfa.authenticator_removed, factor_removed),
        (mfa.authenticator_reset, factor_reset),
        (auth.user_logged_out, signed_out),
        (auth.user_login_failed, sign_in_failed),
    ):
        signal.connect(receiver, weak=False, dispatch_uid=f"identity.{receiver.__name__}.{id(signal)}")


def signed_in(*, request: HttpRequest, user: User, **_: Any) -> None:
    """A session begins: its clock starts, and the trail says how and from where."""
    now = clock.now().timestamp()
    request.session[middleware.BEGAN] = request.session[middleware.SEEN] = now
    records = get_authentication_records(request, user)
    method = "+".join(str(record.get("type") or record["method"]) for record in records) or "demo"
    _tell("identity.signed_in", user, request, method=method[:40])


def signed_out(*, request: HttpRequest, user: User | None, **_: Any) -> None:
    """A person leaves."""
    if user is not None:
        _tell("identity.signed_out", user, request)


def sign_in_failed(*, credentials: dict[str, Any], request: HttpRequest | None = None, **_: Any) -> None:
    """Somebody failed to sign in; the trail names the account where there is one, and no password ever."""
    user = User.objects.filter(email=str(credentials.get("email", "")).lower()).first()
    if user is not None and request is not None:
        _tell("identity.sign_in_failed", user, request, by=Actor.nobody(at=clock.now()))


def confirmed(*, request: HttpRequest, user: User, method: str, reauthenticated: bool = False, **_: Any) -> None:
    """A signed-in person proved again who they are; an act that waited for it goes on within this request."""
    if reauthenticated:
        request.actor = replace(request.actor, fresh=True)  # type: ignore[attr-defined]
        _tell("identity.confirmed", user, request, method=method)


def password_changed(*, request: HttpRequest, user: User, **_: Any) -> None:
    """Every session ends; the person signs in anew with the new password."""
    services.end_all_sessions(user)
    _tell("identity.password_changed", user, request)


def factor_added(*, request: HttpRequest, user: User, authenticator: Authenticator, **_: Any) -> None:
    """All other sessions end; this one has just used the factor, and says so."""
    if authenticator.type == Authenticator.Type.RECOVERY_CODES:
        return
    record_authentication(request, user, "mfa", id=authenticator.pk, type=authenticator.type)
    _renew(request, user)
    _tell("identity.factor_added", user, request, factor=authenticator.type)


def factor_removed(*, request: HttpRequest, user: User, authenticator: Authenticator, **_: Any) -> None:
    """All other sessions end."""
    _renew(request, user)
    _tell("identity.factor_removed", user, request, factor=authenticator.type)


def factor_reset(*, request: HttpRequest, user: User, **_: Any) -> None:
    """New recovery codes; all other sessions end."""
    _renew(request, user)
    _tell("identity.factor_reset", user, request)


def _renew(request: HttpRequest, user: User) -> None:
    """End every session of the person but this one, which gets a new key."""
    services.end_all_sessions(user)
    request.user = user
    update_session_auth_hash(request, user)
    UserSession.objects.create_from_request(request)


def _tell(action: str, user: User, request: HttpRequest, *, by: Actor | None = None, **facts: object) -> None:
    home = queries.home_tenant()
    if home is None:
        return
    at = clock.now()
    actor = by or Actor(ActorKind.PERSON, user.name, at, user_id=user.pk, user=user.public_id)
    told = {"address": policy.client_address(request)} | facts
    with scope(practices=[home], user=user.pk), atomic.open():
        audit.record(
            actor=actor, action=action, practice=home, subject=("identity.user", user.public_id), at=at, facts=told
        )
