"""Lists of shared cost as data: allocations, a month by practice and pool, figures of drivers, versions of plans."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from django.urls import reverse

from openmso.kit.money import ZERO, Money
from openmso.platform.ui.contracts import Column, Empty, Filter, TableSpec
from openmso.settlement import drivers
from openmso.settlement.contracts.allocation import Allocated
from openmso.settlement.states import Allocating

ALLOCATIONS = TableSpec(
    name="settlement.allocations",
    noun=("allocation", "allocations"),
    sort="-month",
    search="id, who froze it, or part of a reason",
    row_key=lambda row: row.public_id,
    row_link=lambda row: reverse("settlement:allocation", args=[row.public_id]),
    columns=(
        Column("month", "Month", "month", sort=True, heading=True),
        Column("state", "Stands", "status", sort=True),
        Column("whole", "Shared cost", "money", sort=True, strong=True),
        Column("practices", "Practices", "count", wide=True),
        Column("pools", "Pools", "count", wide=True),
        Column("plan_number", "Version of the plan", "count", wide=True,
               link=lambda row: reverse("settlement:allocation-plan", args=[row.plan])),
        Column("frozen_at", "Frozen", "instant", sort=True, hint=lambda row: row.frozen_by),
        Column("withdrawn_at", "Withdrawn", "instant", wide=True, hint=lambda row: row.withdrawn_by),
        Column("why", "Why", says=True, wide=True, width="l"),
        Column("public_id", "Allocation", "id", hidden=True),
    ),
    filters=(
        Filter("is", "Stands", choices=[(one.value, one.label) for one in Allocating]),
        Filter("month", "Month", "month"),
        Filter("whole", "Shared cost", "money"),
    ),
    empty=Empty(
        "No month is allocated yet",
        "Write a plan, enter what the system does not know, and freeze the month when it is over.", icon="ledger",
    ),
)  # fmt: skip

PLANS = TableSpec(
    name="settlement.allocation_plans",
    noun=("version", "versions"),
    row_key=lambda row: row.public_id,
    row_link=lambda row: reverse("settlement:allocation-plan", args=[row.public_id]),
    columns=(
        Column("number", "Version", "count", heading=True),
        Column("from_month", "From", "month"),
        Column("pools", "Pools", value=lambda row: ", ".join(pool.name for pool in row.pools), width="l"),
        Column("why", "Why", says=True, wide=True, width="l"),
        Column("made_at", "Written", "instant", hint=lambda row: row.made_by),
    ),
    empty=Empty("There is no plan yet", "A plan says which cost of the MSO is shared, and by what."),
)
"""Versions of the plan, the latest first."""

POOLS = TableSpec(
    name="settlement.allocation_pools",
    noun=("pool", "pools"),
    row_key=lambda row: row.name,
    columns=(
        Column("name", "Pool", heading=True),
        Column("accounts", "Accounts", "code", value=lambda row: " ".join(row.accounts) or "entered"),
        Column("by", "Shared by", value=drivers.how, width="l"),
        Column("bears", "Bears part of those before it", "yes", wide=True),
    ),
    empty=Empty("No pools", "A plan has at least one."),
)
"""Pools of a plan, in the order in which they close."""


@dataclass(frozen=True, slots=True)
class Borne:
    """A line of a month's matrix: a practice (or a pool that bears) with what it gets of each pool."""

    code: str
    name: str
    shares: tuple[Money, ...]

    @property
    def whole(self) -> Money:
        """What it bears in all."""
        return Money.total(self.shares)


@dataclass(frozen=True, slots=True)
class Counted:
    """A line of the drivers of a month: a receiver with its figure by each."""

    code: str
    name: str
    figures: tuple[Decimal | None, ...]
    links: tuple[str, ...]


def matrix(one: Allocated, link: Callable[[int], str]) -> tuple[TableSpec, list[Borne], dict[str, Money]]:
    """What each practice bears of each pool: the table, its lines, and their sums; a figure opens to its pool."""

    def of(number: int) -> Callable[[Borne], Money]:
        return lambda row: row.shares[number]

    columns = [
        Column(f"pool_{number}", pool.name, "money", total=True, wide=number > 1, value=of(number),
               link=lambda row, number=pool.number: link(number))  # type: ignore[misc]
        for number, pool in enumerate(one.pools)
    ]  # fmt: skip
    spec = TableSpec(
        name="settlement.allocation",
        noun=("practice", "practices"),
        row_key=lambda row: row.code,
        columns=(
            Column("name", "Practice", heading=True, hint=lambda row: row.code),
            *columns,
            Column("whole", "In all", "money", total=True, strong=True),
        ),
        empty=Empty("Nobody takes part", "No agreement with a practice is in force in this month."),
    )
    rows = [Borne(code, name, tuple(pool.shares.get(code, ZERO) for pool in one.pools)) for code, name in one.members]
    totals = {f"pool_{number}": Money.total(row.shares[number] for row in rows) for number in range(len(one.pools))}
    return spec, rows, totals | {"whole": Money.total(row.whole for row in rows)}


