"""Taking away: all that a practice owns, or its revenue cycle alone, written out, and told to the trail."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import shutil
import tempfile
import zipfile
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from importlib.metadata import version
from pathlib import Path
from typing import IO

from django.conf import settings
from django.db.migrations.recorder import MigrationRecorder

from openmso.kit.errors import NotFound, Refused
from openmso.kit.words import counted, day
from openmso.platform.access.contracts import Actor, Decision
from openmso.platform.audit import services as audit
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.tenancy.queries import Reach, TenantRow
from openmso.platform.tenancy.scope import atomic, scope, snapshot
from openmso.portability.contracts import TAKE, Part, Taken, Written
from openmso.portability.queries import revenue, totals, whole
from openmso.portability.queries.revenue import Practice
from openmso.portability.rules import manifest as manifests
from openmso.portability.rules.contents import OF_THE_NETWORK, STAYS
from openmso.portability.rules.manifest import Manifest
from openmso.portability.services.writing import Flow, Writer, in_archive, in_folder

IN_MEMORY_MAX = 8_000_000
"""Bytes of an archive that are held in memory; more lie in a temporary file."""
SUBJECT = "portability.archive"


class FolderThere(Refused):
    """An export goes into a folder of its own."""

    code = "folder_is_there"


def taken(*, actor: Actor, code: str, at: datetime) -> tuple[IO[bytes], Taken]:
    """The archive of a practice's revenue cycle, ready to be read from its first byte; whoever gets it closes it.

    It sets the scope itself, to this practice alone. Raises `NotFound` for a practice out of the actor's reach.
    """
    found, within = _found(actor, code)
    file: IO[bytes] = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY_MAX)  # noqa: SIM115
    with scope(practices=within.practices, entities=within.entities):
        with snapshot(), zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            on = tenancy.today(found.pk, at)
            writer = Writer(in_archive(archive))
            written = _written(writer, revenue.parts(Practice(found.pk, actor, on, at)))
            writer.plainly("READ ME.txt", _words(on, f"The revenue cycle of {found.name}", written).encode())
            listed = [dataclasses.asdict(one) for one in written]
            writer.plainly("manifest.json", json.dumps(listed, indent=2).encode())
        file.seek(0)
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()  # type: ignore[arg-type]
        _tell(actor, found, "portability.taken", {"count": len(written), "sha256": sha256}, at)
    file.seek(0)
    return file, Taken(f"{found.code}-revenue-cycle-{on}.zip", written, sha256)


def flowing(*, actor: Actor, code: str, at: datetime) -> tuple[str, Iterator[bytes]]:
    """All that a practice owns as an archive that flows while it is written: what it is called, and its pieces.

    Nothing of it is kept. One that breaks off has no end and opens nowhere; the trail tells of it from its beginning.
    Raises `NotFound` for a practice out of the actor's reach, at once.
    """
    found, within = _found(actor, code)
    return f"{found.code}-{tenancy.today(found.pk, at)}.zip", _pieces(actor, found, within, at)


def _pieces(actor: Actor, found: TenantRow, within: Reach, at: datetime) -> Iterator[bytes]:
    with scope(practices=within.practices, entities=within.entities):
        _tell(actor, found, "portability.began", {}, at)
    flow = Flow()
    with zipfile.ZipFile(flow, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for _ in _whole(actor, found, within, Writer(in_archive(archive)), at):
            yield from flow.taken()
    yield from flow.taken()


def exported(*, actor: Actor, code: str, to: Path, at: datetime) -> Manifest:
    """All that a practice owns, in a folder that is not there yet; what the folder holds.

    It is whole or not there: until it is done it is called otherwise. Raises `FolderThere`, and `NotFound` for a
    practice out of the actor's reach.
    """
    found, within = _found(actor, code)
    if to.exists():
        raise FolderThere(f"{to} is there already.", fix="Give the export a folder of its own.")
    to.parent.mkdir(parents=True, exist_ok=True)
    begun = Path(tempfile.mkdtemp(prefix=f".{to.name}.", dir=to.parent))
    try:
        *_, told = _whole(actor, found, within, Writer(in_folder(begun)), at)
        begun.rename(to)
    except BaseException:
        shutil.rmtree(begun, ignore_errors=True)
        raise
    assert isinstance(told, Manifest)
    return told


def _found(actor: Actor, code: str) -> tuple[TenantRow, Reach]:
    found = next((one for one in tenancy.tenants(code=code) if not one.is_mso), None)
    if found is None or not actor.can(TAKE.code, found.pk):
        raise NotFound(f"There is no practice {code} for you.")
    return found, tenancy.reach(found.pk)


def _whole(
    actor: Actor, found: TenantRow, within: Reach, writer: Writer, at: datetime
) -> Iterator[Written | Manifest]:  # fmt: skip
    """Every file as it is done, and in the end the manifest over them.

    The word to the trail comes last: it is of another moment.
    """
    files: list[Written] = []
    with scope(practices=within.practices, entities=within.entities):
        actor.must(TAKE.code, found.pk)
        with snapshot():
            on = tenancy.today(found.pk, at)
            for part in whole.parts(Practice(found.pk, actor, on, at)):
                for one in writer.write(part):
                    files.append(one)
                    yield one
            told, content = manifests.written(
                _manifest(actor, found, within, tuple(files), at), seed=settings.AUDIT_KEY
            )
        writer.plainly("READ ME.txt", _words(on, f"Everything that belongs to {found.name}", told.files).encode())
        writer.plainly(manifests.NAME, content)
        facts = {"count": len(files), "rows": told.rows, "sha256": told.sha256}
        _tell(actor, found, "portability.taken_whole", facts, at)
    yield told


def _manifest(actor: Actor, found: TenantRow, within: Reach, files: tuple[Written, ...], at: datetime) -> Manifest:
    practice = {
        "key": found.pk, "code": found.code, "name": found.name, "public_id": found.public_id,
        "entities": sorted(within.entities),
    }  # fmt: skip
    applied = MigrationRecorder.Migration.objects.order_by("app", "name").values_list("app", "name")
    return Manifest(
        practice, at.isoformat(), actor.name, version("openmso"), dict(applied), files, totals.figures(),
        {**STAYS, **OF_THE_NETWORK},
    )  # fmt: skip


def _written(writer: Writer, parts: Iterable[Part]) -> tuple[Written, ...]:
    return tuple(one for part in parts for one in writer.write(part))


@atomic
def _tell(actor: Actor, found: TenantRow, action: str, facts: dict[str, object], at: datetime) -> None:
    decision: Decision = actor.must(TAKE.code, found.pk)
    subject = (SUBJECT, found.code)
    audit.record(actor=actor, action=action, practice=found.pk, subject=subject, at=at, facts=facts, decision=decision)
    audit.record_read(actor=actor, practice=found.pk, subject=subject, at=at, classes=TAKE.classes, decision=decision)


def _words(on: date, what: str, files: Iterable[Written]) -> str:
    """What is to be read first."""
    head = (
        f"{what}, as it stood on {day(on)}.\n\n"
        "Tables are CSV (UTF-8, comma, RFC 4180), amounts in US dollars, days as YYYY-MM-DD, instants in UTC.\n"
        'In tables/ and references/ an empty field is no value, and "" the empty text; dictionary.csv names every\n'
        "column. Documents and X12 files are byte by byte what was sent or received.\n"
        "manifest.json names every file with its number of rows (bytes, of documents) and its SHA-256.\n\n"
    )
    seen: dict[str, list[int]] = {}
    for one in files:
        key = one.path if one.kind != "document" else one.path.rsplit("/", 1)[0] + "/"
        seen.setdefault(f"{key}: {one.words}", []).append(one.count)
    lines = (
        f"{said}, {counted(len(counts), 'file') if said.partition(':')[0].endswith('/') else f'{counts[0]:,}'}\n"
        for said, counts in seen.items()
    )
    return head + "".join(lines)
