"""What stands behind a figure: the claims, visits, answers, payments and fees that each of its parts adds up.

The rows of a part always come to the part: as many as it counts, or as many dollars as it says.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from enum import StrEnum
from functools import reduce
from operator import add
from typing import Any

from django.db.models import Aggregate, DecimalField, F, QuerySet, Sum, Value
from django.db.models import Count as CountOf

from openmso.analytics.contracts import AgedRow, Asked, ClaimBehind, Kind, Kpi, OccurrenceRow, ServedRow
from openmso.analytics.models import Age, ClaimAge, ClaimFact, ClaimMoney, Occurrence
from openmso.analytics.queries.asking import narrowed
from openmso.analytics.rules.measures import BUCKETS, FLAGS, SERVED
from openmso.analytics.rules.months import window
from openmso.analytics.rules.occurrences import NAMES
from openmso.claims.contracts import ClaimRow
from openmso.claims.queries import worklist
from openmso.kit.money import Money
from openmso.parties.queries import payers, providers
from openmso.platform.tenancy.queries import tenants_in_scope
from openmso.platform.ui import counting, paging
from openmso.platform.ui.contracts import Page, PageAsk, Tally

SIDES = ("top", "bottom")
OWED = ("open_amount", "patient_amount")


class Opens(StrEnum):
    """To what a part of a figure opens."""

    SENT = "sent"
    """Claims first sent in the window, that are so."""
    SERVED = "served"
    """What the services of the window came to, by claim."""
    STOOD = "stood"
    """What was owed on a day, by claim."""
    OCCURRED = "occurred"
    """Visits, answers, lines, payments, fees."""


def opens(one: Kpi, side: str) -> Opens:
    """To what a part of a figure opens."""
    if one.kind is Kind.AGED or (one.kind is Kind.DAYS and side == "top"):
        return Opens.STOOD
    names = set(_names(one, side))
    if names <= set(NAMES):
        return Opens.OCCURRED
    return Opens.SERVED if names <= set(SERVED) else Opens.SENT


def _names(one: Kpi, side: str) -> tuple[str, ...]:
    return one.top if side == "top" or one.kind is Kind.MEDIAN else one.bottom


def within(one: Kpi, asked: Asked) -> tuple[Any, Any]:
    """The first and the last day of the months that count, or of one month alone."""
    months = sorted(window(replace(one, months=1) if asked.alone else one, asked.month))
    return months[0].first, months[-1].last


def _of_claims(rows: QuerySet[Any], asked: Asked) -> QuerySet[Any]:
    """Of whom it is asked, and of the services of one month where one is named."""
    rows = narrowed(rows, asked)
    return rows.filter(served_on__range=(asked.served.first, asked.served.last)) if asked.served else rows


# ---- claims ---------------------------------------------------------------------------------------------------


def claims(one: Kpi, asked: Asked, *, side: str, page: PageAsk) -> Page[ClaimBehind]:
    """The claims of a part with what each counts for, the first first."""
    rows = _claims(one, asked, side)
    order = {Opens.SENT: "sent_on", Opens.SERVED: "served_on", Opens.STOOD: "served_on"}[opens(one, side)]
    shown = paging.rows(rows, (order, "claim_id"), page)
    known = _known(shown)
    lag = one.top[0] if one.kind is Kind.MEDIAN else ""
    amounts = dict(rows.filter(pk__in=[row.pk for row in shown]).order_by().values_list("pk", "counted"))
    told = [
        ClaimBehind(known[row.claim_id], Money.of(amounts[row.pk]), getattr(row, lag) if lag else None)
        for row in shown if row.claim_id in known
    ]  # fmt: skip
    return counting.page_of(told, rows, page, lambda: _tally(rows))


def tally_claims(one: Kpi, asked: Asked, *, side: str) -> Tally:
    """How many claims they are, and the dollars that they come to."""
    return _tally(_claims(one, asked, side))


def _tally(rows: QuerySet[Any]) -> Tally:
    told = rows.order_by().aggregate(n=CountOf("pk"), dollars=Sum("counted"))
    return Tally(told["n"], {"amount": Money.of(told["dollars"] or 0)})


def _claims(one: Kpi, asked: Asked, side: str) -> QuerySet[Any]:
    """The rows of a part, each with the dollars that it counts for: `counted`."""
    found = opens(one, side)
    if found is Opens.STOOD:
        return _stood(one, asked, side)
    first, last = within(one, asked)
    if found is Opens.SERVED:
        less = one.less if side == "bottom" else ()
        served = _of_claims(ClaimMoney.objects.all(), asked).filter(served_on__range=(first, last))
        return served.annotate(counted=_sum(_names(one, side)) - _sum(less)).exclude(counted=0)
    sent = _of_claims(ClaimFact.objects.all(), asked).filter(sent_on__range=(first, last))
    sent = sent.annotate(counted=F("charge_amount"))
    if one.kind is Kind.MEDIAN:
        return sent.filter(**{f"{one.top[0]}__isnull": False})
    (name,) = _names(one, side)
    return sent.filter(**{flag: True}) if (flag := name.removesuffix("_amount")) in FLAGS else sent.none()


def _stood(one: Kpi, asked: Asked, side: str) -> QuerySet[Any]:
    rows = _of_claims(ClaimAge.objects.all(), asked).filter(stood_on__range=(asked.month.first, asked.month.last))
    if one.kind is Kind.AGED and side == "top":
        rows = rows.filter(bucket__gte=one.older_than)
    return rows.annotate(counted=_sum(OWED if one.kind is Kind.AGED else one.top)).exclude(counted=0)


def _sum(names: Iterable[str]) -> Any:
    zero = Value(0, DecimalField(max_digits=16, decimal_places=2))
    return reduce(add, (F(name) for name in names), zero)


def _known(rows: Sequence[Any]) -> dict[int, ClaimRow]:
    return {row.id: row for row in worklist.by_keys([row.claim_id for row in rows])}


# ---- receivables and cohorts ----------------------------------------------------------------------------------


def aged(asked: Asked, *, buckets: Sequence[int], page: PageAsk) -> Page[AgedRow]:
    """The claims of receivables at a month's end (of the count, in its month), the oldest service first."""
    days = sorted(_ages(asked, buckets).order_by().values_list("stood_on", flat=True).distinct())
    rows = _of_age(_aged(asked, buckets), buckets, days)
    shown = paging.rows(rows, ("served_on", "claim_id"), page, along={"stood_on": days})
    known = _known(shown)
    told = [
        AgedRow(known[row.claim_id], row.bucket, *map(Money.of, (row.open_amount, row.patient_amount,
                                                                 row.credit_amount)))
        for row in shown if row.claim_id in known
    ]  # fmt: skip
    return counting.page_of(told, rows, page, lambda: tally_aged(asked, buckets=buckets))


