"""How long a session lives and what an API token may be: plain values in, answers out. No database, no clock.

Limits follow NIST SP 800-63B (AAL2) and OWASP ASVS 5.0 V7, tightened: 15 minutes idle, 12 hours at most.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import ip_address, ip_network

from openmso.platform.access.contracts import Permission

IDLE_MAX = timedelta(minutes=15)
ABSOLUTE_MAX = timedelta(hours=12)
SEEN_EVERY = timedelta(minutes=1)
"""How often "last seen" is written; a session may end this much before its 15 idle minutes, never after."""

TOKEN_LIFE_MAX = timedelta(days=90)
TOKEN_PREFIX = "omso_"
"""Scanners of source code find a lost token by it."""

TOKEN_NETWORKS_MAX = 20
TOKEN_HINT_LENGTH = len(TOKEN_PREFIX) + 4


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong with a request for a token, and the field it is about."""

    sentence: str
    field: str


def why_over(*, began_at: datetime, seen_at: datetime, at: datetime) -> str:
    """Why a session is over at an instant, in words for the sign-in page; empty while it lives."""
    if at - began_at >= ABSOLUTE_MAX:
        return "You were signed out after 12 hours. Your work was kept."
    if at - seen_at >= IDLE_MAX:
        return "You were signed out after 15 minutes without activity. Your work was kept."
    return ""


def token_faults(
    *, name: str, permissions: Iterable[Permission], practices: Iterable[int], networks: Iterable[str],
    expires_at: datetime, at: datetime,
) -> Iterator[Fault]:  # fmt: skip
    """What is wrong with a token somebody asks for, whoever asks."""
    wanted, allowed_from = tuple(permissions), tuple(networks)
    if not name.strip():
        yield Fault("Name the token after what will use it.", "name")
    if not wanted:
        yield Fault("Choose at least one permission.", "permissions")
    for permission in wanted:
        if permission.reserved:
            yield Fault(f"Only a person may {permission.words}; a token may not.", "permissions")
        elif permission.fresh:
            yield Fault(f"To {permission.words} a person must confirm who they are; a token cannot.", "permissions")
    if not tuple(practices):
        yield Fault("Choose at least one practice.", "practices")
    if not timedelta(0) < expires_at - at <= TOKEN_LIFE_MAX:
        yield Fault(f"A token lives for 1 to {TOKEN_LIFE_MAX.days} days.", "days")
    if len(allowed_from) > TOKEN_NETWORKS_MAX:
        yield Fault(f"A token has at most {TOKEN_NETWORKS_MAX} networks.", "networks")
    for network in allowed_from:
        if not is_network(network):
            yield Fault(f"{network[:43]!r} is not an address or network such as 203.0.113.0/24.", "networks")


def is_network(text: str) -> bool:
    """Whether a text is an IP address or a network in CIDR form."""
    try:
        ip_network(text, strict=True)
    except ValueError:
        return False
    return True


def address_is_allowed(address: str, networks: Iterable[str]) -> bool:
    """Whether a caller's address lies in one of a token's networks; no networks means anywhere."""
    allowed = tuple(networks)
    if not allowed:
        return True
    try:
        caller = ip_address(address)
    except ValueError:
        return False
    return any(caller in ip_network(network) for network in allowed)


def fingerprint(secret: str) -> str:
    """What is kept of a token's secret: SHA-256; 256 random bits need no salt and no stretching."""
    return hashlib.sha256(secret.encode()).hexdigest()


def is_loopback(*, address: str, host: str, forwarded: bool) -> bool:
    """Whether a request came from this very computer: by its peer, by the name it asked, and by no proxy."""
    if forwarded or host not in {"127.0.0.1", "localhost", "[::1]", "testserver"}:
        return False
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False
