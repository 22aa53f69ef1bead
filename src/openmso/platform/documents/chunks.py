"""Encrypted files in pieces: each piece opens on its own, so a part of a large file is cheap to read.

A file is `OMSO1` and a random nonce prefix (7 bytes), then pieces of 64 KiB, each AES-256-GCM with a tag. The
nonce is prefix, piece number (4 bytes) and a last-piece mark (the STREAM construction, Hoang, Reyhanitabar,
Rogaway, Vizar 2015): pieces cannot be swapped, left out or cut off unseen. Every file has a key of its own.
"""

from __future__ import annotations

import io
import os
from collections.abc import Iterable, Iterator
from typing import IO, Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from openmso.platform.vault.sealing import DoesNotOpen

MAGIC = b"OMSO1"
PREFIX_BYTES = 7
HEADER_BYTES = len(MAGIC) + PREFIX_BYTES
PIECE = 1 << 16
TAG = 16


def cut(file: IO[bytes]) -> Iterator[bytes]:
    """A file from its beginning in pieces as they are sealed; the empty one is one empty piece."""
    file.seek(0)
    piece = file.read(PIECE)
    yield piece
    while piece := file.read(PIECE):
        yield piece


def sealed(pieces: Iterable[bytes], *, size: int, key: bytes, associated: bytes) -> Iterator[bytes]:
    """The encrypted file of what was `cut` from one of this size, in pieces."""
    prefix, cipher, last = os.urandom(PREFIX_BYTES), AESGCM(key), pieces_of(size) - 1
    yield MAGIC + prefix
    for number, piece in enumerate(pieces):
        yield cipher.encrypt(_nonce(prefix, number, last), piece, associated)


def opened(
    file: IO[bytes], *, key: bytes, associated: bytes, size: int, start: int = 0, end: int | None = None
) -> Iterator[bytes]:
    """The content from `start` to before `end`, in pieces; raises `DoesNotOpen` where it was touched."""
    end = size if end is None else min(end, size)
    header = file.read(HEADER_BYTES)
    if not header.startswith(MAGIC) or len(header) < HEADER_BYTES:
        raise DoesNotOpen("The stored file is not one of ours.")
    prefix, cipher, last = header[len(MAGIC) :], AESGCM(key), pieces_of(size) - 1
    if start >= end and size:
        return
    first = start // PIECE if size else 0
    file.seek(HEADER_BYTES + first * (PIECE + TAG))
    for number in range(first, max(first, (end - 1) // PIECE) + 1):
        try:
            piece = cipher.decrypt(_nonce(prefix, number, last), file.read(PIECE + TAG), associated)
        except (InvalidTag, ValueError):
            raise DoesNotOpen(f"Piece {number} of the stored file was changed or cut off.") from None
        begin = number * PIECE
        yield piece[max(start - begin, 0) : end - begin]


def pieces_of(size: int) -> int:
    """How many pieces a content of this size has; the empty one has one, so that its emptiness is authenticated."""
    return max(1, -(-size // PIECE))


def flowing(pieces: Iterable[bytes]) -> io.BufferedReader:
    """Pieces as a file that is read once, from its beginning to its end."""
    return io.BufferedReader(_Flow(iter(pieces)), PIECE)


class _Flow(io.RawIOBase):
    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces, self._rest = pieces, b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while not self._rest:
            piece = next(self._pieces, None)
            if piece is None:
                return 0
            self._rest = piece
        given, self._rest = self._rest[: len(buffer)], self._rest[len(buffer) :]
        buffer[: len(given)] = given
        return len(given)


def _nonce(prefix: bytes, number: int, last: int) -> bytes:
    return prefix + number.to_bytes(4, "big") + (b"\x01" if number == last else b"\x00")
