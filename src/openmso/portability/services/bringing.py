"""Bringing in: an export of a practice into an empty house, whole or not at all, proved by its own figures.

Only the owner of the tables may do it (`openmso import practice`): rows come as they were, with their keys, past the
functions that tell of what happens now. Row-level security holds all the same: no row of another practice gets in.
"""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from django.apps import apps
from django.db import IntegrityError, ProgrammingError, connection, models
from django.db.migrations.recorder import MigrationRecorder
from psycopg.errors import InsufficientPrivilege

from openmso.claims.services import releasing
from openmso.kit.errors import Refused
from openmso.ledger.queries import proof
from openmso.platform.access.contracts import Actor
from openmso.platform.audit import queries as trail
from openmso.platform.audit import services as audit
from openmso.platform.audit import verifier
from openmso.platform.documents import services as documents
from openmso.platform.tenancy import moving
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.tenancy.scope import atomic, reading, scope
from openmso.platform.vault.fields import BlindIndexField, index_of
from openmso.portability.contracts import Brought, Written
from openmso.portability.queries import totals, whole
from openmso.portability.rules import comparing
from openmso.portability.rules import manifest as manifests
from openmso.portability.rules.contents import REFERENCES
from openmso.portability.rules.manifest import Manifest, NotAnExport
from openmso.portability.services.taking import SUBJECT

AT_ONCE = 500
"""Secrets that are sealed in one statement."""


class NotEmpty(Refused):
    """The house has rows that stand where rows of the export belong."""

    code = "house_not_empty"
    status = 409


class NotTheSame(Refused):
    """What was brought in does not add up to what was taken away; nothing of it stayed."""

    code = "not_the_same"


def checked(folder: Path, *, key: str = "") -> Manifest:
    """The manifest of an export every file of which is there, whole and unchanged.

    `key` is the public key of the house it must come from. Raises `NotAnExport`, naming the file.
    """
    try:
        told = manifests.read((folder / manifests.NAME).read_bytes(), key=key)
    except OSError as no:
        raise NotAnExport(f"There is no {manifests.NAME} in {folder}.", fix="Name the folder of an export.") from no
    for one in told.files:
        _refuse_changed(folder, one)
    return told


def _refuse_changed(folder: Path, one: Written) -> None:
    file = folder / one.path
    if not file.is_file():
        raise NotAnExport(f"{one.path} is missing.", fix="Copy the whole folder again.")
    size = file.stat().st_size
    if size != one.size:
        what = "cut off" if size < one.size else "longer than it was"
        raise NotAnExport(f"{one.path} is {what}: {size:,} of {one.size:,} bytes.", fix="Copy the whole folder again.")
    with file.open("rb") as content:
        if hashlib.file_digest(content, "sha256").hexdigest() != one.sha256:
            raise NotAnExport(f"{one.path} was changed.", fix="Copy the whole folder again.")


def brought(*, actor: Actor, folder: Path, at: datetime, key: str = "") -> Brought:
    """A practice from its export: rows, documents and secrets, and every figure of it beside the export's.

    An export that is here already is not brought in twice: then the answer compares it with how it stands now. It
    sets the scope itself. Raises `NotAnExport`, `NotEmpty`, `NotTheSame`; then nothing has changed.
    """
    told = checked(folder, key=key)
    practice = int(told.practice["key"])
    kept: list[str] = []
    with scope(practices=[practice], entities=told.practice["entities"]):
        with reading():
            if _is_here(told):
                return _answer(told, is_new=False)
        try:
            _bring(actor=actor, folder=folder, told=told, at=at, kept=kept)
        except BaseException:
            documents.forget(kept)
            raise
        with reading():
            return _answer(told, is_new=True)


def _answer(told: Manifest, *, is_new: bool) -> Brought:
    compared = comparing.compared(told.figures, totals.figures())
    found = told.of_kind("document")
    return Brought(
        told.practice["code"], told.practice["name"], told.sha256, len(told.files), told.rows, len(found), is_new,
        compared,
    )  # fmt: skip


def _is_here(told: Manifest) -> bool:
    """Whether just this export was brought in before; raises `NotEmpty` where its place is taken otherwise."""
    public_id = told.practice["public_id"]
    for one in tenancy.tenants():
        subject = (SUBJECT, one.code)
        if one.public_id == public_id and trail.is_told(
            "portability.brought", practice=one.pk, subject=subject, facts={"sha256": told.sha256}
        ):
            return True
        if one.public_id == public_id or one.pk == told.practice["key"] or one.code == told.practice["code"]:
            raise NotEmpty(f"{one.name} ({one.code}) is here already.", fix="Bring the export into an empty house.")
    return False


@atomic
def _bring(*, actor: Actor, folder: Path, told: Manifest, at: datetime, kept: list[str]) -> None:
    practice = int(told.practice["key"])
    leaving = whole.leaving()
    here = MigrationRecorder.Migration.objects.values_list("app", "name")
    manifests.refuse_other_schema(told, frozenset(here))
    with _refused_in_words():
        for reference in REFERENCES:
            _refer(folder, told, reference)
        with moving.taking_in(leaving):
            headings = {model: names for model in leaving for names in _fill(folder, told, model)}
            _seal(folder, told)
    for one in told.of_kind("document"):
        with (folder / one.path).open("rb") as content:
            kept.append(documents.put_back(practice=practice, public_id=one.of, content=content))
    moving.take_stock(leaving)
    moving.go_on_counting([*leaving, *(apps.get_model(one.model) for one in REFERENCES)])
    releasing.go_on_numbering()
    _prove(told, headings)
    audit.record(
        actor=actor, action="portability.brought", practice=practice, subject=(SUBJECT, told.practice["code"]), at=at,
        facts={"count": len(told.files), "rows": told.rows, "sha256": told.sha256},
    )  # fmt: skip


