"""What practices owe of their invoices by age, practice by practice and together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from django.db.models import Count, F, Min, Q, QuerySet, Sum

from openmso.kit.money import Money
from openmso.platform.ui.contracts import Filters, Page, PageAsk
from openmso.settlement.contracts.ageing import AGES, Age, Aged
from openmso.settlement.models import Settlement
from openmso.settlement.queries.statements import LEFT, OPEN

SUMS = (*(age.key for age in AGES), "due", "disputed")
SORTS = (*SUMS, "practice_name", "invoices", "oldest_due_on")


def ageing(filters: Filters, ask: PageAsk, *, on: date) -> Page[Aged]:
    """Practices that have something to pay or in dispute, as they stand now, aged by a day; with the sums of all."""
    found = _open(filters)
    sums: dict[str, Any] = {age.key: Sum("left", filter=_of_age(age, on), default=0) for age in AGES}
    sums |= {"due": Sum("left", default=0), "disputed": Sum("held_amount", default=0)}
    together = found.aggregate(n=Count("practice", distinct=True), **sums)
    rows = found.values("practice_id", code=F("practice__code"), practice_name=F("practice__name")).annotate(
        invoices=Count("pk"), oldest_due_on=Min("due_on", filter=~Q(left=0)), **sums
    )
    key = F(ask.sort if ask.sort in SORTS else "practice_name")
    order = key.desc(nulls_last=True) if ask.desc else key.asc(nulls_last=True)
    shown = rows.order_by(order, "practice_name")[ask.offset : ask.offset + ask.size]
    totals = {name: Money.of(together[name]) for name in SUMS}
    return Page(rows=tuple(map(_aged, shown)), total=together["n"], ask=ask, totals=totals)


def every(filters: Filters, *, on: date) -> tuple[list[Aged], dict[str, Money]]:
    """All rows of the same, by name, and their sums."""
    ask, rows = PageAsk(size=200), list[Aged]()
    while True:
        page = ageing(filters, replace(ask, number=len(rows) // ask.size + 1), on=on)
        rows += page.rows
        if len(rows) >= (page.total or 0) or not page.rows:
            return rows, {name: Money.of(page.totals[name]) for name in SUMS}


def _open(filters: Filters) -> QuerySet[Settlement]:
    found = Settlement.objects.filter(state__in=OPEN).annotate(left=LEFT).exclude(left=0, held_amount=0)
    if codes := filters.many("practice"):
        found = found.filter(practice__code__in=[code.upper() for code in codes])
    return found.filter(practice__name__icontains=filters.text) if filters.text else found


def _of_age(age: Age, on: date) -> Q:
    first, last = age.days(on)
    asked = Q()
    if first is not None:
        asked &= Q(due_on__gte=first)
    return asked & Q(due_on__lte=last) if last is not None else asked


def _aged(row: Mapping[str, Any]) -> Aged:
    whole: dict[str, Any] = {name: Money.of(row[name]) for name in SUMS if name != "due"}
    whole |= {name: row[name] for name in ("code", "practice_name", "invoices", "oldest_due_on")}
    return Aged(practice=row["practice_id"], **whole)
