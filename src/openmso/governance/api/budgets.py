"""The API of budgets: begun from the books, revised, proposed, decided, and compared with the books."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

from ninja import Query, Schema, Status
from pydantic import Field

from openmso.governance.api.interests import router
from openmso.governance.contracts import BUDGETS, DECIDE, PLAN, NewBudget, Paper
from openmso.governance.contracts.budgets import Budget, BudgetRow, Fallback, Variance
from openmso.governance.queries import budgets as queries
from openmso.governance.services import budgets as services
from openmso.governance.tables.budgets import BUDGET_LIST
from openmso.kit.money import Money
from openmso.kit.periods import Month
from openmso.platform.api.operations import operation
from openmso.platform.api.pages import PageAsk, PageOut, paged
from openmso.platform.api.queues import Queued, reasoned
from openmso.platform.api.schemas import Amount, Body, Encoded, MonthName, Words, decoded, public_id, text
from openmso.platform.tenancy.scope import reading
from openmso.platform.ui.contracts import Filters
from openmso.platform.ui.contracts import PageAsk as RowsAsk

__all__ = ["router"]
BudgetId = Annotated[str, public_id("BUD")]
Why = Annotated[str, text(600)]
Percent = Annotated[Decimal, Field(ge=-50, le=50, max_digits=6, decimal_places=3)]
Cents = Annotated[Decimal, Field(max_digits=12, decimal_places=2)]


class BudgetIn(Body):
    """A budget to begin: from the books of the twelve months before `first`, changed by `growth` percent."""

    book: Annotated[str, public_id("BOOK")]
    first: MonthName
    agree_by: date
    fallback: Literal["budget", "actuals"]
    index: Percent = Decimal(0)
    growth: Percent = Decimal(0)
    why: Why


class BudgetVersionIn(Body):
    """The figures of a new version: by account twelve amounts as texts, or a CSV or Excel file in base64, which goes
    before them.
    """

    why: Why
    figures: Annotated[dict[str, list[Amount]], Field(max_length=500)] = {}
    document: Encoded | None = None
    document_name: Annotated[str, text(120)] = "budget.csv"


class BudgetWhyIn(Body):
    """Why."""

    why: Why


class BudgetDecisionIn(Body):
    """Approved or declined, and why."""

    approve: bool
    why: Why


class BudgetRowOut(Schema):
    """A budget in the list; sums are of the version that holds, else of the latest."""

    id: str
    practice: str
    book: str
    first: str
    state: str
    agree_by: date
    version: int
    income: Amount
    expenses: Amount
    net: Amount


class QueuedBudgetRowOut(BudgetRowOut, Queued):
    """The same, with why it is next."""


class BudgetLineOut(Schema):
    """An account: its months, its year and the year before, in the sign of an income statement."""

    account: str
    name: str
    months: list[Amount]
    year: Amount
    prior: Amount


class BudgetVersionOut(Schema):
    """A version, without its figures."""

    number: int
    made_at: datetime
    made_by: str
    why: str
    basis: str


class BudgetStepOut(Schema):
    """Something that happened to a budget."""

    to: str
    at: datetime
    by: str
    why: str
    version: int
    meeting: str


class BudgetOut(BudgetRowOut):
    """A budget with the figures of one version; `rule` says what holds where it is not agreed in time."""

    rule: str
    shown: int
    lines: list[BudgetLineOut]
    versions: list[BudgetVersionOut]
    steps: list[BudgetStepOut]


class VarianceOut(Schema):
    """An account: planned, actual, and whether the difference is to the practice's good."""

    account: str
    name: str
    planned: Amount
    actual: Amount
    difference: Amount
    is_good: bool


class BudgetAsk(Schema):
    """Which version."""

    version: Annotated[int | None, Field(ge=1, le=9_999)] = None


@router.get("/budgets", response=PageOut[QueuedBudgetRowOut])
@operation(BUDGETS.code)
def list_budgets(request: Any, page: Query[PageAsk], q: Words = "") -> Any:
    """The budgets, the latest year first; `q` is part of a practice's name."""
    found = queries.listing(filters=Filters(text=q), page=RowsAsk(page.page, page.size, "first", desc=True))
    return paged(request, reasoned(request, BUDGET_LIST, found.rows, _row), found.total or 0, page)


