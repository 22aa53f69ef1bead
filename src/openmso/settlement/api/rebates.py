"""The API of rebates: what vendors paid back, how it was shared, and the invoices on which shares were credited."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Any

from ninja import Query, Schema, Status
from pydantic import Field

from openmso.kit.money import Money
from openmso.platform.api.operations import operation
from openmso.platform.api.pages import PageAsk, PageOut, paged
from openmso.platform.api.schemas import Amount, Body, PracticeName, Words, public_id, text
from openmso.platform.tenancy.queries import key_in_scope
from openmso.platform.tenancy.scope import reading
from openmso.platform.ui.contracts import Filters
from openmso.platform.ui.contracts import PageAsk as RowsAsk
from openmso.settlement import runs
from openmso.settlement.api.openbook import router
from openmso.settlement.contracts import READ, RUN
from openmso.settlement.contracts.rebates import NewRebate, RebateShare, RebateTold
from openmso.settlement.queries import rebates
from openmso.settlement.services import rebating

__all__ = ["router"]
RebateId = Annotated[str, public_id("RBT")]


class RebateWeightIn(Body):
    """What a buyer counts for by the rule; the MSO itself may be one."""

    practice: PracticeName
    weight: Annotated[Decimal, Field(gt=0, max_digits=14, decimal_places=4)]


class RebateIn(Body):
    """What a vendor paid back for a period (`ends_on` is its last day), and by which rule it is shared."""

    vendor: Annotated[str, text(120)]
    what: Annotated[str, text(200)]
    starts_on: date
    ends_on: date
    received_on: date
    amount: Annotated[Decimal, Field(gt=0, max_digits=12, decimal_places=2)]
    rule: Annotated[str, text(300)]
    weights: Annotated[list[RebateWeightIn], Field(min_length=1, max_length=1_000)]


class RebateShareOut(Schema):
    """The share of a practice; `invoice` is empty while it waits for one."""

    rebate: str
    practice: str
    vendor: str
    what: str
    starts_on: date
    ends_on: date
    received_on: date
    rule: str
    whole: Amount
    weight: str
    weights_total: str
    amount: Amount
    settlement: str
    invoice: str
    practice_entry: str
    mso_entry: str


class RebateOut(Schema):
    """A rebate with the shares that the caller may see; `kept` is the MSO's own part, for the MSO alone."""

    id: str
    shares: list[RebateShareOut]
    kept: Amount | None


@router.get("/rebates", response=PageOut[RebateShareOut])
@operation(READ.code)
def list_rebates(request: Any, page: Query[PageAsk], q: Words = "") -> Any:
    """Shares of rebates, the latest received first; `q` is part of a vendor or of what it was for."""
    found = rebates.listed(Filters(text=q), RowsAsk(page.page, page.size, "received_on", desc=True))
    return paged(request, [_share(one) for one in found.rows], found.total or 0, page)


@router.post("/rebates", response={201: RebateOut})
@operation(RUN.code)
def record_rebate(request: Any, body: RebateIn) -> Any:
    """Record a rebate that the MSO received; it is shared to the cent, and credited on the next invoices."""
    with reading():
        weights = {key_in_scope(one.practice): one.weight for one in body.weights}
    new = NewRebate(
        body.vendor, body.what, body.starts_on, body.ends_on, body.received_on, Money.of(body.amount), body.rule,
        weights,
    )  # fmt: skip
    made = rebating.record(actor=request.actor, mso=runs.mso_of(request.actor), new=new, at=request.actor.at)
    with reading():
        return Status(201, _told(rebates.rebate(made)))


@router.get("/rebates/{rebate}", response=RebateOut)
@operation(READ.code)
def get_rebate(request: Any, rebate: RebateId) -> Any:
    """One rebate: its rule, and every share that the caller may see."""
    return _told(rebates.rebate(rebate))


def _told(found: RebateTold) -> dict[str, Any]:
    return {"id": found.rebate, "shares": [_share(one) for one in found.shares], "kept": found.kept}


def _share(one: RebateShare) -> dict[str, Any]:
    return {
        "rebate": one.rebate, "practice": one.practice_name, "vendor": one.vendor, "what": one.what,
        "starts_on": one.starts_on, "ends_on": one.ends_on, "received_on": one.received_on, "rule": one.rule,
        "whole": one.whole, "weight": str(one.weight), "weights_total": str(one.weights_total), "amount": one.amount,
        "settlement": one.settlement, "invoice": one.invoice, "practice_entry": one.practice_entry,
        "mso_entry": one.mso_entry,
    }  # fmt: skip
