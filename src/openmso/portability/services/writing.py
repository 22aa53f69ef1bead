"""Writing an export: parts in, files out, into a folder or a ZIP; nothing of a table is held whole."""

from __future__ import annotations

import csv
import dataclasses
import hashlib
import io
import zipfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from datetime import date, datetime
from enum import Enum
from pathlib import Path
from typing import IO, Any

from openmso.kit.money import Money
from openmso.platform.documents import queries as documents
from openmso.platform.tenancy import moving
from openmso.portability.contracts import Filed, Folder, Lines, Part, Sheet, Table, Written

NAMES = ("public_id", "subject_id")
OURS = ("id", "practice", "assignee_user", "span", "url", "why_next", "ranked")
"""Fields of rows that mean something in this house alone: keys, places in files, what a screen says."""
Open = Callable[[str], AbstractContextManager[IO[bytes]]]
"""How a file of the export is begun, by its path."""


def in_folder(folder: Path) -> Open:
    """Files go into a folder."""

    def begin(path: str) -> IO[bytes]:
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        return file.open("xb")

    return begin


def in_archive(archive: zipfile.ZipFile) -> Open:
    """Files go into a ZIP."""
    return lambda path: archive.open(path, "w", force_zip64=True)


class Flow(io.RawIOBase):
    """What a ZIP is written into while somebody takes it away: only ever forward."""

    def __init__(self) -> None:
        super().__init__()
        self._waiting: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, piece: Any) -> int:
        self._waiting.append(bytes(piece))
        return len(self._waiting[-1])

    def taken(self) -> Iterator[bytes]:
        """What was written since this was asked last."""
        waiting, self._waiting = self._waiting, []
        yield from waiting


class Writer:
    """Writes parts, and knows which documents it has written: each leaves once."""

    def __init__(self, begin: Open) -> None:
        self._begin = begin
        self._documents: set[str] = set()

    def write(self, part: Part) -> Iterator[Written]:
        """The files of one part, as they are done."""
        match part:
            case Table():
                yield self._table(part)
            case Sheet():
                yield self._lines(part, "secrets" if part.path == "secrets.csv" else "sheet", sheet_lines(part))
            case Lines():
                yield self._lines(part, "lines", part.lines)
            case Folder():
                for one in part.files:
                    yield from self._document(part, one)

    def plainly(self, path: str, content: bytes) -> None:
        """A file that the manifest does not list: itself, and what is to be read first."""
        with self._begin(path) as file:
            file.write(content)

    def _table(self, part: Table) -> Written:
        with self._begin(part.path) as file:
            if part.keys is None:
                out = moving.write_out(part.model, part.columns, file.write)
            else:
                out = moving.write_keys(part.model, part.columns, part.keys, file.write)
        kind = "table" if part.keys is None else "reference"
        return Written(part.path, part.words, out.rows, out.sha256, out.size, kind, part.model._meta.label)

    def _lines(self, part: Sheet | Lines, kind: str, lines: Iterable[bytes]) -> Written:
        """A file of lines; a table without rows is there all the same, so that nobody asks whether it was forgotten."""
        digest, count, size = hashlib.sha256(), 0 if isinstance(part, Lines) else -1, 0
        with self._begin(part.path) as file:
            for line in lines:
                digest.update(line)
                file.write(line)
                count, size = count + 1, size + len(line)
        return Written(part.path, part.words, count, digest.hexdigest(), size, kind)

    def _document(self, part: Folder, one: Filed) -> Iterator[Written]:
        if one.document in self._documents:
            return
        found = documents.get(one.document, one.practice)
        if found.public_id in self._documents:
            return
        self._documents |= {one.document, found.public_id}
        path, digest, size = f"{part.path}/{one.name}", hashlib.sha256(), 0
        with self._begin(path) as file:
            for piece in documents.pieces(found.public_id, one.practice):
                digest.update(piece)
                file.write(piece)
                size += len(piece)
        yield Written(path, part.words, size, digest.hexdigest(), size, "document", found.public_id)


def sheet_lines(part: Sheet) -> Iterator[bytes]:
    """The headings and the rows of a table, as CSV; the headings stand over no rows too."""
    names = [one.name for one in dataclasses.fields(part.row) if _is_told(one.name)]
    yield _line(names)
    for one in part.rows:
        yield _line([plain(getattr(one, name)) for name in names])


def _is_told(name: str) -> bool:
    return name in NAMES or (name not in OURS and not name.endswith("_id"))


def _line(values: Iterable[str]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerow(values)
    return text.getvalue().encode()


def plain(value: Any) -> str:
    """A value as others read it: amounts bare, days and instants by ISO 8601, several parted by a semicolon."""
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case Money():
            return str(value.amount)
        case Enum():
            return str(value.value)
        case datetime() | date():
            return value.isoformat()
        case tuple() | list() | frozenset():
            return "; ".join(plain(one) for one in value)
        case _:
            return str(value)
