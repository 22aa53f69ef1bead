"""What the lines of claims should bring, as it was told when they were charged."""

from __future__ import annotations

from collections.abc import Collection

from openmso.charges import queries as charges
from openmso.claims.contracts import ExpectedLine
from openmso.claims.models.claims import Claim, ClaimLine
from openmso.claims.queries import first_asked
from openmso.kit.money import Money


def coverages(claims: Collection[int]) -> dict[int, int]:
    """The coverage that claims were sent under, by the claim; those without one are left out."""
    found = Claim.objects.filter(pk__in=claims, coverage__isnull=False)
    return dict(found.values_list("pk", "coverage_id"))


def of_lines(ids: Collection[int]) -> list[ExpectedLine]:
    """Lines asked of a first payer by their keys, with what its contract expects for them; set-wise.

    A claim that a later payer has now is told with its first one.
    """
    found = ClaimLine.objects.filter(pk__in=ids).select_related("claim").order_by("claim_id", "number")
    earlier = first_asked.payers({row.claim_id for row in found if row.claim.ordinal != first_asked.FIRST})
    rows = [row for row in found if row.claim.ordinal == first_asked.FIRST or row.claim_id in earlier]
    known = charges.by_ids({row.charge_id for row in rows})
    return [
        ExpectedLine(
            row.pk, row.claim_id, row.claim.visit_id, earlier.get(row.claim_id, row.claim.payer_id), row.number,
            row.code, tuple(row.modifiers), row.units,
            row.place_of_service or row.claim.place_of_service, row.service_on, Money.of(row.amount),
            known[row.charge_id].expected,
        )
        for row in rows
    ]  # fmt: skip
