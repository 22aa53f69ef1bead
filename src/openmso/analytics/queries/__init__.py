"""Questions about figures: boards, one figure with its parts, receivables by age, the claims behind a figure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import fields, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Count as CountOf
from django.db.models import F, Max, Min, Q, QuerySet, Sum
from django.db.models.functions import TruncMonth

from openmso.analytics import costs
from openmso.analytics.contracts import (
    NOBODY,
    Ageing,
    AgeRow,
    Asked,
    CashWeek,
    CohortRow,
    Figure,
    Forecast,
    Kpi,
    Part,
    Standing,
)
from openmso.analytics.models import (
    Age,
    Cell,
    Cohort,
    Count,
    Curve,
    Lag,
    OccurrenceSum,
)
from openmso.analytics.queries import by_service
from openmso.analytics.queries.asking import narrowed
from openmso.analytics.rules.catalogue import BY_CODE, KPIS
from openmso.analytics.rules.curves import Week, foretell
from openmso.analytics.rules.measures import AMOUNTS, BUCKETS, COHORT_AGES, FLAGS, Aged
from openmso.analytics.rules.months import Months
from openmso.analytics.rules.occurrences import PARTS, Of
from openmso.kit.errors import NotFound
from openmso.kit.money import ZERO, Money
from openmso.kit.periods import Month
from openmso.parties.contracts import Specialty
from openmso.parties.queries import payers, practices, providers
from openmso.platform.tenancy.queries import tenants_in_scope

TREND = 12
SUMMED = {name: Sum(name) for name in (*FLAGS, *AMOUNTS)}
DIMENSIONS: Mapping[str, str] = {
    "practice": "Practice", "payer": "Payer", "clinician": "Clinician", "specialty": "Specialty", "month": "Month",
    "cohort": "Cohort",
}  # fmt: skip
_COLUMNS = {"practice": "practice_id", "specialty": "practice_id", "payer": "payer_id", "clinician": "clinician_id"}


def dimensions(one: Kpi) -> Mapping[str, str]:
    """By what a figure has parts."""
    return {by: words for by, words in DIMENSIONS.items() if by != "cohort" or by_service.tells(one)}


def kpi(code: str) -> Kpi:
    """A figure of the catalogue; raises `NotFound`."""
    if code not in BY_CODE:
        raise NotFound(f"There is no key figure {code}.")
    return BY_CODE[code]


def latest_month() -> Month | None:
    """The latest month in which claims were first sent, else that of the count; none before the first count."""
    sent = Cell.objects.filter(submitted__gt=0).aggregate(month=Max("month"))["month"]
    last = sent or Count.objects.aggregate(on=Max("counted_on"))["on"]
    return Month.of(last) if last else None


def counted_on(practice: int) -> date:
    """The day of the latest count of a practice; raises `NotFound` before the first."""
    last = Count.objects.filter(practice_id=practice).values_list("counted_on", flat=True).first()
    if last is None:
        raise NotFound("The practice was never counted.", fix="Run `openmso kpi count`.")
    return last


def standing() -> Standing:
    """How fresh the figures in scope are."""
    told = Count.objects.aggregate(
        at=Min("counted_at"), stale=CountOf("pk", filter=Q(is_stale=True, counted_on__isnull=False))
    )
    counted = Count.objects.filter(counted_on__isnull=False).count()
    practices_ = sum(not one.is_mso for one in tenants_in_scope())
    return Standing(told["at"], told["stale"], practices_ - counted)


def to_count() -> list[int]:
    """The practices in scope that were never counted, or not since something happened or a cost was entered."""
    counts = Count.objects.filter(is_stale=False)
    if entered := costs.entered_at():
        counts = counts.filter(counted_at__gte=entered)
    fresh = set(counts.values_list("practice_id", flat=True))
    return [one.pk for one in tenants_in_scope() if not one.is_mso and one.pk not in fresh]


def board(asked: Asked) -> list[Figure]:
    """Every figure of a month with its year before it."""
    found = _months(asked, since=asked.month.plus(-TREND - 2)).get(None, Months())
    return [_figure(one, found, asked.month) for one in KPIS]


def figure(code: str, asked: Asked) -> Figure:
    """One figure with its year before it."""
    found = _months(asked, since=asked.month.plus(-TREND - 2)).get(None, Months())
    return _figure(kpi(code), found, asked.month)


def _figure(one: Kpi, found: Months, month: Month) -> Figure:
    trend = found.trend(one, month, length=TREND)
    return Figure(one, found.value(one, month), found.value(one, month.plus(-1)), trend)


def parts(code: str, asked: Asked, *, by: str) -> list[Part]:
    """A figure of each practice, payer, clinician or specialty, by name, or of each month by itself, the latest first.

    By cohort it is that of the services of each month, of the claims that it counts. Those of whom nothing can be told
    are left out. Raises `NotFound` for a figure that has no cohorts.
    """
    one = kpi(code)
    if by == "cohort":
        if not by_service.tells(one):
            raise NotFound(f"{one.title} has no cohorts.", fix="It counts more than the claims of a month of service.")
        told_ = sorted(by_service.values(one, asked).items(), reverse=True)
        return [Part(str(month), f"Services of {month.words}", value) for month, value in told_ if value.bottom]
    if by == "month":
        whole = _months(asked, since=asked.month.plus(-TREND)).get(None, Months())
        alone = whole.trend(replace(one, months=1), asked.month, length=TREND)
        return [Part(str(month), month.words, value) for month, value in reversed(alone) if value.bottom]
    found = _months(asked, since=asked.month.plus(1 - one.months), by=by)
    names = _names(by, [key for key in found if key is not None])
    values = {key: months.value(one, asked.month) for key, months in found.items()}
    told = [Part(*names.get(key, (NOBODY, "None named")), value) for key, value in values.items() if value.bottom]
    return sorted(told, key=lambda part: part.name)


def ageing(asked: Asked) -> Ageing:
    """Receivables of the month's end (of the count, in its month) by age."""
    found = _months(asked, since=asked.month).get(None, Months())
    ages = found.ages.get(asked.month, {})
    rows = [
        AgeRow(start, one.claims, Money.of(one.open_amount), Money.of(one.patient_amount),
               Money.of(one.credit_amount))
        for start in BUCKETS
        for one in [ages.get(start, Aged())]
    ]  # fmt: skip
    return Ageing(
        found.counted_on.get(asked.month), rows, Money.total(row.open for row in rows),
        Money.total(row.patient for row in rows), Money.total(row.credit for row in rows),
    )  # fmt: skip


