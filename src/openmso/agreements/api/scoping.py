"""Tasks as callers of the API send them, as tasks of terms."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from openmso.agreements.api.schemas import TaskIn
from openmso.agreements.contracts import Line
from openmso.agreements.queries import tasks as queries
from openmso.agreements.tasks.catalogue import BadTask
from openmso.agreements.tasks.contracts import Task, TaskLevel, Volume, VolumeBand
from openmso.kit.money import Money
from openmso.kit.periods import DayRange


def tasks_from(sent: Iterable[TaskIn], lines: Iterable[Line]) -> tuple[Task, ...]:
    """Tasks as they were sent: words and what is reserved from the catalogue, days of the line where none are said."""
    known, days = {one.code: one for one in queries.known()}, {line.code: line.days for line in lines}
    made = []
    for one in sent:
        if (usual := known.get(one.code)) is None:
            raise BadTask(f"There is no task {one.code} in the catalogue.", field="code", fix="See /scope-tasks.")
        own = days.get(usual.line, DayRange(one.starts_on or date.min, one.ends_on))
        starts, ends = one.starts_on or own.starts_on, one.ends_on or own.ends_on
        if ends is not None and ends <= starts:
            raise BadTask(f"{usual.words}: it ends before it starts.", field="ends_on")
        made.append(
            Task(
                one.code, usual.line, usual.words, DayRange(starts, ends), one.does or usual.does,
                one.decides or usual.decides, one.approves or usual.approves, one.told or usual.told, usual.reserved,
                one.outside, _volume(one), _level(one),
            )
        )  # fmt: skip
    return tuple(made)


def _volume(one: TaskIn) -> Volume | None:
    if one.volume is None:
        return None
    bands = tuple(VolumeBand(band.first, band.last, _money(band.price)) for band in one.volume.bands)
    return Volume(bands, _money(one.volume.above))


def _level(one: TaskIn) -> TaskLevel | None:
    if one.level is None:
        return None
    return TaskLevel(one.level.kind, Decimal(one.level.at_least), Decimal(one.level.credit))


def _money(said: str | None) -> Money | None:
    return None if said is None else Money.of(said)
