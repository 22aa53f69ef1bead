"""What the system knows of the drivers of a month, practice by practice, within the days of each agreement."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from openmso.agreements import registry
from openmso.agreements.fees import charging
from openmso.agreements.fees.terms import Component, CostPlus, LesserOf
from openmso.agreements.queries import agreements
from openmso.kit.errors import NotFound
from openmso.kit.money import Money
from openmso.kit.periods import DayRange, Month
from openmso.kit.words import counted as said_many
from openmso.ledger.contracts import Selection
from openmso.ledger.queries import selection as ledger
from openmso.platform.tenancy.queries import tenants
from openmso.platform.tenancy.scope import current
from openmso.settlement import drivers, rules
from openmso.settlement.contracts.allocation import CountedRow, Member


@dataclass(frozen=True, slots=True)
class Taking:
    """Who takes part in a month, and how many practices of the network were not looked at, in words."""

    members: tuple[Member, ...]
    unseen: tuple[str, ...]


def taking_part(mso: int, entity: int, month: Month) -> Taking:
    """The practices whose agreement with an entity of the MSO is in force on days of a month, by their codes."""
    seen = {one.pk: one for one in tenants() if not one.is_mso and one.pk in current().practices}
    held = agreements.versions_of(list(seen), month.range)
    made = []
    for key, one in seen.items():
        ours = [(version, days) for version, days in held.get(key, ())
                if (version.terms.mso.tenant, version.terms.mso.entity) == (mso, entity)]  # fmt: skip
        if ours:
            days = DayRange(ours[0][1].starts_on, ours[-1][1].ends_on)
            terms = ours[-1][0].terms
            fee = charging.charged(terms, month)
            shown = bool(terms.shows) or (fee is not None and any(map(_passes_cost_on, fee.components)))
            made.append(Member(key, one.code, one.name, terms.practice.entity, days, shown))
    unseen = sum(not one.is_mso and one.pk not in seen for one in tenants())
    words = (said_many(unseen, "practice"),) if unseen else ()
    return Taking(tuple(sorted(made, key=lambda one: one.code)), words)


def _passes_cost_on(one: Component) -> bool:
    return isinstance(one, CostPlus) or (isinstance(one, LesserOf) and any(map(_passes_cost_on, one.of)))


def counted(members: Sequence[Member], month: Month, wanted: Collection[str]) -> dict[str, dict[int, Decimal]]:
    """The figures of drivers that the system knows, by driver and practice."""
    found: dict[str, dict[int, Decimal]] = {}
    for code in wanted:
        if code == drivers.REVENUE:
            found[code] = {one.practice: net.amount for one, net in _collected(members, month)}
        elif count := drivers.BY_CODE[code].count:
            found[code] = _metered(members, count)
    return found


def collections_of(member: Member, month: Month) -> Selection:
    """The ledger lines of what a practice collected on its days of a month."""
    whole = rules.selections(member.entity, month)["collected"]
    return replace(whole, starts_on=member.days.starts_on, ends_on=member.days.ends_on or month.plus(1).first)


def records(member: Member, driver: str) -> list[CountedRow]:
    """What was counted of a practice under a driver, oldest first; raises `NotFound` where nothing is counted."""
    known = drivers.BY_CODE.get(driver)
    meter = registry.meter(known.count) if known and known.count else None
    if meter is None:
        raise NotFound("This driver counts no records.")
    found = (CountedRow(one.name, one.on, one.quantity) for one in meter.find([member.practice], member.days))
    return sorted(found, key=lambda one: (one.on, one.name))


def _collected(members: Sequence[Member], month: Month) -> list[tuple[Member, Money]]:
    """Collections: of whole months asked at once, of parts one by one."""
    whole = [one for one in members if one.days == month.range]
    nets = ledger.by_party_of([one.entity for one in whole], rules.selections(0, month)["collected"])
    made = [(one, Money.total(nets.get(one.entity, {}).values())) for one in whole]
    parts = [one for one in members if one.days != month.range]
    return made + [(one, ledger.total(collections_of(one, month)).net) for one in parts]


def _metered(members: Sequence[Member], count: str) -> dict[int, Decimal]:
    """What a meter reads, asked once for all that have the same days."""
    meter = registry.meter(count)
    assert meter is not None, f"no app counts {count}"
    found = {one.practice: Decimal(0) for one in members}
    same: dict[DayRange, list[int]] = defaultdict(list)
    for one in members:
        same[one.days].append(one.practice)
    for days, practices in same.items():
        for record in meter.find(practices, days):
            found[record.practice] += record.quantity
    return found