@router.post("/budgets", response={201: BudgetOut})
@operation(PLAN.code)
def begin_budget(request: Any, body: BudgetIn) -> Any:
    """Begin the budget of a year from what the books say of the year before."""
    new = NewBudget(
        body.book, Month.parse(body.first), body.agree_by, Fallback(body.fallback), body.index, body.growth
    )  # fmt: skip
    made = services.begin(actor=request.actor, new=new, why=body.why, at=request.actor.at)
    with reading():
        return Status(201, _budget(queries.budget(made, at=request.actor.at)))


@router.get("/budgets/{budget}", response=BudgetOut)
@operation(BUDGETS.code)
def get_budget(request: Any, budget: BudgetId, ask: Query[BudgetAsk]) -> Any:
    """One budget with the figures of a version: what holds, else the latest."""
    return _budget(queries.budget(budget, version=ask.version, at=request.actor.at))


@router.post("/budgets/{budget}/versions", response={201: BudgetOut})
@operation(PLAN.code)
def revise_budget(request: Any, budget: BudgetId, body: BudgetVersionIn) -> Any:
    """Add a version, by its figures or as a file."""
    mine = {"actor": request.actor, "budget": budget, "why": body.why, "at": request.actor.at}
    if body.document is not None:
        return Status(201, _budget(services.bring(paper=Paper(body.document_name, decoded(body.document)), **mine)))
    figures = {code: tuple(Money.of(one) for one in months) for code, months in body.figures.items()}
    return Status(201, _budget(services.revise(grid=figures, basis="figures that were sent", **mine)))


@router.post("/budgets/{budget}/proposal", response=BudgetOut)
@operation(PLAN.code)
def propose_budget(request: Any, budget: BudgetId, body: BudgetWhyIn) -> Any:
    """Propose the latest version to the practice and its board."""
    return _budget(services.propose(actor=request.actor, budget=budget, why=body.why, at=request.actor.at))


@router.post("/budgets/{budget}/decision", response=BudgetOut)
@operation(DECIDE.code)
def decide_budget(request: Any, budget: BudgetId, body: BudgetDecisionIn) -> Any:
    """Approve or decline the proposed version; only a licensee of the practice may, and no token has the right."""
    return _budget(
        services.decide(actor=request.actor, budget=budget, approve=body.approve, why=body.why, at=request.actor.at)
    )


@router.get("/budgets/{budget}/variance", response=list[VarianceOut])
@operation(BUDGETS.code)
def get_budget_variance(request: Any, budget: BudgetId, month: MonthName) -> Any:
    """The books against the budget, account by account, up to a month."""
    _, rows = queries.variances(budget, through=Month.parse(month), at=request.actor.at)
    return [_variance(one) for one in rows]


def _row(one: BudgetRow) -> dict[str, Any]:
    return {
        "id": one.public_id, "practice": one.practice_name, "book": one.book, "first": str(one.first),
        "state": one.state.value, "agree_by": one.agree_by, "version": one.version, "income": one.income,
        "expenses": one.expenses, "net": one.net,
    }  # fmt: skip


def _budget(one: Budget) -> dict[str, Any]:
    return _row(one.row) | {
        "rule": one.rule, "shown": one.shown.number,
        "lines": [
            {"account": line.code, "name": line.name, "months": list(line.months), "year": line.year,
             "prior": line.prior}
            for line in one.lines
        ],
        "versions": [
            {"number": each.number, "made_at": each.made_at, "made_by": each.made_by, "why": each.why,
             "basis": each.basis}
            for each in one.versions
        ],
        "steps": [
            {"to": each.to.value, "at": each.at, "by": each.by, "why": each.why, "version": each.version,
             "meeting": each.meeting}
            for each in one.moves
        ],
    }  # fmt: skip


def _variance(one: Variance) -> dict[str, Any]:
    return {
        "account": one.code, "name": one.name, "planned": one.planned, "actual": one.actual,
        "difference": one.difference, "is_good": one.is_good,
    }  # fmt: skip
