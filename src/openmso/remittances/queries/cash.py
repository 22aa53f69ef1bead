"""Questions about cash: where the money of remittances is, and what payers and practices still owe each other."""

from __future__ import annotations

from decimal import Decimal

from django.db.models import Min, Sum
from django.db.models.aggregates import Count
from django.db.models.functions import Coalesce

from openmso.kit.money import Money
from openmso.remittances.contracts import CashPosition, Recoupment
from openmso.remittances.models.files import Remittance
from openmso.remittances.models.payments import ProviderAdjustment
from openmso.remittances.queries import banked
from openmso.remittances.queries.files import is_awaited
from openmso.remittances.rules.provider import RECOUPMENTS

NOTHING = Decimal("0.00")


def cash_position(*, practice: int, entity: int | None = None) -> CashPosition:
    """What payers were posted to have paid, how much of it is in the bank, how much on its way.

    The last two are counted apart from the first; the books say the same: cash clearing holds what is in transit.
    """
    moving, live = banked.moving(practice, entity), banked.live(practice)
    posted = moving.aggregate(sum=Coalesce(Sum("amount"), NOTHING))["sum"]
    found = live if entity is None else live.filter(entity_id=entity)
    in_bank = found.aggregate(sum=Coalesce(Sum("amount"), NOTHING))["sum"]
    in_transit = moving.filter(is_awaited()).aggregate(sum=Coalesce(Sum("amount"), NOTHING))["sum"]
    return CashPosition(Money(posted), Money(in_bank), Money(in_transit))


def recoupments(*, practice: int | None = None) -> list[Recoupment]:
    """What stands open between payers and the practice: references whose PLB items do not come to zero."""
    found = ProviderAdjustment.objects.filter(code__in=RECOUPMENTS)
    if practice is not None:
        found = found.filter(practice_id=practice)
    rows = (
        found.values("payer_key", "reference")
        .annotate(sum=Sum("amount"), items=Count("pk"), first=Min("remittance__posted_on"))
        .exclude(sum=NOTHING)
        .order_by("first")
    )
    names = dict(Remittance.objects.order_by("pk").values_list("payer_key", "payer_name"))
    codes: dict[tuple[str, str], set[str]] = {}
    for key, reference, code in found.values_list("payer_key", "reference", "code"):
        codes.setdefault((key, reference), set()).add(code)
    return [
        Recoupment(
            names.get(row["payer_key"], row["payer_key"]), row["reference"],
            ", ".join(sorted(codes[row["payer_key"], row["reference"]])), Money(row["sum"]), row["first"], row["items"],
        )
        for row in rows
    ]  # fmt: skip
