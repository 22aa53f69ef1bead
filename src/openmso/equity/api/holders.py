"""The operations of holders: what they hold, their capital account, their statement, and correcting them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.http import HttpResponse
from ninja import Schema, Status

from openmso.equity import pdf
from openmso.equity.api import schemas
from openmso.equity.api.routes import router as router
from openmso.equity.api.schemas import BeingCode, HolderId, HoldingOut, Name, Why
from openmso.equity.contracts import KEEP, READ, Being, Holder, Table
from openmso.equity.queries import ventures
from openmso.equity.rules import holding
from openmso.equity.services import keeping
from openmso.platform.api.operations import operation
from openmso.platform.api.schemas import Amount, Body
from openmso.platform.tenancy.scope import reading


class CapitalMovementOut(Schema):
    """A movement of a capital account."""

    on: date
    flow: str
    unit_class: str
    amount: Amount
    balance: Amount
    entry: str


class HolderCorrectionIn(Body):
    """What a holder is called and is, as it should have been, and why."""

    name: Name
    being: BeingCode
    why: Why


class HolderCorrectionOut(Schema):
    """A correction of a holder: what stood before, what stands since, why, and by whom."""

    was: str
    was_being: BeingCode
    name: str
    being: BeingCode
    why: str
    at: datetime
    by: str


class HolderAccountOut(Schema):
    """A holder with what they hold, their capital account, and every correction of their name and kind."""

    id: str
    name: str
    being: BeingCode
    venture: str
    corrections: list[HolderCorrectionOut]
    held: list[HoldingOut]
    account: list[CapitalMovementOut]


@router.get("/holders/{holder}", response=HolderAccountOut)
@operation(READ.code)
def get_holder(request: Any, holder: HolderId) -> Any:
    """A holder with what they hold and each movement of their capital account."""
    return _account(request, *ventures.of_holder(holder, request.actor.at))


@router.post("/holders/{holder}/corrections", response={201: HolderAccountOut})
@operation(KEEP.code)
def correct_holder(request: Any, holder: HolderId, body: HolderCorrectionIn) -> Any:
    """Correct what a holder is called, or what they are; how they stood before stays."""
    keeping.correct_holder(
        actor=request.actor, holder=holder, name=body.name, being=Being(body.being), why=body.why, at=request.actor.at
    )
    with reading():
        return Status(201, _account(request, *ventures.of_holder(holder, request.actor.at)))


@router.get("/holders/{holder}/statement", response={200: None})
@operation(READ.code)
def take_holder_statement(request: Any, holder: HolderId) -> Any:
    """A holder's statement as PDF."""
    one, found = ventures.of_holder(holder, request.actor.at)
    content = pdf.statement(one, found, holding.account(one, holder), on=request.actor.day_in(one.practice))
    return HttpResponse(content, content_type="application/pdf")


def _account(request: Any, one: Table, found: Holder) -> dict[str, Any]:
    held = holding.holdings(one, request.actor.day_in(one.practice))
    return {
        "id": found.public_id, "name": found.name, "being": found.being.value, "venture": one.public_id,
        "corrections": [
            {"was": each.was, "was_being": each.was_being.value, "name": each.name, "being": each.being.value,
             "why": each.why, "at": each.at, "by": each.by}
            for each in found.corrections
        ],
        "held": [schemas.holding_data(each) for each in held if each.holder.public_id == found.public_id],
        "account": [
            {"on": each.on, "flow": each.flow.value, "unit_class": name, "amount": str(each.amount),
             "balance": str(balance), "entry": each.ledger}
            for each, name, balance in holding.account(one, found.public_id)
        ],
    }  # fmt: skip
