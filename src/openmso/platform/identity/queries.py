"""Questions: which accounts there are, where a person is signed in, which tokens they hold, what a secret opens."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from datetime import datetime

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import decrypt
from allauth.usersessions.models import UserSession
from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet, Subquery

from openmso.kit.errors import NotFound
from openmso.platform.identity import rules
from openmso.platform.identity.contracts import Account, AccountFilters, Census, SessionRow, TokenGrant, TokenRow
from openmso.platform.identity.models import ApiToken, User
from openmso.platform.tenancy.models import Tenant

SESSIONS_SHOWN_MAX = 50


class NoSuchAccount(NotFound):
    """There is no account of that name here."""

    code = "no_such_account"


def accounts(
    filters: AccountFilters, *, only: frozenset[int] | None = None, offset: int = 0, limit: int = 50
) -> tuple[list[Account], int]:
    """The accounts that match, by name, and how many there are in all; `only` narrows to some users."""
    found = _matching(filters) if only is None else _matching(filters).filter(pk__in=only)
    return [_account(user) for user in found[offset : offset + limit]], found.count()


def census(*, only: frozenset[int] | None = None) -> Census:
    """How many accounts stand in each state; `only` narrows to some users."""
    found = _annotated() if only is None else _annotated().filter(pk__in=only)
    counts = {name: Count("pk", filter=wanted) for name, wanted in (STATES | {"unsecured": UNSECURED}).items()}
    return Census(**found.order_by().aggregate(**counts))


def account(public_id: str) -> Account:
    """One account; raises `NoSuchAccount`."""
    user = _annotated().filter(public_id=public_id).first()
    if user is None:
        raise NoSuchAccount("There is no such account.")
    return _account(user)


def account_of(user_id: int) -> Account:
    """The account of a user's key."""
    return _account(_annotated().get(pk=user_id))


def names(user_ids: set[int]) -> dict[int, str]:
    """The names of some accounts, by key."""
    return dict(User.objects.filter(pk__in=user_ids).values_list("pk", "name"))


def keys(public_ids: Collection[str]) -> dict[int, str]:
    """The public ids of some accounts, by key."""
    return dict(User.objects.filter(public_id__in=public_ids).values_list("pk", "public_id"))


def user(public_id: str) -> User:
    """The user behind an account, for the machinery of sign-in and decisions; raises `NoSuchAccount`."""
    found = User.objects.filter(public_id=public_id).first()
    if found is None:
        raise NoSuchAccount("There is no such account.")
    return found


def user_of(user_id: int) -> User:
    """The user of a key that is known to exist."""
    return User.objects.get(pk=user_id)


def demo_user(public_id: str) -> User | None:
    """The user of a demo account."""
    return User.objects.filter(public_id=public_id, is_demo=True, is_active=True).first()


def demo_secret(account: Account) -> str:
    """The authenticator secret of a demo account, which the demo page shows so that it can be tried."""
    kept = Authenticator.objects.filter(
        user_id=account.user_id, user__is_demo=True, type=Authenticator.Type.TOTP
    ).first()
    return decrypt(kept.data["secret"]) if kept else ""


def demo_accounts() -> list[Account]:
    """The accounts that sign in by one click in the demo."""
    return [_account(user) for user in _annotated().filter(is_demo=True, is_active=True).order_by("pk")]


def sessions_of(user_id: int, *, current: str) -> list[SessionRow]:
    """Where a person is signed in, newest first; `current` is the key of the session that asks."""
    rows = UserSession.objects.filter(user_id=user_id).order_by("-last_seen_at")[:SESSIONS_SHOWN_MAX]
    return [
        SessionRow(
            public_id=session_id(row.session_key), began_at=row.created_at, last_seen_at=row.last_seen_at,
            address=row.ip, device=device(row.user_agent), is_current=row.session_key == current,
        )
        for row in rows
    ]  # fmt: skip


def session_id(key: str) -> str:
    """The public name of a session: a digest, because the key itself would open it."""
    return hashlib.sha256(f"session|{key}".encode()).hexdigest()[:20]


