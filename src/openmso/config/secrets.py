"""Secrets: given by the environment, or made once in a folder that only this account can read."""

from __future__ import annotations

import os
import secrets
from pathlib import Path


def secret_key(data: Path) -> str:
    """The key that signs sessions and tokens of forms."""
    return os.environ.get("OPENMSO_SECRET_KEY") or _kept(data / "keys" / "secret_key", secrets.token_urlsafe(64))


def field_keys(data: Path) -> dict[int, bytes]:
    """The AES-256 keys of stored secrets by number, newest last: `1:<64 hex digits>,2:<64 hex digits>`."""
    text = os.environ.get("OPENMSO_FIELD_KEYS") or _kept(data / "keys" / "field_keys", f"1:{secrets.token_hex(32)}")
    keys = {int(number): bytes.fromhex(key) for number, key in (part.split(":") for part in text.split(","))}
    if any(len(key) != 32 or not 0 < number < 256 for number, key in keys.items()):
        raise ValueError("OPENMSO_FIELD_KEYS is number:key pairs; numbers 1 to 255, keys of 64 hex digits")
    return keys


def audit_key(data: Path) -> bytes:
    """The Ed25519 seed that signs exported heads of the audit trail; the database never sees it."""
    key = bytes.fromhex(
        os.environ.get("OPENMSO_AUDIT_KEY") or _kept(data / "keys" / "audit_key", secrets.token_hex(32))
    )
    if len(key) != 32:
        raise ValueError("OPENMSO_AUDIT_KEY is 64 hex digits")
    return key


def named(text: str) -> dict[str, str]:
    """`ROCK=acct_1,LUMEN=acct_2` by name; raises `ValueError` where a part is not such a pair."""
    pairs = [part.split("=") for part in text.split(",") if part.strip()]
    if any(len(pair) != 2 or not all(half.strip() for half in pair) for pair in pairs):
        raise ValueError("OPENMSO_STRIPE_ACCOUNTS is code=account pairs: ROCK=acct_1,LUMEN=acct_2")
    return {code.strip(): account.strip() for code, account in pairs}


def _kept(path: Path, fresh: str) -> str:
    """The text of a file, which is written first where it is missing; two starters agree on one text."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(fresh)
    except FileExistsError:
        return path.read_text()
    return fresh
