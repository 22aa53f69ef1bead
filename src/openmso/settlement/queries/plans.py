"""Questions about plans of shared cost, and about the figures that people entered for a month."""

from __future__ import annotations

from collections.abc import Collection

from openmso.kit.errors import NotFound
from openmso.kit.periods import Month
from openmso.settlement import drivers
from openmso.settlement.contracts.allocation import Figure, Plan
from openmso.settlement.models import AllocationFigure, AllocationPlan


def plans() -> list[Plan]:
    """Every version of the plan of the MSO in scope, the latest first."""
    return [_plan(row) for row in AllocationPlan.objects.order_by("-number")]


def plan(public_id: str) -> Plan:
    """A version of a plan; raises `NotFound`."""
    row = AllocationPlan.objects.filter(public_id=public_id).first()
    if row is None:
        raise NotFound("There is no such plan of shared cost.", field="plan")
    return _plan(row)


def plan_for(mso: int, month: Month) -> Plan:
    """The version that holds in a month: the last made of those from then or before; or `NotFound`."""
    rows = AllocationPlan.objects.filter(practice_id=mso, from_month__lte=month.first)
    row = rows.order_by("-number").first()
    if row is None:
        raise NotFound(f"No plan of shared cost holds in {month.words}.", field="month", fix="Write one first.")
    return _plan(row)


def entered(month: Month, *, tenants: Collection[int]) -> dict[tuple[int, str, str], Figure]:
    """What counts of the figures that were entered for a month, by tenant, driver and pool: the last of each."""
    rows = AllocationFigure.objects.filter(month=month.first, practice_id__in=list(tenants))
    return {one.key: one for one in map(figure_of, rows.select_related("practice").order_by("number"))}


def history(month: Month, tenant: int, driver: str) -> list[Figure]:
    """Every figure of a driver that was entered for a tenant's month, the last one first."""
    rows = AllocationFigure.objects.filter(month=month.first, practice_id=tenant, driver=driver)
    return [figure_of(row) for row in rows.select_related("practice").order_by("pool", "-number")]


def figure_of(row: AllocationFigure) -> Figure:
    """A figure as it was entered."""
    return Figure(
        row.public_id, row.practice_id, row.practice.code, row.practice.name, Month.of(row.month), row.driver, row.pool,
        row.number, row.value, row.why, row.entered_at, row.entered_by, tuple(row.documents),
    )  # fmt: skip


def _plan(row: AllocationPlan) -> Plan:
    return Plan(
        row.public_id, row.practice_id, row.number, row.entity_id, Month.of(row.from_month),
        tuple(map(drivers.pool_of, row.pools)), row.why, row.made_at, row.made_by,
    )  # fmt: skip
