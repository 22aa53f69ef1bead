"""What settled patients' parts, claim by claim and day by day: for those who measure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from openmso.billing.models import Payment, Settlement
from openmso.billing.states import Why

AT_A_TIME = 2_000


def settled(practice: int) -> Iterator[tuple[int, date, Decimal]]:
    """Claim, day and amount of every settlement of a practice; negative takes back."""
    rows = Settlement.objects.filter(practice_id=practice).order_by("pk").values_list("claim_id", "on", "amount")
    yield from rows.iterator(chunk_size=AT_A_TIME)


def payments(practice: int) -> Iterator[tuple[str, int, date, Decimal]]:
    """Receipt, patient, accounting day and amount of every payment of a practice's patients that stands."""
    rows = Payment.objects.filter(practice_id=practice, reversed_on=None).order_by("pk")
    yield from rows.values_list("public_id", "patient_id", "received_on", "amount").iterator(chunk_size=AT_A_TIME)


def bad_debts(practice: int) -> Iterator[tuple[int, str, date, Decimal]]:
    """Claim, its public id, day and amount of what was given up as bad debt; negative where it was taken back."""
    rows = Settlement.objects.filter(practice_id=practice, why=Why.BAD_DEBT).order_by("pk")
    yield from rows.values_list("claim_id", "claim_name", "on", "amount").iterator(chunk_size=AT_A_TIME)
