"""What every reader of a file shares: its lines, its refusals, the day its name tells."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

import polars as pl

from openmso.codes.contracts import Check, SourceFile
from openmso.kit.errors import Refused

CODE = r"^[0-9A-Z]{5}$"
MEMBER_BYTES_MAX = 400_000_000
csv.field_size_limit(16_000_000)  # whole documents stand in fields of the coverage database
PUBLISHED = "Send the file as it was published."
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


def text_of(file: SourceFile) -> str:
    """The characters of a file: UTF-8 where it is that, else Windows' Latin-1, as CMS writes."""
    try:
        return file.content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return file.content.decode("cp1252", errors="replace")


def records(file: SourceFile, *, separator: str = ",") -> Iterator[tuple[int, list[str]]]:
    """The records of a CSV, each with the number of its last line; a quoted field may run over lines."""
    reader = csv.reader(io.StringIO(text_of(file), newline=""), delimiter=separator, strict=True)
    try:
        for record in reader:
            yield reader.line_num, [cell.strip() for cell in record]
    except csv.Error as no:
        raise unreadable(file, reader.line_num, f"it is not CSV: {no}.", PUBLISHED) from None


@dataclass(frozen=True, slots=True)
class Reading:
    """What a file held: rows with the columns of their table, checks, and the first day the edition holds, if told.

    `words` are texts that many rows share; rows name them by number. `beside` are rows of further tables, by table.
    """

    rows: pl.DataFrame
    checks: tuple[Check, ...]
    since: date | None = None
    words: tuple[str, ...] = field(default=())
    beside: Mapping[str, pl.DataFrame] = field(default_factory=dict)


class FileRefused(Refused):
    """The file fails a check, so nothing of it is loaded; the sentence names file and line."""

    code = "file_refused"


def unreadable(file: SourceFile, line: int | None, words: str, fix: str) -> FileRefused:
    """`ccipra-f1.TXT, line 12: ...`, with the fix."""
    where = file.name if line is None else f"{file.name}, line {line:,}"
    return FileRefused(f"{where}: {words}", field="file", fix=fix)


def opened(files: Sequence[SourceFile], wanted: str) -> list[SourceFile]:
    """The same files, archives replaced by those of their members whose name ends as wanted (a pattern).

    An archive that has none, but the CSV tables as an archive of its own (`..._csv.zip`), is looked through by that.
    """
    found: list[SourceFile] = []
    for file in files:
        if not file.content.startswith(b"PK\x03\x04") or file.name.lower().endswith(".xlsx"):
            found.append(file)
            continue
        members = list(_members(file, wanted)) or [
            member for inner in _members(file, r"_csv\.zip$") for member in _members(inner, wanted)
        ]
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


def under_header(
    file: SourceFile, columns: Mapping[str, str], what: str, *, separator: str = ","
) -> Iterator[tuple[int, list[str]]]:
    """Rows below the header that has all these columns, with the values in their order, each with its line.

    `columns` are patterns of what the header says, in small letters and with single blanks. Empty rows are passed over.
    A row that is too short has empty values at its end.
    """
    places: list[int] | None = None
    for line, record in records(file, separator=separator):
        if places is None:
            names = [re.sub(r"\s+", " ", cell.replace("/\n", "/")).strip().lower() for cell in record]
            found = [
                next((i for i, name in enumerate(names) if re.search(one, name)), None) for one in columns.values()
            ]
            places = [place for place in found if place is not None] if None not in found else None
        elif any(record):
            yield line, [record[place] if place < len(record) else "" for place in places]
    if places is None:
        heads = ", ".join(columns)
        raise unreadable(file, None, f"this is no file of {what}: no row has the columns {heads}.", PUBLISHED)


def has_header(file: SourceFile, columns: Mapping[str, str]) -> bool:
    """Whether a row of the file has all these columns."""
    try:
        next(under_header(file, columns, ""), None)
    except FileRefused:
        return False
    return True


def code_of(file: SourceFile, line: int, code: str) -> str:
    """A code of five letters and digits, or a refusal by its line."""
    if not re.match(CODE, code):
        raise unreadable(file, line, f"{code!r} is no code of five letters and digits.", PUBLISHED)
    return code


def day_of(file: SourceFile, line: int, text: str) -> date | None:
    """A day as `2026-07-01`; nothing where nothing stands."""
    try:
        return datetime.strptime(text, "%Y-%m-%d").date() if text else None  # noqa: DTZ007 - a day has no zone
    except ValueError:
        raise unreadable(file, line, f"{text!r} is not a day, YYYY-MM-DD.", PUBLISHED) from None


def day_named(*texts: str, years: bool = True) -> date | None:
    """The first day that a file's name or an edition tells.

    `..._Eff_07-01-2026.csv`, `AOC_V2026Q2`, `PPRRVU2026_Jul_nonQPP.csv`, `PPRRVU25_JAN.txt`, `RVU26C`,
    `crosswalk_2025-10.csv`, `GPCI2026.csv`; the last names a year alone, which is meant where nothing closer is told
    (not without `years`).
    """
    closer = (_by_day, _by_quarter, _by_month_name, _by_release, _by_month)
    for reads in (*closer, _by_year) if years else closer:
        for text in texts:
            if found := reads(text):
                return found
    return None


def _by_day(text: str) -> date | None:
    found = re.search(r"eff[_ -]?(\d{2})-(\d{2})-(\d{4})", text, re.IGNORECASE)
    return date(int(found[3]), int(found[1]), int(found[2])) if found else None


def _by_quarter(text: str) -> date | None:
    found = re.search(r"(20\d\d)[ _-]?q([1-4])", text, re.IGNORECASE)
    return date(int(found[1]), 3 * int(found[2]) - 2, 1) if found else None


def _by_month_name(text: str) -> date | None:
    found = re.search(rf"(20\d\d|(?<=rvu)\d\d)[ _-]?({'|'.join(MONTHS)})", text, re.IGNORECASE)
    return date(2000 + int(found[1]) % 100, MONTHS.index(found[2].lower()) + 1, 1) if found else None


def _by_release(text: str) -> date | None:
    found = re.search(r"rvu(\d\d)([a-d])", text, re.IGNORECASE)
    return date(2000 + int(found[1]), 3 * "abcd".index(found[2].lower()) + 1, 1) if found else None


def _by_month(text: str) -> date | None:
    found = re.search(r"(20\d\d)-(0[1-9]|1[0-2])(?!\d)", text)
    return date(int(found[1]), int(found[2]), 1) if found else None


def _by_year(text: str) -> date | None:
    found = re.search(r"(?<!\d)(20\d\d)(?!\d)", text)
    return date(int(found[1]), 1, 1) if found else None
