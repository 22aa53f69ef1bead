"""Verbs: accounts are added, invited and disabled; sessions end; tokens are made, used and revoked."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models import F, Q

from openmso.kit.errors import Conflict, Forbidden, Refused
from openmso.platform.access import registry
from openmso.platform.access.contracts import Actor, Decision
from openmso.platform.audit import services as audit
from openmso.platform.identity import queries, rules
from openmso.platform.identity.contracts import ISSUE_TOKENS, MANAGE_USERS, REVOKE_TOKENS, Account, IssuedToken
from openmso.platform.identity.models import ApiToken, User
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.tenancy.scope import atomic, current


class CannotAdd(Refused):
    """An account cannot be made of this."""

    code = "cannot_add_account"


class AlreadyThere(Conflict):
    """Somebody has an account with this address already."""

    code = "account_exists"


class CannotDisable(Refused):
    """This account may not be disabled by this person."""

    code = "cannot_disable"


class CannotIssue(Refused):
    """A token may not be made as it was asked for."""

    code = "cannot_issue_token"


@atomic
def add_user(
    *, actor: Actor, email: str, name: str, at: datetime, password: str | None = None, is_service: bool = False,
    is_demo: bool = False,
) -> Account:  # fmt: skip
    """Make an account; without a password the person sets one by the invitation.

    Refused without the permission, for an address that is none, and for one that has an account.
    """
    decision = actor.must(MANAGE_USERS.code)
    email = email.strip().lower()
    if not name.strip():
        raise CannotAdd("Say whose account it is.", field="name", fix="Enter a name.")
    try:
        validate_email(email)
    except ValidationError:
        raise CannotAdd(f"{email!r} is not an e-mail address.", field="email", fix="Check the address.") from None
    if User.objects.filter(email=email).exists():
        raise AlreadyThere(f"There is an account with {email} already.", field="email", fix="Find it in the list.")
    user = User.objects.create_user(
        email, None if is_service else password, name=name.strip(), is_service=is_service, is_demo=is_demo
    )
    if not is_service:
        EmailAddress.objects.create(user=user, email=email, primary=True, verified=True)
    _tell(actor, "identity.user_added", user, at, decision=decision, service=is_service)
    return queries.account_of(user.pk)


@atomic
def disable(*, actor: Actor, account: str, why: str, at: datetime) -> Account:
    """Close an account at once: its sessions and tokens end with the next request."""
    decision = actor.must(MANAGE_USERS.code)
    user = _locked(account)
    if user.pk == actor.user_id:
        raise CannotDisable("You cannot disable your own account.", fix="Ask another administrator.")
    if not why.strip():
        raise CannotDisable("Say why the account is disabled.", field="why")
    user.is_active = False
    user.save(update_fields=["is_active"])
    _end_all(user)
    _tell(actor, "identity.user_disabled", user, at, decision=decision, why=why)
    return queries.account_of(user.pk)


@atomic
def enable(*, actor: Actor, account: str, at: datetime) -> Account:
    """Open a disabled account again; what it may do is what its assignments say."""
    decision = actor.must(MANAGE_USERS.code)
    user = _locked(account)
    user.is_active = True
    user.save(update_fields=["is_active"])
    _tell(actor, "identity.user_enabled", user, at, decision=decision)
    return queries.account_of(user.pk)


@atomic
def tell_invited(*, actor: Actor, account: str, at: datetime) -> None:
    """Note in the trail that an invitation was sent; the mail itself is the edge's."""
    decision = actor.must(MANAGE_USERS.code)
    _tell(actor, "identity.user_invited", _locked(account), at, decision=decision)


@atomic
def end_session(*, actor: Actor, session: str, at: datetime) -> int:
    """End one of the actor's own sessions, by its public id; how many that were (0 when it is over already)."""
    user = _person(actor)
    keys = [
        key for key in UserSession.objects.filter(user=user).values_list("session_key", flat=True)
        if queries.session_id(key) == session
    ]  # fmt: skip
    _end(keys)
    if keys:
        _tell(actor, "identity.session_ended", user, at, count=len(keys))
    return len(keys)


@atomic
def end_sessions(*, actor: Actor, account: str, at: datetime) -> None:
    """End every session of an account: one's own, or another's with the permission."""
    user = _locked(account)
    decision = None if user.pk == actor.user_id else actor.must(MANAGE_USERS.code)
    count = UserSession.objects.filter(user=user).count()
    _end_all(user)
    _tell(actor, "identity.session_ended", user, at, decision=decision, count=count)


@atomic
def set_display(*, actor: Actor, density: str, theme: str, single_keys: bool) -> None:
    """A person's own taste; values that are no choice are refused."""
    if density not in User.Density.values or theme not in User.Theme.values:
        raise Refused("There is no such density or theme.", code="no_such_display")
    User.objects.filter(pk=_person(actor).pk).update(density=density, theme=theme, single_keys=single_keys)


