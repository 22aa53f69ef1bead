"""The money of remittances at the bank: what is matched, what waits and for how long."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from openmso.banking.contracts import BankLine
from openmso.kit.money import Money


@dataclass(frozen=True, slots=True)
class Deposit:
    """A remittance and the bank line that carries its money."""

    public_id: str
    practice: int
    remittance: str
    line: str
    amount: Money
    method: str
    """`trace`, `amount` or `hand`."""
    why: str
    posted_on: date
    matched_at: datetime
    matched_by: str
    gap: int | None = None
    """Business days from the money to the 835 (below zero: the 835 came first); None if it was not counted."""


@dataclass(frozen=True, slots=True)
class Wait:
    """How long a remittance has waited for its money, or money for its remittance."""

    days: int
    """Business days since it was received."""
    is_late: bool
    words: str


@dataclass(frozen=True, slots=True)
class OpenRemittance:
    """A remittance whose money was not yet found in the bank."""

    id: int
    public_id: str
    practice: int
    entity: int
    payer_name: str
    trace: str
    trace_payer: str
    method: str
    paid_on: date | None
    posted_on: date
    amount: Money
    age: int
    """Days since it was to be paid."""
    received_on: date
    """The practice's day on which its file came."""
    payee_npi: str
    payee_tin: str
    waited: Wait
    """Since it was received, by CORE."""
    fit: str = ""
    """Which bank lines could be its money, in words; told where a list shows it."""


@dataclass(frozen=True, slots=True)
class UnexplainedLine:
    """Money in the bank that no remittance explains yet, and which remittances could, in words."""

    line: BankLine
    fit: str
    age: int
    """Days since it came."""
    waited: Wait | None
    """Since it came, by CORE; None of what is no health plan's payment by its own words."""


@dataclass(frozen=True, slots=True)
class Punctuality:
    """How one payer's 835 and money come together, and what of it waits; amounts of what waits."""

    payer_name: str
    payer_key: str
    """TRN03, or the name where the payer gives none."""
    deposits: int
    """Matches of the time looked at whose days were counted."""
    late_remittances: int
    """Of them, those whose 835 came more than three business days after the money."""
    late_money: int
    """Those whose money came more than three business days after the 835."""
    mean_days: Decimal | None
    """Business days between the two, on average, of those that were late."""
    worst_days: int
    awaited: int
    awaited_amount: Money
    awaited_late: int
    missing: int
    """Payments in the bank, named as this payer's, without an 835."""
    missing_amount: Money
    missing_late: int

    @property
    def on_time(self) -> Decimal | None:
        """The share of deposits within CORE's three business days, from 0 to 1."""
        late = self.late_remittances + self.late_money
        return Decimal(self.deposits - late) / self.deposits if self.deposits else None


@dataclass(frozen=True, slots=True)
class Fit:
    """A remittance and a bank line that could be one payment, and what speaks for it."""

    remittance: OpenRemittance
    line: BankLine
    by: str
    """`trace`, `amount` (and day), `cents`, or `named`: the trace number with other cents."""


@dataclass(frozen=True, slots=True)
class CashPosition:
    """Conservation of cash: what was posted is in the bank or on its way."""

    posted: Money
    banked: Money
    in_transit: Money

    @property
    def holds(self) -> bool:
        """Whether every cent posted is one or the other."""
        return self.posted == self.banked + self.in_transit
