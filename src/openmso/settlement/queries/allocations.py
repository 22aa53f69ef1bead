"""Questions about allocations that were frozen: the list, one whole, and what a practice bears."""

from __future__ import annotations

from django.db.models import F, Q

from openmso.kit.errors import NotFound
from openmso.kit.money import Money
from openmso.kit.periods import Month
from openmso.platform.tenancy.queries import tenants
from openmso.platform.tenancy.scope import current
from openmso.platform.ui.contracts import Filters, Page, PageAsk
from openmso.platform.ui.narrowing import by_terms
from openmso.settlement.contracts.allocation import SHARED_COST, OwnShare, Run, RunRow
from openmso.settlement.models import AllocationRun, AllocationShare, Settlement
from openmso.settlement.queries import allocating, plans
from openmso.settlement.states import Allocating, S

SORTS = {"month": "month", "whole": "whole_amount", "frozen_at": "frozen_at", "state": "state"}


def listed(filters: Filters, ask: PageAsk) -> Page[RunRow]:
    """The allocations of the MSO in scope, the latest month first."""
    found = AllocationRun.objects.filter(by_terms(filters, {"month": "month", "whole": "whole_amount"}))
    if stands := filters.many("is"):
        found = found.filter(state__in=stands)
    if text := filters.text:
        found = found.filter(Q(public_id__iexact=text) | Q(frozen_by__icontains=text) | Q(why__icontains=text))
    key = F(SORTS.get(ask.sort, "month"))
    order = key.desc() if ask.desc else key.asc()
    shown = found.select_related("plan").order_by(order, "-pk")[ask.offset : ask.offset + ask.size]
    return Page([_row(row) for row in shown], found.count(), ask)


def run(public_id: str) -> Run:
    """An allocation as it was frozen; raises `NotFound`, too for who does not see every practice that takes part."""
    row = AllocationRun.objects.select_related("plan").filter(public_id=public_id).first()
    members = () if row is None else tuple((code, name) for code, name in row.opens["members"])
    seen = {one.code for one in tenants() if one.pk in current().practices}
    if row is None or any(code not in seen for code, _ in members):
        raise NotFound("There is no such allocation of shared cost among the practices that you may see.",
                       field="allocation")  # fmt: skip
    plan = plans.plan(row.plan.public_id)
    return Run(_row(row), allocating.shown(plan, Month.of(row.month), members, row.given, row.shares, row.opens))


def standing(mso: int, month: Month) -> str:
    """The public id of the allocation that stands for a month of an MSO; the empty text when there is none."""
    found = AllocationRun.objects.filter(practice_id=mso, month=month.first, state=Allocating.FROZEN.value)
    return found.values_list("public_id", flat=True).first() or ""


def own_shares(practice: int, *, promised: bool = True) -> list[OwnShare]:
    """What a practice bears of each pool, the latest month first; where `promised`, only of months of an open book."""
    rows = AllocationShare.objects.filter(practice_id=practice, standing=True)
    if promised:
        rows = rows.filter(open_book=True)
    return [
        OwnShare(
            row.run, Month.of(row.month), row.pool, Money.of(row.whole_amount), Money.of(row.amount), row.formula
        )
        for row in rows.order_by("-month", "number")
    ]  # fmt: skip


def standing_on(run: str) -> list[str]:
    """The invoices of fees, or of parts of fees, that were computed from the shares of an allocation, and stand."""
    asked = set(AllocationShare.objects.filter(run=run).values_list("practice_id", "month"))
    rows = Settlement.objects.filter(
        practice_id__in={practice for practice, _ in asked}, month__in={month for _, month in asked}
    ).exclude(state=S.WITHDRAWN)  # fmt: skip
    used = (
        row.invoice for row in rows.select_related("fee")
        if (row.practice_id, row.month) in asked
        and any(SHARED_COST in each for each in (row.fee.inputs, *(part["inputs"] for part in row.fee.parts)))
    )  # fmt: skip
    return sorted(used)


def _row(row: AllocationRun) -> RunRow:
    return RunRow(
        row.public_id, Month.of(row.month), Allocating(row.state), Money.of(row.whole_amount), row.plan.public_id,
        row.plan.number, len(row.given["pools"]), len(row.given["practices"]), row.frozen_at, row.frozen_by,
        row.withdrawn_at, row.withdrawn_by, row.why,
    )  # fmt: skip
