"""What the NCCI editions say of whole sets of services at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date
from itertools import permutations

from django.db import connection

from openmso.codes.contracts import AddOnEdit, PairEdit, UnitEdit
from openmso.codes.queries import loads
from openmso.platform.database.writing import array

Service = tuple[str, date]
"""A code and the day it was rendered."""

PAIRS = """
SELECT p.column1, p.column2, p.indicator, p.starts_on, p.ends_on
  FROM unnest(%(first)s::text[], %(second)s::text[]) AS asked(first, second)
  JOIN codes_pairedit p ON p.load_id = %(load)s
   AND p.column1 = asked.first COLLATE "C" AND p.column2 = asked.second COLLATE "C"
"""


def pairs(services: Iterable[tuple[int, str, date]]) -> dict[int, list[PairEdit]]:
    """The pairs in force among the services of each claim on each day: (claim, code, day) in, pairs by claim out.

    A claim is any number that keeps services together; a code of one claim is never paired with another's. Two codes
    are looked up once, however many claims have both.
    """
    load = loads.latest("ncci-ptp")
    together: dict[tuple[int, date], set[str]] = defaultdict(set)
    for claim, code, day in services if load else ():
        together[claim, day].add(code)
    asked = {pair for codes in together.values() for pair in permutations(codes, 2)}
    if load is None or not asked:
        return {}
    known: dict[tuple[str, str], list[tuple[PairEdit, date, date | None]]] = defaultdict(list)
    first, second = zip(*asked, strict=True)
    with connection.cursor() as cursor:
        cursor.execute(PAIRS, {"first": array(first), "second": array(second), "load": load.pk})
        for one, two, indicator, starts_on, ends_on in cursor.fetchall():
            known[one, two].append((PairEdit(one, two, indicator), starts_on, ends_on))
    found: dict[int, set[PairEdit]] = defaultdict(set)
    for (claim, day), codes in together.items() if known else ():
        for pair in permutations(codes, 2):
            if pair in known:
                found[claim].update(edit for edit, starts, ends in known[pair] if _holds(day, starts, ends))
    return {
        claim: sorted(edits, key=lambda one: (one.column1, one.column2, one.indicator))
        for claim, edits in sorted(found.items()) if edits
    }  # fmt: skip


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
