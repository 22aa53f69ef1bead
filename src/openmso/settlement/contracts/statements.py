"""Months that are settled: the statement's rows, the steps of the fee, the invoice and where it stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from openmso.kit.money import ZERO, Money
from openmso.kit.periods import DayRange, Month
from openmso.settlement.contracts.allocation import SHARED_COST
from openmso.settlement.contracts.metering import Metered
from openmso.settlement.contracts.parts import addressed
from openmso.settlement.states import S


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
    paid: Money
    memos: Money
    disputed: Money
    rebates: Money = ZERO
    """Passed on with the invoice."""

    @property
    def invoiced(self) -> Money:
        """What the invoice asks: the fee less rebates passed on, and less what was paid for this month under
        settlements that were withdrawn.

        Below zero the MSO pays it back.
        """
        return self.fee - self.rebates - self.credited

    @property
    def due(self) -> Money:
        """What is to be paid now: neither paid, nor given back by credit memos, nor held by disputes."""
        return ZERO if self.state is S.WITHDRAWN else self.invoiced - self.paid - self.memos - self.disputed

    @property
    def to_pay_back(self) -> Money:
        """What the MSO is to pay back now: all of what is due below zero, by however many outcomes it came."""
        return max(-self.due, ZERO)


@dataclass(frozen=True, slots=True)
class Move:
    """A step in the life of a settlement: what it became, when, by whom, and why where that was asked."""

    state: S
    at: datetime
    by: str
    why: str


@dataclass(frozen=True, slots=True)
class Input:
    """A figure the fee was computed from, or its part of one category; opens to the ledger lines it was summed from.

    One that was `metered` opens to the records that were counted, one that was `entered` to that figure. In a month of
    several parts it is of a `part` and its days; `part` is 0 where the month has one alone.
    """

    name: str
    category: str
    amount: str
    selection: Mapping[str, Any]
    metered: Metered | None = None
    part: int = 0
    days: DayRange | None = None
    entered: str = ""

    @property
    def address(self) -> str:
        """By what its lines and records are asked for."""
        return addressed(self.name, self.part)

    @property
    def is_shared(self) -> bool:
        """Whether it is the practice's share of shared cost: `entered` is then the allocation of the month."""
        return self.name == SHARED_COST


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
    disputed: Money
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
    code: str = ""

    @property
    def waits(self) -> bool:
        """Whether people have to enter or confirm a figure first."""
        return self.code == "figure_waits"


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
