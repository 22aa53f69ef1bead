"""What leaves documents: a reference to stored bytes, purposes with their limits, and what became of them."""

from __future__ import annotations

import io
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import IO
from urllib.parse import quote

from openmso.kit.classes import PHI
from openmso.platform.access.contracts import Permission

READ = Permission("documents.read", "see the list of stored files")
OPEN_ANY = Permission("documents.open_any", "open any stored file", line="compliance", classes=PHI)
PERMISSIONS: Iterable[Permission] = (READ, OPEN_ANY)
SENTENCES = {
    "documents.stored": "{actor} stored {subject}: {purpose}, {size:byte}",
    "documents.opened": "{actor} downloaded {subject}",
    "documents.refused": "Nothing was made of {subject} from {actor}: {why}",
}

MEGABYTE = 1_000_000
Content = bytes | IO[bytes]
"""What is to be kept: bytes, or a file that can be read more than once, as an upload is. It is never held whole."""


def as_file(content: Content) -> IO[bytes]:
    """Either kind of content as a file, at its beginning."""
    file = io.BytesIO(content) if isinstance(content, bytes) else content
    file.seek(0)
    return file


def size_of(content: Content) -> int:
    """How many bytes a content has."""
    return len(content) if isinstance(content, bytes) else content.seek(0, io.SEEK_END)


@dataclass(frozen=True, slots=True)
class Paper:
    """A file that goes along with something."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Purpose:
    """Why files are kept: who may open them, how large one may be, whether archives are looked into before.

    `permission` is the one that opens a file of this purpose; without it, only those who may open any file can.
    A `sealed` file may hold what belongs to several practices: it is listed, and opens for no person at all.
    """

    code: str
    words: str
    permission: str = OPEN_ANY.code
    bytes_max: int = 25 * MEGABYTE
    look_inside: bool = True
    sealed: bool = False


@dataclass(frozen=True, slots=True)
class DocumentRef:
    """Stored bytes, by the id that leaves the house; `is_new` is false when the practice had them already."""

    public_id: str
    practice: int
    sha256: str
    size: int
    name: str
    media_type: str
    is_new: bool = False

    @property
    def handed_out(self) -> dict[str, str]:
        """The headers under which its bytes go out in pieces, to be saved.

        What breaks off on the way is shorter than its Content-Length: no client takes it for whole.
        """
        return {
            "Content-Type": "application/octet-stream",
            "Content-Disposition": f"attachment; filename*=UTF-8''{quote(self.name)}",
            "Content-Length": str(self.size),
            "X-Content-Type-Options": "nosniff",
        }


@dataclass(frozen=True, slots=True)
class DocumentRow:
    """A document as lists show it."""

    public_id: str
    practice: int
    name: str
    purpose: str
    media_type: str
    size: int
    sha256: str
    stored_at: datetime
    stored_by: str
    became: str


@dataclass(frozen=True, slots=True)
class Became:
    """One thing a document became: the kind and id of the record made from it."""

    kind: str
    public_id: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Verified:
    """What a check of the stored bytes found: ids whose bytes are gone or changed, and files without a row."""

    documents: int
    bytes: int
    missing: tuple[str, ...]
    changed: tuple[str, ...]
    orphans: tuple[str, ...]

    @property
    def is_whole(self) -> bool:
        """Whether every document is there, unchanged; orphans are harmless."""
        return not self.missing and not self.changed
