"""Sealing: AES-256-GCM (NIST SP 800-38D) with a key of its own for every column and practice. Pure functions.

A sealed value is `key number (1 byte) | nonce (12 bytes) | ciphertext and tag`; the nonce is random, and the
sub-key (HKDF-SHA256, RFC 5869) of one column in one practice seals far fewer than 2^32 values. The associated
data is `table|column|practice|row`, so a sealed value copied to another row, column or practice does not open.
"""

from __future__ import annotations

import hashlib
import hmac
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

Keys = Mapping[int, bytes]
"""The AES-256 root keys by number, newest last; the newest seals, all of them open."""

NONCE_BYTES = 12
TAG_BYTES = 16
INDEX_BITS = 64


class DoesNotOpen(ValueError):
    """The sealed value was changed, belongs to another row, or its key is not here: never an answer, a breach."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a sealed value lives: the associated data that binds it. `practice` is the tenant's key as text."""

    table: str
    column: str
    practice: str
    row: str

    def __post_init__(self) -> None:
        if not self.row or any("|" in part for part in (self.table, self.column, self.practice, self.row)):
            raise ValueError(f"a place needs a row and no part of it holds a bar: {self}")

    @property
    def associated(self) -> bytes:
        """The bytes that are authenticated beside the value."""
        return f"{self.table}|{self.column}|{self.practice}|{self.row}".encode()


def seal(value: str, *, table: str, column: str, practice: int | str, row: str, keys: Keys) -> bytes:
    """A text sealed to its row with the newest key; the empty text and `0` are values like any other."""
    return seal_at(Place(table, column, str(practice), row), value.encode(), keys)


def open_(sealed: bytes, *, table: str, column: str, practice: int | str, row: str, keys: Keys) -> str:
    """The text of a sealed value; raises `DoesNotOpen`."""
    return open_at(Place(table, column, str(practice), row), sealed, keys).decode()


def seal_at(place: Place, value: bytes, keys: Keys) -> bytes:
    """Bytes sealed to a place with the newest key."""
    number = newest(keys)
    nonce = os.urandom(NONCE_BYTES)
    cipher = _cipher(keys[number], place.table, place.column, place.practice)
    return bytes([number]) + nonce + cipher.encrypt(nonce, value, place.associated)


def open_at(place: Place, sealed: bytes, keys: Keys) -> bytes:
    """The bytes sealed to a place; raises `DoesNotOpen`."""
    if len(sealed) < 1 + NONCE_BYTES + TAG_BYTES or sealed[0] not in keys:
        raise DoesNotOpen(f"A value of {place.table}.{place.column} is cut short or its key is not here.")
    nonce, body = sealed[1 : 1 + NONCE_BYTES], sealed[1 + NONCE_BYTES :]
    cipher = _cipher(keys[sealed[0]], place.table, place.column, place.practice)
    try:
        return cipher.decrypt(nonce, body, place.associated)
    except InvalidTag:
        raise DoesNotOpen(f"A value of {place.table}.{place.column} was changed or is not of this row.") from None


def newest(keys: Keys) -> int:
    """The number of the key that seals."""
    return list(keys)[-1]


def blind(value: str, *, table: str, column: str, practice: int | str, keys: Keys, key: int | None = None) -> bytes:
    """A blind index of a normalised value: HMAC-SHA256 with a sub-key of its own, cut to 64 bits.

    Equal values of one practice have equal indexes; those of two practices do not. It answers equality only.
    """
    root = keys[newest(keys) if key is None else key]
    subkey = _subkey(root, table, column, str(practice), "idx")
    return hmac.new(subkey, value.encode(), hashlib.sha256).digest()[: INDEX_BITS // 8]


def blinds(value: str, *, table: str, column: str, practice: int | str, keys: Keys) -> Iterator[bytes]:
    """The blind indexes of a value under every key that is here, for searches while keys rotate."""
    return (blind(value, table=table, column=column, practice=practice, keys=keys, key=number) for number in keys)


@lru_cache(maxsize=4096)
def _cipher(root: bytes, table: str, column: str, practice: str) -> AESGCM:
    return AESGCM(_subkey(root, table, column, practice, "enc"))


@lru_cache(maxsize=4096)
def _subkey(root: bytes, table: str, column: str, practice: str, use: str) -> bytes:
    info = f"openmso.vault.v1|{table}|{column}|{practice}|{use}".encode()
    return HKDF(hashes.SHA256(), 32, salt=None, info=info).derive(root)
