"""The register of loads, and which of them counts on a day."""

from __future__ import annotations

from datetime import date
from typing import Any

from openmso.codes.contracts import Check, LoadedFile, LoadRow
from openmso.codes.models import Load
from openmso.codes.rules import kinds
from openmso.kit.errors import NotFound


def counting(kind: str) -> list[Load]:
    """The loads of a kind that were not undone, the one that counts last: the latest day, then the latest load.

    What is shipped with the product comes before all that was loaded.
    """
    return list(Load.objects.filter(kind=kind, undone_at=None).order_by("-is_packaged", "starts_on", "pk"))


def latest(kind: str) -> Load | None:
    """The load that answers for every day, of a kind whose rows say their own days."""
    return next(reversed(counting(kind)), None)


def of_days(kind: str, days: set[date]) -> dict[date, Load]:
    """The load that answers for each day; a day before every edition has none."""
    found = counting(kind)
    if not found:
        return {}
    if kinds.kind(kind).dated:
        return dict.fromkeys(days, found[-1])
    answers = {day: [load for load in found if load.starts_on <= day] for day in days}
    return {day: loads[-1] for day, loads in answers.items() if loads}


def every(kind: str = "") -> list[LoadRow]:
    """All loads, of a kind or of all, the latest first."""
    found = Load.objects.filter(**({"kind": kind} if kind else {})).order_by("-loaded_at", "-pk")
    return [row_of(load) for load in found]


def load(public_id: str) -> LoadRow:
    """One load; raises `NotFound`."""
    found = Load.objects.filter(public_id=public_id).first()
    if found is None:
        raise NotFound(f"There is no load {public_id}.", field="load")
    return row_of(found)


def row_of(load: Load, **more: Any) -> LoadRow:
    """A load as it leaves the app."""
    return LoadRow(
        load.public_id, load.kind, kinds.kind(load.kind).title, load.edition, load.starts_on, load.sha256, load.rows,
        tuple(Check(**one) for one in load.checks), tuple(LoadedFile(**one) for one in load.files),
        load.licence_holder, load.licence_users, load.loaded_at, load.loaded_by, load.undone_at, load.undone_by,
        load.undone_why, **more,
    )  # fmt: skip
