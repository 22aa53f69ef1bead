"""What the physician fee schedule's editions say: relative values, localities, places, telehealth."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import fields
from datetime import date

from openmso.codes import models
from openmso.codes.contracts import Locality, PlaceOfService, RelativeValue, Surgery
from openmso.codes.queries import loads
from openmso.codes.queries.edits import Service

FOLLOW_UP = {"010": 10, "090": 90}
"""Days of follow-up by the indicator of the fee schedule."""
VALUES = [field.name for field in fields(RelativeValue) if field.name != "edition"]


def relative_values(services: Collection[Service]) -> dict[Service, tuple[RelativeValue, ...]]:
    """The rows of each code by the release of its day, that without a modifier first.

    A code the release does not have, and a day before every release, has no entry.
    """
    by_day = loads.of_days("pfs-rvu", {day for _, day in services})
    editions = {load.pk: load.edition for load in by_day.values()}
    rows = models.RelativeValue.objects.filter(load_id__in=editions, code__in={code for code, _ in services})
    found: dict[tuple[int, str], list[RelativeValue]] = defaultdict(list)
    for row in rows.order_by("code", "modifier"):
        values = {name: getattr(row, name) for name in VALUES}
        found[row.load_id, row.code].append(RelativeValue(**values, edition=editions[row.load_id]))
    return {
        (code, day): tuple(found[by_day[day].pk, code])
        for code, day in set(services)
        if day in by_day and (by_day[day].pk, code) in found
    }


def follow_up(services: Collection[Service]) -> dict[Service, int]:
    """The days after each service that its price holds (global days 010 and 090), by the release of its day."""
    by_day = loads.of_days("pfs-rvu", {day for _, day in services})
    rows = models.RelativeValue.objects.filter(
        load_id__in={load.pk for load in by_day.values()}, code__in={code for code, _ in services}, modifier="",
        global_days__in=FOLLOW_UP,
    ).values_list("load_id", "code", "global_days")  # fmt: skip
    found = {(load, code): FOLLOW_UP[told] for load, code, told in rows}
    return {
        (code, day): found[by_day[day].pk, code]
        for code, day in services
        if day in by_day and (by_day[day].pk, code) in found
    }


def surgery(services: Collection[Service]) -> dict[Service, Surgery]:
    """How each service stands as surgery (both sides, days of follow-up), by the release of its day."""
    by_day = loads.of_days("pfs-rvu", {day for _, day in services}) if services else {}
    rows = models.RelativeValue.objects.filter(
        load_id__in={load.pk for load in by_day.values()}, code__in={code for code, _ in services}, modifier=""
    ).values_list("load_id", "code", "bilateral", "global_days")
    found = {(load, code): Surgery(bilateral, days) for load, code, bilateral, days in rows}
    return {
        (code, day): found[by_day[day].pk, code]
        for code, day in set(services)
        if day in by_day and (by_day[day].pk, code) in found
    }


def localities(on: date) -> dict[tuple[str, str], Locality]:
    """The localities of a day's year by contractor and number; about a hundred."""
    names = [field.name for field in fields(Locality)]
    load = loads.of_days("pfs-gpci", {on}).get(on)
    rows = models.Locality.objects.filter(load=load).order_by("state", "locality").values_list(*names) if load else ()
    return {(row[0], row[2]): Locality(*row) for row in rows}


def places(on: date) -> dict[str, PlaceOfService]:
    """The places of service of a day by their codes."""
    load = loads.of_days("pos", {on}).get(on)
    rows = models.PlaceOfService.objects.filter(load=load).order_by("code") if load else ()
    return {row.code: PlaceOfService(row.code, row.name, row.is_facility) for row in rows}


def by_telehealth(codes: Collection[str], on: date) -> frozenset[str]:
    """Those of the codes that Medicare pays by telehealth on a day."""
    load = loads.of_days("telehealth", {on}).get(on)
    rows = models.TelehealthService.objects.filter(load=load, code__in=codes) if load else ()
    return frozenset(row.code for row in rows)
