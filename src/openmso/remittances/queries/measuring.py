"""What payers paid and refused, claim by claim, as whole columns: for those who measure."""

from __future__ import annotations

from collections.abc import Iterator

from openmso.remittances.contracts import Outcome, PaymentMeasure
from openmso.remittances.models.payments import Adjustment, Application

AT_A_TIME = 2_000
DUPLICATE = "18"
"""CARC of a claim that the payer has already."""


def payments(practice: int) -> Iterator[PaymentMeasure]:
    """Every payment of a practice that was applied to a claim, of each claim in the order of its application."""
    again = set(Adjustment.objects.filter(practice_id=practice, reason=DUPLICATE).values_list("payment_id", flat=True))
    rows = Application.objects.filter(practice_id=practice, payment__applies=True).order_by("claim_id", "pk")
    for claim, on, payment, rank, outcome, back, paid, contractual, other, denied in rows.values_list(
        "claim_id", "applied_on", "payment_id", "payment__payer_rank", "payment__outcome", "payment__is_reversal",
        "payment__paid_amount", "payment__contractual_amount", "payment__other_amount", "payment__denied_amount",
    ).iterator(chunk_size=AT_A_TIME):  # fmt: skip
        yield PaymentMeasure(
            claim, on, rank, Outcome(outcome), back, payment in again, paid, contractual, other, denied
        )
