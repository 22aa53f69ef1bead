"""What fees of a month are computed from, of many practices at once: what books sum by name, and what is counted.

Each figure comes with the selection of ledger lines that it opens to. One practice is asked as many are, so that a
fee told ahead and the fee that is settled are computed from the same.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from openmso.agreements.fees import charging, naming
from openmso.agreements.fees.categories import OTHER
from openmso.agreements.queries import levels as promised
from openmso.claims.queries import worklist as claims
from openmso.kit.periods import DayRange, Month
from openmso.ledger.queries import selection as ledger
from openmso.parties.queries import providers
from openmso.scheduling import queries as scheduling
from openmso.settlement import parts
from openmso.settlement.contracts.allocation import SHARED_COST
from openmso.settlement.contracts.figures import Waiting
from openmso.settlement.contracts.metering import Reading
from openmso.settlement.queries import causes, entered, formulas, metering, shares
from openmso.settlement.states import F, Whose

LATE_ITEMS = "late_items"
"""What a fee's credit counts that is given back for what was touched late by the MSO's cause."""
KNOWN = ("net_collections", "claims", "visits", "providers", LATE_ITEMS)
"""The figures of a month that the books and lists know whatever the terms are, by the names that terms use."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A part of a practice's month: its entity, the days on which the fee holds, and the figures that its terms name.

    `counted` are those that an earlier part of the month counts: what came late from the months before is in that one.
    """

    practice: int
    entity: int
    days: DayRange
    figures: Collection[str]
    counted: Collection[str] = ()


@dataclass(frozen=True, slots=True)
class Given:
    """What the terms may ask for, by name, and the selection of ledger lines behind each part of a figure.

    A figure that people entered opens to its public id, as `{"entered": …}`. `metered` has the readings of the units
    that the terms name, with their records; `waits` are the figures that people still have to enter or confirm.
    """

    figures: dict[str, Any]
    opens: dict[str, Any]
    metered: dict[str, Reading] = field(default_factory=dict)
    waits: list[Waiting] = field(default_factory=list)


def knows(name: str) -> bool:
    """Whether books and lists know a figure of a month, so that nobody is asked for it."""
    return naming.known(name)


def of_month(asked: Sequence[Asked], month: Month, *, at: datetime, evidence: bool = False) -> list[Given]:
    """The figures of parts of a month for many practices in scope, in the order in which they are asked.

    Collections by the payers' line of business, the formulas that its terms name, and counts, all of the days asked for
    alone; of what people entered for the month the share of these days. Where its terms ask for it, among them how many
    items of work missed a promise with a clock by the MSO's cause, as it stands at `at`: that is of the whole month.
    The units that its terms name are metered; without `evidence`, what lists tell at once is told by them while nothing
    can be late.
    """
    by_days: dict[DayRange, list[Asked]] = defaultdict(list)
    for one in asked:
        by_days[_within(one.days, month)].append(one)
    made: dict[tuple[int, DayRange], Given] = {}
    for days, some in by_days.items():
        found = _on(some, days, month, at=at, evidence=evidence)
        made |= {(practice, days): given for practice, given in found.items()}
    return [made[one.practice, _within(one.days, month)] for one in asked]


def _on(asked: Sequence[Asked], within: DayRange, month: Month, *, at: datetime, evidence: bool) -> dict[int, Given]:
    """The figures of the same days of a month for many practices, by practice."""
    practices = [one.practice for one in asked]
    by_party = ledger.by_party_of([one.entity for one in asked], parts.collected_in(0, within))
    sent = claims.sent_by_practice(practices, days=within)
    done = scheduling.done_by_practice(practices, days=within)
    working = providers.working_days(practices)
    kinds = formulas.kinds()
    summed = formulas.of_days([(one.entity, one.figures) for one in asked], within, kinds)
    made = {}
    for one in asked:
        selection = parts.collected_in(one.entity, within)
        collected, opens = formulas.parted(selection, by_party.get(one.entity, {}), kinds)
        figures: dict[str, Any] = {
            "net_collections": collected,
            "claims": sent.get(one.practice, 0),
            "visits": done.get(one.practice, 0),
            "providers": sum(days.meets(within) is not None for days in working.get(one.practice, ())),
        }
        figures |= promised_figures(one.practice, month, one.figures, at=at)
        sums, behind = summed[one.entity]
        made[one.practice] = Given(figures | sums, {"net_collections": opens} | behind)
    _metered(asked, made, within, month, evidence=evidence)
    _entered(asked, made, within, month)
    _shared(asked, made, within, month)
    return made


def _metered(
    asked: Sequence[Asked], made: Mapping[int, Given], within: DayRange, month: Month, *, evidence: bool
) -> None:  # fmt: skip
    """Read the meters that the terms of each practice name, and take what they read as the figure of that name."""
    for meter in metering.named([name for one in asked for name in one.figures]):
        named = {one.practice for one in asked if meter.count in one.figures}
        if not evidence and meter.count in KNOWN:
            named &= metering.begun(meter, named, month)
        alone = {one.practice for one in asked if meter.count not in one.counted}
        for practice, reading in metering.readings(meter, named, within, late=alone).items():
            made[practice].figures[meter.count] = _plain(reading.quantity)
            made[practice].metered[meter.count] = reading


def _entered(asked: Sequence[Asked], made: Mapping[int, Given], within: DayRange, month: Month) -> None:
    """Take what people entered and somebody confirmed, each by its share of the days; tell what is waited for."""
    names = {one.practice: [name for name in one.figures if not naming.known(name)] for one in asked}
    found = entered.of_month(names, month)
    short = []
    for one in asked:
        given = made[one.practice]
        for name in names[one.practice]:
            figure = found.get((one.practice, name))
            if figure is not None and figure.state is F.CONFIRMED:
                given.figures[name] = entered.share(figure, within)
                given.opens[name] = {OTHER: {"entered": figure.public_id}}
            else:
                short.append(one.practice)
    for waiting in entered.missing(short, month) if short else ():
        if waiting.name in names[waiting.practice]:
            made[waiting.practice].waits.append(waiting)


def _shared(asked: Sequence[Asked], made: Mapping[int, Given], within: DayRange, month: Month) -> None:
    """Take what practices bear of shared cost, each by its share of the days; tell what waits for the allocation."""
    naming_it = [one.practice for one in asked if SHARED_COST in one.figures]
    found = shares.borne(naming_it, month) if naming_it else {}
    for practice in naming_it:
        if practice not in found:
            made[practice].waits.append(shares.waiting(practice, month))
            continue
        amount, run = found[practice]
        made[practice].figures[SHARED_COST] = entered.part_of(amount.amount, month, within)
        made[practice].opens[SHARED_COST] = {OTHER: {"entered": run}}


def _within(days: DayRange, month: Month) -> DayRange:
    return days.meets(month.range) or DayRange(month.first, month.first)


def _plain(quantity: Decimal) -> Decimal | int:
    """A count as a whole number where it is one."""
    return int(quantity) if quantity == quantity.to_integral_value() else quantity.normalize()


def promised_figures(practice: int, month: Month, wanted: Collection[str], *, at: datetime) -> dict[str, int]:
    """What is counted of promises with a clock, as it stands at a moment, of the figures that are wanted.

    How many items of work a person touched too late by the MSO's own cause, and for each level of a task whether the
    month missed it by that; a promise about which nothing could be late missed none.
    """
    levels = {name: level for name in wanted if (level := charging.level_of(name))}
    if not levels and LATE_ITEMS not in wanted:
        return {}
    found = promised.of_month(practice, month, at=at, told_at=causes.told_at(practice, month))
    kept = causes.judged(found, practice, "", month, at=at)
    made: dict[str, int] = {}
    if LATE_ITEMS in wanted:
        ours = sum(one.by_cause[Whose.MSO] for one in kept)
        made[LATE_ITEMS] = ours + causes.given_back(practice, month, at=at)
    shares = {one.level.kind: one.share for one in kept}
    for name, (kind, at_least) in levels.items():
        share = shares.get(kind)
        made[name] = int(share is not None and share * 100 < at_least)
    return made
