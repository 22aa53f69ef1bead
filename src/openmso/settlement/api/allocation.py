"""The API of shared cost: plans, figures of drivers, drafts of a month, frozen allocations, a practice's own."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any

from ninja import Query, Router, Schema, Status
from pydantic import Field

from openmso.kit.periods import Month
from openmso.ledger.contracts import Selection
from openmso.ledger.queries import selection as ledger
from openmso.parties.queries import practices
from openmso.platform.api.operations import operation
from openmso.platform.api.pages import PageAsk, PageOut, paged
from openmso.platform.api.schemas import (
    Amount,
    Body,
    Encoded,
    MonthName,
    PracticeName,
    Words,
    Yes,
    decoded,
    public_id,
    text,
)
from openmso.platform.tenancy.queries import key_in_scope
from openmso.platform.tenancy.scope import reading
from openmso.platform.ui.contracts import Filters
from openmso.platform.ui.contracts import PageAsk as RowsAsk
from openmso.settlement import runs
from openmso.settlement.api.routes import line
from openmso.settlement.api.schemas import BehindOut
from openmso.settlement.contracts import ALLOCATE, FREEZE, READ, SHARED, Paper
from openmso.settlement.contracts.allocation import Allocated, NewFigure, NewPlan, OwnShare, Plan, Pool, RunRow, Wanted
from openmso.settlement.queries import allocating, allocations, plans
from openmso.settlement.services import allocating as services

router = Router(tags=["Settlement"])
PlanId = Annotated[str, public_id("ALP")]
AllocationId = Annotated[str, public_id("ALR")]
Code = Annotated[str, Field(pattern=r"^[a-z][a-z_]{0,39}$", examples=["square_feet"])]
Why = Annotated[str, text(600)]


class PoolIn(Body):
    """A pool: accounts of the MSO's book (none: its cost is entered), and drivers with weights that add up to 1."""

    name: Annotated[str, text(60)]
    accounts: Annotated[list[Annotated[str, text(12)]], Field(max_length=100)] = []
    by: Annotated[dict[Code, Annotated[Decimal, Field(gt=0, le=1, max_digits=9, decimal_places=6)]], Field(
        max_length=20, examples=[{"claims": "0.6", "revenue": "0.4"}])] = {}  # fmt: skip
    direct: Annotated[Yes, Field(description="Amounts that are practices' own come first; they are entered")] = False
    bears: Annotated[Yes, Field(description="It receives its part of the pools that close before it")] = False


class AllocationPlanIn(Body):
    """A version of the plan: pools in the order in which they close, from a month on."""

    from_month: MonthName
    entity: Annotated[str, public_id("ENT")]
    pools: Annotated[list[PoolIn], Field(min_length=1, max_length=30)]
    why: Why


class PoolOut(Schema):
    """A pool of a plan."""

    name: str
    accounts: list[str]
    by: dict[str, str]
    direct: bool
    bears: bool


class AllocationPlanOut(Schema):
    """A version of the plan as it was written."""

    id: str
    number: int
    from_month: str
    pools: list[PoolOut]
    why: str
    made_at: datetime
    made_by: str


class FigureIn(Body):
    """A figure: of a practice or of the MSO, for a driver (`cost` and `direct` are dollars), of a pool or of none."""

    practice: PracticeName
    driver: Code
    pool: Annotated[str, text(60, length_min=0)] = ""
    value: Annotated[Decimal, Field(ge=0, max_digits=16, decimal_places=4)]


class FiguresIn(Body):
    """Figures of a month with what shows them: in words, and a file where there is one."""

    figures: Annotated[list[FigureIn], Field(min_length=1, max_length=2_000)]
    why: Why
    name: Annotated[str, text(200, length_min=0)] = ""
    document: Encoded = ""


class WantedFigureOut(Schema):
    """A figure that the plan of a month asks for; `value` is null until somebody entered it."""

    practice: str
    of: str
    driver: str
    words: str
    pool: str
    value: str | None
    why: str
    number: int
    entered_at: datetime | None
    entered_by: str
    documents: list[str]


class PoolShareOut(Schema):
    """What a receiver gets of a pool, and how."""

    to: str
    amount: Amount
    formula: str


class PoolOfMonthOut(Schema):
    """A pool of a month: its own cost, what earlier pools gave it, its shares."""

    number: int
    name: str
    own: Amount
    received: Amount
    amount: Amount
    by: str
    source: str
    opens: bool
    shares: list[PoolShareOut]


