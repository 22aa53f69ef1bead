"""What leaves settlement: the month's figures, the statement's lines, permissions, the audit's sentences."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from openmso.agreements.fees.quote import Quote
from openmso.agreements.fees.terms import FeeTerms
from openmso.kit.classes import DataClass
from openmso.kit.money import ZERO, Money
from openmso.kit.periods import DayRange, Month
from openmso.platform.access.contracts import Permission
from openmso.platform.documents.contracts import Purpose
from openmso.platform.work.contracts import FIRST_DUE, Kind
from openmso.settlement.states import S

_BUSINESS = frozenset({DataClass.BUSINESS})
READ = Permission("settlement.read", "read statements and invoices", line="accounting", classes=_BUSINESS)
RUN = Permission("settlement.run", "settle a month", line="accounting", classes=_BUSINESS)
APPROVE = Permission("settlement.approve", "approve the MSO's invoice", classes=_BUSINESS, reserved=True)
PAY = Permission("settlement.pay", "record that a fee was paid", line="accounting", classes=_BUSINESS)
PERMISSIONS = (READ, RUN, APPROVE, PAY)

SOURCE = "settlement.settlement"
PURPOSES = (
    Purpose("settlement.statement", "Owner's statement", READ.code),
    Purpose("settlement.invoice", "Invoice of the MSO", READ.code),
)
WORK_KINDS = (
    Kind(
        code="settlement.approve",
        words="Invoice to approve",
        permission=APPROVE.code,
        capability="accounting",
        url="settlement:statement",
        ranked=FIRST_DUE,
    ),
)
SENTENCES = {
    "settlement.issued": "{actor} settled {month}: a fee of {amount}",
    "settlement.approved": "{actor} approved invoice {invoice} of {amount}",
    "settlement.paid": "{actor} recorded the payment of invoice {invoice} on {paid_on}",
    "settlement.withdrawn": "{actor} withdrew the settlement of {month}",
    "settlement.run_asked": "{actor} asked to settle {month} for {count:practice}",
}


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the statement: what it says, what it comes to, and the selection of ledger lines it opens to.

    `amount` is added up with the others of its section; `part` only shows a figure that the reckoning looked at
    (the base of a percentage, a band, a limit that did not apply).
    """

    number: int
    section: str
    label: str
    note: str = ""
    amount: Money | None = None
    total: bool = False
    selection: Mapping[str, Any] = field(default_factory=dict)
    sign: int = 1
    step: str = ""
    part: Money | None = None

    @property
    def figure(self) -> Money:
        """The figure that stands in the row."""
        return self.amount if self.amount is not None else self.part or ZERO

    @property
    def opens(self) -> bool:
        """Whether there are ledger lines behind it."""
        return bool(self.selection)


@dataclass(frozen=True, slots=True)
class FeeStep:
    """A step of the fee as it was computed: its formula with the figures in it; `effect` is what it adds."""

    kind: str
    label: str
    formula: str
    exact: str
    amount: Money
    effect: Money
    so_far: Money
    rounding: str
    uses: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Settlement:
    """A month of one practice, settled: the fee, the invoice, where it stands."""

    public_id: str
    practice: int
    practice_code: str
    practice_name: str
    mso_name: str
    month: Month
    agreement: str
    version: int
    fee: Money
    credited: Money
    collected: Money
    state: S
    invoice: str
    issued_at: datetime
    issued_on: date
    due_on: date
    approved_by: str
    approved_at: datetime | None
    paid_on: date | None
    withdrawn_why: str
    statement_document: str
    invoice_document: str
    practice_entity: int
    mso_entity: int
    practice_entry: str
    mso_entry: str
    sentence: str

    @property
    def due(self) -> Money:
        """What is left to pay: the fee less what was paid for this month under settlements that were withdrawn.

        Below zero the MSO pays it back.
        """
        return self.fee - self.credited


@dataclass(frozen=True, slots=True)
class Move:
    """A step in the life of a settlement: what it became, when, by whom, and why where that was asked."""

    state: S
    at: datetime
    by: str
    why: str


