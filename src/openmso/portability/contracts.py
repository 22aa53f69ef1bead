"""What leaves portability: its permission, the parts of an archive, and what was written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from openmso.kit.classes import DataClass
from openmso.platform.access.contracts import Permission

TAKE = Permission(
    "portability.take", "take the whole revenue cycle of the practice away as one archive",
    classes=frozenset({DataClass.BUSINESS, DataClass.DEMOGRAPHIC, DataClass.CLINICAL}), fresh=True,
)  # fmt: skip
PERMISSIONS = (TAKE,)
SENTENCES = {"portability.taken": "{actor} took the revenue cycle of the practice away: {count:file}, SHA-256 {sha256}"}


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table of the archive: its path, what it holds, and its rows, which are contracts of the app that owns them."""

    path: str
    words: str
    row: type[Any]
    """The contract whose fields are its headings, there or not."""
    rows: Iterable[Any]


@dataclass(frozen=True, slots=True)
class Folder:
    """Files of the archive that leave byte by byte as they were sent or received."""

    path: str
    words: str
    files: Iterable[tuple[str, Iterator[bytes]]]


@dataclass(frozen=True, slots=True)
class Written:
    """A file of the archive: where it lies, how many rows it has (bytes, of a file as it was), and its SHA-256."""

    path: str
    words: str
    count: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Taken:
    """An archive that was written: its name, its files, and the SHA-256 of all its bytes."""

    name: str
    files: tuple[Written, ...]
    sha256: str
