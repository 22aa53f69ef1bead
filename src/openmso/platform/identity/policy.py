"""How the sign-in library behaves here: closed sign-up, sealed second factors, one idea of "recently"."""

from __future__ import annotations

import base64
from io import BytesIO
from typing import Any

import segno
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.http import HttpRequest

from openmso.kit import clock
from openmso.platform.identity import rules
from openmso.platform.identity.models import User
from openmso.platform.vault import sealing

SEAL = {"table": "mfa_authenticator", "column": "data", "practice": "none"}
"""Where a second factor's secret lives: sealed to this column, so that no other ciphertext opens there."""


class AccountPolicy(DefaultAccountAdapter):
    """Accounts are made by invitation; whoever has just proved who they are is not asked again."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        return not proved_recently(context.request)

    def reauthenticate(self, user: Any, password: str) -> bool:
        proved = self.authenticate(context.request, email=user.email, password=password)
        return proved is not None and proved.pk == user.pk

    def send_password_reset_mail(self, user: Any, email: str, context: dict[str, Any]) -> None:
        """Service accounts have no password; the answer on the page is the same."""
        if not user.is_service:
            super().send_password_reset_mail(user, email, context)

    def format_email_subject(self, subject: str) -> str:
        return subject

    def get_client_ip(self, request: HttpRequest) -> str:
        return client_address(request)


class FactorPolicy(DefaultMFAAdapter):
    """Secrets of second factors are sealed at rest; the last factor of a person who needs one stays."""

    def encrypt(self, text: str) -> str:
        sealed = sealing.seal(text, row="factor", keys=settings.FIELD_KEYS, **SEAL)
        return base64.b64encode(sealed).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return sealing.open_(base64.b64decode(encrypted_text), row="factor", keys=settings.FIELD_KEYS, **SEAL)

    def build_totp_svg(self, url: str) -> str:
        """The QR code, dark on light whatever the theme, so that cameras read it; a picture that stands by itself."""
        drawn = BytesIO()
        code = segno.make(url, error="m")
        code.save(drawn, kind="svg", xmldecl=False, nl=False, scale=4, border=2, dark="#000", light="#fff")
        return drawn.getvalue().decode()


def proved_recently(request: HttpRequest) -> bool:
    """Whether the person proved who they are within the last five minutes, by signing in or by confirming.

    A demo person who signs in by one click has nothing to prove it with.
    """
    if is_one_click(request):
        return True
    latest = max((record["at"] for record in get_authentication_records(request, request.user)), default=0)
    return 0 <= clock.now().timestamp() - latest <= settings.ACCOUNT_REAUTHENTICATION_TIMEOUT


def has_used_second_factor(request: HttpRequest) -> bool:
    """Whether this session was opened, or has since been confirmed, with a second factor or a passkey."""
    records = get_authentication_records(request, request.user)
    return any(record["method"] == "mfa" for record in records) and is_mfa_enabled(request.user)


def client_address(request: HttpRequest) -> str:
    """The caller's address: the peer's, or what our own proxies said, counted from the right (OPENMSO_PROXIES)."""
    peer = request.META.get("REMOTE_ADDR", "") or "127.0.0.1"
    if not settings.PROXIES:
        return peer
    chain = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",") if part.strip()]
    return ([*chain, peer])[-1 - min(settings.PROXIES, len(chain))]


def is_demo_here(request: HttpRequest) -> bool:
    """Whether demo sign-ins are open to this request: in demo mode, on this very computer."""
    forwarded = any(header in request.headers for header in ("X-Forwarded-For", "X-Forwarded-Host", "Forwarded"))
    host = request.get_host().rsplit(":", 1)[0] if not request.get_host().endswith("]") else request.get_host()
    address = request.META.get("REMOTE_ADDR", "")
    return settings.DEMO and rules.is_loopback(address=address, host=host, forwarded=forwarded)


def is_one_click(request: HttpRequest) -> bool:
    """Whether this is a demo person who signed in here by one click, and so has proved nothing."""
    user = request.user
    if not isinstance(user, User) or not user.is_demo or not is_demo_here(request):
        return False
    return not get_authentication_records(request, user)


def is_secured(request: HttpRequest) -> bool:
    """Whether the session may touch patient data and money: by a second factor, or as a demo user in the demo."""
    user = request.user
    if not isinstance(user, User):
        return False
    return (user.is_demo and is_demo_here(request)) or has_used_second_factor(request)
