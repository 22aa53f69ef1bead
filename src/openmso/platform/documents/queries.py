"""Questions to the store: the bytes, what is there, what it became, and whether it is whole."""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Iterator
from io import BufferedReader

from django.core.files.storage import Storage, storages
from django.db.models import Q, QuerySet

from openmso.kit.errors import NotFound
from openmso.platform.access.contracts import Actor, ActorKind
from openmso.platform.documents import chunks, registry
from openmso.platform.documents.contracts import OPEN_ANY, Became, DocumentRef, DocumentRow, Verified
from openmso.platform.documents.models import Became as BecameRow
from openmso.platform.documents.models import Document, DocumentKey
from openmso.platform.tenancy.scope import current
from openmso.platform.ui import counting
from openmso.platform.ui.contracts import Page, PageAsk, Tally
from openmso.platform.vault.fields import Secret, plaintext
from openmso.platform.vault.sealing import DoesNotOpen

STORAGE = "documents"
SORTS = {"stored_at": "stored_at", "name": "name", "size": "size", "purpose": "purpose", "stored_by": "stored_by"}
DIGEST_LENGTH = 64


def reference(document: Document, *, is_new: bool = False) -> DocumentRef:
    """The contract of a row."""
    return DocumentRef(
        document.public_id, document.practice_id, document.sha256, document.size, document.name, document.media_type,
        is_new,
    )  # fmt: skip


def associated(document: Document) -> bytes:
    """What the pieces of a document's file are bound to."""
    return f"document|{document.practice_id}|{document.public_id}|{document.sha256}|{document.size}".encode()


def get(public_id_or_sha: str, practice: int) -> DocumentRef:
    """A document of a practice by its id or the SHA-256 of its bytes; raises `NotFound`."""
    return reference(_row(public_id_or_sha, practice))


def read(public_id_or_sha: str, practice: int) -> bytes:
    """All bytes of a document; raises `NotFound`, or `DoesNotOpen` where the store was touched."""
    return b"".join(_opened(_row(public_id_or_sha, practice), 0, None))


def part(public_id: str, practice: int, start: int, end: int) -> tuple[DocumentRef, bytes]:
    """A document, and its bytes from `start` to before `end` at the cost of the pieces they lie in."""
    found = _row(public_id, practice)
    return reference(found), b"".join(_opened(found, max(start, 0), end))


def pieces(public_id_or_sha: str, practice: int) -> Iterator[bytes]:
    """All bytes of a document, 64 KiB at a time, to be read outside this transaction too.

    Raises `NotFound`, and `DoesNotOpen` where the store was touched: at once for the first piece, else on the way.
    """
    opened = _opened(_row(public_id_or_sha, practice), 0, None)
    first = next(opened)
    return itertools.chain((first,), opened)


def flowing(public_id_or_sha: str, practice: int) -> BufferedReader:
    """All bytes of a document as a file that is read once, 64 KiB at a time, for what should not hold it whole.

    Raises `NotFound`; reading it raises `DoesNotOpen` where the store was touched.
    """
    return chunks.flowing(_opened(_row(public_id_or_sha, practice), 0, None))


def kept(practice: int) -> Iterator[DocumentRow]:
    """Every document of a practice, purpose by purpose, for whoever takes them all away; it holds a few at a time."""
    found = Document.objects.filter(practice_id=practice).order_by("purpose", "pk")
    yield from (_shown(row, "") for row in found.iterator(chunk_size=2_000))


def became(public_id: str, practice: int) -> list[Became]:
    """What a document became, in order."""
    found = BecameRow.objects.filter(practice_id=practice, document__public_id=public_id).order_by("at", "pk")
    return [Became(row.subject_kind, row.subject_id, row.at) for row in found]


def came_from(subject: tuple[str, str], practice: int) -> list[DocumentRef]:
    """The documents that a record was made from."""
    found = Document.objects.filter(
        pk__in=BecameRow.objects.filter(practice_id=practice, subject_kind=subject[0], subject_id=subject[1]).values(
            "document_id"
        )
    )
    return [reference(document) for document in found.order_by("stored_at")]


def visible(actor: Actor) -> QuerySet[Document]:
    """The documents of the scope whose purpose the actor may open files of, in their practice."""
    if actor.kind is ActorKind.SYSTEM:
        return Document.objects.all()
    scoped = current().practices
    allowed = Q(practice__in=actor.practices_for(OPEN_ANY.code) & scoped)
    for purpose in registry.purposes().values():
        allowed |= Q(practice__in=actor.practices_for(purpose.permission) & scoped, purpose=purpose.code)
    return Document.objects.filter(allowed)


