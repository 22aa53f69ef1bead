"""Past-tense facts of charges."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class ChargesCaptured:
    """Charge lines of visits were recorded and priced."""

    visits: int
    charges: int
    amount: str


@dataclass(frozen=True)
class ChargeVoided:
    """A charge will never be billed."""

    charge: str
    amount: str
    why: str