@dataclass(frozen=True, slots=True)
class Input:
    """A figure the fee was computed from, or its part of one category; opens to the ledger lines it was summed from."""

    name: str
    category: str
    amount: str
    selection: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Statement:
    """The owner's statement: the settlement, its rows by section, the steps of the fee."""

    settlement: Settlement
    rows: tuple[Row, ...]
    steps: tuple[FeeStep, ...]
    inputs: tuple[Input, ...]
    moves: tuple[Move, ...]

    def section(self, name: str) -> tuple[Row, ...]:
        """The rows of a section, in order."""
        return tuple(row for row in self.rows if row.section == name)


@dataclass(frozen=True, slots=True)
class SettlementRow:
    """A line of the list of statements."""

    public_id: str
    practice: int
    practice_name: str
    month: Month
    collected: Money
    fee: Money
    due: Money
    state: S
    invoice: str
    issued_on: date
    due_on: date


@dataclass(frozen=True, slots=True)
class Fees:
    """The conservation of fees between two books: charged = received + still due, the same in both."""

    charged: Money
    earned: Money
    owed: Money
    receivable: Money

    @property
    def holds(self) -> bool:
        """Whether both books say the same."""
        return self.charged == self.earned and self.owed == self.receivable


@dataclass(frozen=True, slots=True)
class Unsettled:
    """A practice that a run left out: what is missing, and what to do."""

    practice: int
    practice_name: str
    words: str
    fix: str


@dataclass(frozen=True, slots=True)
class Run:
    """How far a run over practices has come. Months that were settled before count as `standing`."""

    public_id: str
    month: Month
    practices: int
    settled: tuple[SettlementRow, ...]
    standing: int
    refused: tuple[Unsettled, ...]
    started_at: datetime
    finished_at: datetime | None
    asked_by: str

    @property
    def done(self) -> int:
        """How many practices the run has dealt with."""
        return len(self.settled) + self.standing + len(self.refused)


@dataclass(frozen=True, slots=True)
class Agreed:
    """A month as it was agreed: the days of it on which the agreement held, its terms, and the figures of the month.

    `given` are the figures by name, of a settled month those that its invoice was computed from; `settlement` is empty
    where the month is over and not settled.
    """

    month: Month
    days: DayRange
    terms: FeeTerms
    given: Mapping[str, Any]
    settlement: str = ""


@dataclass(frozen=True, slots=True)
class RestatedMonth:
    """A month's fee as agreed and under other terms, both with every step."""

    month: Month
    settlement: str
    agreed: Quote
    other: Quote

    @property
    def difference(self) -> Money:
        """What the other terms add; below zero what they save the practice."""
        return self.other.amount - self.agreed.amount


@dataclass(frozen=True, slots=True)
class Crossing:
    """Where two fees pass each other: the figure of a month, both fees there, and whether the other is more above."""

    at: Decimal
    agreed: Money
    other: Money
    more_above: bool


@dataclass(frozen=True, slots=True)
class BreakEven:
    """At which figure of a month both fees are equal, looked for from 0 to `until`; `words` say it, or why nowhere.

    `curve` are points of both fees over the figure, for a chart. `base` is empty where no one figure decides.
    """

    words: str
    base: str = ""
    label: str = ""
    is_count: bool = False
    until: Decimal = Decimal(0)
    crossings: tuple[Crossing, ...] = ()
    curve: tuple[tuple[Decimal, Money, Money], ...] = ()


@dataclass(frozen=True, slots=True)
class Restatement:
    """A practice's months under other terms; `left_out` are months in which no agreement with a fee was in force."""

    practice: int
    practice_name: str
    agreement: str
    terms: FeeTerms
    months: tuple[RestatedMonth, ...]
    left_out: tuple[Month, ...]
    break_even: BreakEven
    notes: tuple[str, ...]

    @property
    def agreed(self) -> Money:
        """All months as agreed."""
        return Money.total(one.agreed.amount for one in self.months)

    @property
    def other(self) -> Money:
        """All months under the other terms."""
        return Money.total(one.other.amount for one in self.months)

    @property
    def difference(self) -> Money:
        """What the other terms add to all months."""
        return self.other - self.agreed
