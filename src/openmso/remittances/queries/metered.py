"""The payments that fees are charged by."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from openmso.agreements.registry import Record
from openmso.kit.periods import DayRange
from openmso.remittances.contracts import RemittanceState
from openmso.remittances.models.payments import ClaimPayment


def posted(practices: Collection[int], days: DayRange) -> Iterator[Record]:
    """The claims of remittances that were posted for some practices within some days, by their accounting day."""
    rows = ClaimPayment.objects.filter(
        practice_id__in=list(practices), remittance__state=RemittanceState.POSTED, applies=True,
        remittance__posted_on__gte=days.starts_on, remittance__posted_on__lt=days.ends_on,
    )  # fmt: skip
    told = rows.order_by("practice_id", "remittance__posted_on", "pk")
    for practice, name, day in told.values_list("practice_id", "public_id", "remittance__posted_on"):
        yield Record(practice, name, day)
