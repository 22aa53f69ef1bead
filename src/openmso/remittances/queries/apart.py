"""How remittances and their money are apart in time: business days, what is late, and how punctual each payer is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Count, Max, Q, Sum
from django.db.models.functions import Abs

from openmso.agreements.queries import clocks
from openmso.banking.contracts import BankLine
from openmso.kit.clock import day_in, start_of
from openmso.kit.money import Money
from openmso.platform.tenancy import queries as tenancy
from openmso.remittances.contracts import Punctuality, Wait
from openmso.remittances.models.deposits import Deposit
from openmso.remittances.models.files import Remittance
from openmso.remittances.queries.files import is_awaited
from openmso.remittances.rules import core

DAYS_LOOKED_AT = 365
NOTHING = Decimal("0.00")
CHECK = "CHK"
"""BPR04 of a payment by check, to which CORE does not speak."""


def zones(practices: Collection[int] | None = None) -> dict[int, str]:
    """The time zone of each practice in scope, or of some of them."""
    rows = tenancy.tenants_in_scope()
    return {row.pk: row.zone for row in rows if practices is None or row.pk in practices}


def gap(effective_on: date, received_on: date) -> int:
    """Business days from the day of the money to that of the 835: above zero the 835 was later, below it was first."""
    if received_on >= effective_on:
        return clocks.business_days(effective_on, received_on)
    return -clocks.business_days(received_on, effective_on)


def of_remittance(one: Remittance, on: date, zone: str) -> tuple[date, Wait]:
    """The day on which a remittance was received, and how long it has waited for its money since."""
    received_on = day_in(zone, one.file.received_at)
    days = clocks.business_days(received_on, on)
    return received_on, core.wait(days, due=one.paid_on is None or on > one.paid_on, electronic=one.method != CHECK)


def of_line(line: BankLine, on: date) -> Wait | None:
    """How long money has waited for its 835; None of what is no health plan's payment by its own words."""
    if not line.is_of_a_plan:
        return None
    return core.wait(clocks.business_days(line.posted_on, on))


def late_by(on: date) -> date:
    """The last day on which something must have been received to be late on a day."""
    received = on
    while clocks.business_days(received, on) < core.MISSING_AFTER:
        received -= timedelta(days=1)
    return received


def is_late(on: date) -> Q:
    """Of a remittance that is awaited: whether its money is late on a day."""
    until = late_by(on) + timedelta(days=1)
    by_zone: dict[str, list[int]] = defaultdict(list)
    for practice, zone in zones().items():
        by_zone[zone].append(practice)
    received = Q(pk__in=[])
    for zone, practices in by_zone.items():
        received |= Q(practice_id__in=practices, file__received_at__lt=start_of(until, zone))
    return received & (Q(paid_on=None) | Q(paid_on__lt=on))


def punctuality(*, on: date, lines: Collection[BankLine]) -> list[Punctuality]:
    """How each payer's remittances and money came together in the year before a day, and what of it waits now.

    `lines` are the payments in the bank without a remittance. A payer is told by TRN03, which both halves bear.
    """
    late, early = Q(gap__gt=core.WINDOW), Q(gap__lt=-core.WINDOW)
    matched = (
        Deposit.objects.filter(undone_at=None, gap__isnull=False, posted_on__gt=on - timedelta(days=DAYS_LOOKED_AT))
        .values("remittance__trace_payer", "remittance__payer_name")
        .annotate(
            n=Count("pk"), late=Count("pk", filter=late), early=Count("pk", filter=early),
            days=Sum(Abs("gap"), filter=late | early), worst=Max(Abs("gap"), filter=late | early),
        )
    )  # fmt: skip
    awaited = (
        Remittance.objects.filter(is_awaited())
        .values("trace_payer", "payer_name")
        .annotate(n=Count("pk"), sum=Sum("amount"), late=Count("pk", filter=is_late(on)))
    )
    found = _Found()
    for row in matched:
        found.add(
            row["remittance__trace_payer"], row["remittance__payer_name"], deposits=row["n"],
            late_remittances=row["late"], late_money=row["early"], days=row["days"] or 0, worst_days=row["worst"] or 0,
        )  # fmt: skip
    for open_ones in awaited:
        found.add(open_ones["trace_payer"], open_ones["payer_name"], awaited=open_ones["n"],
                  awaited_amount=open_ones["sum"], awaited_late=open_ones["late"])  # fmt: skip
    for line in lines:
        waited = of_line(line, on)
        if waited is not None:
            found.add(line.trace_payer, "", missing=1, missing_amount=line.amount.amount,
                      missing_late=int(waited.is_late))  # fmt: skip
    return found.rows()


class _Found:
    """Figures by payer, as they are added."""

    def __init__(self) -> None:
        self.names: dict[str, str] = {}
        self.sums: dict[str, dict[str, Any]] = defaultdict(lambda: defaultdict(int))

    def add(self, payer: str, name: str, **figures: Any) -> None:
        key = payer or name
        if name:
            self.names.setdefault(key, name)
        mine = self.sums[key]
        for figure, value in figures.items():
            mine[figure] = max(mine[figure], value) if figure == "worst_days" else mine[figure] + value

    def rows(self) -> list[Punctuality]:
        """A row each, those with most that is late first."""
        found = [self._row(key, sums) for key, sums in self.sums.items()]
        return sorted(found, key=lambda one: (-_late(one), one.payer_name))

    def _row(self, key: str, sums: dict[str, Any]) -> Punctuality:
        count = sums["late_remittances"] + sums["late_money"]
        return Punctuality(
            payer_name=self.names.get(key) or (f"Payer {key}" if key else "No payer named"), payer_key=key,
            deposits=sums["deposits"], late_remittances=sums["late_remittances"], late_money=sums["late_money"],
            mean_days=(Decimal(sums["days"]) / count).quantize(Decimal("0.1")) if count else None,
            worst_days=sums["worst_days"], awaited=sums["awaited"],
            awaited_amount=Money(sums["awaited_amount"] or NOTHING), awaited_late=sums["awaited_late"],
            missing=sums["missing"], missing_amount=Money(sums["missing_amount"] or NOTHING),
            missing_late=sums["missing_late"],
        )  # fmt: skip


def _late(one: Punctuality) -> int:
    return one.late_remittances + one.late_money + one.awaited_late + one.missing_late
