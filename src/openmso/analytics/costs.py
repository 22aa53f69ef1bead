"""What an hour of work costs, as it was entered version by version (`services.enter_cost`)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

from django.db.models import Max

from openmso.analytics.contracts import Function, HourCost
from openmso.analytics.models import HourCost as Row
from openmso.analytics.rules import rework
from openmso.kit.money import Money


def entered_at() -> datetime | None:
    """When somebody last entered a cost."""
    last: datetime | None = Row.objects.aggregate(last=Max("at"))["last"]
    return last


def every(*, on: date | None = None) -> list[HourCost]:
    """Every version, by function and the latest first; `on` a day they say which holds."""
    rows = [
        HourCost(Function(row.function), row.number, row.starts_on, Money.of(row.hourly), row.minutes, row.source,
                 row.why, row.at, row.by)
        for row in Row.objects.order_by("function", "-number")
    ]  # fmt: skip
    if on is None:
        return rows
    held = {one: rework.cost_on(rows, one, on) for one in Function}
    return [replace(row, holds=row == held[row.function]) for row in rows]


def wanting(on: date) -> str:
    """What the cost of rework still needs to be told on a day; empty where it is told."""
    known = {row.function for row in every() if row.starts_on <= on}
    missing = [one.label.lower() for one in Function if one not in known]
    return f"Nobody has entered what an hour of {' and of '.join(missing)} costs." if missing else ""
