"""What leaves equity of lending: facilities with draws, instalments and covenants; their permissions and sentences."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from openmso.equity.contracts import KEEP, PAY, plain
from openmso.equity.states import Every as Every
from openmso.equity.states import Lending as Lending
from openmso.equity.states import Measure as Measure
from openmso.equity.states import Tie as Tie
from openmso.kit.classes import DataClass
from openmso.kit.errors import Refused
from openmso.kit.money import ZERO, Money
from openmso.kit.periods import Month
from openmso.platform.access.contracts import Permission
from openmso.platform.work.contracts import FIRST_DUE
from openmso.platform.work.contracts import Kind as WorkKind

_BUSINESS = frozenset({DataClass.BUSINESS})
ASK = Permission("equity.ask", "ask the MSO for a facility of capital", classes=_BUSINESS)
APPROVE = Permission("equity.approve", "approve or decline a facility of capital", classes=_BUSINESS)
PERMISSIONS: Iterable[Permission] = (ASK, APPROVE)

FACILITY, DRAW = "equity.facility", "equity.draw"
APPROVING, INSTALMENT = "equity.facility_to_approve", "equity.instalment"
TESTING, BREACH = "equity.covenant_to_test", "equity.covenant_breach"
KINDS = (
    WorkKind(APPROVING, "Facility to approve", APPROVE.code, url="equity:facility", ranked=FIRST_DUE, decides=True),
    WorkKind(INSTALMENT, "Instalment of a facility", PAY.code, url="equity:facility", ranked=FIRST_DUE),
    WorkKind(TESTING, "Covenant to test", KEEP.code, url="equity:facility", ranked=FIRST_DUE),
    WorkKind(BREACH, "Covenant that is breached", KEEP.code, url="equity:facility", ranked=FIRST_DUE),
)
SOURCES = {FACILITY: ("equity:facility", "Facility")}
SENTENCES = {
    "equity.requested": "{actor} asked for the facility {subject} of {amount}",
    "equity.seconded": "{actor} approved the facility {subject} as the first of two",
    "equity.approved": "{actor} approved and opened the facility {subject}",
    "equity.declined": "{actor} declined the facility {subject}",
    "equity.closed": "{actor} closed the facility {subject}",
    "equity.drawn": "{actor} paid out a draw of {amount} under the facility {subject}",
    "equity.instalment_paid": "{actor} posted instalment {number} of {draw} under {subject}: {amount}",
    "equity.prepaid": "{actor} posted a prepayment of {amount} of {draw} under {subject}",
    "equity.unused_paid": "{actor} posted the unused fee of {subject} for {month}: {amount}",
    "equity.covenant_added": "{actor} added a covenant to {subject}: {words}",
    "equity.covenant_tested": "{actor} tested a covenant of {subject} for {month}: {value}, {outcome}",
    "equity.covenant_cured": "{actor} recorded the cure of a covenant of {subject} for {month}",
}


class NotLent(Refused):
    """A facility cannot be asked for, approved, drawn or repaid so; the sentence says why."""

    code = "not_lent"


@dataclass(frozen=True, slots=True)
class NewFacility:
    """What a practice asks for: up to how much, at which rate a year, repaid over how many months, for what."""

    purpose: str
    limit: Money
    rate: Decimal
    months: int
    terms: str = ""
    tie: Tie = Tie.NOTHING
    revolves: bool = False
    """Whether what was repaid can be drawn again, up to the limit."""
    unused_rate: Decimal = Decimal(0)
    """A year, on what of a revolving facility is not drawn; 0 where the terms say nothing."""


@dataclass(frozen=True, slots=True)
class NewCovenant:
    """A covenant: a measure that is at least (or at most) a figure in each period, and the days to cure a breach."""

    words: str
    measure: Measure
    at_least: bool
    limit: Decimal
    every: Every
    cure_days: int


@dataclass(frozen=True, slots=True)
class Instalment:
    """A row of a repayment schedule; `paid_on` says when it was paid. The residual, if any, is the last row."""

    number: int
    due_on: date
    payment: Money
    interest: Money
    principal: Money
    balance: Money
    paid_on: date | None = None


@dataclass(frozen=True, slots=True)
class Prepaid:
    """Principal that was paid ahead of its instalments, with its interest so far."""

    on: date
    amount: Money
    interest: Money
    made_by: str


@dataclass(frozen=True, slots=True)
class Unused:
    """The fee of a month on what was not drawn: on how much, on average of its days, and when it was paid."""

    month: Month
    mean: Money
    amount: Money
    paid_on: date


@dataclass(frozen=True, slots=True)
class Draw:
    """Money that was drawn, with its schedule."""

    public_id: str
    amount: Money
    residual: Money
    drawn_on: date
    purpose: str
    rows: tuple[Instalment, ...]
    made_at: datetime
    made_by: str
    practice_entry: str
    mso_entry: str
    prepaid: tuple[Prepaid, ...] = ()

    @property
    def balance(self) -> Money:
        """The principal that is owed."""
        paid = Money.total(one.principal for one in self.rows if one.paid_on)
        return self.amount - paid - Money.total(one.amount for one in self.prepaid)

    @property
    def next(self) -> Instalment | None:
        """The first instalment that is not paid."""
        return next((one for one in self.rows if one.paid_on is None), None)


@dataclass(frozen=True, slots=True)
class Tested:
    """A covenant as it was tested for a period, named by its last month; `cure_by` is the last day to cure a breach."""

    month: Month
    value: Decimal
    met: bool
    shows: str
    tested_at: datetime
    tested_by: str
    cure_by: date | None = None
    cured_on: date | None = None
    cure: str = ""

    @property
    def value_words(self) -> str:
        """The figure as people write it."""
        return plain(self.value)


@dataclass(frozen=True, slots=True)
class Covenant:
    """A covenant with what its tests found, the latest first."""

    public_id: str
    words: str
    measure: Measure
    at_least: bool
    limit: Decimal
    every: Every
    cure_days: int
    tests: tuple[Tested, ...] = ()

    @property
    def sentence(self) -> str:
        """It in words."""
        bound = "at least" if self.at_least else "at most"
        days = f"{self.cure_days} days to cure"
        return f"{self.measure.label} {bound} {plain(self.limit)}, {self.every.label}, {days}"


@dataclass(frozen=True, slots=True)
class Step:
    """A step in the life of a facility."""

    to: Lending
    at: datetime
    by: str
    by_user: str
    why: str


@dataclass(frozen=True, slots=True)
class Facility:
    """A facility with all that was added to it."""

    key: int
    public_id: str
    practice: int
    practice_name: str
    practice_public_id: str
    mso: int
    practice_entity: int
    mso_entity: int
    purpose: str
    limit: Money
    rate: Decimal
    months: int
    terms: str
    steps: tuple[Step, ...]
    draws: tuple[Draw, ...] = ()
    covenants: tuple[Covenant, ...] = ()
    revolves: bool = False
    unused_rate: Decimal = Decimal(0)
    fees: tuple[Unused, ...] = ()

    @property
    def state(self) -> Lending:
        """Where it stands."""
        return self.steps[-1].to

    @property
    def opened_at(self) -> datetime | None:
        """When it was opened."""
        return next((one.at for one in self.steps if one.to is Lending.OPEN), None)

    @property
    def drawn(self) -> Money:
        """What was drawn of it."""
        return Money.total(one.amount for one in self.draws)

    @property
    def balance(self) -> Money:
        """The principal that is owed."""
        return Money.total(one.balance for one in self.draws)

    @property
    def left(self) -> Money:
        """What may still be drawn; what was repaid is drawn again only where the facility revolves."""
        taken = self.balance if self.revolves else self.drawn
        return self.limit - taken if self.state is Lending.OPEN else ZERO

    @property
    def breaches(self) -> int:
        """Covenants whose last test is a breach that was not cured."""
        return sum(bool(one.tests) and not one.tests[0].met and one.tests[0].cured_on is None for one in self.covenants)


@dataclass(frozen=True, slots=True)
class FacilityRow:
    """A facility as the list shows it."""

    public_id: str
    practice: int
    practice_name: str
    purpose: str
    state: Lending
    limit: Money
    drawn: Money
    balance: Money
    left: Money
    next_due_on: date | None
    breaches: int
    requested_at: datetime