class AllocationOut(Schema):
    """A month's allocation; a draft has no `id`, and where something is `missing` no shares."""

    id: str
    state: str
    month: str
    plan: str
    whole: Amount
    practices: dict[str, Amount]
    pools: list[PoolOfMonthOut]
    drivers: dict[str, dict[str, str]]
    missing: list[str]
    not_seen: Annotated[list[str], Field(description="Practices of the network where the caller has no role")]


class AllocationRowOut(Schema):
    """A line of the list of allocations."""

    id: str
    month: str
    state: str
    whole: Amount
    plan: str
    pools: int
    practices: int
    frozen_at: datetime
    frozen_by: str
    withdrawn_at: datetime | None
    withdrawn_by: str
    why: str


class SharedCostOut(Schema):
    """What a practice bears of a pool in a month: its own and the whole."""

    month: str
    pool: str
    whole: Amount
    amount: Amount
    formula: str
    allocation: str


class AllocationMonthIn(Body):
    """The month that is meant."""

    month: MonthName


class AllocationWhyIn(Body):
    """Why it is done."""

    why: Why


@router.get("/allocation-plans", response=list[AllocationPlanOut])
@operation(SHARED.code)
def list_allocation_plans(request: Any) -> Any:
    """Every version of the plan of shared cost, the latest first."""
    return [_plan(one) for one in plans.plans()]


@router.post("/allocation-plans", response={201: AllocationPlanOut})
@operation(ALLOCATE.code)
def write_allocation_plan(request: Any, body: AllocationPlanIn) -> Any:
    """Write a version of the plan of shared cost; the versions before it stay."""
    with reading():
        entity = practices.entity_by_public_id(body.entity, on=request.actor.today).id
    pools = tuple(Pool(one.name, tuple(one.accounts), one.by, one.direct, one.bears) for one in body.pools)
    new = NewPlan(Month.parse(body.from_month), entity, pools, body.why)
    made = services.plan(
        actor=request.actor, mso=runs.mso_of(request.actor, ALLOCATE.code), new=new, at=request.actor.at
    )
    with reading():
        return Status(201, _plan(plans.plan(made)))


@router.get("/allocation-plans/{plan}", response=AllocationPlanOut)
@operation(SHARED.code)
def get_allocation_plan(request: Any, plan: PlanId) -> Any:
    """One version of the plan."""
    return _plan(plans.plan(plan))


@router.get("/allocation-drafts/{month}", response=AllocationOut)
@operation(SHARED.code)
def draft_allocation(request: Any, month: MonthName) -> Any:
    """The allocation of a month as it would be frozen now; what is missing is named. Nothing is kept."""
    found = allocating.draft(runs.mso_of(request.actor, SHARED.code), Month.parse(month))
    return _allocated(found, "", "draft")


@router.get("/allocation-drafts/{month}/figures", response=list[WantedFigureOut])
@operation(SHARED.code)
def list_driver_figures(request: Any, month: MonthName) -> Any:
    """Every figure that the plan of a month asks people for, with what was entered."""
    found = allocating.asked(runs.mso_of(request.actor, SHARED.code), Month.parse(month))
    return [_wanted(one) for one in found.wanted]


@router.post("/allocation-drafts/{month}/figures", response=list[WantedFigureOut])
@operation(ALLOCATE.code)
def enter_driver_figures(request: Any, month: MonthName, body: FiguresIn) -> Any:
    """Enter figures of a month with what shows them; what was entered before stays to be read."""
    with reading():
        figures = [NewFigure(key_in_scope(one.practice), one.driver, one.value, one.pool) for one in body.figures]
    papers = [Paper(body.name or "evidence", decoded(body.document), "")] if body.document else []
    mso = runs.mso_of(request.actor, ALLOCATE.code)
    services.enter(
        actor=request.actor, mso=mso, month=Month.parse(month), figures=figures, why=body.why, papers=papers,
        at=request.actor.at,
    )  # fmt: skip
    with reading():
        return [_wanted(one) for one in allocating.asked(mso, Month.parse(month)).wanted]


@router.get("/allocations", response=PageOut[AllocationRowOut])
@operation(SHARED.code)
def list_allocations(request: Any, page: Query[PageAsk], q: Words = "") -> Any:
    """Allocations that were frozen, the latest month first; `q` is an id, who froze it, or part of a reason."""
    found = allocations.listed(Filters(text=q), RowsAsk(page.page, page.size, "month", desc=True))
    return paged(request, [_row(one) for one in found.rows], found.total or 0, page)


