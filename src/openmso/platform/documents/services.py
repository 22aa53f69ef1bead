"""Keeping files: refused or stored, encrypted, before anybody parses them."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import IO

from django.core.files.base import File
from django.core.files.storage import storages

from openmso.kit.errors import NotFound, Refused
from openmso.kit.ids import public_id as fresh_id
from openmso.platform.access.contracts import Actor, Decision
from openmso.platform.audit import services as audit
from openmso.platform.audit.contracts import Subject
from openmso.platform.documents import chunks, queries, registry, rules
from openmso.platform.documents.contracts import OPEN_ANY, Content, DocumentRef, Purpose, as_file, size_of
from openmso.platform.documents.models import Became, Document, DocumentKey
from openmso.platform.tenancy.scope import atomic


class NotKept(Refused):
    """The file is not one we keep; the sentence says why."""

    code = "document_not_kept"


class Sealed(Refused):
    """The file may hold what belongs to several practices, and opens for no person."""

    code = "document_sealed"


@atomic
def store(
    *, actor: Actor, practice: int, name: str, content: Content, media_type: str, purpose: str,
    at: datetime, under: Decision,
) -> DocumentRef:  # fmt: skip
    """Keep a file before it is read: refuse what is dangerous, encrypt the rest, remember who, when and why.

    The file is read in pieces, once for its digest and once to be encrypted, and never held whole.
    Bytes that the practice has already are not kept twice: the first document is the answer, `is_new` false.
    A file whose transaction is undone, or whose process dies, stays in the store without a row: it opens for
    nobody and `verify` lists it. `under` is the caller's decision: what the file is for is the caller's permission.
    Raises `NotKept`, `UnknownPurpose`.
    """
    wanted = registry.purpose(purpose)
    file, size = as_file(content), size_of(content)
    _refuse(file, size, wanted)
    digest = _digest(file)
    known = _known(practice, digest)
    if known is not None:
        return known
    document = Document(
        practice_id=practice, public_id=fresh_id("DOC"), sha256=digest, size=size, name=rules.safe_name(name),
        media_type=rules.sniffed(_head(file), media_type), purpose=purpose, stored_at=at, stored_by=actor.name,
        stored_by_user=actor.user_id,
    )  # fmt: skip
    key = os.urandom(32)
    document.path = _write(document, file, key)
    kept = Document.objects.bulk_create([document], ignore_conflicts=True)
    if not Document.objects.filter(public_id=kept[0].public_id).exists():
        storages[queries.STORAGE].delete(document.path)  # somebody stored the same bytes in this very moment
        return _known(practice, digest) or _lost(digest)
    DocumentKey.objects.create(practice_id=practice, public_id=document.public_id, key=key.hex())
    audit.record(
        actor=actor, action="documents.stored", practice=practice, subject=("documents.document", document.public_id),
        at=at, facts={"purpose": purpose, "size": size, "sha256": digest}, decision=under,
    )  # fmt: skip
    return queries.reference(document, is_new=True)


def _refuse(file: IO[bytes], size: int, purpose: Purpose) -> None:
    if not size:
        raise NotKept("The file is empty.", field="file", fix="Send it again.")
    if size > purpose.bytes_max:
        raise NotKept(
            f"The file has {size:,} bytes; a {purpose.words.lower()} may have {purpose.bytes_max:,}.",
            field="file", fix="Send it in parts.",
        )  # fmt: skip
    reason = rules.why_refused(_head(file))
    if not reason and purpose.look_inside:
        reason = rules.why_archive_refused(file, size)
    if reason:
        raise NotKept(reason, field="file", fix="Ask the sender for the document itself.")


def _head(file: IO[bytes]) -> bytes:
    file.seek(0)
    return file.read(rules.PIECE)


def _digest(file: IO[bytes]) -> str:
    digest = hashlib.sha256()
    for piece in chunks.cut(file):
        digest.update(piece)
    return digest.hexdigest()


def _known(practice: int, digest: str) -> DocumentRef | None:
    found = Document.objects.filter(practice_id=practice, sha256=digest).first()
    return queries.reference(found) if found else None


def _lost(digest: str) -> DocumentRef:
    raise NotFound(f"The document with the digest {digest[:12]} was stored and is gone.")


def _write(document: Document, file: IO[bytes], key: bytes) -> str:
    """Write the encrypted file under a name made of digest and id alone; the name it got."""
    path = f"{document.practice_id}/{document.sha256[:2]}/{document.sha256}.{document.public_id}"
    digest = hashlib.sha256()

    def pieces() -> Iterator[bytes]:
        for piece in chunks.cut(file):
            digest.update(piece)
            yield piece

    body = chunks.sealed(pieces(), size=document.size, key=key, associated=queries.associated(document))
    written = storages[queries.STORAGE].save(path, File(chunks.flowing(body)))
    if digest.hexdigest() != document.sha256:
        storages[queries.STORAGE].delete(written)
        raise NotKept("The file was being written to while it was read.", field="file", fix="Send it once it is done.")
    return written


@atomic
def put_back(*, practice: int, public_id: str, content: IO[bytes]) -> str:
    """The bytes of a document whose row was brought in without them, sealed with a key of this house; their path.

    Whoever brings a practice in tells the trail, of all at once. Raises `NotKept` where they are not the row's, and
    where a file lies at that place already: it may be another house's that shares this store.
    """
    document = Document.objects.filter(practice_id=practice, public_id=public_id).first()
    if document is None or _digest(content) != document.sha256:
        raise NotKept(f"The file of the document {public_id} is not the one that its row tells of.")
    if storages[queries.STORAGE].exists(document.path):
        raise NotKept(
            f"The store of documents has a file at {document.path} already.",
            fix="Give this house a store of its own (OPENMSO_DOCUMENTS); if an attempt died here, empty the store.",
        )
    key = os.urandom(32)
    written = _write(document, content, key)
    DocumentKey.objects.create(practice_id=practice, public_id=public_id, key=key.hex())
    return written


def forget(paths: Iterable[str]) -> None:
    """Files whose rows were never there, because bringing them in was undone."""
    for path in paths:
        storages[queries.STORAGE].delete(path)


@contextmanager
def telling_refusal(*, actor: Actor, document: DocumentRef, at: datetime, under: Decision) -> Iterator[None]:
    """Read a kept file in this block: why it is refused as a whole, if it is, then stands in its history."""
    try:
        yield
    except Refused as no:
        _tell_refusal(actor, document, no, at, under)
        raise


@atomic
def _tell_refusal(actor: Actor, document: DocumentRef, no: Refused, at: datetime, under: Decision) -> None:
    audit.record(
        actor=actor, action="documents.refused", practice=document.practice, at=at, why=no.sentence, decision=under,
        subject=("documents.document", document.public_id), facts={"code": no.code},
    )  # fmt: skip


@atomic
def became(*, document: str | DocumentRef, subject: Subject, practice: int, at: datetime) -> None:
    """Note what a document became; noting it twice is noting it once. Raises `NotFound`."""
    public_id = document.public_id if isinstance(document, DocumentRef) else document
    found = Document.objects.filter(practice_id=practice, public_id=public_id).first()
    if found is None:
        raise NotFound(f"There is no document {public_id}.")
    kind, subject_id = subject
    Became.objects.bulk_create(
        [Became(practice_id=practice, document=found, subject_kind=kind, subject_id=subject_id, at=at)],
        ignore_conflicts=True,
    )


@atomic
def opened(*, actor: Actor, public_id: str, at: datetime) -> tuple[DocumentRef, Iterator[bytes]]:
    """A file of the practices in scope, in pieces, for somebody who takes it away; the trail says who.

    Raises `NotFound`, and `Sealed` where it opens for no person.
    """
    found = queries.document(actor=actor, public_id=public_id)
    purpose = registry.purposes().get(found.purpose)
    if why := queries.why_sealed(actor, found):
        raise Sealed(why, fix="Open the files it became.")
    decision = actor.may(OPEN_ANY.code, found.practice)
    if purpose is not None and not decision.allowed:
        decision = actor.must(purpose.permission, found.practice)
    subject = ("documents.document", public_id)
    audit.record(
        actor=actor, action="documents.opened", practice=found.practice, subject=subject, at=at,
        facts={"sha256": found.sha256}, decision=decision,
    )  # fmt: skip
    audit.record_read(
        actor=actor, practice=found.practice, subject=subject, at=at, classes=OPEN_ANY.classes, decision=decision
    )
    return queries.get(public_id, found.practice), queries.pieces(public_id, found.practice)
