"""What a run proposes for one account."""

from __future__ import annotations

from dataclasses import dataclass

from openmso.billing.states import Deed
from openmso.kit.money import Money


@dataclass(frozen=True, slots=True)
class Proposal:
    """What is to be done with an account, of which amount, and why; of one payment where it is about that."""

    patient: int
    deed: Deed
    amount: Money
    words: str
    payment: int | None = None

    @property
    def key(self) -> tuple[int, int | None]:
        """What tells one proposal of a run from another."""
        return self.patient, self.payment
