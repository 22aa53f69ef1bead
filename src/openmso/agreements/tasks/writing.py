"""Tasks as JSON, and back: how the terms of drafts and executed versions keep them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from openmso.agreements.tasks.contracts import Task, TaskLevel, Volume, VolumeBand, Who
from openmso.kit.money import Money
from openmso.kit.periods import DayRange


def as_data(one: Task) -> dict[str, Any]:
    """Everything a task says, as plain values."""
    said: dict[str, Any] = {
        "code": one.code, "line": one.line, "words": one.words, "starts_on": one.days.starts_on.isoformat(),
        "ends_on": one.days.ends_on.isoformat() if one.days.ends_on else None, "does": one.does.value,
        "decides": one.decides.value, "approves": one.approves.value, "told": one.told.value,
        "reserved": one.reserved, "outside": one.outside,
    }  # fmt: skip
    if one.volume is not None:
        said["volume"] = volume_data(one.volume)
    if one.level is not None:
        level = one.level
        said["level"] = {"kind": level.kind, "at_least": str(level.at_least), "credit": str(level.credit)}
    return said


def volume_data(volume: Volume) -> dict[str, Any]:
    """A volume as plain values."""
    bands = [
        {"first": band.first, "last": band.last, "price": None if band.price is None else str(band.price)}
        for band in volume.bands
    ]
    return {"bands": bands, "above": None if volume.above is None else str(volume.above)}


def of_data(said: dict[str, Any]) -> Task:
    """The task of kept data."""
    ends_on, volume, level = said["ends_on"], said.get("volume"), said.get("level")
    return Task(
        said["code"], said["line"], said["words"],
        DayRange(date.fromisoformat(said["starts_on"]), date.fromisoformat(ends_on) if ends_on else None),
        Who(said["does"]), Who(said["decides"]), Who(said["approves"]), Who(said["told"]), said["reserved"],
        said["outside"],
        None if volume is None else Volume(
            tuple(VolumeBand(one["first"], one["last"], _money(one["price"])) for one in volume["bands"]),
            _money(volume["above"]),
        ),
        None if level is None else TaskLevel(level["kind"], Decimal(level["at_least"]), Decimal(level["credit"])),
    )  # fmt: skip


def _money(said: str | None) -> Money | None:
    return None if said is None else Money.of(said)