@contextmanager
def _refused_in_words() -> Iterator[None]:
    """What the database refuses of an export is a "no" with words, too."""
    try:
        yield
    except IntegrityError as no:
        raise NotEmpty(
            f"A row of the export cannot stand here: {str(no).splitlines()[0]}.", fix="Bring it into an empty house."
        ) from no
    except ProgrammingError as no:
        if not isinstance(no.__cause__, InsufficientPrivilege):
            raise
        raise NotAnExport(
            "The export has rows of another practice than it says.", fix="Ask whose export it is."
        ) from no


# ---- rows -------------------------------------------------------------------------------------------------------


def _refer(folder: Path, told: Manifest, reference: Any) -> None:
    """Rows of the network that the practice's rows point at: those that are not here yet."""
    model = apps.get_model(reference.model)
    for one in told.of_kind("reference"):
        if one.of == reference.model:
            names = _staged(folder, one, model, reference.columns or whole.told(model))
            if taken := moving.taken_keys(model, reference.told_by):
                raise NotEmpty(
                    f"{one.path}: {', '.join(taken)} would stand here as something else.",
                    fix="Bring the export into an empty house.",
                )
            moving.put_in(model, names, reference.given, known=True)


def _fill(folder: Path, told: Manifest, model: type[models.Model]) -> Iterator[list[str]]:
    """The rows of a model put in; the columns they came with."""
    for one in told.of_kind("table"):
        if one.of == model._meta.label:
            names = _staged(folder, one, model, whole.told(model))
            moving.put_in(model, names, {})
            yield names


def _staged(folder: Path, one: Written, model: type[models.Model], known: Sequence[str]) -> list[str]:
    """The file's rows in the stage; its headings, which are among the known ones."""
    with (folder / one.path).open("rb") as file:
        names = next(csv.reader([file.readline().decode()]))
        manifests.refuse_strange_headings(one.path, names, known)
        file.seek(0)
        rows = moving.staged(model, names, file)
    if rows != one.count:
        raise NotAnExport(f"{one.path} has {rows:,} rows instead of {one.count:,}.", fix="Take the export again.")
    return names


def _seal(folder: Path, told: Manifest) -> None:
    """Secrets are sealed with the keys of this house, and may be found again by them."""
    for one in told.of_kind("secrets"):
        with (folder / one.path).open(encoding="utf-8", newline="") as file:
            for rows in _alike(csv.DictReader(file)):
                values = {int(row["key"]): row["value"] for row in rows}
                _seal_some(apps.get_model(rows[0]["model"]), rows[0]["field"], values)


def _alike(rows: Iterable[Mapping[str, str]]) -> Iterator[list[Mapping[str, str]]]:
    """Some neighbouring rows of one field at a time."""
    some: list[Mapping[str, str]] = []
    for row in rows:
        if some and (len(some) == AT_ONCE or (row["model"], row["field"]) != (some[0]["model"], some[0]["field"])):
            yield some
            some = []
        some.append(row)
    if some:
        yield some


def _seal_some(model: type[models.Model], field: str, values: Mapping[int, str]) -> None:
    indexes = [one for one in model._meta.local_fields if isinstance(one, BlindIndexField) and one.of == field]
    found = list(model._base_manager.filter(pk__in=list(values)))
    for row in found:
        setattr(row, field, values[row.pk])
        for index in indexes:
            setattr(row, index.name, index_of(getattr(row, field)))
    model._base_manager.bulk_update(found, [field, *(index.name for index in indexes)])


# ---- proof ------------------------------------------------------------------------------------------------------


def _prove(told: Manifest, headings: Mapping[type[models.Model], list[str]]) -> None:
    """What stands here now is what was taken away, row by row; the books and the trail hold, and no key is loose."""
    files = {one.of: one for one in told.of_kind("table")}
    for model, names in headings.items():
        out, one = moving.write_out(model, names, len), files[model._meta.label]
        if (out.rows, out.sha256) != (one.count, one.sha256):
            raise NotTheSame(f"{model._meta.label} would hold {out.rows:,} other rows than {one.path}.")
    if stray := [f"{one.table}.{one.column}" for one in tenancy.stray_keys()]:
        raise NotTheSame(f"Rows would point to nothing: {', '.join(stray)}.", fix="Take the export again.")
    with connection.cursor() as cursor:
        report = verifier.check(cursor, [int(told.practice["key"])])
    flaws = [one.sentence for one in report.findings if one.code != "reads_unsealed"]
    flaws += [flaw.words for entity in told.practice["entities"] for flaw in proof.flaws(entity=entity)]
    flaws += [
        f"{one.name} {one.of}: {one.measure} {one.here} instead of {one.exported}."
        for one in comparing.compared(told.figures, totals.figures()) if not one.equal
    ]  # fmt: skip
    if flaws:
        raise NotTheSame(" ".join(flaws[:3]), fix="Take the export again.")
