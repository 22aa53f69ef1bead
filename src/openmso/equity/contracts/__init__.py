"""What leaves equity: cap tables, capital accounts, calls, distributions, the test of a joint venture; permissions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from openmso.equity.contracts.holders import Corrected as Corrected
from openmso.equity.contracts.holders import Holder as Holder
from openmso.equity.contracts.holders import NewHolder as NewHolder
from openmso.equity.states import Act as Act
from openmso.equity.states import Being as Being
from openmso.equity.states import By as By
from openmso.equity.states import Compounding as Compounding
from openmso.equity.states import DayCount as DayCount
from openmso.equity.states import Flow as Flow
from openmso.equity.states import Paying as Paying
from openmso.equity.states import Sort as Sort
from openmso.equity.states import Standing as Standing
from openmso.equity.states import Venture as Venture
from openmso.equity.states import Verdict as Verdict
from openmso.kit.classes import DataClass
from openmso.kit.errors import Refused
from openmso.kit.money import ZERO, Money
from openmso.platform.access import reserved
from openmso.platform.access.contracts import Permission
from openmso.platform.work.contracts import FIRST_DUE
from openmso.platform.work.contracts import Kind as WorkKind

_BUSINESS = frozenset({DataClass.BUSINESS})
READ = Permission("equity.read", "see cap tables and capital accounts", classes=_BUSINESS)
KEEP = Permission("equity.keep", "keep cap tables, call capital and declare distributions", classes=_BUSINESS)
PAY = Permission("equity.pay", "post contributions and pay distributions", classes=_BUSINESS)
PERMISSIONS: Iterable[Permission] = (READ, KEEP, PAY)
OPENS = reserved.Act(
    "equity.open_table", "RD15", "open the cap table of a practice's own entity", "equity:ventures", of_practice=False,
    by_the_practice_alone=True,
)  # fmt: skip
ADDS_CLASS = reserved.Act(
    "equity.add_class", "RD15", "add a class of a practice's shares", "equity:ventures", of_practice=False
)
MOVES = reserved.Act(
    "equity.move_units", "RD15", "issue, transfer or redeem a practice's shares", "equity:ventures", of_practice=False
)
DECLARES = reserved.Act(
    "equity.declare", "RD15", "declare a distribution of a practice's own entity", "equity:ventures", of_practice=False
)
CALLS = reserved.Act(
    "equity.call_capital", "RD15", "call capital of a practice's owners", "equity:ventures", of_practice=False
)
ACTS: Iterable[reserved.Act] = (OPENS, ADDS_CLASS, MOVES, DECLARES, CALLS)

VENTURE, CALL, DISTRIBUTION, UNITS = "equity.venture", "equity.call", "equity.distribution", "equity.units"
SHARE, TO_PAY = "equity.call_share", "equity.distribution_to_pay"
KINDS = (
    WorkKind(SHARE, "Share of a capital call", PAY.code, url="equity:call", ranked=FIRST_DUE),
    WorkKind(TO_PAY, "Distribution to pay", PAY.code, url="equity:distribution", ranked=FIRST_DUE),
)
SOURCES = {
    CALL: ("equity:call", "Capital call"), DISTRIBUTION: ("equity:distribution", "Distribution"),
    VENTURE: ("equity:venture", "Cap table"),
}  # fmt: skip
SENTENCES = {
    "equity.opened": "{actor} opened the cap table {subject} of {name}",
    "equity.class_added": "{actor} added the class {name} to {subject}",
    "equity.holder_named": "{actor} named the holder {name} in {subject}",
    "equity.holder_corrected": "{actor} corrected the holder {name} of {subject}, who stands as {now}",
    "equity.units_moved": "{actor} entered into {subject}: {act} of {units} {cls}",
    "equity.revenue_told": "{actor} told the revenue of {subject} in the year from {year}: {share} from investors",
    "equity.allocated": "{actor} allocated {amount} among the holders of {subject}",
    "equity.called": "{actor} called {amount} of capital for {subject}",
    "equity.share_paid": "{actor} posted {amount} of {name} for the capital call {subject}",
    "equity.share_defaulted": "{actor} recorded the default of {name} on the capital call {subject}",
    "equity.declared": "{actor} declared the distribution {subject} of {amount}",
    "equity.distributed": "{actor} paid the distribution {subject} of {amount}",
}


class NotKept(Refused):
    """What was told of an entity, its classes, holders or units cannot be so."""

    code = "not_kept"


class NotFollowed(Refused):
    """A call or a distribution cannot go on; the sentence says why."""

    code = "not_followed"


def plain(units: Decimal) -> str:
    """Units as people write them: `12,500` or `0.5`."""
    return f"{units.normalize():,f}"


@dataclass(frozen=True, slots=True)
class NewClass:
    """A class of units; `rate` is the preferred return a year as a fraction of one, 0 where there is none."""

    name: str
    sort: Sort
    by: By
    terms: str
    rate: Decimal = Decimal(0)
    compounding: Compounding = Compounding.NONE
    day_count: DayCount = DayCount.ACTUAL_365
    threshold: Money = ZERO
    """Of profits units: what goes to others from their grant on before they take part; the hurdle."""


@dataclass(frozen=True, slots=True)
class Vesting:
    """How units vest: nothing before the cliff, then month by month until all have; in whole months."""

    starts_on: date
    cliff_months: int
    months: int


@dataclass(frozen=True, slots=True)
class NewUnits:
    """An entry for the unit ledger. `paid` is what was put in for units or paid out; `account` the other side.

    `cls`, `frm` and `to` are public ids.
    """

    act: Act
    cls: str
    units: Decimal
    on: date
    why: str
    frm: str = ""
    to: str = ""
    paid: Money = ZERO
    account: str = ""
    vesting: Vesting | None = None


@dataclass(frozen=True, slots=True)
class UnitClass:
    """A class of units as it was made."""

    public_id: str
    name: str
    sort: Sort
    by: By
    terms: str
    rate: Decimal
    compounding: Compounding
    day_count: DayCount
    made_at: datetime
    made_by: str
    threshold: Money = ZERO


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of the unit ledger; `frm` and `to` are public ids of holders, or empty."""

    public_id: str
    number: int
    act: Act
    cls: str
    class_name: str
    units: Decimal
    on: date
    why: str
    frm: str
    frm_name: str
    to: str
    to_name: str
    paid: Money
    ledger: str
    vesting: Vesting | None
    made_at: datetime
    made_by: str

    @property
    def units_words(self) -> str:
        """Its units as people write them."""
        return plain(self.units)

    @property
    def says(self) -> str:
        """How it vests, in words."""
        if self.vesting is None:
            return ""
        return f"over {self.vesting.months} months, cliff after {self.vesting.cliff_months}"


