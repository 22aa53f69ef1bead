"""The API of payment plans."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from ninja import Query, Schema, Status
from pydantic import Field

from openmso.billing.api.returns import router as router
from openmso.billing.api.routes import Demographic, Paid, PatientId
from openmso.billing.contracts import APPROVE, COLLECT, PLAN, READ, PlannedInstalment, PlanRow
from openmso.billing.queries import plans
from openmso.billing.rules.plans import DAY_MAX
from openmso.billing.services import planning
from openmso.billing.tables import PLANS
from openmso.kit.money import Money
from openmso.platform.api import reads
from openmso.platform.api.operations import operation
from openmso.platform.api.pages import PageAsk, PageOut, paged, total_of
from openmso.platform.api.queues import Queued, reasoned
from openmso.platform.api.schemas import Amount, Body, Count, Words, public_id, text
from openmso.platform.tenancy.scope import reading
from openmso.platform.ui.contracts import Filters
from openmso.platform.ui.contracts import PageAsk as RowsAsk

PlanId = Annotated[str, public_id("PLN")]


class PaymentPlanOut(Schema):
    """A payment plan: `left` is still owed of it, `due` is due and not paid; `beyond` is what needed approval."""

    id: str
    patient: Annotated[str, Demographic]
    practice: str
    amount: Amount
    instalment: Amount
    count: int
    first_on: date
    state: str
    beyond: str
    why: str
    made_at: datetime
    made_by: str
    decided_at: datetime | None
    decided_by: str
    decided_why: str
    left: Amount
    due: Amount
    missed: int
    next_on: date | None


class PlanInstalmentOut(Schema):
    """An instalment, and what of it is not paid."""

    number: int
    due_on: date
    amount: Amount
    open: Amount
    is_missed: bool


class PlanChargeOut(Schema):
    """An instalment that is charged to a card: announced before, charged on its day."""

    id: str
    number: int
    charge_on: date
    amount: Amount
    state: str
    words: str


class PaymentPlanPageOut(PaymentPlanOut):
    """A payment plan with its instalments, and those that are charged to a card."""

    instalments: list[PlanInstalmentOut]
    charges: list[PlanChargeOut]


class PaymentPlanIn(Body):
    """What a patient owes in instalments; `why` where it is outside the practice's policy."""

    instalment: Paid
    month_day: Annotated[Count, Field(ge=1, le=DAY_MAX)]
    starts_on: date
    why: Annotated[str, text(300, length_min=0)] = ""


class PlanReasonIn(Body):
    """Why a plan is not approved, or ended."""

    why: Annotated[str, text(300)]


class QueuedPaymentPlanOut(PaymentPlanOut, Queued):
    """The same, with why it is next."""


@router.get("/payment-plans", response=PageOut[QueuedPaymentPlanOut])
@operation(READ.code)
def list_payment_plans(request: Any, page: Query[PageAsk], q: Words = "") -> Any:
    """The payment plans, the latest first; `q` is a plan or a patient."""
    found = plans.listing(filters=Filters(text=q), page=RowsAsk(page.page, page.size))
    total = total_of(found, lambda: plans.tally(filters=Filters(text=q)))
    reads.many(request, of="payment-plans", practices=[one.practice for one in found.rows], shows=QueuedPaymentPlanOut)
    return paged(request, reasoned(request, PLANS, found.rows, _plan), total, page)


@router.get("/payment-plans/{payment_plan}", response=PaymentPlanPageOut)
@operation(READ.code)
def get_payment_plan(request: Any, payment_plan: PlanId) -> Any:
    """One payment plan with its instalments as they stand today."""
    return _read(request, payment_plan)


@router.post("/patients/{patient}/payment-plans", response={201: PaymentPlanPageOut})
@operation(COLLECT.code)
def make_payment_plan(request: Any, patient: PatientId, body: PaymentPlanIn) -> Any:
    """Have what a patient owes paid by the month; outside the policy it waits for somebody else's approval."""
    made = planning.make(
        actor=request.actor, patient=patient, instalment=Money.of(body.instalment), month_day=body.month_day,
        starts_on=body.starts_on, why=body.why, at=request.actor.at,
    )  # fmt: skip
    with reading():
        return Status(201, _read(request, made))


@router.post("/payment-plans/{payment_plan}/approval", response=PaymentPlanPageOut)
@operation(APPROVE.code)
def approve_payment_plan(request: Any, payment_plan: PlanId) -> Any:
    """Let a plan outside the policy begin; never one's own."""
    planning.approve(actor=request.actor, plan=payment_plan, at=request.actor.at)
    with reading():
        return _read(request, payment_plan)


@router.post("/payment-plans/{payment_plan}/refusal", response=PaymentPlanPageOut)
@operation(APPROVE.code)
def refuse_payment_plan(request: Any, payment_plan: PlanId, body: PlanReasonIn) -> Any:
    """Say no to a plan outside the policy."""
    planning.refuse(actor=request.actor, plan=payment_plan, why=body.why, at=request.actor.at)
    with reading():
        return _read(request, payment_plan)


@router.post("/payment-plans/{payment_plan}/end", response=PaymentPlanPageOut)
@operation(COLLECT.code)
def end_payment_plan(request: Any, payment_plan: PlanId, body: PlanReasonIn) -> Any:
    """End a plan before it is paid."""
    planning.end(actor=request.actor, plan=payment_plan, why=body.why, at=request.actor.at)
    with reading():
        return _read(request, payment_plan)


def _read(request: Any, name: str) -> dict[str, Any]:
    one, instalments = plans.plan(name, on=request.actor.today)
    reads.one(request, practice=one.practice, subject=(PLAN, name), shows=PaymentPlanPageOut)
    charges = [
        {"id": row.public_id, "number": row.number, "charge_on": row.charge_on, "amount": str(row.amount),
         "state": row.state.value, "words": row.words}
        for row in plans.charges(name)
    ]  # fmt: skip
    return _plan(one) | {"instalments": [_instalment(part) for part in instalments], "charges": charges}


def _plan(one: PlanRow) -> dict[str, Any]:
    return {
        "id": one.public_id, "patient": one.patient, "practice": one.practice_name, "amount": str(one.amount),
        "instalment": str(one.instalment), "count": one.count, "first_on": one.first_on, "state": one.state.value,
        "beyond": one.beyond, "why": one.why, "made_at": one.made_at, "made_by": one.made_by,
        "decided_at": one.decided_at, "decided_by": one.decided_by, "decided_why": one.decided_why,
        "left": str(one.left), "due": str(one.due), "missed": one.missed, "next_on": one.next_on,
    }  # fmt: skip


def _instalment(one: PlannedInstalment) -> dict[str, Any]:
    return {
        "number": one.number, "due_on": one.due_on, "amount": str(one.amount), "open": str(one.open),
        "is_missed": one.is_missed,
    }  # fmt: skip
