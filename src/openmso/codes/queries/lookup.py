"""Looking codes up: by code or words over all sets, and everything that holds about one."""

from __future__ import annotations

import re
from datetime import date

from django.contrib.postgres.search import SearchQuery, SearchVector
from django.db import connection
from django.db.models import Q

from openmso.codes import models
from openmso.codes.contracts import About, CodeEntry, Neighbour, Then
from openmso.codes.queries import edits, fees, limits, loads, sets
from openmso.kit.errors import NotFound
from openmso.platform.ui.contracts import Page, PageAsk

PAIRS_SHOWN = 200
NEIGHBOURS = """
SELECT column1, column2, indicator, starts_on, ends_on, rationale, count(*) OVER () FROM codes_pairedit
 WHERE load_id = %(load)s AND (column1 = %(code)s OR column2 = %(code)s)
   AND starts_on <= %(on)s AND (ends_on IS NULL OR %(on)s < ends_on)
 ORDER BY column1 <> %(code)s, column1, column2 LIMIT %(most)s
"""


def search(*, text: str, on: date, kind: str = "", page: PageAsk) -> Page[CodeEntry]:
    """Codes that begin so, or whose label and words have all these words, as the editions of a day have them."""
    editions = {key: load for key, load in sets.answering(on).items() if not kind or load.kind == kind}
    rows = models.CodeEntry.objects.filter(load_id__in=editions)
    if text.strip():
        words = " & ".join(f"{word}:*" for word in re.findall(r"\w+", text.lower()))
        found = Q(code__startswith=text.strip().upper().replace(".", ""))
        if words:
            rows = rows.annotate(said=SearchVector("label", "words", config="simple"))
            found |= Q(said=SearchQuery(words, search_type="raw", config="simple"))
        rows = rows.filter(found)
    order = "-code" if page.desc else "code"
    shown = rows.order_by(order, "load_id", "category")[page.offset : page.offset + page.size]
    return Page([sets.entry_of(row, editions[row.load_id]) for row in shown], rows.count(), page)


def about(code: str, on: date) -> About:
    """What holds about a code on a day; raises `NotFound` where no edition knows it."""
    code, service = code.upper(), (code.upper(), on)
    pairs, count = _neighbours(code, on)
    found = About(
        code, on, tuple(sets.everywhere(code, on)), edits.units([service]).get(service),
        edits.add_ons([service]).get(service), _add_ons_of(code, on), fees.relative_values([service]).get(service, ()),
        bool(fees.by_telehealth([code], on)), pairs, count, _history(code),
        _limits(code, on),
    )  # fmt: skip
    told = (found.entries, found.units, found.add_on, found.values, found.pairs, found.history, found.limits)
    if not any(told):
        raise NotFound(f"No edition knows the code {code}.", field="code")
    return found


def _limits(code: str, on: date) -> tuple[str, ...]:
    """Whom a code is for, how often payers pay it, and the determinations that say for which diagnoses."""
    service = (code, on)
    whom = [limits.whom_for([service], diagnoses=diagnoses).get(service) for diagnoses in (False, True)]
    often = limits.frequencies([service]).get(service, ())
    covered = limits.coverage([service]).get(service, ())
    return (
        *(f"It is {one.words}." for one in whom if one),
        *(f"{_payer(one.payer_kind, one.payer)} pay{_s(one.payer_kind, one.payer)} it {one.words}: {one.document}."
          for one in often),
        *(f"{_payer(kind, payer)} cover{_s(kind, payer)} it for the diagnoses of {document}."
          for kind, payer, document in sorted({(one.payer_kind, one.payer, one.document) for one in covered})),
    )  # fmt: skip


def _payer(kind: str, payer: str) -> str:
    """A payer as the subject of a sentence."""
    return f"Payer {payer}" if payer else {"": "Payers", "tricare": "TRICARE"}.get(kind, kind.capitalize())


def _s(kind: str, payer: str) -> str:
    return "s" if kind or payer else ""


def _neighbours(code: str, on: date) -> tuple[tuple[Neighbour, ...], int]:
    load = loads.latest("ncci-ptp")
    if load is None:
        return (), 0
    with connection.cursor() as cursor:
        cursor.execute(NEIGHBOURS, {"load": load.pk, "code": code, "on": on, "most": PAIRS_SHOWN})
        rows = cursor.fetchall()
    told = tuple(
        Neighbour(two, "2", indicator, starts_on, ends_on, load.words[rationale])
        if one == code
        else Neighbour(one, "1", indicator, starts_on, ends_on, load.words[rationale])
        for one, two, indicator, starts_on, ends_on, rationale, _ in rows
    )
    return told, rows[0][-1] if rows else 0


def _add_ons_of(code: str, on: date) -> tuple[str, ...]:
    load = loads.latest("ncci-aoc")
    rows = models.AddOnEdit.objects.filter(load=load, primary=code) if load else models.AddOnEdit.objects.none()
    held = rows.filter(Q(starts_on=None) | Q(starts_on__lte=on), Q(ends_on=None) | Q(ends_on__gt=on))
    return tuple(held.order_by("code").values_list("code", flat=True))


def _history(code: str) -> tuple[Then, ...]:
    """What every edition that counts said of a code: units, and relative values without a modifier."""
    editions = {load.pk: load for kind in ("ncci-mue", "pfs-rvu") for load in loads.counting(kind)}
    units = models.UnitEdit.objects.filter(load_id__in=editions, code=code)
    values = models.RelativeValue.objects.filter(load_id__in=editions, code=code, modifier="")
    told = [(row.load_id, "Units", f"{row.units} a {'line' if row.indicator == '1' else 'day'} (MAI {row.indicator})")
            for row in units]  # fmt: skip
    told += [
        (
            row.load_id,
            "Relative values",
            f"{row.work} work, {row.pe_nonfacility} or {row.pe_facility} expense, {row.mp}",
        )
        for row in values
    ]
    then = [Then(what, editions[key].edition, editions[key].starts_on, words) for key, what, words in told]
    return tuple(sorted(then, key=lambda one: (one.starts_on, one.what), reverse=True))