@dataclass(frozen=True, slots=True)
class Posting:
    """A movement of a capital account: signed, what adds to it is above zero; `ledger` is the entry of the book."""

    holder: str
    cls: str
    flow: Flow
    amount: Money
    on: date
    source: str
    ledger: str


@dataclass(frozen=True, slots=True)
class Revenue:
    """What an entity took in for health care within a year from a day, and how much of it investors brought."""

    starts_on: date
    gross: Money
    from_investors: Money
    shows: str
    made_at: datetime
    made_by: str

    @property
    def share(self) -> Decimal:
        """The part that investors brought, as a fraction of one."""
        return self.from_investors.amount / self.gross.amount


@dataclass(frozen=True, slots=True)
class CallShare:
    """What a holder is asked for in a capital call, what came, and where it stands."""

    holder: str
    name: str
    amount: Money
    paid: Money
    standing: Standing
    defaulted: str = ""

    @property
    def left(self) -> Money:
        """What is still to come."""
        return self.amount - self.paid


@dataclass(frozen=True, slots=True)
class Call:
    """A capital call upon the holders of a class, pro rata to their units on the day of its notice."""

    public_id: str
    venture: str
    cls: str
    class_name: str
    amount: Money
    purpose: str
    noticed_on: date
    due_on: date
    shares: tuple[CallShare, ...]
    made_at: datetime
    made_by: str

    @property
    def paid(self) -> Money:
        """What came."""
        return Money.total(one.paid for one in self.shares)

    @property
    def left(self) -> Money:
        """What is still to come."""
        return self.amount - self.paid


@dataclass(frozen=True, slots=True)
class Given:
    """What a holder gets of a distribution in a tier."""

    holder: str
    name: str
    cls: str
    class_name: str
    tier: Flow
    owed: str
    amount: Money


@dataclass(frozen=True, slots=True)
class Distribution:
    """A distribution as it was computed when it was declared, and when it was paid by whom."""

    public_id: str
    venture: str
    amount: Money
    on: date
    why: str
    shares: tuple[Given, ...]
    made_at: datetime
    made_by: str
    made_by_user: str
    paid_on: date | None = None
    paid_at: datetime | None = None
    paid_by: str = ""
    ledger: str = ""

    @property
    def standing(self) -> Paying:
        """Where it stands."""
        return Paying.PAID if self.paid_on else Paying.DECLARED


@dataclass(frozen=True, slots=True)
class Table:
    """An entity with all that was added to its cap table, the first of each first."""

    key: int
    public_id: str
    practice: int
    practice_name: str
    entity: int
    name: str
    kind: Venture
    classes: tuple[UnitClass, ...] = ()
    holders: tuple[Holder, ...] = ()
    entries: tuple[Entry, ...] = ()
    postings: tuple[Posting, ...] = ()
    revenues: tuple[Revenue, ...] = ()
    calls: tuple[Call, ...] = ()
    distributions: tuple[Distribution, ...] = ()
    made_at: datetime | None = None
    made_by: str = ""


@dataclass(frozen=True, slots=True)
class Holding:
    """What a holder has of a class on a day, with the capital account of it."""

    holder: Holder
    cls: UnitClass
    units: Decimal
    vested: Decimal
    share: Decimal
    of_class: Decimal
    account: Money
    capital: Money
    preferred: Money
    hurdle: Money = ZERO
    """What still has to go to others before these units take part in the rest."""

    @property
    def unvested(self) -> Decimal:
        """Units that have not vested."""
        return self.units - self.vested

    @property
    def units_words(self) -> str:
        """Its units as people write them."""
        return plain(self.units)

    @property
    def vested_words(self) -> str:
        """What has vested, likewise."""
        return plain(self.vested)

    @property
    def unvested_words(self) -> str:
        """What has not, likewise."""
        return plain(self.unvested)


@dataclass(frozen=True, slots=True)
class Point:
    """A point of the test of a joint venture, what was found, and the figures behind it."""

    code: str
    words: str
    verdict: Verdict
    found: str
    citation: str


@dataclass(frozen=True, slots=True)
class VentureRow:
    """An entity as the list of cap tables shows it on a day."""

    public_id: str
    practice: int
    practice_name: str
    name: str
    kind: Venture
    holders: int
    units: Decimal
    capital: Money
    preferred: Money
    open_calls: Money
    to_pay: Money
    verdict: Verdict | None
    made_at: datetime | None = field(default=None)
