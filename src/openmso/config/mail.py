"""How mail leaves: by the SMTP server that `OPENMSO_SMTP` names, else printed where the process writes its log."""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote, urlsplit

PORTS = {"smtp": 25, "smtp+tls": 587, "smtps": 465}
"""Plain (a relay on this machine), STARTTLS, and TLS from the first byte."""


def settings(url: str, sender: str) -> dict[str, Any]:
    """Django's settings of a server `smtp+tls://user:password@host:587`; raises `ValueError` naming what is wrong."""
    if not url:
        return {"EMAIL_BACKEND": "django.core.mail.backends.console.EmailBackend"}
    parts = urlsplit(url)
    if parts.scheme not in PORTS or not parts.hostname:
        raise ValueError(
            "OPENMSO_SMTP is smtp://, smtp+tls:// or smtps:// and user:password@host:port; this one is not"
        )
    if "@" not in sender:
        raise ValueError("OPENMSO_EMAIL_FROM is the address that mail comes from; OPENMSO_SMTP needs it")
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": parts.port or PORTS[parts.scheme],
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_TLS": parts.scheme == "smtp+tls",
        "EMAIL_USE_SSL": parts.scheme == "smtps",
        "EMAIL_TIMEOUT": 20,
        "DEFAULT_FROM_EMAIL": sender,
        "SERVER_EMAIL": sender,
    }
