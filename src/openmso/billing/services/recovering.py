"""What comes back of accounts that an agency has, whoever brought it."""

from __future__ import annotations

from datetime import date

from openmso.billing.models import Placement
from openmso.billing.states import Placed
from openmso.kit.money import ZERO, Money


def note(*, practice: int, patient: int, amount: Money, on: date, fee: Money = ZERO) -> None:
    """Add what was recovered to the placement of a patient, if an agency has them; it ends when all is paid."""
    row = Placement.objects.select_for_update().filter(
        practice_id=practice, patient_id=patient, state=Placed.OUT.value
    ).first()  # fmt: skip
    if row is None:
        return
    row.recovered_amount += amount.amount
    row.fee_amount += fee.amount
    if row.recovered_amount >= row.amount:
        row.state, row.ended_on, row.ended_why = Placed.PAID, on, "All of it was paid."
    row.save(update_fields=["recovered_amount", "fee_amount", "state", "ended_on", "ended_why"])
