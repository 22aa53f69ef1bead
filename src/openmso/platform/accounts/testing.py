"""Builders for tests: a network with its people, their open agreements, browsers that are signed in, and tokens.

rockland = tenant("ROCK", "Rockland Family Practice")
priya = person("priya@mso.example", "Priya", biller=rockland)
open_lines(rockland)
browser = signed_in(priya)
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import UTC, date, datetime

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.test import Client

from openmso.kit import clock
from openmso.kit.classes import DataClass
from openmso.platform.access import queries as access
from openmso.platform.access import registry
from openmso.platform.access import services as grants
from openmso.platform.access.contracts import MANAGE_STAFF, Actor
from openmso.platform.identity import services
from openmso.platform.identity.models import User
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.tenancy.models import Tenant
from openmso.platform.tenancy.scope import scope

AT = datetime(2026, 3, 2, 15, tzinfo=UTC)
SINCE = date(2026, 1, 1)
PASSWORD = "a long sentence nobody guesses"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
DOCUMENT = hashlib.sha256(b"an executed agreement").hexdigest()
OPENS = frozenset({DataClass.BUSINESS, DataClass.DEMOGRAPHIC, DataClass.CLINICAL})


def tenant(code: str, name: str, kind: str = "practice") -> Tenant:
    """A practice, or the MSO."""
    return Tenant.objects.create(code=code, name=name, kind=kind)


def person(email: str, name: str, *, password: str | None = None, **roles: Tenant | Iterable[Tenant]) -> User:
    """A person with roles: `person("ana@rockland.example", "Ana", practice_owner=rockland)`."""
    system = Actor.system("a test", at=AT)
    with scope(practices=tenancy.whole_network().practices):
        made = services.add_user(actor=system, email=email, name=name, password=password, at=AT)
        for role, where in roles.items():
            for practice in [where] if isinstance(where, Tenant) else where:
                grants.assign(
                    actor=system, practice=practice.pk, user_id=made.user_id, role=role, starts_on=SINCE, at=AT,
                    set_up="The paper of a test",
                )  # fmt: skip
    return User.objects.get(pk=made.user_id)


def open_lines(practice: Tenant, *lines: str, baa: bool = True, opens: frozenset[DataClass] = OPENS) -> None:
    """An executed agreement puts service lines in scope (all of them unless named), with or without the BAA."""
    system = Actor.system("a test", at=AT)
    wanted = [grants.LineInScope(line, opens, SINCE, None) for line in lines or registry.LINES]
    with scope(practices=[practice.pk]):
        under = system.may(MANAGE_STAFF.code, practice.pk)
        grants.grant(
            actor=system, practice=practice.pk, agreement="AGR-TEST2345", document_sha256=DOCUMENT, lines=wanted, at=AT,
            under=under,
        )  # fmt: skip
        if baa:
            grants.cover(
                actor=system, practice=practice.pk, agreement="BAA-TEST2345", starts_on=SINCE, ends_on=None,
                document_sha256=DOCUMENT, at=AT, under=under,
            )  # fmt: skip


def with_authenticator(user: User) -> User:
    """The same person, with an authenticator whose secret is `SECRET`."""
    TOTP.activate(user, SECRET)
    return user


def code_now() -> str:
    """The six digits that the authenticator shows now."""
    return format_hotp_value(hotp_value(SECRET, next(yield_hotp_counters_from_time())))


def signed_in(user: User, *, secured: bool = True, confirmed: bool = True) -> Client:
    """A browser in which the person is signed in; `secured` by a second factor, `confirmed` just now."""
    browser = Client()
    browser.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    if secured and not Authenticator.objects.filter(user=user).exists():
        with_authenticator(user)
    session = browser.session
    proved_at = clock.now().timestamp() - (0 if confirmed else 3600)
    session["account_authentication_methods"] = [{"method": "mfa" if secured else "password", "at": proved_at}]
    session["account_authentication_methods_user"] = str(user.pk)
    session.save()
    return browser


def token_for(user: User, permissions: Iterable[str], practices: Iterable[Tenant], **asked: object) -> str:
    """A new API token of a person; the value is its secret."""
    at = clock.now()
    practices = list(practices)
    actor = access.actor_for(user, at=at, fresh=True)
    with scope(practices=[one.pk for one in practices], user=user.pk):
        return services.issue_token(
            actor=actor, name="a test", permissions=permissions, practices=[one.pk for one in practices], at=at,
            **asked,  # type: ignore[arg-type]
        ).secret  # fmt: skip


def bearer(secret: str) -> Client:
    """A client that sends a token."""
    return Client(headers={"Authorization": f"Bearer {secret}"})
