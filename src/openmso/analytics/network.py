"""Key figures compared across the network: only of practices that said yes to it, and only for those."""

from __future__ import annotations

from datetime import date

from openmso.agreements.queries import initiatives
from openmso.analytics.contracts import FEWEST, Beside
from openmso.analytics.models import NetworkFigure
from openmso.kit.periods import Month
from openmso.platform.tenancy.queries import tenants_in_scope

NOT_JOINED = (
    "Figures are compared for practices that take part. Their owners say so under Initiatives; none of yours does."
)


def beside(kpi: str, month: Month, *, on: date) -> Beside:
    """A figure of a month over the network, for whom a practice in scope takes part on a day: who gives is told."""
    mine = [one.pk for one in tenants_in_scope() if not one.is_mso]
    if not initiatives.taking_part(initiatives.BENCHMARKING, among=mine, on=on):
        return Beside(why_not=NOT_JOINED)
    found = NetworkFigure.objects.filter(kpi=kpi, month=month.first).first()
    if found is None:
        return Beside(why_not=f"Fewer than {FEWEST} practices that take part have this figure in {month.words}.")
    return Beside(found.practices, found.low, found.median, found.high)
