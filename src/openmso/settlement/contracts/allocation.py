"""Shared cost: plans of pools and drivers, figures of a month, its allocation, and a practice's own shares."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from openmso.kit.money import ZERO, Money
from openmso.kit.periods import DayRange, Month
from openmso.settlement.states import Allocating

SHARED_COST = "allocated_cost"
"""Under which name terms of a fee mean what a practice bears of shared cost in a month, by its allocation."""


@dataclass(frozen=True, slots=True)
class Driver:
    """What cost is shared by. `count` names the meter that reads it; what the system does not know is entered."""

    code: str
    words: str
    means: str
    count: str = ""
    entered: bool = False


@dataclass(frozen=True, slots=True)
class Pool:
    """A pool of shared cost: what its accounts of the MSO's book say of a month, or what is entered where it has none.

    `by` has drivers with weights that add up to one; `direct` asks for amounts that are some practices' own; a pool
    that `bears` receives its part of the pools that close before it.
    """

    name: str
    accounts: tuple[str, ...]
    by: Mapping[str, Decimal]
    direct: bool = False
    bears: bool = False


@dataclass(frozen=True, slots=True)
class NewPlan:
    """A version of a plan as somebody writes it; pools in the order in which they close."""

    from_month: Month
    entity: int
    pools: tuple[Pool, ...]
    why: str


@dataclass(frozen=True, slots=True)
class Plan:
    """A version of the MSO's plan; it holds from a month on, until a later version does."""

    public_id: str
    mso: int
    number: int
    entity: int
    from_month: Month
    pools: tuple[Pool, ...]
    why: str
    made_at: datetime
    made_by: str


@dataclass(frozen=True, slots=True)
class Member:
    """A practice that takes part in a month: the days on which its agreement is in force, and its legal entity."""

    practice: int
    code: str
    name: str
    entity: int
    days: DayRange
    open_book: bool


@dataclass(frozen=True, slots=True)
class NewFigure:
    """A figure that somebody enters: of a tenant (the MSO too), for a driver, of a pool or of none."""

    tenant: int
    driver: str
    value: Decimal
    pool: str = ""


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure as it was entered, with what shows it."""

    public_id: str
    tenant: int
    code: str
    name: str
    month: Month
    driver: str
    pool: str
    number: int
    value: Decimal
    why: str
    entered_at: datetime
    entered_by: str
    documents: tuple[str, ...]

    @property
    def key(self) -> tuple[int, str, str]:
        """Whose, of which driver, of which pool."""
        return self.tenant, self.driver, self.pool


@dataclass(frozen=True, slots=True)
class Wanted:
    """A figure that a plan asks somebody for: of whom, for which driver, of which pool; and what is known of it."""

    tenant: int
    code: str
    name: str
    driver: str
    words: str
    pool: str
    known: Figure | None

    @property
    def key(self) -> tuple[int, str, str]:
        """Whose, of which driver, of which pool."""
        return self.tenant, self.driver, self.pool


@dataclass(frozen=True, slots=True)
class Missing:
    """Why a month cannot be allocated yet: whose figure of which driver is missing or none, in words."""

    name: str
    driver: str
    sentence: str


@dataclass(frozen=True, slots=True)
class PoolShown:
    """A pool of a month: its own cost, what earlier pools gave it, how it is shared, what stands behind its cost."""

    number: int
    name: str
    own: Money
    received: Money
    how: str
    source: str
    selection: Mapping[str, Any]
    shares: Mapping[str, Money]
    formulas: Mapping[str, str]

    @property
    def amount(self) -> Money:
        """What was shared out."""
        return self.own + self.received


@dataclass(frozen=True, slots=True)
class DriverShown:
    """A driver of a month with its figure by receiver, and where each comes from, in words."""

    code: str
    words: str
    figures: Mapping[str, Decimal]
    sources: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Allocated:
    """A month's allocation, as a draft or as it was frozen: pools by practice, figures of the drivers, what is missing.

    `unseen` says how many practices of the network the reader does not see; they were not asked.
    """

    month: Month
    plan: Plan
    members: tuple[tuple[str, str], ...]
    """Code and name of those that take part, in order of their codes."""
    pools: tuple[PoolShown, ...]
    drivers: tuple[DriverShown, ...]
    given: Mapping[str, Any]
    shares: Mapping[str, Any]
    opens: Mapping[str, Any]
    missing: tuple[Missing, ...] = ()
    unseen: tuple[str, ...] = ()

    @property
    def whole(self) -> Money:
        """What the pools cost."""
        return Money.total(one.own for one in self.pools)

    def borne(self, code: str) -> Money:
        """What a practice bears in all."""
        return Money.total(one.shares.get(code, ZERO) for one in self.pools)


@dataclass(frozen=True, slots=True)
class RunRow:
    """A line of the list of allocations."""

    public_id: str
    month: Month
    state: Allocating
    whole: Money
    plan: str
    plan_number: int
    pools: int
    practices: int
    frozen_at: datetime
    frozen_by: str
    withdrawn_at: datetime | None
    withdrawn_by: str
    why: str


@dataclass(frozen=True, slots=True)
class Run:
    """An allocation that was frozen, whole."""

    row: RunRow
    allocated: Allocated


@dataclass(frozen=True, slots=True)
class OwnShare:
    """What a practice bears of a pool in a month: its own and the whole, nobody else's."""

    run: str
    month: Month
    pool: str
    whole: Money
    amount: Money
    formula: str


@dataclass(frozen=True, slots=True)
class CountedRow:
    """A record behind a driver's figure: its public id, its day, how much it counts."""

    name: str
    on: date
    quantity: Decimal
