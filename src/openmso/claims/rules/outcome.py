"""Where a claim stands after payers have decided; the same in SQL (sql/adjudication.sql), proven equal."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from openmso.claims.states import S


@dataclass(frozen=True, slots=True)
class Sums:
    """The sums of all decisions about a claim."""

    total: Decimal
    paid: Decimal
    adjusted: Decimal
    patient: Decimal
    denied: Decimal

    @property
    def open(self) -> Decimal:
        """What nobody has answered for yet."""
        return self.total - self.paid - self.adjusted - self.patient


def state_after(sums: Sums) -> S:
    """Nothing decided (any more): accepted, and open. Nothing open: paid. Only denied: denied. Else partly paid."""
    decided = (sums.paid, sums.adjusted, sums.patient, sums.denied)
    if not any(decided):
        return S.ACCEPTED
    if sums.open == 0:
        return S.PAID
    if sums.denied > 0 and not sums.paid and not sums.patient:
        return S.DENIED
    return S.PARTIAL
