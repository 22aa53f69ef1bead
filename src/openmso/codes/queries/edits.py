"""What the NCCI editions say of whole sets of services at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date

from django.db import connection

from openmso.codes.contracts import AddOnEdit, PairEdit, UnitEdit
from openmso.codes.queries import loads

Service = tuple[str, date]
"""A code and the day it was rendered."""

PAIRS = """
WITH service AS (SELECT * FROM unnest(%(claims)s::int[], %(codes)s::text[], %(days)s::date[]) AS s(claim, code, day))
SELECT DISTINCT a.claim, p.column1, p.column2, p.indicator
  FROM service a JOIN service b ON b.claim = a.claim AND b.day = a.day AND b.code <> a.code
  JOIN codes_pairedit p ON p.load_id = %(load)s AND p.column1 = a.code COLLATE "C" AND p.column2 = b.code COLLATE "C"
   AND p.starts_on <= a.day AND (p.ends_on IS NULL OR a.day < p.ends_on)
 ORDER BY 1, 2, 3
"""


def pairs(services: Iterable[tuple[int, str, date]]) -> dict[int, list[PairEdit]]:
    """The pairs in force among the services of each claim on each day: (claim, code, day) in, pairs by claim out.

    A claim is any number that keeps services together; a code of one claim is never paired with another's.
    """
    load = loads.latest("ncci-ptp")
    told = list(set(services)) if load else []
    if load is None or not told:
        return {}
    claims, codes, days = (list(column) for column in zip(*told, strict=True))
    found: dict[int, list[PairEdit]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(PAIRS, {"claims": claims, "codes": codes, "days": days, "load": load.pk})
        for claim, *pair in cursor.fetchall():
            found[claim].append(PairEdit(*pair))
    return dict(found)


def units(services: Collection[Service]) -> dict[Service, UnitEdit]:
    """The medically unlikely edit of each service, by the edition of its day; most codes have one."""
    by_day = loads.of_days("ncci-mue", {day for _, day in services})
    wanted = {load.pk for load in by_day.values()}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT load_id, code, units, indicator FROM codes_unitedit WHERE load_id = ANY(%s) AND code = ANY(%s)",
            [list(wanted), sorted({code for code, _ in services})],
        )
        found = {(load, code): UnitEdit(code, units, indicator) for load, code, units, indicator in cursor.fetchall()}
    return {
        (code, day): found[by_day[day].pk, code]
        for code, day in set(services)
        if day in by_day and (by_day[day].pk, code) in found
    }


def add_ons(services: Collection[Service]) -> dict[Service, AddOnEdit]:
    """The add-on edit of each service that is an add-on on its day, with the primaries of that day."""
    load = loads.latest("ncci-aoc")
    if load is None:
        return {}
    by_code: dict[str, list[tuple[str, str, str, date | None, date | None]]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(
            'SELECT code, "primary", edit_type, starts_on, ends_on FROM codes_addonedit '
            'WHERE load_id = %s AND code = ANY(%s) ORDER BY code, "primary"',
            [load.pk, sorted({code for code, _ in services})],
        )
        for row in cursor.fetchall():
            by_code[row[0]].append(row)
    answers: dict[Service, AddOnEdit] = {}
    for service in set(services):
        mine = [row for row in by_code.get(service[0], ()) if _holds(service[1], *row[3:])]
        if mine:
            types = {row[2] for row in mine}
            answers[service] = AddOnEdit(
                service[0], tuple(row[1] for row in mine if row[1]), max(types, key="132".index)
            )
    return answers


def _holds(day: date, starts_on: date | None, ends_on: date | None) -> bool:
    return (starts_on is None or starts_on <= day) and (ends_on is None or day < ends_on)
