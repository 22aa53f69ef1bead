"""Facts of remittances: ids and plain values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True)
class RemittancePosted:
    """One remittance of a payer stands in the books."""

    remittance: str
    file: str
    payer: str
    amount: Decimal
    claims: int
    unmatched: int
    denied: int
    posted_on: date


@dataclass(frozen=True)
class PaymentPosted:
    """A claim payment was posted to its claim."""

    payment: str
    remittance: str
    claim: str
    paid: Decimal
    contractual: Decimal
    patient: Decimal
    denied: Decimal
    outcome: str


@dataclass(frozen=True)
class ClaimDenied:
    """A payer paid nothing, or not all, for reasons that leave money open."""

    claim: str
    payment: str
    reasons: tuple[str, ...]
    """Group and reason as the payer wrote them: `CO-197`."""
    amount: Decimal
    denied_on: date


@dataclass(frozen=True)
class ClaimForwarded:
    """The payer sent the claim on to the next payer (crossover): nobody else must."""

    claim: str
    payment: str


@dataclass(frozen=True)
class ClaimUnmatched:
    """A claim payment fits no claim of the practice; its money waits as unapplied cash."""

    payment: str
    remittance: str
    amount: Decimal


@dataclass(frozen=True)
class PaymentMatched:
    """A payment whose claim was not found when it came was posted to the claim that a person named."""

    payment: str
    claim: str


@dataclass(frozen=True)
class PatientShareChanged:
    """What the patient owes on a claim after insurance is now another amount."""

    claim: str
    payment: str
    delta: Decimal
    share: Decimal


@dataclass(frozen=True)
class RemittanceQuarantined:
    """A file is not what it says it is; nothing of it was posted."""

    file: str
    findings: int


@dataclass(frozen=True)
class DepositMatched:
    """The money of a remittance was found in the bank."""

    deposit: str
    remittance: str
    line: str
    amount: Decimal


@dataclass(frozen=True)
class DepositUnmatched:
    """A match of remittance and bank line was undone."""

    deposit: str
    remittance: str
    line: str
    amount: Decimal
