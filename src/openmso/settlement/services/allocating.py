"""Verbs of shared cost: write a version of the plan, enter figures of a month, freeze its allocation, withdraw it.

Nothing is posted: the cost stays in the MSO's book. What a practice is charged of it is its fee, by its agreement.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import IntegrityError, transaction

from openmso.kit.clock import day_in
from openmso.kit.errors import Conflict, Refused
from openmso.kit.ids import public_id as fresh_id
from openmso.kit.money import ZERO
from openmso.kit.periods import Month
from openmso.ledger.contracts import Kind
from openmso.ledger.queries import books
from openmso.platform.access.contracts import Actor
from openmso.platform.audit import services as audit
from openmso.platform.tenancy.models import Entity, Tenant
from openmso.platform.tenancy.queries import tenants
from openmso.platform.tenancy.scope import atomic
from openmso.settlement import drivers
from openmso.settlement.contracts import Paper
from openmso.settlement.contracts.allocation import Allocated, NewFigure, NewPlan, Wanted
from openmso.settlement.contracts.permissions import ALLOCATE, ALLOCATED, FIGURE, FIGURES, FREEZE, PLAN
from openmso.settlement.models import AllocationFigure, AllocationPlan, AllocationRun, AllocationShare
from openmso.settlement.queries import allocating, allocations, counting
from openmso.settlement.services.papers import keep
from openmso.settlement.states import Allocating


class NotAllocated(Refused):
    """Shared cost cannot be allocated so; the sentence says whose figure is missing, or what is wrong."""

    code = "not_allocated"


class FrozenAlready(Conflict):
    """An allocation of the month stands; nothing was done twice."""

    code = "frozen_already"


@atomic
def plan(*, actor: Actor, mso: int, new: NewPlan, at: datetime) -> str:
    """Write a version of the MSO's plan of shared cost; its public id. The versions before it stay. Raises `NoPlan`."""
    decision = actor.must(ALLOCATE.code, mso)
    if not new.why.strip():
        raise drivers.NoPlan("Say why the plan is so.", field="why", fix="Whoever reads it later asks that first.")
    if not Entity.objects.filter(pk=new.entity, tenant_id=mso).exists():
        raise drivers.NoPlan("The accounts are of a book of the MSO itself.", field="entity")
    expenses = {one.code for one in books.accounts(entity=new.entity) if one.kind is Kind.EXPENSE and one.postable}
    codes = {one.code for one in tenants()}
    for sentence in drivers.faults(new.pools, expenses=expenses, codes=codes):
        raise drivers.NoPlan(sentence, field="pools")
    Tenant.objects.select_for_update().get(pk=mso)
    number = AllocationPlan.objects.filter(practice_id=mso).count() + 1
    row = AllocationPlan.objects.create(
        practice_id=mso, number=number, entity_id=new.entity, from_month=new.from_month.first,
        pools=list(map(drivers.pool_json, new.pools)), why=new.why.strip()[:600], made_at=at,
        made_by=actor.name[:120],
    )  # fmt: skip
    audit.record(
        actor=actor, action="settlement.plan_written", practice=mso, subject=(PLAN, row.public_id), at=at,
        facts={"number": str(number), "month": str(new.from_month), "count": len(new.pools)}, why=new.why.strip(),
        decision=decision,
    )  # fmt: skip
    return row.public_id


@atomic
def enter(
    *, actor: Actor, mso: int, month: Month, figures: Sequence[NewFigure], why: str, at: datetime,
    papers: Sequence[Paper] = (),
) -> int:  # fmt: skip
    """Enter figures of a month that the system does not know, with what shows them; how many are new.

    What is as it was entered before is left alone. Raises `NotAllocated` for a figure that the plan of the month does
    not ask for, one that is below zero, and one of a month whose allocation is frozen.
    """
    decision = actor.must(ALLOCATE.code, mso)
    if not why.strip():
        raise NotAllocated("Say what shows these figures.", field="why", fix="Such as: leases, floor plan of 2026.")
    if frozen := allocations.standing(mso, month):
        raise NotAllocated(f"The allocation of {month.words} is frozen: {frozen}.", field="month",
                           fix="Withdraw it with a reason first.")  # fmt: skip
    wanted = {one.key: one for one in allocating.asked(mso, month).wanted}
    new = [one for one in figures if _changed(one, wanted, month)]
    for tenant in {one.tenant for one in new}:
        actor.must(ALLOCATE.code, tenant)
    for one in new:
        known = wanted[one.tenant, one.driver, one.pool].known
        made = fresh_id("ALF")
        kept = keep(papers, practice=one.tenant, subject=(FIGURE, made), purpose=FIGURES, actor=actor, at=at,
                    under=decision)  # fmt: skip
        AllocationFigure.objects.create(
            practice_id=one.tenant, public_id=made, month=month.first, driver=one.driver, pool=one.pool,
            number=known.number + 1 if known else 1, value=one.value, why=why.strip()[:600], entered_at=at,
            entered_by=actor.name[:120], documents=kept,
        )  # fmt: skip
    audit.record(
        actor=actor, action="settlement.figures_entered", practice=mso, subject=(FIGURE, str(month)), at=at,
        facts={"count": len(new), "month": str(month)}, why=why.strip(), decision=decision,
    )  # fmt: skip
    return len(new)