def _of_age(rows: QuerySet[ClaimAge], buckets: Sequence[int], days: Sequence[date]) -> QuerySet[ClaimAge]:
    """The same rows, with the days of service that these ages can have: along them the index walks."""
    if not (buckets and days):
        return rows
    if oldest := next((start for start in BUCKETS if start > max(buckets)), 0):
        rows = rows.filter(served_on__gt=days[0] - timedelta(days=oldest))
    return rows.filter(served_on__lte=days[-1] - timedelta(days=min(buckets))) if min(buckets) else rows


def tally_aged(asked: Asked, *, buckets: Sequence[int]) -> Tally:
    """How many they are, and what is owed: as receivables were added up, unless it is asked of one month's services."""
    if asked.served:
        return _summed(_aged(asked, buckets), "open", "patient", "credit")
    return _summed(_ages(asked, buckets), "open", "patient", "credit", count=Sum("claims"))


def _ages(asked: Asked, buckets: Sequence[int]) -> QuerySet[Age]:
    rows = narrowed(Age.objects.filter(stood_on__range=(asked.month.first, asked.month.last)), asked)
    return rows.filter(bucket__in=buckets) if buckets else rows


def _aged(asked: Asked, buckets: Sequence[int]) -> QuerySet[ClaimAge]:
    rows = _of_claims(ClaimAge.objects.all(), asked).filter(stood_on__range=(asked.month.first, asked.month.last))
    rows = rows.exclude(open_amount=0, patient_amount=0, credit_amount=0)
    return rows.filter(bucket__in=buckets) if buckets else rows


