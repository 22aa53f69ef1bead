"""Verbs: load an edition of a code set, and undo a load. The only writer of the tables."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from functools import partial

import polars as pl
from django.db import connection

from openmso.codes.contracts import LOAD, LoadedFile, LoadRow, SourceFile
from openmso.codes.models import Load
from openmso.codes.queries import loads
from openmso.codes.rules import kinds, packaged, reading
from openmso.codes.rules.kinds import Kind
from openmso.codes.rules.reading import FileRefused, Reading
from openmso.kit.errors import Conflict, NotFound, Refused
from openmso.platform.access.contracts import Actor, Decision
from openmso.platform.audit import services as audit
from openmso.platform.database.copying import NULL, Copying
from openmso.platform.documents import services as documents
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.tenancy.scope import atomic

LOCK = 1_919_252_068
"""Loads come one after another, so that the same bytes cannot come twice."""
PIECE = 200_000
"""Rows copied at once."""
MEDIA = "application/octet-stream"


@dataclass(frozen=True, slots=True)
class Edition:
    """What is said of a file besides its bytes: its edition, its first day where it does not say it, its licence."""

    name: str
    starts_on: date | None = None
    licence_holder: str = ""
    licence_users: int | None = None


def load(*, actor: Actor, kind: str, edition: Edition, files: Sequence[SourceFile], at: datetime) -> LoadRow:
    """Read the files of one edition and keep all their rows, or refuse them whole.

    The files are kept before they are read. The same bytes are one load: loading them again answers the first.

    Raises:
        NotFound: there is no such kind.
        FileRefused: a check failed; it names file, line and fix.
        Refused: the edition has no name, nothing says from which day it holds, or a licence is wanting.
    """
    return _load(actor, kind, edition, files, at)


def ship(*, actor: Actor, at: datetime) -> tuple[LoadRow, ...]:
    """Load what comes with the product (ICD-10-CM and lists of limits), each edition once; those that are new.

    What its publisher sent goes before it on every day that it answers for. An edition that was loaded before is left
    alone, also where somebody took it back.
    """
    known = set(Load.objects.values_list("kind", "edition")) | set(Load.objects.values_list("kind", "sha256"))
    return tuple(
        _load(actor, one.kind, Edition(one.edition, one.starts_on), [one.file()], at, is_packaged=True)
        for one in packaged.shipped()
        if not {(one.kind, one.edition[:40]), (one.kind, one.sha256)} & known
    )


def _load(
    actor: Actor, kind: str, edition: Edition, files: Sequence[SourceFile], at: datetime, *, is_packaged: bool = False
) -> LoadRow:  # fmt: skip
    wanted, mso = kinds.kind(kind), tenancy.mso()
    decision = actor.must(LOAD.code, mso)
    if not edition.name.strip():
        raise Refused("The edition has no name.", field="edition", fix="Say which it is, as its publisher does.")
    if wanted.licensed and not (edition.licence_holder.strip() and edition.licence_users):
        raise Refused(
            f"{wanted.title} is its publisher's property: nobody loads it without a licence.", code="licence_missing",
            field="licence_holder", fix="Say who holds the licence, and for how many users.",
        )  # fmt: skip
    kept = _keep(actor, files, mso, at, decision)
    digest = _digest(kept)
    earlier = Load.objects.filter(kind=kind, sha256=digest, undone_at=None).first()
    if earlier is not None:
        return loads.row_of(earlier)
    read = wanted.read(reading.opened(files, wanted.member))
    told = reading.day_named(edition.name, years=False) or read.since or reading.day_named(edition.name)
    starts_on = edition.starts_on or told
    if starts_on is None:
        raise Refused(
            "Nothing says from which day this edition holds: neither the file's name nor its content.",
            code="first_day_unknown", field="starts_on", fix="Give its first day.",
        )  # fmt: skip
    return _write(actor, wanted, edition, starts_on, kept, digest, read, at, decision, is_packaged=is_packaged)


@atomic
def _keep(
    actor: Actor, files: Sequence[SourceFile], mso: int, at: datetime, decision: Decision
) -> list[LoadedFile]:  # fmt: skip
    """The files as they came, kept in the MSO's own tenant."""
    kept = []
    for file in sorted(files, key=lambda one: one.name):
        document = documents.store(
            actor=actor, practice=mso, name=file.name, content=file.content, media_type=MEDIA, purpose="codes.file",
            at=at, under=decision,
        )  # fmt: skip
        kept.append(LoadedFile(file.name, document.sha256, document.size, document.public_id))
    if not kept:
        raise FileRefused("No file was given.", field="file", fix="Give the file as it was published.")
    return kept


