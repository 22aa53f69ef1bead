"""What a month is charged by where terms name a unit: the records, once each, and those that came too late for theirs.

What happened (a claim sent, a denial worked) is counted once in all. A record of a month that was metered before it
was there belongs to the next month that is settled, and is marked as late: within `LATE_MONTHS`, after which it is
given up. What happened on a day on which no fee counted it belongs to no month.
What stands (a clinician at work) is counted anew in every month.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from datetime import date
from decimal import Decimal

from django.db.models import QuerySet

from openmso.agreements import registry
from openmso.agreements.registry import Meter
from openmso.kit.errors import NotFound
from openmso.kit.periods import DayRange, Month
from openmso.platform.ui.contracts import Filters, Page, PageAsk
from openmso.settlement.contracts.metering import Counted, Metered, MeteredRow, Reading
from openmso.settlement.contracts.parts import days_of, parted
from openmso.settlement.models import MeteredRecord, Settlement
from openmso.settlement.states import S

LATE_MONTHS = 12
"""How far back a record may belong that is charged later, where it was not there when its month was settled."""
SORTS = {"on": "on", "name": "record", "quantity": "quantity"}


def named(figures: Collection[str]) -> list[Meter]:
    """The meters that the figures of some terms name."""
    return [found for name in dict.fromkeys(figures) if (found := registry.meter(name)) is not None]


def begun(meter: Meter, practices: Collection[int], month: Month) -> set[int]:
    """Which of some practices were metered so in a month before or after one: nothing else can be late, or counted."""
    rows = Settlement.objects.filter(
        practice_id__in=list(practices), month__gte=month.plus(-LATE_MONTHS).first, fee__meters__has_key=meter.count
    ).exclude(state=S.WITHDRAWN)  # fmt: skip
    return set(rows.values_list("practice_id", flat=True))


def readings(
    meter: Meter, practices: Collection[int], days: DayRange, *, late: Collection[int] = ()
) -> dict[int, Reading]:  # fmt: skip
    """What a meter reads for days of a month of some practices; for those in `late`, what came late too."""
    if meter.again:
        return {
            practice: _reading(meter, [Counted(one.name, one.on, one.quantity) for one in meter.find([practice], days)])
            for practice in practices
        }
    month = Month.of(days.starts_on)
    before = _days_before(meter, late, month)
    since = min((some.starts_on for held in before.values() for some in held), default=days.starts_on)
    taken = _taken(meter, practices, since)
    found: defaultdict[int, list[Counted]] = defaultdict(list)
    for one in meter.find(list(practices), DayRange(since, days.ends_on)):
        came_late = one.on < month.first
        mine = any(one.on in some for some in before[one.practice]) if came_late else one.on in days
        if mine and (one.practice, one.name) not in taken:
            found[one.practice].append(Counted(one.name, one.on, one.quantity, came_late))
    return {practice: _reading(meter, found[practice]) for practice in practices}


def counted(meter: Meter, practice: int, days: DayRange) -> Decimal:
    """How much a meter reads for some days by themselves, as the records stand: for questions about other terms."""
    return sum((one.quantity for one in meter.find([practice], days)), Decimal(0))


def metered(kept: dict[str, dict[str, str]]) -> Iterator[Metered]:
    """The readings that were frozen with a fee."""
    for count, one in kept.items():
        yield Metered(
            count, one["heading"], one["words"], one["quantity"], int(one["records"]), int(one["late"])
        )  # fmt: skip


def frozen(settlement: str, count: str) -> Metered:
    """A reading as it was frozen with the fee of a settlement, or with a part of it; raises `NotFound`."""
    row, (name, part) = Settlement.objects.select_related("fee").filter(public_id=settlement).first(), parted(count)
    told = [] if row is None else [row.fee.meters, *(each["meters"] for each in row.fee.parts)]
    one = next((each for each in metered(told[part] if part < len(told) else {}) if each.count == name), None)
    if one is None:
        raise NotFound("The fee was not charged by such a count.")
    return one


def records(settlement: str, count: str, filters: Filters, ask: PageAsk) -> Page[MeteredRow]:
    """What was counted under a name for the fee of a settlement, or of a part of it, oldest first."""
    found = _kept(settlement, count)
    if marks := filters.many("is"):
        found = found.filter(late__in=[mark == "late" for mark in marks])
    if filters.text:
        found = found.filter(record__icontains=filters.text)
    key = SORTS.get(ask.sort, "on")
    shown = found.order_by(f"-{key}" if ask.desc else key, "pk")[ask.offset : ask.offset + ask.size]
    rows = [MeteredRow(each.record, each.on, each.quantity, each.late) for each in shown]
    return Page(rows, found.count(), ask)


def every(settlement: str, count: str) -> list[MeteredRow]:
    """All that was counted under a name for the fee of a settlement, or of a part of it, oldest first."""
    rows = _kept(settlement, count).order_by("on", "pk")
    return [MeteredRow(row.record, row.on, row.quantity, row.late) for row in rows]


def _kept(settlement: str, count: str) -> QuerySet[MeteredRecord]:
    name, part = parted(count)
    found = MeteredRecord.objects.filter(settlement__public_id=settlement, meter=name)
    return found.filter(part=part) if part else found


def _reading(meter: Meter, records: Sequence[Counted]) -> Reading:
    return Reading(meter.count, meter.heading, meter.words, tuple(records), meter.again)


def _days_before(meter: Meter, practices: Collection[int], month: Month) -> dict[int, list[DayRange]]:
    """The days before a month that were settled by a meter, by practice."""
    found: defaultdict[int, list[DayRange]] = defaultdict(list)
    rows = Settlement.objects.filter(
        practice_id__in=list(practices), month__gte=month.plus(-LATE_MONTHS).first, month__lt=month.first,
        fee__meters__has_key=meter.count,
    ).exclude(state=S.WITHDRAWN)  # fmt: skip
    for practice, starts_on, ends_on, parts in rows.values_list(
        "practice_id", "fee__starts_on", "fee__ends_on", "fee__parts"
    ):
        if not parts:
            found[practice].append(DayRange(starts_on, ends_on))
        for part in parts:
            if meter.count in part["meters"]:
                found[practice].append(days_of(part))
    return found


def _taken(meter: Meter, practices: Collection[int], since: date) -> set[tuple[int, str]]:
    """What was counted already from a day on, and still stands."""
    rows = MeteredRecord.objects.filter(
        practice_id__in=list(practices), meter=meter.count, standing=True, on__gte=since
    )  # fmt: skip
    return set(rows.values_list("practice_id", "record"))