@atomic
def issue_token(
    *, actor: Actor, name: str, permissions: Iterable[str], practices: Iterable[int], at: datetime, days: int = 90,
    networks: Iterable[str] = (), account: str = "",
) -> IssuedToken:  # fmt: skip
    """Make a token that acts for the actor, or for a service account; its secret is in the answer and nowhere else.

    Refused for a permission or practice that whoever it acts for does not hold now, for acts that only a person
    may do, and for more than 90 days. A token can never do more than its account can at the moment of a call.
    """
    wanted, where = sorted(set(permissions)), sorted(set(practices))
    user = _acting(actor, account)
    unknown = [code for code in wanted if code not in registry.permissions()]
    if unknown:
        raise CannotIssue(f"There is no permission {unknown[0]!r}.", field="permissions")
    faults = rules.token_faults(
        name=name, permissions=map(registry.permission, wanted), practices=where, networks=(allowed := list(networks)),
        expires_at=(expires_at := at + timedelta(days=days)), at=at,
    )  # fmt: skip
    for fault in faults:
        raise CannotIssue(fault.sentence, field=fault.field)
    for practice in where:
        decision = actor.must(ISSUE_TOKENS.code, practice)
        if user.pk == actor.user_id:
            for code in wanted:
                actor.must(code, practice)
    secret = rules.TOKEN_PREFIX + secrets.token_urlsafe(32)
    row = ApiToken.objects.create(
        user=user, created_by=_person(actor), name=name.strip()[:80], secret_sha256=rules.fingerprint(secret),
        hint=secret[: rules.TOKEN_HINT_LENGTH], permissions=wanted, practices=where, networks=allowed,
        created_at=at, expires_at=expires_at,
    )  # fmt: skip
    for practice in where:
        audit.record(
            actor=actor, action="identity.token_issued", practice=practice, subject=("identity.token", row.public_id),
            at=at, decision=decision,
            facts={"expires_on": tenancy.today(practice, expires_at), "permissions": len(wanted)},
        )  # fmt: skip
    return IssuedToken(row.public_id, secret, expires_at)


@atomic
def revoke_token(*, actor: Actor, token: str, at: datetime, why: str = "") -> None:
    """End a token at once: one's own, one made by oneself, or anybody's with the permission over accounts.

    Revoking twice changes nothing.
    """
    row = ApiToken.objects.select_for_update().filter(public_id=token).first()
    mine = row is not None and actor.user_id in {row.user_id, row.created_by_id}
    if row is None or not (mine or actor.can(MANAGE_USERS.code)):
        raise queries.NoSuchToken("There is no such token.")
    if row.revoked_at is not None:
        return
    row.revoked_at = at
    row.save(update_fields=["revoked_at"])
    for practice in set(row.practices) & current().practices:
        audit.record(
            actor=actor, action="identity.token_revoked", practice=practice, at=at,
            subject=("identity.token", token), facts={"why": why[:200]}, why=why,
            decision=actor.may(REVOKE_TOKENS.code, practice),
        )  # fmt: skip


def note_use(*, token: str, address: str, at: datetime) -> None:
    """Keep when and from where a token was last used, to the minute."""
    stale = Q(last_used_at__isnull=True) | Q(last_used_at__lte=at - rules.SEEN_EVERY)
    ApiToken.objects.filter(stale, public_id=token).update(last_used_at=at, last_used_from=address or None)


def enrol_demo_factor(*, account: str, secret: str) -> None:
    """Give a demo account an authenticator with a known secret, so that a second factor can be tried."""
    from allauth.mfa.totp.internal.auth import TOTP

    user = User.objects.get(public_id=account, is_demo=True)
    if not Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists():
        TOTP.activate(user, secret)


def end_all_sessions(user: User) -> None:
    """All sessions of a person end: what happens when a password or second factor changes."""
    _end_all(user)


def _acting(actor: Actor, account: str) -> User:
    """Whom a token acts for: the actor, or a service account that the actor may manage."""
    own = _person(actor)
    if account in {"", own.public_id}:
        return own
    actor.must(MANAGE_USERS.code)
    user = User.objects.filter(public_id=account, is_service=True, is_active=True).first()
    if user is None:
        raise CannotIssue("Tokens are made for oneself or for a service account.", field="account")
    return user


def _person(actor: Actor) -> User:
    """The person who acts; the system has no sessions, tokens or taste of its own."""
    if actor.user_id is None:
        raise Forbidden("Only a person may do this.")
    return User.objects.get(pk=actor.user_id)


def _locked(account: str) -> User:
    user = User.objects.select_for_update().filter(public_id=account).first()
    if user is None:
        raise queries.NoSuchAccount("There is no such account.")
    return user


def _end_all(user: User) -> None:
    User.objects.filter(pk=user.pk).update(sessions_ended=F("sessions_ended") + 1)
    user.sessions_ended += 1
    _end(list(UserSession.objects.filter(user=user).values_list("session_key", flat=True)))


def _end(keys: list[str]) -> None:
    Session.objects.filter(session_key__in=keys).delete()
    UserSession.objects.filter(session_key__in=keys).delete()


def _tell(
    actor: Actor, action: str, user: User, at: datetime, *, decision: Decision | None = None, why: str = "",
    **facts: object,
) -> None:  # fmt: skip
    """Tell the trail of the network; before there is any tenant there is no trail to tell."""
    home = queries.home_tenant(current().practices)
    if home is not None:
        audit.record(
            actor=actor, action=action, practice=home, subject=("identity.user", user.public_id), at=at,
            facts=facts | ({"why": why[:200]} if why else {}), why=why, decision=decision,
        )  # fmt: skip
