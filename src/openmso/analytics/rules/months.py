"""Measures month by month, and what each figure comes to in a window of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from openmso.analytics.contracts import Kind, Kpi, Value
from openmso.analytics.rules import reckoning
from openmso.analytics.rules.measures import Aged
from openmso.kit.periods import Month


@dataclass(slots=True)
class Months:
    """Everything counted of somebody, by month: sums of measures, days by kind of lag, receivables by age."""

    sums: dict[Month, dict[str, Decimal]] = field(default_factory=dict)
    lags: dict[tuple[str, Month], dict[int, int]] = field(default_factory=lambda: defaultdict(dict))
    ages: dict[Month, dict[int, Aged]] = field(default_factory=lambda: defaultdict(dict))
    counted_on: dict[Month, date] = field(default_factory=dict)
    """The day of which the receivables of a month are told: its last, or that of the count."""

    def value(self, kpi: Kpi, month: Month) -> Value:
        """A figure in the window that ends with a month."""
        if kpi.kind is Kind.RATIO:
            return reckoning.ratio(kpi, self._summed(kpi, month))
        if kpi.kind is Kind.MEDIAN:
            return reckoning.of_days(kpi, self._lagged(kpi, month))
        if kpi.kind is Kind.AGED:
            return reckoning.aged(kpi, self.ages.get(month, {}))
        earned, days = self._earned(kpi, month)
        return reckoning.days_owed(kpi, self.ages.get(month, {}), earned, days)

    def trend(self, kpi: Kpi, month: Month, *, length: int) -> list[tuple[Month, Value]]:
        """The figure of so many months, the last of them this one; months before the first count are left out."""
        first = min([*self.sums, *self.ages], default=month)
        months = [month.plus(back) for back in range(1 - length, 1)]
        return [(one, self.value(kpi, one)) for one in months if one >= first]

    def _summed(self, kpi: Kpi, month: Month) -> dict[str, Decimal]:
        found: dict[str, Decimal] = defaultdict(Decimal)
        for one in window(kpi, month):
            for name, amount in self.sums.get(one, {}).items():
                found[name] += amount
        return found

    def _lagged(self, kpi: Kpi, month: Month) -> dict[int, int]:
        found: dict[int, int] = defaultdict(int)
        for one in window(kpi, month):
            for days, claims in self.lags.get((kpi.top[0], one), {}).items():
                found[days] += claims
        return found

    def _earned(self, kpi: Kpi, month: Month) -> tuple[Decimal, int]:
        """What the window earned (the bottom of the figure) and its days, from the first month that earned anything."""
        total, days = Decimal(0), 0
        for one in window(kpi, month):
            earned = sum((self.sums.get(one, {}).get(name, Decimal(0)) for name in kpi.bottom), Decimal(0))
            if not earned and not days:
                continue
            total += earned
            on = self.counted_on.get(one)
            days += on.day if on is not None and one == month else one.days
        return total, days


def window(kpi: Kpi, month: Month) -> Iterator[Month]:
    """The months of a figure's window, the last of them this one."""
    return (month.plus(back) for back in range(1 - kpi.months, 1))
