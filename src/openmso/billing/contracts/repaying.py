"""Money given back: refunds of patients, overpayments of payers, and answers of bulk acts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from openmso.billing.states import (
    Cause,
    R,
    V,
)
from openmso.kit.money import Money


@dataclass(frozen=True, slots=True)
class RefundRow:
    """A refund: what is to go back of which payment, who asked, who decided."""

    public_id: str
    practice: int
    practice_name: str
    patient: str
    name: str
    payment: str
    amount: Money
    why: str
    state: R
    asked_at: datetime
    asked_by: str
    decided_at: datetime | None
    decided_by: str
    decided_why: str
    reference: str
    entry: str


@dataclass(frozen=True, slots=True)
class OverpaymentRow:
    """What a payer paid too much on a claim. `due_on` is the law's last day, where it sets one."""

    public_id: str
    practice: int
    practice_name: str
    claim: str
    payer: str
    has_clock: bool
    amount: Money
    identified_on: date
    began_on: date | None
    ended_on: date | None
    due_on: date | None
    state: V
    cause: Cause | None
    why: str
    reference: str
    returned: Money
    entry: str
    closed_on: date | None


@dataclass(frozen=True, slots=True)
class Answered:
    """What a bulk act came to: how many were done, and which were not, each with its reason in words."""

    done: int
    refused: tuple[tuple[str, str], ...] = ()
