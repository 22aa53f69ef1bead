"""One door for every kind of bank file: the format is told by what the file begins with, never by its name."""

from __future__ import annotations

from edi.bank import bai2, camt, nacha, ofx
from edi.bank.delimited import CsvMapping, read_csv
from edi.bank.model import Reading, error

SIZE_MAX = 32 * 1024 * 1024
"""A month of a busy account is a few megabytes."""
_BINARY = (b"PK\x03\x04", b"\x1f\x8b", b"%PDF", b"\x89PNG", b"\xd0\xcf\x11\xe0", b"\xff\xd8\xff")


def read_bank_file(content: bytes, mapping: CsvMapping | None = None) -> Reading:
    """What the file says; a file of no known kind is one finding that says so."""
    if not content.strip():
        return Reading("", findings=(error("empty_file", "The file is empty."),))
    if len(content) > SIZE_MAX:
        return Reading("", findings=(error("file_too_large", f"A bank file has at most {SIZE_MAX >> 20} MB."),))
    if content.startswith(_BINARY):
        return Reading(
            "",
            findings=(
                error("not_text", "The file is an archive, picture or document.", "Upload the statement itself."),
            ),
        )
    head = content[:8192].decode("utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "latin-1", "replace")
    if ofx.looks_like(head):
        return ofx.read_ofx(content)
    if camt.looks_like(head):
        return camt.read_camt(content)
    if bai2.looks_like(head):
        return bai2.read_bai2(content)
    if nacha.looks_like(head):
        return nacha.read_nacha(content)
    return read_csv(content, mapping)