def served(asked: Asked, *, page: PageAsk) -> Page[ServedRow]:
    """The claims of the services of a month with what they came to, the first first."""
    rows = _served(asked)
    shown = paging.rows(rows, ("served_on", "claim_id"), page)
    known = _known(shown)
    told = [
        ServedRow(known[row.claim_id], *map(Money.of, (row.served_amount, row.net_amount, row.paid_amount)))
        for row in shown if row.claim_id in known
    ]  # fmt: skip
    return counting.page_of(told, rows, page, lambda: _summed(rows, "served", "net", "paid"))


def tally_served(asked: Asked) -> Tally:
    """How many they are, and what they came to."""
    return _summed(_served(asked), "served", "net", "paid")


def _served(asked: Asked) -> QuerySet[ClaimMoney]:
    return _of_claims(ClaimMoney.objects.all(), asked).filter(served_on__range=(asked.month.first, asked.month.last))


def _summed(rows: QuerySet[Any], *names: str, count: Aggregate | None = None) -> Tally:
    sums = {f"sum_{name}": Sum(f"{name}_amount") for name in names}
    told = rows.order_by().aggregate(n=count or CountOf("pk"), **sums)
    return Tally(told["n"] or 0, {name: Money.of(told[f"sum_{name}"] or 0) for name in names})


# ---- what is no claim -----------------------------------------------------------------------------------------


def occurred(one: Kpi, asked: Asked, *, side: str, page: PageAsk) -> Page[OccurrenceRow]:
    """The occurrences that a part of a figure counts, by day."""
    rows = _occurred(one, asked, side)
    shown = list(paging.rows(rows, ("occurred_on", "pk"), page))
    return counting.page_of(_told(shown), rows, page, lambda: _tally_of(rows))


def tally_occurred(one: Kpi, asked: Asked, *, side: str) -> Tally:
    """How many they are, and their dollars."""
    return _tally_of(_occurred(one, asked, side))


def _tally_of(rows: QuerySet[Occurrence]) -> Tally:
    told = rows.order_by().aggregate(n=CountOf("pk"), dollars=Sum("amount"), times=Sum("count"))
    return Tally(told["n"], {"amount": Money.of(told["dollars"] or 0), "count": told["times"] or 0})


def _occurred(one: Kpi, asked: Asked, side: str) -> QuerySet[Occurrence]:
    named = [name.partition(".") for name in _names(one, side)]
    rows = narrowed(Occurrence.objects.filter(kind__in=[kind for kind, _, _ in named]), asked)
    rows = rows.filter(occurred_on__range=within(one, asked))
    return rows.filter(hits__gt=0) if all(part.startswith("hit") for _, _, part in named) else rows


def _told(rows: Sequence[Occurrence]) -> list[OccurrenceRow]:
    practices_ = {one.pk: one.name for one in tenants_in_scope()} if rows else {}
    paying = payers.names() if rows else {}
    acting = providers.clinician_names({row.clinician_id for row in rows if row.clinician_id}) if rows else {}
    return [
        OccurrenceRow(
            row.source, row.practice_id, practices_.get(row.practice_id, ""), paying.get(row.payer_id or 0, ""),
            acting.get(row.clinician_id or 0, ("", ""))[1], row.occurred_on, row.count, row.hits > 0,
            Money.of(row.amount),
        )
        for row in rows
    ]  # fmt: skip