def device(user_agent: str) -> str:
    """A browser and system in two words, as far as they can be told."""
    browsers = (("Edg/", "Edge"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))
    systems = (("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"),
               ("Mac OS", "Mac"), ("Linux", "Linux"))  # fmt: skip
    browser = next((name for mark, name in browsers if mark in user_agent), "A program")
    system = next((f" on {name}" for mark, name in systems if mark in user_agent), "")
    return browser + system


def tokens_of(user_id: int) -> list[TokenRow]:
    """The tokens an account made or that act for it, newest first."""
    mine = ApiToken.objects.filter(Q(user_id=user_id) | Q(created_by_id=user_id))
    return [_token(row) for row in mine.select_related("user").order_by("-created_at", "-pk")]


def token(public_id: str, *, user_id: int) -> TokenRow:
    """One of an account's tokens; raises `NoSuchAccount`'s kin `NoSuchToken`."""
    row = next((row for row in tokens_of(user_id) if row.public_id == public_id), None)
    if row is None:
        raise NoSuchToken("There is no such token.")
    return row


class NoSuchToken(NotFound):
    """There is no token of that name among one's own."""

    code = "no_such_token"


def grant_of(secret: str, *, address: str, at: datetime) -> TokenGrant | None:
    """What a secret opens now for a caller from this address; nothing when it is unknown, over or not for them."""
    row = ApiToken.objects.filter(
        secret_sha256=rules.fingerprint(secret), revoked_at__isnull=True, expires_at__gt=at,
        user__is_active=True, created_by__is_active=True,
    ).first()  # fmt: skip
    if row is None or not rules.address_is_allowed(address, row.networks):
        return None
    return TokenGrant(
        public_id=row.public_id, user_id=row.user_id, vouched_by=row.created_by_id,
        permissions=frozenset(row.permissions), practices=frozenset(row.practices),
    )  # fmt: skip


def home_tenant(practices: frozenset[int] | None = None) -> int | None:
    """The tenant in whose trail acts on accounts are told: the MSO, or the first tenant where there is none."""
    tenants = Tenant.objects.all() if practices is None else Tenant.objects.filter(pk__in=practices)
    return tenants.order_by("kind", "pk").values_list("pk", flat=True).first()


def _matching(filters: AccountFilters) -> QuerySet[User]:
    found = _annotated().order_by("name", "pk")
    if filters.text:
        found = found.filter(Q(name__icontains=filters.text) | Q(email__icontains=filters.text))
    if filters.state:
        found = found.filter(STATES[filters.state])
    return found.filter(UNSECURED) if filters.unsecured else found


PEOPLE = Q(is_active=True, is_service=False)
STATES = {
    "active": PEOPLE & Q(last_login__isnull=False),
    "invited": PEOPLE & Q(last_login__isnull=True),
    "disabled": Q(is_active=False),
    "service": Q(is_active=True, is_service=True),
}
UNSECURED = PEOPLE & Q(secured=False)


def _annotated() -> QuerySet[User]:
    factors = Authenticator.objects.filter(user_id=OuterRef("pk")).exclude(type=Authenticator.Type.RECOVERY_CODES)
    sessions = UserSession.objects.filter(user_id=OuterRef("pk")).order_by().values("user_id")
    seen = Subquery(sessions.annotate(latest=Max("last_seen_at")).values("latest"))
    return User.objects.annotate(secured=Exists(factors), seen_at=seen)


def _account(user: User) -> Account:
    return Account(
        user_id=user.pk, public_id=user.public_id, email=user.email, name=user.name, is_active=user.is_active,
        is_service=user.is_service, is_demo=user.is_demo,
        has_second_factor=user.secured,  # type: ignore[attr-defined]
        last_seen_at=user.seen_at or user.last_login,  # type: ignore[attr-defined]
    )  # fmt: skip


def _token(row: ApiToken) -> TokenRow:
    return TokenRow(
        public_id=row.public_id, name=row.name, hint=row.hint, owner=row.user.name,
        permissions=tuple(row.permissions), practices=tuple(row.practices), networks=tuple(row.networks),
        created_at=row.created_at, expires_at=row.expires_at, revoked_at=row.revoked_at,
        last_used_at=row.last_used_at, last_used_from=row.last_used_from or "",
    )  # fmt: skip
