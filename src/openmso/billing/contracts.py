"""What leaves billing: accounts, payments, permissions, kinds of work."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from openmso.billing.states import Method as Method
from openmso.billing.states import P, Why
from openmso.kit.classes import DataClass
from openmso.kit.money import Money
from openmso.platform.access.contracts import Permission
from openmso.platform.work.contracts import Kind

LINE = "patient_billing"
_PHI = frozenset({DataClass.BUSINESS, DataClass.DEMOGRAPHIC, DataClass.CLINICAL})
READ = Permission("billing.read", "see what patients owe and paid", line=LINE, classes=_PHI)
COLLECT = Permission("billing.collect", "take patients' payments, apply them and take them back", line=LINE,
                     classes=_PHI)  # fmt: skip
PERMISSIONS: Iterable[Permission] = (READ, COLLECT)

PAYMENT = "billing.payment"
ACCOUNT = "billing.account"
UNAPPLIED = "billing.unapplied"
KINDS = (Kind(UNAPPLIED, "Patient's money not applied", COLLECT.code, LINE, "billing:payment"),)
SENTENCES = {
    "billing.payment_taken": "{actor} took {amount} from a patient as {subject}, {method}",
    "billing.payment_applied": "{actor} applied {amount} of {subject} to what the patient owes",
    "billing.payment_withdrawn": "{actor} took {amount} of {subject} back from what it had paid for",
    "billing.payment_reversed": "{actor} took back {subject} of {amount}",
}


@dataclass(frozen=True, slots=True)
class OwedLine:
    """A patient's part of a line of a claim (line 0: of the claim as a whole), and what settled it so far."""

    claim_id: int
    claim: str
    patient_id: int
    biller_id: int | None
    payer_id: int | None
    line_id: int | None
    line: int
    code: str
    service_on: date
    share: Money
    settled: Money

    @property
    def owed(self) -> Money:
        """What is still owed; negative where more was settled than the patient's part is now."""
        return self.share - self.settled


@dataclass(frozen=True, slots=True)
class AccountRow:
    """A patient's account in a list."""

    patient_id: int
    patient: str
    practice: int
    practice_name: str
    name: str
    mrn: str
    owed: Money
    unapplied: Money
    oldest_on: date | None


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
class AccountPage:
    """A patient's account with its lines, payments and settlements, as they stand now."""

    row: AccountRow
    lines: tuple[OwedLine, ...]
    payments: tuple[PaymentRow, ...]
    settled: tuple[SettledPart, ...]


@dataclass(frozen=True, slots=True)
class Answered:
    """What a bulk act came to: how many were done, and the first reason why others were not."""

    done: int
    refused: int
    words: str
