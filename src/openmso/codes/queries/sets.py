"""Codes of the sets: of whole sets of services at once, and looked up by people."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date

from django.db import connection

from openmso.codes import models
from openmso.codes.contracts import CodeEntry, Standing
from openmso.codes.queries import loads
from openmso.codes.queries.edits import Service
from openmso.codes.rules import kinds


def entries(kind: str, services: Collection[Service]) -> dict[Service, CodeEntry]:
    """Each code as the edition of its day says it, also where it has ended; unknown codes are left out."""
    by_day = loads.of_days(kind, {day for _, day in services})
    rows = models.CodeEntry.objects.filter(
        load_id__in={load.pk for load in by_day.values()}, code__in={code for code, _ in services}
    )
    found = {(row.load_id, row.code): row for row in rows.order_by("category")}
    return {
        (code, day): entry_of(found[by_day[day].pk, code], by_day[day])
        for code, day in set(services)
        if day in by_day and (by_day[day].pk, code) in found
    }


def standing(kind: str, services: Collection[Service]) -> dict[Service, Standing | None]:
    """How each code stands by the edition of its day, without its words: None where the edition does not have it.

    A day that no edition answers for has no entry. Two questions for any number of services.
    """
    by_day = loads.of_days(kind, {day for _, day in services})
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT load_id, code, is_billable, starts_on, ends_on FROM codes_codeentry "
            "WHERE load_id = ANY(%s) AND code = ANY(%s)",
            [sorted({load.pk for load in by_day.values()}), sorted({code for code, _ in services})],
        )
        found = {(load, code): rest for load, code, *rest in cursor.fetchall()}
    told: dict[Service, Standing | None] = {}
    for code, day in set(services):
        if (load := by_day.get(day)) is not None:
            row = found.get((load.pk, code))
            told[code, day] = Standing(*row) if row else None
    return told


def answering(on: date) -> dict[int, models.Load]:
    """The loads of code sets that answer for a day, by their keys."""
    found = (loads.of_days(kind.code, {on}).get(on) for kind in kinds.KINDS if kind.is_set)
    return {load.pk: load for load in found if load is not None}


def everywhere(code: str, on: date) -> list[CodeEntry]:
    """A code in every set that has it on a day, in the order of the kinds."""
    editions = answering(on)
    rows = models.CodeEntry.objects.filter(load_id__in=editions, code=code).order_by("category")
    by_load: Mapping[int, list[models.CodeEntry]] = _by_load(rows)
    return [entry_of(row, load) for key, load in editions.items() for row in by_load.get(key, ())]


def _by_load(rows: Iterable[models.CodeEntry]) -> dict[int, list[models.CodeEntry]]:
    found: dict[int, list[models.CodeEntry]] = defaultdict(list)
    for row in rows:
        found[row.load_id].append(row)
    return found


def entry_of(row: models.CodeEntry, load: models.Load) -> CodeEntry:
    """A row as it leaves the app."""
    return CodeEntry(
        load.kind, kinds.kind(load.kind).title, load.edition, row.code, row.category, row.label, row.words,
        row.starts_on, row.ends_on, row.is_billable,
    )  # fmt: skip
