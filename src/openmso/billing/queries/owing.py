"""What patients owe, line by line, from claims and settlements: a few questions for any number of patients."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from decimal import Decimal

from django.db.models import Sum

from openmso.billing.contracts import OwedLine
from openmso.billing.models import Settlement
from openmso.claims.queries import patients as claims
from openmso.kit.money import ZERO, Money


def lines(*, practice: int, patients: Collection[int] | None = None) -> dict[int, list[OwedLine]]:
    """The lines of which patients (of a practice) have a part or had one settled, by patient, oldest service first."""
    rows = Settlement.objects.filter(practice_id=practice)
    if patients is not None:
        rows = rows.filter(patient_id__in=list(patients))
    settled: defaultdict[tuple[int, int], Decimal] = defaultdict(Decimal)
    for claim, line, amount in rows.order_by().values_list("claim_id", "line").annotate(sum=Sum("amount")):
        settled[claim, line] = amount
    found: defaultdict[int, list[OwedLine]] = defaultdict(list)
    for part in claims.parts(practice=practice, patients=patients, claims={claim for claim, _ in settled}):
        one = OwedLine(
            practice, part.claim_id, part.claim, part.patient_id, part.biller_id, part.payer_id, part.line_id,
            part.line, part.code, part.service_on, part.amount, Money.of(settled[part.claim_id, part.line]),
        )  # fmt: skip
        if one.share or one.settled:
            found[part.patient_id].append(one)
    return dict(found)


def total(lines: Iterable[OwedLine]) -> Money:
    """What is owed of some lines."""
    return Money.total(one.owed for one in lines) if lines else ZERO