@atomic
def freeze(*, actor: Actor, mso: int, month: Month, at: datetime) -> str:
    """Freeze the allocation of a month: plan, figures of drivers and every share as they are now; its public id.

    Raises `NotAllocated` for a month that is not over and where a figure is missing, `FrozenAlready` where one stands.
    """
    decision = actor.must(FREEZE.code, mso)
    zone = Tenant.objects.values_list("zone", flat=True).get(pk=mso)
    if day_in(zone, at) <= month.last:
        raise NotAllocated(
            f"{month.words} is not over.", field="month", fix=f"Freeze it from {month.plus(1).first:%-d %B %Y} on."
        )
    one = allocating.draft(mso, month)
    if one.missing:
        more = f" {len(one.missing) - 1} more." if len(one.missing) > 1 else ""
        raise NotAllocated(one.missing[0].sentence + more, field="month", fix="Enter the figure with what shows it.")
    row = _frozen(mso, one, actor=actor, at=at)
    _give(row, one)
    audit.record(
        actor=actor, action="settlement.allocation_frozen", practice=mso, subject=(ALLOCATED, row.public_id), at=at,
        facts={"month": str(month), "amount": str(one.whole), "count": len(one.members)}, decision=decision,
    )  # fmt: skip
    return row.public_id


@atomic
def withdraw(*, actor: Actor, allocation: str, why: str, at: datetime) -> None:
    """Take an allocation back with a reason: it stays to be read, and the month can be allocated anew.

    Raises `NotAllocated` without a reason, for one that was withdrawn, and while a fee computed from it stands.
    """
    found = allocations.run(allocation)
    decision = actor.must(FREEZE.code, found.allocated.plan.mso)
    row = AllocationRun.objects.select_for_update().get(public_id=allocation)
    if not why.strip():
        raise NotAllocated("Say why the allocation is withdrawn.", field="why", fix="A sentence is enough.")
    if row.state != Allocating.FROZEN.value:
        raise NotAllocated(f"{allocation} was withdrawn already.", field="allocation")
    if invoices := allocations.standing_on(allocation):
        raise NotAllocated(f"Invoice {invoices[0]} was computed from it.", field="allocation",
                           fix="Withdraw that settlement first.")  # fmt: skip
    row.state, row.withdrawn_at, row.withdrawn_by = Allocating.WITHDRAWN.value, at, actor.name[:120]
    row.why = why.strip()[:600]
    row.save(update_fields=["state", "withdrawn_at", "withdrawn_by", "why"])
    AllocationShare.objects.filter(run=allocation).update(standing=False)
    audit.record(
        actor=actor, action="settlement.allocation_withdrawn", practice=row.practice_id,
        subject=(ALLOCATED, allocation), at=at, facts={"month": str(Month.of(row.month))}, why=row.why,
        decision=decision,
    )  # fmt: skip


def _changed(one: NewFigure, wanted: dict[tuple[int, str, str], Wanted], month: Month) -> bool:
    """Whether a figure is another than the one that counts; refused where nobody asked for it."""
    asked = wanted.get((one.tenant, one.driver, one.pool))
    if asked is None:
        raise NotAllocated(f"The plan of {month.words} asks for no {drivers.words_of(one.driver).lower()} there.",
                           field="figures", fix="Look at what the month's draft asks for.")  # fmt: skip
    if not one.value.is_finite() or not 0 <= one.value < 10**12 or one.value != round(one.value, 4):
        raise NotAllocated(f"{asked.words} of {asked.name} is a figure from zero up, with up to four decimals.",
                           field="figures")  # fmt: skip
    if one.driver in {drivers.COST, drivers.DIRECT} and one.value != round(one.value, 2):
        raise NotAllocated(f"{asked.words} of {asked.name} is in whole cents.", field="figures")
    return asked.known is None or asked.known.value != one.value


def _frozen(mso: int, one: Allocated, *, actor: Actor, at: datetime) -> AllocationRun:
    """The allocation itself; of two that are frozen at the same moment the database takes one."""
    month = one.month
    if allocations.standing(mso, month):
        raise _stands(month)
    try:
        with transaction.atomic():
            return AllocationRun.objects.create(
                practice_id=mso, month=month.first, plan=AllocationPlan.objects.get(public_id=one.plan.public_id),
                whole_amount=one.whole.amount, given=one.given, shares=one.shares, opens=one.opens, frozen_at=at,
                frozen_by=actor.name[:120],
            )  # fmt: skip
    except IntegrityError:
        raise _stands(month) from None


def _stands(month: Month) -> FrozenAlready:
    return FrozenAlready(f"An allocation of {month.words} stands already.", field="month", fix="Withdraw it first.")


def _give(row: AllocationRun, one: Allocated) -> None:
    """What each practice bears, among its own rows: its own and the whole."""
    taking = counting.taking_part(one.plan.mso, one.plan.entity, one.month)
    AllocationShare.objects.bulk_create(
        AllocationShare(
            practice_id=member.practice, run=row.public_id, month=row.month, number=pool.number, pool=pool.name,
            whole_amount=pool.amount.amount, amount=pool.shares.get(member.code, ZERO).amount,
            formula=pool.formulas.get(member.code, "nothing of its driver")[:600], open_book=member.open_book,
        )
        for member in taking.members for pool in one.pools
    )  # fmt: skip
