"""Facts of denials: ids and plain values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True)
class DenialsTaken:
    """What a remittance (or one payment, matched by hand) left open has become denials, so many of so much."""

    remittance: str
    denials: int
    amount: Decimal


@dataclass(frozen=True)
class DenialsResolved:
    """Later decisions of payers ended denials: so many of them, and what they brought in."""

    denials: int
    recovered: Decimal


@dataclass(frozen=True)
class DenialWrittenOff:
    """A denial was given up; `entry` is the entry in the books."""

    denial: str
    claim: str
    amount: Decimal
    entry: str


@dataclass(frozen=True)
class DenialMovedToPatient:
    """What a payer left open is the patient's now."""

    denial: str
    claim: str
    amount: Decimal
    entry: str


@dataclass(frozen=True)
class AppealSent:
    """An appeal left for the payer."""

    appeal: str
    payer: str
    denials: int
    amount: Decimal
    sent_on: date
