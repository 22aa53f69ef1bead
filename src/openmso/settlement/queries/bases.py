"""What fees of a month are computed from, of many practices at once: collections by payer kind, and what is counted.

Each figure comes with the selection of ledger lines that it opens to. One practice is asked as many are, so that a
fee told ahead and the fee that is settled are computed from the same.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from openmso.agreements.fees import charging
from openmso.agreements.queries import levels as promised
from openmso.claims.queries import worklist as claims
from openmso.kit.money import ZERO, Money
from openmso.kit.periods import DayRange, Month
from openmso.ledger.contracts import Selection
from openmso.ledger.queries import selection as ledger
from openmso.parties.queries import payers, providers
from openmso.scheduling import queries as scheduling
from openmso.settlement import parts
from openmso.settlement.contracts.metering import Reading
from openmso.settlement.queries import causes, metering
from openmso.settlement.states import Whose

OTHER = "other"
LATE_ITEMS = "late_items"
"""What a fee's credit counts that is given back for what was touched late by the MSO's cause."""
KNOWN = ("net_collections", "claims", "visits", "providers", LATE_ITEMS)
"""The figures of a month that the books and lists know whatever the terms are, by the names that terms use."""
PAYER = "payer:"
"""What the party of a ledger line starts with where a payer is meant; its EDI id follows."""


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

    `metered` has the readings of the units that the terms name, with their records.
    """

    figures: dict[str, Any]
    opens: dict[str, Any]
    metered: dict[str, Reading] = field(default_factory=dict)


def knows(name: str) -> bool:
    """Whether books and lists know a figure of a month, so that nobody is asked for it."""
    return name in KNOWN or charging.level_of(name) is not None or bool(metering.named([name]))


def of_month(asked: Sequence[Asked], month: Month, *, at: datetime, evidence: bool = False) -> list[Given]:
    """The figures of parts of a month for many practices in scope, in the order in which they are asked.

    Collections by the payers' line of business, and counts, both of the days asked for alone. Where its terms ask for
    it, among them how many items of work missed a promise with a clock by the MSO's cause, as it stands at `at`: that
    is of the whole month. The units that its terms name are metered; without `evidence`, what lists tell at once is
    told by them while nothing can be late.
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
    kinds = payers.kinds_by_edi_id()
    made = {}
    for one in asked:
        collected, opens = _collected(one.entity, by_party.get(one.entity, {}), kinds, within)
        figures: dict[str, Any] = {
            "net_collections": collected,
            "claims": sent.get(one.practice, 0),
            "visits": done.get(one.practice, 0),
            "providers": sum(days.meets(within) is not None for days in working.get(one.practice, ())),
        }
        figures |= promised_figures(one.practice, month, one.figures, at=at)
        made[one.practice] = Given(figures, {"net_collections": opens})
    _metered(asked, made, within, month, evidence=evidence)
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


def _within(days: DayRange, month: Month) -> DayRange:
    return days.meets(month.range) or DayRange(month.first, month.first)


def _plain(quantity: Decimal) -> Decimal | int:
    """A count as a whole number where it is one."""
    return int(quantity) if quantity == quantity.to_integral_value() else quantity.normalize()


def _collected(
    entity: int, by_party: Mapping[str, Money], kinds: Mapping[str, str], days: DayRange
) -> tuple[dict[str, Money] | Money, dict[str, Any]]:
    """Collections by kind of payer, each with the selection that it opens to."""
    selection = parts.collected_in(entity, days)
    parties: dict[str, list[str]] = defaultdict(list)
    sums: dict[str, Money] = defaultdict(lambda: ZERO)
    for party, net in by_party.items():
        kind = kinds.get(party.removeprefix(PAYER), OTHER) if party.startswith(PAYER) else OTHER
        sums[kind] += net
        parties[kind].append(party)
    if not sums:
        return ZERO, {OTHER: selection.as_json()}
    return dict(sums), {kind: _of(selection, named) for kind, named in parties.items()}


def _of(selection: Selection, parties: Sequence[str]) -> dict[str, Any]:
    return replace(selection, parties=tuple(parties)).as_json()


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
