"""What a holder had of an entity in some days: units, shares, and what moved the capital account, class by class."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

from openmso.equity.contracts import Table, plain
from openmso.equity.contracts.yearly import ClassYear
from openmso.equity.rules import holding
from openmso.equity.states import Flow
from openmso.kit.money import Money

FLOWS: dict[str, frozenset[Flow]] = {
    "contributed": frozenset({Flow.CONTRIBUTION}), "allocated": frozenset({Flow.ALLOCATION}),
    "preferred": frozenset({Flow.PREFERRED}), "returned": frozenset({Flow.CAPITAL}),
    "rest": frozenset({Flow.RESIDUAL}), "redeemed": frozenset({Flow.REDEMPTION}),
    "moved": frozenset({Flow.MOVED_CAPITAL, Flow.MOVED_REST}),
}  # fmt: skip
ONE_DAY = timedelta(days=1)


def years(table: Table, holder: str, starts_on: date, ends_on: date) -> Iterator[ClassYear]:
    """Each class that somebody had anything of in some days, both of them within."""
    for cls in table.classes:
        moved = [one for one in table.postings if one.holder == holder and one.cls == cls.public_id]
        before = [one for one in moved if one.on < starts_on]
        within = [one for one in moved if starts_on <= one.on <= ends_on]
        begin, end = starts_on - ONE_DAY, ends_on
        units = {day: holding.held(table, holder, cls.public_id, day)[0] for day in (begin, end)}
        if not (before or within or any(units.values())):
            continue
        sums = {name: Money.total(one.amount for one in within if one.flow in flows) for name, flows in FLOWS.items()}
        opening = Money.total(one.amount for one in before)
        owed = holding.preferred_of(cls, [one for one in moved if one.on <= ends_on], ends_on)
        yield ClassYear(
            name=cls.name, units_begin=plain(units[begin]), units_end=plain(units[end]),
            share_begin=_share(table, cls.public_id, units[begin], begin),
            share_end=_share(table, cls.public_id, units[end], end), opening=opening,
            closing=opening + Money.total(one.amount for one in within), owed=owed, **sums,
        )  # fmt: skip


def _share(table: Table, cls: str, units: Decimal, on: date) -> str:
    """The part of a class that some units are on a day, in percent."""
    whole = sum((holding.held(table, one.public_id, cls, on)[0] for one in table.holders), Decimal(0))
    return f"{units / whole * 100:.2f} %" if whole else "0.00 %"
