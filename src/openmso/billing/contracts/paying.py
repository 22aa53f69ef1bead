"""Payments of patients: how they came, where they are, what they paid for, and cards on file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from openmso.billing.states import (
    Bag,
    C,
    Charging,
    Method,
    P,
    Paying,
    Reach,
    Slipped,
    Why,
)
from openmso.kit.money import Money


@dataclass(frozen=True, slots=True)
class PaymentRow:
    """A patient's payment in a list. `left` is neither applied nor given back."""

    id: int
    public_id: str
    practice: int
    practice_name: str
    patient: str
    name: str
    method: Method
    amount: Money
    left: Money
    reference: str
    received_on: date
    received_at: datetime
    received_by: str
    state: P
    entry: str
    reversed_on: date | None
    reversed_why: str


@dataclass(frozen=True, slots=True)
class SlipRow:
    """A deposit slip: the payments of a day that go to the bank together. `line` is the bank line that carries it."""

    id: int
    public_id: str
    practice: int
    practice_name: str
    entity: int
    bag: Bag
    taken_on: date
    amount: Money
    count: int
    state: Slipped
    made_at: datetime
    made_by: str
    line: str
    fee: Money
    banked_on: date | None
    how: str
    why: str
    entry: str


@dataclass(frozen=True, slots=True)
class SettledPart:
    """One row of what settled a patient's part: negative takes back."""

    act: str
    why: Why
    payment: str
    claim: str
    line: int
    amount: Money
    on: date
    at: datetime
    by: str
    entry: str
    note: str


@dataclass(frozen=True, slots=True)
class ChargeRow:
    """An instalment that is charged to a card: when, how much, and how it stands."""

    public_id: str
    practice: int
    number: int
    charge_on: date
    amount: Money
    state: Charging
    words: str
    last4: str


@dataclass(frozen=True, slots=True)
class ConsentRow:
    """What a patient said last about text messages, how, and who wrote it down."""

    is_given: bool
    how: str
    at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class CardRow:
    """A card on file as people know it, and what it may be charged."""

    public_id: str
    practice: int
    provider: str
    brand: str
    last4: str
    expires_on: date | None
    state: C
    reach: Reach
    cap: Money
    notice_days: int
    cancel_days: int
    agreed_at: datetime
    agreed_by: str
    ends_on: date
    ended_why: str


@dataclass(frozen=True, slots=True)
class OnlineRow:
    """A payment that was begun on line; `payment` is what it became."""

    public_id: str
    practice: int
    practice_name: str
    patient: str
    name: str
    provider: str
    reference: str
    amount: Money
    state: Paying
    words: str
    payment: str
    made_at: datetime
    settled_at: datetime | None
