"""The API of what an hour of work costs."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal

from ninja import Router, Schema, Status
from pydantic import Field

from openmso.analytics import costs, services
from openmso.analytics.contracts import COSTS, READ, Function, HourCost
from openmso.kit.money import Money
from openmso.platform.api.operations import operation
from openmso.platform.api.schemas import Amount, Body, Count, text
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.tenancy.scope import reading

router = Router(tags=["Key figures"])


class HourCostOut(Schema):
    """What an hour of a function's work costs from a day on, how long a touch takes, and by which source."""

    function: str
    number: int
    starts_on: date
    hourly: Amount
    minutes: Decimal
    touch: Amount
    source: str
    why: str
    holds: bool
    entered_by: str


class HourCostIn(Body):
    """What an hour of a function costs from a day on."""

    function: Literal["denials", "claims"]
    starts_on: date
    hourly: Annotated[str, Field(pattern=r"^\d{1,4}\.\d{2}$", examples=["41.50"])]
    minutes: Annotated[Count, Field(gt=0, le=240)]
    source: Annotated[str, text(200)]
    why: Annotated[str, Field(max_length=300)] = ""


@router.get("/hour-costs", response=list[HourCostOut])
@operation(READ.code)
def list_hour_costs(request: Any) -> Any:
    """What an hour of work costs, version by version, the latest of each function first."""
    return [_cost(one) for one in costs.every(on=request.actor.today)]


@router.post("/hour-costs", response={201: list[HourCostOut]})
@operation(COSTS.code)
def enter_hour_cost(request: Any, body: HourCostIn) -> Any:
    """Say what an hour of a function costs; figures are counted anew with what holds on each day."""
    with reading():
        mso = tenancy.mso()
    services.enter_cost(
        actor=request.actor, mso=mso, function=Function(body.function), starts_on=body.starts_on,
        hourly=Money.of(body.hourly), minutes=Decimal(body.minutes), source=body.source, why=body.why,
        at=request.actor.at,
    )  # fmt: skip
    with reading():
        return Status(201, [_cost(one) for one in costs.every(on=request.actor.today)])


def _cost(one: HourCost) -> dict[str, Any]:
    return {
        "function": one.function.value, "number": one.number, "starts_on": one.starts_on, "hourly": str(one.hourly),
        "minutes": one.minutes, "touch": str(one.touch), "source": one.source, "why": one.why, "holds": one.holds,
        "entered_by": one.by,
    }  # fmt: skip