def document(*, actor: Actor, public_id: str) -> DocumentRow:
    """One document that this person may open; raises `NotFound`."""
    found = visible(actor).filter(public_id=public_id).first()
    if found is None:
        raise NotFound(f"There is no document {public_id} for you.")
    return _shown(found, _made_of([found]).get(found.pk, ""))


def why_sealed(actor: Actor, row: DocumentRow) -> str:
    """Why no person may open a file, in words; empty when somebody may."""
    purpose = registry.purposes().get(row.purpose)
    if actor.kind is ActorKind.SYSTEM or purpose is None or not purpose.sealed:
        return ""
    return "This file may hold what belongs to several practices, so it opens for nobody."


def documents(*, actor: Actor, page: PageAsk, text: str = "", purpose: str = "") -> Page[DocumentRow]:
    """A page of the documents this person may open, newest first unless sorted otherwise."""
    found = _filtered(actor, text, purpose)
    order = SORTS.get(page.sort, "stored_at")
    ordered = found.order_by(order if page.sort and not page.desc else f"-{order}", "-pk")
    rows = list(ordered[page.offset : page.offset + page.size])
    made = _made_of(rows)
    listed = [_shown(row, made.get(row.pk, "")) for row in rows]
    return counting.page_of(listed, found, page, lambda: Tally(found.count()))


def tally(*, actor: Actor, text: str = "", purpose: str = "") -> Tally:
    """How many documents this person may open."""
    return Tally(_filtered(actor, text, purpose).count())


def _filtered(actor: Actor, text: str, purpose: str) -> QuerySet[Document]:
    found = visible(actor)
    if purpose:
        found = found.filter(purpose=purpose)
    for word in text.split():
        found = found.filter(Q(name__icontains=word) | Q(public_id__iexact=word) | Q(sha256__startswith=word.lower()))
    return found


def verify(*, deep: bool = True) -> Verified:
    """Whether every document of the practices in scope is there and, when `deep`, decrypts to its digest."""
    storage = storages[STORAGE]
    missing, changed, known = [], [], set()
    count = size = 0
    for document in Document.objects.order_by("pk").iterator():
        count, size = count + 1, size + document.size
        known.add(document.path)
        if not storage.exists(document.path):
            missing.append(document.public_id)
        elif deep and not _is_unchanged(document):
            changed.append(document.public_id)
    orphans = sorted(path for practice in sorted(current().practices) for path in _files(storage, str(practice)))
    return Verified(count, size, tuple(missing), tuple(changed), tuple(path for path in orphans if path not in known))


def _is_unchanged(document: Document) -> bool:
    digest = hashlib.sha256()
    try:
        for piece in _opened(document, 0, None):
            digest.update(piece)
    except DoesNotOpen:
        return False
    return digest.hexdigest() == document.sha256


def _files(storage: Storage, folder: str) -> Iterator[str]:
    try:
        folders, files = storage.listdir(folder)
    except FileNotFoundError:
        return
    yield from (f"{folder}/{name}" for name in files)
    for inner in folders:
        yield from _files(storage, f"{folder}/{inner}")


def _row(public_id_or_sha: str, practice: int) -> Document:
    key = "sha256" if len(public_id_or_sha) == DIGEST_LENGTH else "public_id"
    found = Document.objects.filter(practice_id=practice, **{key: public_id_or_sha}).first()
    if found is None:
        raise NotFound(f"There is no document {public_id_or_sha[:16]}.")
    return found


def _opened(document: Document, start: int, end: int | None) -> Iterator[bytes]:
    sealed = DocumentKey.objects.get(practice_id=document.practice_id, public_id=document.public_id).key
    assert isinstance(sealed, Secret)
    with storages[STORAGE].open(document.path, "rb") as file:
        yield from chunks.opened(
            file, key=bytes.fromhex(plaintext(sealed)), associated=associated(document), size=document.size,
            start=start, end=end,
        )  # fmt: skip


def _made_of(rows: list[Document]) -> dict[int, str]:
    """The ids of what each document became, in order, as one text."""
    made: dict[int, list[str]] = {}
    found = BecameRow.objects.filter(document__in=rows).order_by("at", "pk")
    for document, subject in found.values_list("document_id", "subject_id"):
        made.setdefault(document, []).append(subject)
    return {document: ", ".join(subjects) for document, subjects in made.items()}


def _shown(document: Document, made: str) -> DocumentRow:
    return DocumentRow(
        document.public_id, document.practice_id, document.name, document.purpose, document.media_type, document.size,
        document.sha256, document.stored_at, document.stored_by, made,
    )  # fmt: skip
