"""What settled patients' parts, claim by claim and day by day: for those who measure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from openmso.billing.models import Settlement

AT_A_TIME = 2_000


def settled(practice: int) -> Iterator[tuple[int, date, Decimal]]:
    """Claim, day and amount of every settlement of a practice; negative takes back."""
    rows = Settlement.objects.filter(practice_id=practice).order_by("pk").values_list("claim_id", "on", "amount")
    yield from rows.iterator(chunk_size=AT_A_TIME)
