"""What leaves portability: its permission, the parts of an export, what was written, and how two states compare."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from openmso.kit.classes import DataClass
from openmso.platform.access.contracts import Permission

TAKE = Permission(
    "portability.take", "take everything that the practice owns away",
    classes=frozenset({DataClass.BUSINESS, DataClass.DEMOGRAPHIC, DataClass.CLINICAL, DataClass.IDENTITY_SECRET}),
    fresh=True,
)  # fmt: skip
PERMISSIONS = (TAKE,)
SENTENCES = {
    "portability.taken": "{actor} took the revenue cycle of the practice away: {count:file}, SHA-256 {sha256}",
    "portability.began": "{actor} began to take everything that the practice owns away",
    "portability.taken_whole": "{actor} took everything that the practice owns away, secrets in clear: {count:file}, "
    "{rows:row}, manifest {sha256}",
    "portability.brought": "{actor} brought the practice here from an export: {count:file}, {rows:row}, "
    "manifest {sha256}",
}
UNGRANTED = {
    "portability.brought": "The house was empty: whoever runs it brought the practice in, before anybody had a role.",
}


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table that people read: its path, what it holds, and its rows, contracts of the app that owns them."""

    path: str
    words: str
    row: type[Any]
    """The contract whose fields are its headings, there or not."""
    rows: Iterable[Any]


@dataclass(frozen=True, slots=True)
class Filed:
    """A file that leaves byte by byte as it was sent or received: its name, and which document of the house it is."""

    name: str
    document: str
    practice: int


@dataclass(frozen=True, slots=True)
class Folder:
    """Documents that leave byte by byte as they were sent or received."""

    path: str
    words: str
    files: Iterable[Filed]


@dataclass(frozen=True, slots=True)
class Lines:
    """A file of lines that is written as it is made: NDJSON."""

    path: str
    words: str
    lines: Iterable[bytes]


@dataclass(frozen=True, slots=True)
class Table:
    """All rows that the practice has of a model, as they lie in the house; `columns` leave, by name."""

    path: str
    words: str
    model: type[Any]
    columns: tuple[str, ...]
    keys: frozenset[int] | None = None
    """Of a table of the network: the rows that leave."""


Part = Sheet | Folder | Lines | Table


@dataclass(frozen=True, slots=True)
class Written:
    """A file of an export: where it lies, how many rows it has (bytes, of a document), its size and its SHA-256.

    `kind` says how it is read (`table`, `reference`, `secrets`, `sheet`, `document`, `lines`), `of` which model's rows
    or which document it holds.
    """

    path: str
    words: str
    count: int
    sha256: str
    size: int
    kind: str
    of: str = ""


@dataclass(frozen=True, slots=True)
class Taken:
    """An archive that was written: its name, its files, and the SHA-256 of all its bytes."""

    name: str
    files: tuple[Written, ...]
    sha256: str


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure by which an export is checked: what is counted, parted by what, how many, and sums of amounts."""

    name: str
    of: str
    count: int
    sums: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Compared:
    """A figure of the export beside the same figure of the house that it was brought into."""

    name: str
    of: str
    measure: str
    exported: str
    here: str

    @property
    def equal(self) -> bool:
        """Whether both are the same."""
        return self.exported == self.here


@dataclass(frozen=True, slots=True)
class Brought:
    """A practice that was brought in: from which export, how much of it, and every figure beside the export's."""

    practice: str
    name: str
    sha256: str
    files: int
    rows: int
    documents: int
    is_new: bool
    compared: tuple[Compared, ...]
