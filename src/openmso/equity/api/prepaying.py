"""The operations of what is paid beside instalments: principal ahead of them, and fees on what is not drawn."""

from __future__ import annotations

from datetime import date
from typing import Any

from ninja import Status

from openmso.equity.api.facilities import CapitalFacilityOut, DrawId, DrawOut, FacilityId, draw_data, facility_data
from openmso.equity.api.facilities import router as router
from openmso.equity.api.schemas import Positive
from openmso.equity.contracts import PAY
from openmso.equity.services import lending
from openmso.kit.money import Money
from openmso.kit.periods import Month
from openmso.platform.api.operations import operation
from openmso.platform.api.schemas import Body, MonthName


class PrepaymentIn(Body):
    """Principal that was paid ahead; its interest so far is added."""

    amount: Positive
    on: date


class UnusedFeeIn(Body):
    """A month that is over, and the day on which its unused fee was paid."""

    month: MonthName
    on: date


@router.post("/draws/{draw}/prepayments", response={201: DrawOut})
@operation(PAY.code)
def prepay_draw(request: Any, draw: DrawId, body: PrepaymentIn) -> Any:
    """Post principal that was paid ahead, with its interest so far; the schedule after it is another."""
    done = lending.prepay(
        actor=request.actor, draw=draw, amount=Money.of(body.amount), on=body.on, at=request.actor.at
    )  # fmt: skip
    return Status(201, draw_data(done))


@router.post("/facilities/{facility}/unused-fees", response={201: CapitalFacilityOut})
@operation(PAY.code)
def pay_unused_fee(request: Any, facility: FacilityId, body: UnusedFeeIn) -> Any:
    """Post the fee of a month on what of a revolving facility was not drawn."""
    done = lending.pay_unused(
        actor=request.actor, facility=facility, month=Month.parse(body.month), on=body.on, at=request.actor.at
    )  # fmt: skip
    return Status(201, facility_data(done))
