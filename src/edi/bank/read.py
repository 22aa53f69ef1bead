"""One door for every kind of bank file: the format is told by what the file begins with, never by its name."""

from __future__ import annotations

import re
from dataclasses import replace

from edi.bank import bai2, camt, nacha, ofx
from edi.bank.delimited import CsvMapping, read_csv
from edi.bank.model import Reading, error

SIZE_MAX = 32 * 1024 * 1024
"""A month of a busy account is a few megabytes."""
_BINARY = (b"PK\x03\x04", b"\x1f\x8b", b"%PDF", b"\x89PNG", b"\xd0\xcf\x11\xe0", b"\xff\xd8\xff")
_WIDE = (b"\xff\xfe", b"\xfe\xff")
"""What a file in UTF-16 begins with, as spreadsheets save "Unicode text"."""
_DECLARED = re.compile(r"(<\?xml[^>]*?)\s+encoding=[\"'][^\"']*[\"']")


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
    if content.startswith(_WIDE):
        return _read_wide(content, mapping)
    head = content[:8192].decode("latin-1")
    if ofx.looks_like(head):
        return ofx.read_ofx(content)
    if camt.looks_like(head):
        return camt.read_camt(content.lstrip())
    if bai2.looks_like(head):
        return bai2.read_bai2(content)
    if nacha.looks_like(head):
        return nacha.read_nacha(content)
    return read_csv(content, mapping)


def _read_wide(content: bytes, mapping: CsvMapping | None) -> Reading:
    """A file in UTF-16, read as the same in UTF-8; where its entries stand in the bytes that came is not known."""
    text = _DECLARED.sub(r"\1", content.decode("utf-16", "replace"), count=1)
    reading = read_bank_file(text.encode(), mapping)
    placeless = (
        replace(one, entries=tuple(replace(entry, start=0, end=0) for entry in one.entries))
        for one in reading.statements
    )
    return replace(reading, statements=tuple(placeless))
