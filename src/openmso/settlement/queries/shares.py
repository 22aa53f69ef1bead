"""What a practice bears of shared cost in a month, for the fee that is computed from it."""

from __future__ import annotations

from collections.abc import Sequence

from openmso.kit.money import ZERO, Money
from openmso.kit.periods import Month
from openmso.platform.tenancy.models import Tenant
from openmso.settlement.contracts.allocation import SHARED_COST
from openmso.settlement.contracts.figures import Waiting
from openmso.settlement.models import AllocationShare


def borne(practices: Sequence[int], month: Month) -> dict[int, tuple[Money, str]]:
    """By practice what it bears by the allocation that stands, and the public id of that; none before it is frozen."""
    found: dict[int, tuple[Money, str]] = {}
    rows = AllocationShare.objects.filter(practice_id__in=list(practices), month=month.first, standing=True)
    for practice, amount, run in rows.values_list("practice_id", "amount", "run"):
        found[practice] = (found.get(practice, (ZERO, run))[0] + Money.of(amount), run)
    return found


def waiting(practice: int, month: Month) -> Waiting:
    """That a fee waits for the allocation of its month."""
    code = Tenant.objects.values_list("code", flat=True).get(pk=practice)
    return Waiting(practice, code, month, SHARED_COST, "shared cost", "", is_shared=True)