def counts(one: Allocated) -> tuple[TableSpec, list[Counted]]:
    """The figures of the drivers by receiver; each opens to what stands behind it."""

    def figure(number: int) -> Callable[[Counted], Decimal | None]:
        return lambda row: row.figures[number]

    def opens(number: int) -> Callable[[Counted], str]:
        return lambda row: row.links[number]

    names = dict(one.members) | {pool.name: pool.name for pool in one.pools}
    receivers = [to for to in names if any(to in driver.figures for driver in one.drivers)]
    spec = TableSpec(
        name="settlement.allocation_drivers",
        noun=("receiver", "receivers"),
        row_key=lambda row: row.code,
        columns=(
            Column("name", "Of", heading=True, hint=lambda row: row.code if row.code != row.name else "pool"),
            *(Column(f"driver_{number}", driver.words, "money" if driver.code == drivers.REVENUE else "count",
                     value=figure(number), link=opens(number))
              for number, driver in enumerate(one.drivers)),
        ),
        empty=Empty("No figures yet", "The drivers of this plan have no figures in this month."),
    )  # fmt: skip
    rows = [
        Counted(to, names[to], tuple(driver.figures.get(to) for driver in one.drivers), tuple(
            reverse("settlement:driver-figure", args=[str(one.month), driver.code, to])
            if to in driver.figures and to in dict(one.members) else "" for driver in one.drivers
        ))
        for to in receivers
    ]  # fmt: skip
    return spec, rows


SHARES = TableSpec(
    name="settlement.allocation_shares",
    noun=("share", "shares"),
    row_key=lambda row: row[0],
    columns=(
        Column("to", "To", heading=True, value=lambda row: row[0]),
        Column("how", "How", value=lambda row: row[1], says=True, width="xl"),
        Column("amount", "Share", "money", total=True, strong=True, value=lambda row: row[2]),
    ),
    empty=Empty("Not shared yet", "Something is missing; the draft of the month names it."),
)
"""The shares of one pool with their formulas; they add up to it."""

COUNTED = TableSpec(
    name="settlement.allocation_counted",
    noun=("record", "records"),
    row_key=lambda row: row.name,
    columns=(
        Column("name", "Record", "id", heading=True),
        Column("on", "Day", "day"),
        Column("quantity", "Counts as", "count", value=lambda row: Decimal(f"{row.quantity.normalize():f}")),
    ),
    empty=Empty("Nothing was counted", "No record of this kind fell into the month."),
)
"""What was counted under a driver."""

ENTERED = TableSpec(
    name="settlement.allocation_entered",
    noun=("figure", "figures"),
    row_key=lambda row: row.public_id,
    columns=(
        Column("value", "Figure", "count", heading=True, value=lambda row: Decimal(f"{row.value.normalize():f}")),
        Column("pool", "Of pool", wide=True),
        Column("why", "What shows it", says=True, width="l"),
        Column("entered_at", "Entered", "instant", hint=lambda row: row.entered_by),
        Column("documents", "Papers", value=lambda row: ", ".join(row.documents),
               link=lambda row: reverse("documents:document", args=[row.documents[0]]) if row.documents else ""),
    ),
    empty=Empty("Nothing was entered yet", "Enter the figure with what shows it."),
)  # fmt: skip
"""A driver's figure as it was entered, the last one first: that one counts."""

OWN = TableSpec(
    name="settlement.shared_cost",
    noun=("share", "shares"),
    row_key=lambda row: f"{row.run}-{row.pool}",
    columns=(
        Column("month", "Month", "month", heading=True),
        Column("pool", "Pool"),
        Column("whole", "Whole cost", "money"),
        Column("formula", "How your share comes about", says=True, wide=True, width="l"),
        Column("amount", "Share", "money", total=True, strong=True),
    ),
    empty=Empty("Nothing was allocated yet", "When the MSO froze a month, what this practice bears of it stands here."),
)
"""What a practice bears of the MSO's shared cost."""
