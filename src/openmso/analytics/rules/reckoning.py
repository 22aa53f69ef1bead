"""What a figure comes to: sums of measures in, a figure with its two parts and its tone out."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from openmso.analytics.contracts import Kpi, Value
from openmso.analytics.rules.measures import Aged, median
from openmso.platform.ui.contracts import Tone

CREDIT = "credit_amount"
Sums = Mapping[str, Decimal]
"""Measures by name, counts and dollars."""


def ratio(kpi: Kpi, sums: Sums) -> Value:
    """Of measures of a window."""
    top = _sum(sums, kpi.top)
    bottom = _sum(sums, kpi.bottom) - _sum(sums, kpi.less)
    figure = top / bottom if bottom > 0 else None
    return Value(figure, top, bottom, tone(kpi, figure))


def of_days(kpi: Kpi, days: Mapping[int, int]) -> Value:
    """The median of days; `bottom` is how many claims."""
    figure = median(days)
    return Value(figure, figure or Decimal(0), Decimal(sum(days.values())), tone(kpi, figure))


def aged(kpi: Kpi, buckets: Mapping[int, Aged]) -> Value:
    """The old part of receivables; credits are left out of both parts."""
    owed = {start: one.open_amount + one.patient_amount for start, one in buckets.items()}
    top = sum((amount for start, amount in owed.items() if start >= kpi.older_than), Decimal(0))
    bottom = sum(owed.values(), Decimal(0))
    figure = top / bottom if bottom > 0 else None
    return Value(figure, top, bottom, tone(kpi, figure))


def days_owed(kpi: Kpi, buckets: Mapping[int, Aged], earned: Decimal, days: int) -> Value:
    """Amounts of an age in days of what is earned; where credits are taken off, without them too."""
    owed = sum((getattr(one, name) for one in buckets.values() for name in kpi.top), Decimal(0))
    credit = sum((one.credit_amount for one in buckets.values()), Decimal(0)) if CREDIT in kpi.top else None
    daily = earned / days if days else Decimal(0)
    if daily <= 0:
        return Value(None, owed, daily, tone(kpi, None), earned=earned, days=days)
    figure = owed / daily
    without = None if credit is None else (owed - credit) / daily
    return Value(figure, owed, daily, tone(kpi, figure), without, earned, days)


def tone(kpi: Kpi, figure: Decimal | None) -> Tone:
    """Good, to be watched or bad, where somebody has published what is which."""
    if figure is None or kpi.good is None or kpi.bad is None:
        return Tone.NONE
    better = figure >= kpi.good if kpi.higher_is_better else figure <= kpi.good
    worse = figure < kpi.bad if kpi.higher_is_better else figure > kpi.bad
    return Tone.GOOD if better else Tone.BAD if worse else Tone.WARN


def _sum(sums: Sums, names: tuple[str, ...]) -> Decimal:
    return sum((sums.get(name, Decimal(0)) for name in names), Decimal(0))