@router.post("/allocations", response={201: AllocationOut})
@operation(FREEZE.code)
def freeze_allocation(request: Any, body: AllocationMonthIn) -> Any:
    """Freeze the allocation of a month that is over: plan, figures and shares as they are now."""
    made = services.freeze(
        actor=request.actor, mso=runs.mso_of(request.actor, FREEZE.code), month=Month.parse(body.month),
        at=request.actor.at,
    )  # fmt: skip
    with reading():
        return Status(201, _run(made))


@router.get("/allocations/{allocation}", response=AllocationOut)
@operation(SHARED.code)
def get_allocation(request: Any, allocation: AllocationId) -> Any:
    """An allocation as it was frozen: every share with its formula."""
    return _run(allocation)


@router.get("/allocations/{allocation}/pools/{number}/lines", response=PageOut[BehindOut])
@operation(SHARED.code)
def list_lines_of_pool(
    request: Any, allocation: AllocationId, number: Annotated[int, Field(ge=1, le=30)], page: Query[PageAsk]
) -> Any:
    """The lines of the MSO's book behind the cost of a pool; none where the cost was entered."""
    pool = allocating.pool_of(allocations.run(allocation).allocated, number)
    if not pool.selection:
        return paged(request, [], 0, page)
    found = ledger.lines(Selection.from_json(pool.selection), RowsAsk(page.page, page.size))
    return paged(request, [line(row) for row in found.rows], found.total or 0, page)


@router.post("/allocations/{allocation}/withdrawal", response=AllocationOut)
@operation(FREEZE.code)
def withdraw_allocation(request: Any, allocation: AllocationId, body: AllocationWhyIn) -> Any:
    """Take an allocation back with a reason; the month can be allocated anew."""
    services.withdraw(actor=request.actor, allocation=allocation, why=body.why, at=request.actor.at)
    with reading():
        return _run(allocation)


@router.get("/practices/{practice}/shared-cost", response=list[SharedCostOut])
@operation(READ.code)
def list_shared_cost(request: Any, practice: PracticeName) -> Any:
    """What a practice bears of shared cost, of months whose agreement passes cost on or promises to show it."""
    return [_own(one) for one in allocations.own_shares(key_in_scope(practice))]


def _plan(one: Plan) -> dict[str, Any]:
    pools = [
        {
            "name": pool.name, "accounts": list(pool.accounts), "direct": pool.direct, "bears": pool.bears,
            "by": {code: f"{weight.normalize():f}" for code, weight in pool.by.items()},
        }
        for pool in one.pools
    ]  # fmt: skip
    return {
        "id": one.public_id, "number": one.number, "from_month": str(one.from_month), "pools": pools, "why": one.why,
        "made_at": one.made_at, "made_by": one.made_by,
    }  # fmt: skip


def _wanted(one: Wanted) -> dict[str, Any]:
    known = one.known
    return {
        "practice": one.code, "of": one.name, "driver": one.driver, "words": one.words, "pool": one.pool,
        "value": f"{known.value.normalize():f}" if known else None, "why": known.why if known else "",
        "number": known.number if known else 0, "entered_at": known.entered_at if known else None,
        "entered_by": known.entered_by if known else "", "documents": list(known.documents) if known else [],
    }  # fmt: skip


def _run(allocation: str) -> dict[str, Any]:
    found = allocations.run(allocation)
    return _allocated(found.allocated, found.row.public_id, found.row.state.value)


def _allocated(one: Allocated, allocation: str, state: str) -> dict[str, Any]:
    return {"id": allocation, "state": state} | allocating.as_data(one)


def _row(one: RunRow) -> dict[str, Any]:
    return {
        "id": one.public_id, "month": str(one.month), "state": one.state.value, "whole": one.whole, "plan": one.plan,
        "pools": one.pools, "practices": one.practices, "frozen_at": one.frozen_at, "frozen_by": one.frozen_by,
        "withdrawn_at": one.withdrawn_at, "withdrawn_by": one.withdrawn_by, "why": one.why,
    }  # fmt: skip


def _own(one: OwnShare) -> dict[str, Any]:
    return {
        "month": str(one.month), "pool": one.pool, "whole": one.whole, "amount": one.amount, "formula": one.formula,
        "allocation": one.run,
    }  # fmt: skip