def cohorts(asked: Asked) -> list[CohortRow]:
    """The services of each of twelve months, the latest first, and how much of what is allowed was paid by each age.

    An age that not every service of the month has reached yet has no part.
    """
    found = _months(asked, since=asked.month.plus(1 - TREND)).get(None, Months())
    on = narrowed(Count.objects.all(), replace(asked, payer="", clinician="")).aggregate(on=Max("counted_on"))["on"]
    paid: dict[Month, dict[int, Decimal]] = defaultdict(dict)
    rows = narrowed(Cohort.objects.filter(month__range=(asked.month.plus(1 - TREND).first, asked.month.last)), asked)
    for row in rows.order_by().values("month", "age").annotate(came=Sum("paid_amount")):
        paid[Month.of(row["month"])][row["age"]] = row["came"]
    told = []
    for back in range(TREND):
        month = asked.month.plus(-back)
        sums = found.sums.get(month, {})
        charged, allowed = (sums.get(name, Decimal(0)) for name in ("served_amount", "net_amount"))
        if not charged:
            continue
        parts_ = [_by_age(paid[month], end, month, on, allowed) for end in COHORT_AGES[1:]]
        so_far = sum(paid[month].values(), Decimal(0))
        parts_.append(so_far / allowed if allowed > 0 else None)
        told.append(CohortRow(month, Money.of(charged), Money.of(allowed), Money.of(so_far), parts_))
    return told


def _by_age(paid: Mapping[int, Decimal], end: int, month: Month, on: date | None, allowed: Decimal) -> Decimal | None:
    """The part of what is allowed that was paid before an age; none before the month's last service is that old."""
    if on is None or allowed <= 0 or (on - month.last).days < end - 1:
        return None
    return sum((amount for age, amount in paid.items() if age < end), Decimal(0)) / allowed


# ---- cash ahead -----------------------------------------------------------------------------------------------


