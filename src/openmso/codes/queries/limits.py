"""What payers ask of services besides edits, for whole sets of services at once: whom for, how often, for what."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date
from decimal import Decimal

from openmso.codes import models
from openmso.codes.contracts import AgeSex, Covered, Frequency
from openmso.codes.queries import loads, sets
from openmso.codes.queries.edits import Service

Listed = tuple[str, str, AgeSex]


def whom_for(services: Collection[Service], *, diagnoses: bool = False) -> dict[Service, AgeSex]:
    """Whom each procedure, or diagnosis, is for by the edition of its day; what is for everybody is left out."""
    by_day = loads.of_days("age-sex", {day for _, day in services})
    rows = models.AgeSexLimit.objects.filter(
        load_id__in={load.pk for load in by_day.values()}, is_diagnosis=diagnoses
    ).order_by("load_id", "first")
    ranges: dict[int, list[Listed]] = defaultdict(list)
    for row in rows:
        ranges[row.load_id].append((row.first, row.last, AgeSex(row.sex, row.age_first, row.age_last)))
    found = {(code, day): _within(code, ranges[by_day[day].pk]) for code, day in set(services) if day in by_day}
    return {service: whom for service, whom in found.items() if whom is not None}


def _within(code: str, ranges: list[Listed]) -> AgeSex | None:
    """The row that a code falls into, of rows that are sorted and do not overlap."""
    place = bisect_right(ranges, code, key=lambda one: one[0]) - 1
    if place < 0:
        return None
    _, last, whom = ranges[place]
    return whom if code[: len(last)] <= last else None


def waived(services: Collection[Service]) -> dict[Service, str | None]:
    """How each test stands on the list of waived tests of its day: `QW`, `No QW`, or None for a test that is not on it.

    A day that no list answers for has no entry. What comes with the product is a part of CMS's list, so that a test
    which is not on it has no entry either; a list that a house loaded is taken to be whole.
    """
    days = loads.of_days("clia-waived", {day for _, day in services}) if services else {}
    listed = sets.entries("clia-waived", services) if days else {}
    held = {key: one.category for key, one in listed.items() if one.holds(key[1])}
    whole = {day for day, load in days.items() if not load.is_packaged}
    return {service: held.get(service) for service in services if service in held or service[1] in whole}


def frequencies(services: Collection[Service]) -> dict[Service, tuple[Frequency, ...]]:
    """How often payers pay each service, by the edition of its day; most services have no limit."""
    by_day = loads.of_days("frequency", {day for _, day in services})
    rows = models.FrequencyLimit.objects.filter(load_id__in={load.pk for load in by_day.values()}).order_by("pk")
    families: dict[tuple[int, str], set[str]] = defaultdict(set)
    told = list(rows)
    for row in told:
        families[row.load_id, row.family].add(row.code)
    by_code: dict[tuple[int, str], list[Frequency]] = defaultdict(list)
    for row in told:
        by_code[row.load_id, row.code].append(
            Frequency(
                frozenset(families[row.load_id, row.family]), row.most, row.months, row.payer_kind, row.payer,
                row.document,
            )
        )  # fmt: skip
    return {
        (code, day): tuple(by_code[by_day[day].pk, code])
        for code, day in set(services)
        if day in by_day and (by_day[day].pk, code) in by_code
    }


def coverage(services: Collection[Service]) -> dict[Service, tuple[Covered, ...]]:
    """The diagnoses that determinations of each service's day cover it for; a service without any is left out."""
    held = [load.pk for load in (loads.latest("coverage"), loads.latest("lcd")) if load is not None]
    if not held:
        return {}
    rows = models.CoveredDiagnosis.objects.filter(load_id__in=held, code__in={code for code, _ in services})
    told = list(rows.order_by("pk"))
    lists = _lists(told)
    by_code: dict[str, list[models.CoveredDiagnosis]] = defaultdict(list)
    for row in told:
        by_code[row.code].append(row)
    found = {}
    for code, day in set(services):
        if mine := tuple(_in_force(by_code.get(code, ()), day, lists)):
            found[code, day] = mine
    return found


def _lists(rows: Iterable[models.CoveredDiagnosis]) -> dict[tuple[int, int | None], frozenset[str]]:
    """The lists of diagnoses that rows name, by load and number."""
    named = {(row.load_id, row.listed) for row in rows if row.listed is not None}
    codes: dict[tuple[int, int | None], set[str]] = defaultdict(set)
    for load in {load for load, _ in named}:
        numbers = [number for one, number in named if one == load]
        kept = models.ListedDiagnosis.objects.filter(load_id=load, listed__in=numbers)
        for number, code in kept.values_list("listed", "code"):
            codes[load, number].add(code)
    return {key: frozenset(found) for key, found in codes.items()}


def _in_force(
    rows: Iterable[models.CoveredDiagnosis], day: date, lists: Mapping[tuple[int, int | None], frozenset[str]]
) -> Iterable[Covered]:
    for row in rows:
        if (row.starts_on is None or row.starts_on <= day) and (row.ends_on is None or day < row.ends_on):
            yield Covered(
                row.first, row.last, row.payer_kind, row.payer, row.state, row.document,
                lists.get((row.load_id, row.listed), frozenset()),
            )  # fmt: skip


def therapy_thresholds(years: Collection[int]) -> dict[tuple[int, str], Decimal]:
    """Dollars by year and discipline (`PT-SLP`, `OT`); a year nobody has loaded has no entry."""
    load = loads.latest("therapy") if years else None
    if load is None:
        return {}
    rows = models.TherapyThreshold.objects.filter(load=load, year__in=years)
    return {(row.year, row.discipline): row.amount for row in rows}
