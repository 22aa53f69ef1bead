"""Facts of billing: ids and plain values."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class PatientPaymentTaken:
    """A patient paid; the money stands in the books as theirs until it is applied."""

    payment: str
    amount: Decimal
    method: str


@dataclass(frozen=True)
class PatientPartsSettled:
    """Parts that patients owed were settled, or (negative) are owed again."""

    act: str
    amount: Decimal
    why: str
