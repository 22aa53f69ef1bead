"""What every reader of a file shares: its lines, its refusals, the day its name tells."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

import polars as pl

from openmso.codes.contracts import Check, SourceFile
from openmso.kit.errors import Refused

CODE = r"^[0-9A-Z]{5}$"
MEMBER_BYTES_MAX = 400_000_000
_EFFECTIVE = re.compile(r"eff[_ -]?(\d{2})-(\d{2})-(\d{4})", re.IGNORECASE)
_QUARTER = re.compile(r"(20\d\d)[ _-]?q([1-4])", re.IGNORECASE)


def text_of(file: SourceFile) -> str:
    """The characters of a file: UTF-8 where it is that, else Windows' Latin-1, as CMS writes."""
    try:
        return file.content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return file.content.decode("cp1252", errors="replace")


def records(file: SourceFile) -> Iterator[tuple[int, list[str]]]:
    """The records of a CSV, each with the number of its last line; a quoted field may run over lines."""
    reader = csv.reader(io.StringIO(text_of(file), newline=""), strict=True)
    try:
        for record in reader:
            yield reader.line_num, [cell.strip() for cell in record]
    except csv.Error as no:
        raise unreadable(file, reader.line_num, f"it is not CSV: {no}.", "Send the file as it was published.") from None


@dataclass(frozen=True, slots=True)
class Reading:
    """What a file held: rows with the columns of their table, checks, and the first day the edition holds, if told.

    `words` are texts that many rows share; rows name them by number.
    """

    rows: pl.DataFrame
    checks: tuple[Check, ...]
    since: date | None = None
    words: tuple[str, ...] = field(default=())


class FileRefused(Refused):
    """The file fails a check, so nothing of it is loaded; the sentence names file and line."""

    code = "file_refused"


def unreadable(file: SourceFile, line: int | None, words: str, fix: str) -> FileRefused:
    """`ccipra-f1.TXT, line 12: ...`, with the fix."""
    where = file.name if line is None else f"{file.name}, line {line:,}"
    return FileRefused(f"{where}: {words}", field="file", fix=fix)


def opened(files: Sequence[SourceFile], wanted: str) -> list[SourceFile]:
    """The same files, archives replaced by those of their members whose name ends as wanted (a pattern)."""
    found: list[SourceFile] = []
    for file in files:
        if not file.content.startswith(b"PK\x03\x04") or file.name.lower().endswith(".xlsx"):
            found.append(file)
            continue
        members = list(_members(file, wanted))
        if not members:
            raise unreadable(file, None, "the archive has no file of this kind.", "Unpack it and send the file in it.")
        found += members
    return found


def _members(file: SourceFile, wanted: str) -> Iterator[SourceFile]:
    try:
        with zipfile.ZipFile(io.BytesIO(file.content)) as archive:
            for member in sorted(archive.infolist(), key=lambda one: one.filename):
                if re.search(wanted, member.filename, re.IGNORECASE) and member.file_size <= MEMBER_BYTES_MAX:
                    yield SourceFile(member.filename.rsplit("/", 1)[-1], archive.read(member))
    except (zipfile.BadZipFile, RuntimeError) as no:
        raise unreadable(file, None, f"the archive does not open: {no}.", "Send it again.") from None


def day_named(*texts: str) -> date | None:
    """The first day that a file's name or an edition tells: `..._Eff_07-01-2026.csv`, `AOC_V2026Q2`."""
    for text in texts:
        if found := _EFFECTIVE.search(text):
            month, day, year = map(int, found.groups())
            return date(year, month, day)
        if found := _QUARTER.search(text):
            return date(int(found[1]), 3 * int(found[2]) - 2, 1)
    return None