def forecast(asked: Asked) -> Forecast:
    """Thirteen weeks of cash ahead of the count, of everybody or of whom it is asked; the month does not matter."""
    counts = narrowed(Count.objects.filter(counted_on__isnull=False), replace(asked, payer="", clinician=""))
    told = counts.aggregate(on=Max("counted_on"), foretold=Sum("foretold_amount"), came=Sum("came_amount"))
    curves: dict[int | None, dict[int, Week]] = defaultdict(dict)
    names = [one.name for one in fields(Week)]
    rows = narrowed(Curve.objects.all(), asked).order_by().values("payer_id", "week")
    summed: Iterable[dict[str, Any]] = map(dict, rows.annotate(**{f"sum_{name}": Sum(name) for name in names}))
    for row in summed:
        curves[row["payer_id"]][row["week"]] = Week(*(row[f"sum_{name}"] for name in names))
    if told["on"] is None or not curves:
        return Forecast(None, ())
    weeks, running = [], ZERO
    for number, cash in enumerate(foretell(curves)):
        first = told["on"] + timedelta(days=1, weeks=number)
        last, waiting, coming = first + timedelta(days=6), Money.of(cash.waiting), Money.of(cash.coming)
        running += waiting + coming
        weeks.append(CashWeek(number + 1, first, last, waiting, coming, running))
    if asked.payer or asked.clinician or told["foretold"] is None:
        return Forecast(told["on"], weeks)
    return Forecast(told["on"], weeks, Money.of(told["foretold"]), Money.of(told["came"]))


# ---- months ---------------------------------------------------------------------------------------------------


def _months(asked: Asked, *, since: Month, by: str = "") -> dict[Any, Months]:
    """What was counted from a month to the one asked for; of everybody together, or by a dimension."""
    keys = {"key": F(_COLUMNS[by])} if by else {}
    found: dict[Any, Months] = defaultdict(Months)
    of = _folded(by)
    days = (since.first, asked.month.last)
    cells = narrowed(Cell.objects.all(), asked).filter(month__range=days)
    for row in (
        cells.order_by().values("month", **keys).annotate(**{f"sum_{name}": sum_ for name, sum_ in SUMMED.items()})
    ):
        _add(found[of(row.get("key"))].sums.setdefault(Month.of(row["month"]), {}), row)
    lags = narrowed(Lag.objects.all(), asked).filter(month__range=days)
    for row in lags.order_by().values("kind", "month", "days", **keys).annotate(n=Sum("claims")):
        into = found[of(row.get("key"))].lags[row["kind"], Month.of(row["month"])]
        into[row["days"]] = into.get(row["days"], 0) + row["n"]
    occurred_ = narrowed(OccurrenceSum.objects.all(), asked).filter(month__range=days)
    told: Iterable[dict[str, Any]] = map(
        dict, occurred_.order_by().values("month", "kind", **keys).annotate(**{f"sum_{one}": Sum(one) for one in PARTS})
    )
    for each in told:
        sums = found[of(each.get("key"))].sums.setdefault(Month.of(each["month"]), {})
        for one in PARTS:
            name = f"{Of(each['kind'])}.{one}"
            sums[name] = sums.get(name, Decimal(0)) + each[f"sum_{one}"]
    _add_ages(found, narrowed(Age.objects.all(), asked).filter(stood_on__range=days), keys, of)
    return found


def _add(into: dict[str, Decimal], row: Mapping[str, Any]) -> None:
    for name in SUMMED:
        into[name] = into.get(name, Decimal(0)) + row[f"sum_{name}"]


def _add_ages(found: dict[Any, Months], rows: QuerySet[Age], keys: Mapping[str, Any], of: Any) -> None:
    sums = {
        "n": Sum("claims"),
        "left": Sum("open_amount"),
        "back": Sum("credit_amount"),
        "share": Sum("patient_amount"),
        "net": Sum("net_amount"),
        "unsent": Sum("unbilled_amount"),
    }
    by_month = rows.order_by().annotate(of_month=TruncMonth("stood_on")).values("of_month", "bucket", **keys)
    every: Iterable[dict[str, Any]] = [dict(row) for row in by_month.annotate(**sums, last=Max("stood_on"))]
    for row in every:
        month, into = Month.of(row["of_month"]), found[of(row.get("key"))]
        aged = into.ages[month].setdefault(row["bucket"], Aged())
        aged.claims += row["n"]
        aged.open_amount += row["left"]
        aged.credit_amount += row["back"]
        aged.patient_amount += row["share"]
        aged.net_amount += row["net"]
        aged.unbilled_amount += row["unsent"]
        into.counted_on[month] = max(row["last"], into.counted_on.get(month, date.min))


def _folded(by: str) -> Any:
    """What a key of the database stands for: practices of one specialty are one."""
    if by != "specialty":
        return lambda key: key
    known = practices.specialties()
    return lambda key: known.get(key)


def _names(by: str, keys: Collection[Any]) -> dict[Any, tuple[str, str]]:
    """How each is asked for, and called."""
    if by == "practice":
        return {one.pk: (one.code.lower(), one.name) for one in tenants_in_scope()}
    if by == "specialty":
        return {one: (one.value, one.label) for one in Specialty}
    if by == "clinician":
        return providers.clinician_names(keys)
    return payers.named(keys)
