"""What may be kept: names that are only names, bytes that are no program, archives that do not explode."""

from __future__ import annotations

import stat
import zipfile
import zlib
from collections.abc import Iterator
from typing import IO

NAME_LENGTH_MAX = 200
ENTRIES_MAX = 5_000
EXPANDED_BYTES_MAX = 500_000_000
RATIO_MAX = 200
RATIO_FROM_BYTES = 10_000_000
PIECE = 1 << 16

PROGRAMS = {
    b"MZ": "a Windows program",
    b"\x7fELF": "a Linux program",
    b"\xca\xfe\xba\xbe": "a Java or macOS program",
    b"\xfe\xed\xfa\xce": "a macOS program",
    b"\xfe\xed\xfa\xcf": "a macOS program",
    b"\xce\xfa\xed\xfe": "a macOS program",
    b"\xcf\xfa\xed\xfe": "a macOS program",
    b"#!": "a script",
    b"\x00asm": "a WebAssembly program",
    b"\x4c\x00\x00\x00\x01\x14\x02\x00": "a Windows shortcut",
    b"dex\n": "an Android program",
}
"""The first bytes of what a computer would run; no purpose of ours takes any of them."""

EICAR = b"X5O!P%@AP[4" + b"\\PZX54(P^)7CC)7}$EICAR-STANDARD-" + b"ANTIVIRUS-TEST-FILE!"
"""The test file of anti-virus scanners (eicar.org), put together here so that this file trips none."""

MARKUP = (b"<svg", b"<html", b"<!doctype html", b"<script")
MEDIA = {
    b"%PDF-": "application/pdf",
    b"PK\x03\x04": "application/zip",
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"\xff\xd8\xff": "image/jpeg",
    b"\x1f\x8b": "application/gzip",
    b"ISA": "application/edi-x12",
}
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TEXTUAL = frozenset(
    {"text/plain", "text/csv", "application/json", "application/fhir+json", "application/xml", "text/xml"}
)


def safe_name(name: str) -> str:
    """The last part of a name as somebody's computer gave it, for showing only; it never becomes a path."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    kept = "".join(character for character in last if character.isprintable()).strip(" .")
    return kept[:NAME_LENGTH_MAX] or "unnamed"


def sniffed(head: bytes, said: str) -> str:
    """The media type that the first bytes show; where they show none, the textual one that was said."""
    for start, media_type in MEDIA.items():
        if head.startswith(start):
            return said if media_type == "application/zip" and said == XLSX else media_type
    if head.lstrip(b"\xef\xbb\xbf \r\n\t")[:64].lower().startswith(MARKUP):
        return "text/html"
    return said if said in TEXTUAL else "application/octet-stream"


def why_refused(head: bytes) -> str:
    """Why bytes that begin so are not kept, in words; empty when they are."""
    for start, what in PROGRAMS.items():
        if head.startswith(start):
            return f"This is {what}, not a document."
    if EICAR in head:
        return "A virus scanner's test signature is in this file."
    if sniffed(head, "") == "text/html":
        return "This is a web page, which could run scripts when somebody opens it."
    return ""


def why_archive_refused(file: IO[bytes], size: int) -> str:
    """Why an archive of this size is not kept, in words; empty when it is no archive or is harmless.

    Sizes in an archive's own directory can lie, so every entry is expanded, piece by piece, up to the limits.
    """
    file.seek(0)
    head = file.read(4)
    file.seek(0)
    if head.startswith(b"\x1f\x8b"):
        return _why_gzip_refused(file, size)
    if head not in {b"PK\x03\x04", b"PK\x05\x06"}:
        return ""
    try:
        with zipfile.ZipFile(file) as archive:
            return _why_entries_refused(archive, size)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, ValueError, OverflowError):
        return "The archive is damaged, locked, or packed in a way that cannot be looked into."


def _why_entries_refused(archive: zipfile.ZipFile, packed: int) -> str:
    entries = archive.infolist()
    if len(entries) > ENTRIES_MAX:
        return f"The archive holds {len(entries):,} entries; {ENTRIES_MAX:,} are allowed."
    expanded = 0
    for entry in entries:
        if reason := _why_entry_refused(entry):
            return reason
        with archive.open(entry) as file:
            for number, piece in enumerate(_pieces(file)):
                if number == 0 and (reason := why_refused(piece) or _why_nested(piece)):
                    return f"Inside the archive: {reason}"
                expanded += len(piece)
                if _explodes(expanded, packed):
                    return "The archive expands to far more than it should."
    return ""


def _why_entry_refused(entry: zipfile.ZipInfo) -> str:
    parts = entry.filename.replace("\\", "/").split("/")
    if ".." in parts or entry.filename.startswith(("/", "\\")) or ":" in parts[0]:
        return "The archive holds a name that points out of it."
    if stat.S_ISLNK(entry.external_attr >> 16):
        return "The archive holds a link."
    return "The archive is locked with a password." if entry.flag_bits & 1 else ""


def _why_nested(head: bytes) -> str:
    return "an archive in an archive." if head.startswith((b"PK\x03\x04", b"\x1f\x8b")) else ""


def _why_gzip_refused(file: IO[bytes], size: int) -> str:
    expander, expanded = zlib.decompressobj(31), 0
    try:
        while not expander.eof and (packed := expander.unconsumed_tail or file.read(PIECE)):
            expanded += len(expander.decompress(packed, PIECE))
            if _explodes(expanded, size):
                return "The archive expands to far more than it should."
    except zlib.error:
        return "The archive is damaged."
    return ""


def _explodes(expanded: int, packed: int) -> bool:
    return expanded > EXPANDED_BYTES_MAX or (expanded > RATIO_FROM_BYTES and expanded > packed * RATIO_MAX)


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    while piece := file.read(PIECE):
        yield piece
