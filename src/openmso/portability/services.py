"""The verb of portability: write the archive of a practice, and tell the trail who took it."""

from __future__ import annotations

import csv
import dataclasses
import hashlib
import io
import json
import tempfile
import zipfile
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from enum import Enum
from typing import IO, Any

from openmso.kit.errors import NotFound
from openmso.kit.money import Money
from openmso.platform.access.contracts import Actor
from openmso.platform.audit import services as audit
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.tenancy.scope import atomic, scope
from openmso.portability import queries
from openmso.portability.contracts import TAKE, Folder, Sheet, Taken, Written

IN_MEMORY_MAX = 8_000_000
"""Bytes of an archive that are held in memory; more lie in a temporary file."""
SUBJECT = "portability.archive"
NAMES = ("public_id", "subject_id")
OURS = ("id", "practice", "assignee_user", "span", "url", "why_next", "ranked")
"""Fields of rows that mean something in this house alone: keys, places in files, what a screen says."""


def taken(*, actor: Actor, code: str, at: datetime) -> tuple[IO[bytes], Taken]:
    """The archive of a practice by its code, ready to be read from its first byte; whoever gets it closes it.

    It sets the scope itself, to this practice alone. Raises `NotFound` for a practice out of the actor's reach.
    """
    found = next((one for one in tenancy.tenants(code=code) if not one.is_mso), None)
    if found is None or not actor.can(TAKE.code, found.pk):
        raise NotFound(f"There is no practice {code} for you.")
    within = tenancy.reach(found.pk)
    file: IO[bytes] = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY_MAX)  # noqa: SIM115
    with scope(practices=within.practices, entities=within.entities):
        told = take(actor=actor, practice=found.pk, at=at, to=file)
    file.seek(0)
    return file, told


@atomic
def take(*, actor: Actor, practice: int, at: datetime, to: IO[bytes]) -> Taken:
    """Write the archive of a practice, whose scope it is, to a file that can be read and written; what is in it."""
    decision = actor.must(TAKE.code, practice)
    tenant = next(one for one in tenancy.tenants() if one.pk == practice)
    on = tenancy.today(practice, at)
    written: list[Written] = []
    with zipfile.ZipFile(to, "w", zipfile.ZIP_DEFLATED) as archive:
        for part in queries.parts(queries.Practice(practice, actor, on, at)):
            written += _sheet(archive, part) if isinstance(part, Sheet) else _folder(archive, part)
        words = "".join(f"{one.path}: {one.words}, {one.count:,}\n" for one in written)
        archive.writestr("READ ME.txt", queries.head(tenant.name, on) + words)
        archive.writestr("manifest.json", json.dumps([dataclasses.asdict(one) for one in written], indent=2))
    to.seek(0)
    sha256 = hashlib.file_digest(to, "sha256").hexdigest()  # type: ignore[arg-type]
    audit.record(
        actor=actor, action="portability.taken", practice=practice, subject=(SUBJECT, tenant.code), at=at,
        facts={"count": len(written), "sha256": sha256}, decision=decision,
    )  # fmt: skip
    audit.record_read(
        actor=actor, practice=practice, subject=(SUBJECT, tenant.code), at=at, classes=TAKE.classes, decision=decision
    )
    return Taken(queries.name_of(tenant.code, on), tuple(written), sha256)


def _sheet(archive: zipfile.ZipFile, part: Sheet) -> Iterator[Written]:
    """A table; one without rows is there all the same, so that nobody asks whether it was forgotten."""
    digest, count = hashlib.sha256(), 0
    with archive.open(part.path, "w") as file:
        for line in _lines(part.row, part.rows):
            digest.update(line)
            file.write(line)
            count += 1
    yield Written(part.path, part.words, count - 1, digest.hexdigest())


def _folder(archive: zipfile.ZipFile, part: Folder) -> Iterator[Written]:
    for name, pieces in part.files:
        path, digest, size = f"{part.path}/{name}", hashlib.sha256(), 0
        with archive.open(path, "w") as file:
            for piece in pieces:
                digest.update(piece)
                file.write(piece)
                size += len(piece)
        yield Written(path, part.words, size, digest.hexdigest())


def _lines(row: type[Any], rows: Iterable[Any]) -> Iterator[bytes]:
    """The headings and the rows of a table, as CSV; the headings stand over no rows too."""
    names = [one.name for one in dataclasses.fields(row) if _is_told(one.name)]
    yield _line(names)
    for one in rows:
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