def _digest(files: Sequence[LoadedFile]) -> str:
    if len(files) == 1:
        return files[0].sha256
    return hashlib.sha256("".join(sorted(file.sha256 for file in files)).encode()).hexdigest()


@atomic
def _write(
    actor: Actor, kind: Kind, edition: Edition, starts_on: date, files: Sequence[LoadedFile], digest: str,
    read: Reading, at: datetime, decision: Decision, *, is_packaged: bool,
) -> LoadRow:  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
    earlier = Load.objects.filter(kind=kind.code, sha256=digest, undone_at=None).first()
    if earlier is not None:
        return loads.row_of(earlier)
    load = Load.objects.create(
        kind=kind.code, edition=edition.name.strip()[:40], starts_on=starts_on, sha256=digest,
        files=[asdict(file) for file in files], rows=read.rows.height, checks=[asdict(check) for check in read.checks],
        words=list(read.words), licence_holder=edition.licence_holder.strip()[:160],
        licence_users=edition.licence_users, is_packaged=is_packaged, loaded_at=at, loaded_by=actor.name[:160],
    )  # fmt: skip
    with Copying() as copying:
        for table, rows in ((kind.table, read.rows), *read.beside.items()):
            columns = ", ".join(f'"{name}"' for name in ("load_id", *rows.columns))
            for part in rows.iter_slices(PIECE):
                text = _copied(load.pk, part)
                copying.copy([(table, columns, partial(str, text))])
    subject = ("codes.load", load.public_id)
    for file in files:
        documents.became(document=file.document, subject=subject, practice=tenancy.mso(), at=at)
    audit.record(
        actor=actor, action="codes.loaded", practice=tenancy.mso(), subject=subject, at=at, decision=decision,
        facts={"kind": kind.title, "edition": load.edition, "rows": load.rows},
    )  # fmt: skip
    return loads.row_of(load, is_new=True)


def _copied(load: int, rows: pl.DataFrame) -> str:
    """Rows of a load in COPY's text form."""
    texts = pl.col(pl.String).str.replace_many(["\\", "\t", "\n", "\r"], ["\\\\", "\\t", "\\n", "\\r"])
    return (
        rows.with_columns(texts)
        .select(pl.lit(load).alias("load_id"), pl.all())
        .write_csv(include_header=False, separator="\t", quote_style="never", null_value=NULL)
    )


@atomic
def undo(*, actor: Actor, load: str, why: str, at: datetime) -> LoadRow:
    """Take a load back: what held before it holds again. Its rows stay on record and count no more.

    Raises `NotFound`, and `Conflict` where it was undone already.
    """
    mso = tenancy.mso()
    decision = actor.must(LOAD.code, mso)
    if not why.strip():
        raise Refused("A load is taken back for a reason.", field="why", fix="Say why.")
    found = Load.objects.select_for_update().filter(public_id=load).first()
    if found is None:
        raise NotFound(f"There is no load {load}.", field="load")
    if found.undone_at is not None:
        raise Conflict(f"{load} was taken back already, by {found.undone_by}.", field="load")
    found.undone_at, found.undone_by, found.undone_why = at, actor.name[:160], why.strip()[:300]
    found.save(update_fields=["undone_at", "undone_by", "undone_why"])
    audit.record(
        actor=actor, action="codes.undone", practice=mso, subject=("codes.load", load), at=at, decision=decision,
        why=why.strip(), facts={"kind": kinds.kind(found.kind).title, "edition": found.edition},
    )  # fmt: skip
    return loads.row_of(found)
