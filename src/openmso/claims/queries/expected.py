"""What the lines of claims should bring, as it was told when they were charged."""

from __future__ import annotations

from collections.abc import Collection

from openmso.charges import queries as charges
from openmso.claims.contracts import ExpectedLine
from openmso.claims.models.claims import ClaimLine
from openmso.kit.money import Money


def of_lines(ids: Collection[int]) -> list[ExpectedLine]:
    """Lines of first payers' claims by their keys, with what a contract expects for them; set-wise."""
    rows = list(
        ClaimLine.objects.filter(pk__in=ids, claim__ordinal="P").select_related("claim").order_by("claim_id", "number")
    )
    known = charges.by_ids({row.charge_id for row in rows})
    return [
        ExpectedLine(
            row.pk, row.claim_id, row.claim.visit_id, row.claim.payer_id, row.number, row.code, tuple(row.modifiers),
            row.units, row.place_of_service or row.claim.place_of_service, row.service_on, Money.of(row.amount),
            known[row.charge_id].expected,
        )
        for row in rows
    ]  # fmt: skip
