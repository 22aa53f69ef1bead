"""Questions about cash: where the money of remittances is."""

from __future__ import annotations

from decimal import Decimal

from django.db.models import Sum
from django.db.models.functions import Coalesce

from openmso.kit.money import Money
from openmso.remittances.contracts import CashPosition
from openmso.remittances.queries import banked
from openmso.remittances.queries.files import is_awaited

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
