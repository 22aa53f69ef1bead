"""What leaves billing of payouts of card providers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from openmso.billing.states import Paid as Paid
from openmso.billing.states import PaidOut as PaidOut
from openmso.billing.states import Regard as Regard
from openmso.kit.money import Money

COLUMNS = (
    "automatic_payout_id", "automatic_payout_effective_at", "balance_transaction_id", "currency", "gross", "fee", "net",
    "reporting_category", "source_id", "payment_intent_id", "description",
)  # fmt: skip
"""Of a report of payouts as CSV (`payout_reconciliation.itemized.5` of Stripe)."""


@dataclass(frozen=True, slots=True)
class PayoutRow:
    """A payout of a card provider; `open` lines do not tie, and `slip` brings it to the bank once all of them do."""

    id: int
    public_id: str
    practice: int
    practice_name: str
    name: str
    on: date
    amount: Money
    charged: Money
    fee: Money
    count: int
    open: int
    state: PaidOut
    words: str
    document: str
    slip: str
    entry: str
    taken_at: datetime
    taken_by: str


@dataclass(frozen=True, slots=True)
class PayoutLineRow:
    """A line of a payout, and the payment or refund that it is; `fault` says why it does not tie."""

    number: int
    name: str
    kind: Paid
    about: str
    amount: Money
    fee: Money
    says: str
    payment: str
    refund: str
    fault: str
    why: str
    regard: str
    """What a person says it is that is no payment of ours, in words; empty where nobody had to."""

    @property
    def ours(self) -> str:
        """What it is here."""
        return self.payment or self.refund or self.regard

    @property
    def note(self) -> str:
        """Why it does not tie, or what shows a tie made by hand."""
        return self.fault or self.why
