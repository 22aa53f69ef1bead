"""A figure by cohort: by the month of the services of the claims that it counts."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Sum
from django.db.models.functions import TruncMonth

from openmso.analytics.contracts import Asked, Kind, Kpi, Value
from openmso.analytics.models import ClaimAge, ClaimFact, ClaimMoney
from openmso.analytics.queries import behind
from openmso.analytics.queries.asking import narrowed
from openmso.analytics.rules.measures import FLAGS, SERVED, Aged
from openmso.analytics.rules.months import Months
from openmso.kit.periods import Month


def tells(one: Kpi) -> bool:
    """Whether a figure has cohorts: it counts claims, and is not an amount of one day over what months earned."""
    sides = {behind.opens(one, side) for side in behind.SIDES}
    return one.kind is not Kind.DAYS and behind.Opens.OCCURRED not in sides


def values(one: Kpi, asked: Asked) -> dict[Month, Value]:
    """What a figure comes to for the services of each month, of the claims in its window."""
    found: dict[Month, Months] = defaultdict(Months)
    if one.kind is Kind.AGED:
        _ages(found, asked)
    elif one.kind is Kind.MEDIAN:
        _lags(found, one, asked)
    else:
        _sums(found, one, asked)
    alone = replace(one, months=1)
    return {month: months.value(alone, asked.month) for month, months in found.items()}


def _by_month(rows: QuerySet[Any], *also: str) -> QuerySet[Any]:
    return rows.order_by().annotate(cohort=TruncMonth("served_on")).values("cohort", *also)


def _sums(found: dict[Month, Months], one: Kpi, asked: Asked) -> None:
    days = behind.within(one, asked)
    sent = narrowed(ClaimFact.objects.filter(sent_on__range=days), asked)
    counts = {f"n_{flag}": Count("pk", filter=Q(**{flag: True})) for flag in FLAGS}
    charges = {f"c_{flag}": Sum("charge_amount", filter=Q(**{flag: True}), default=0) for flag in FLAGS}
    for row in _by_month(sent).annotate(**counts, **charges):
        into = found[Month.of(row["cohort"])].sums.setdefault(asked.month, {})
        for flag in FLAGS:
            into[flag], into[f"{flag}_amount"] = row[f"n_{flag}"], row[f"c_{flag}"]
    served = narrowed(ClaimMoney.objects.filter(served_on__range=days), asked)
    for row in _by_month(served).annotate(**{f"sum_{name}": Sum(name) for name in SERVED}):
        into = found[Month.of(row["cohort"])].sums.setdefault(asked.month, {})
        into.update({name: row[f"sum_{name}"] for name in SERVED})


def _lags(found: dict[Month, Months], one: Kpi, asked: Asked) -> None:
    name = one.top[0]
    sent = narrowed(ClaimFact.objects.filter(sent_on__range=behind.within(one, asked)), asked)
    for row in _by_month(sent.exclude(**{name: None}).annotate(lag=F(name)), "lag").annotate(n=Count("pk")):
        found[Month.of(row["cohort"])].lags[name, asked.month][row["lag"]] = row["n"]


def _ages(found: dict[Month, Months], asked: Asked) -> None:
    rows = narrowed(ClaimAge.objects.filter(stood_on__range=(asked.month.first, asked.month.last)), asked)
    sums = {"left": Sum("open_amount"), "share": Sum("patient_amount")}
    for row in _by_month(rows, "bucket").annotate(**sums):
        aged = Aged(open_amount=row["left"], patient_amount=row["share"])
        found[Month.of(row["cohort"])].ages[asked.month][row["bucket"]] = aged
