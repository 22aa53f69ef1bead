"""The API of what the network decides about denials: the map of codes, and what one person writes off alone."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from ninja import Schema, Status
from pydantic import Field

from openmso.denials.api.routes import Why
from openmso.denials.api.routes import router as router
from openmso.denials.contracts import Category as CategoryStatus
from openmso.denials.contracts import MapRule
from openmso.denials.contracts import Owner as OwnerStatus
from openmso.denials.queries import network
from openmso.denials.services import network as deciding
from openmso.kit import clock
from openmso.kit.money import Money
from openmso.parties.queries import payers
from openmso.platform.api.operations import operation
from openmso.platform.api.schemas import Amount, Body, public_id, text
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.tenancy.scope import reading
from openmso.remittances.queries import denied


class MapLineIn(Body):
    """What some codes of some payer mean from now on; what is left out fits everything."""

    group: Literal["", "CO", "OA", "PI"] = ""
    reason: Annotated[str, Field(pattern=r"^([A-Za-z]?\d{1,3})?$")] = ""
    remark: Annotated[str, Field(pattern=r"^([A-Za-z]{1,2}\d{1,4})?$")] = ""
    payer: Annotated[str, public_id("PAY")] | None = None
    category: Literal[tuple(one.value for one in CategoryStatus)]  # type: ignore[valid-type]
    owner: Literal[tuple(one.value for one in OwnerStatus)]  # type: ignore[valid-type]
    action: Annotated[str, text(50)]
    stage: Annotated[str, text(20, length_min=0)] = ""
    withdrawn: bool = False
    why: Why


class MapLineOut(Schema):
    """A line of a map of reasons; without a number it is the house's."""

    number: int
    group: str
    reason: str
    remark: str
    payer: str
    category: str
    owner: str
    action: str
    stage: str
    why: str
    by: str


class LimitOut(Schema):
    """Up to what one person writes off alone."""

    amount: Amount


class LimitIn(Body):
    """The same, and why."""

    amount: Annotated[str, Field(pattern=r"^\d{1,8}\.\d{2}$", examples=["50.00"])]
    why: Why


@router.get("/denial-map", response=list[MapLineOut])
@operation("denials.read")
def list_denial_map(request: Any) -> Any:
    """The network's own lines, the latest version first, and then the house's map."""
    ids = {one.id: one.public_id for one in payers.every()}
    house = [
        MapRule("", one.code, "", None, CategoryStatus.of(one.category).value, one.owner, one.action, one.stage)
        for one in denied.reasons().values()
    ]
    return [
        {"number": one.number, "group": one.group, "reason": one.reason, "remark": one.remark,
         "payer": ids.get(one.payer or 0, ""), "category": one.category, "owner": one.owner, "action": one.action,
         "stage": one.stage, "why": one.why, "by": one.by}
        for one in (*network.lines(), *house)
    ]  # fmt: skip


@router.post("/denial-map", response={201: dict[str, int]})
@operation("denials.setup")
def write_denial_map(request: Any, body: MapLineIn) -> Any:
    """Write a line of the network's own map; its version."""
    with reading():
        mso = tenancy.mso()
        payer = payers.by_public_id(body.payer).id if body.payer else None
    rule = MapRule(
        body.group, body.reason, body.remark, payer, body.category, body.owner, body.action, body.stage, why=body.why
    )
    number = deciding.write_rule(actor=request.actor, mso=mso, rule=rule, withdrawn=body.withdrawn, at=clock.now())
    return Status(201, {"number": number})


@router.get("/write-off-limit", response=LimitOut)
@operation("denials.read")
def get_write_off_limit(request: Any) -> Any:
    """Up to what one person writes off alone."""
    return {"amount": str(network.limit())}


@router.put("/write-off-limit", response=LimitOut)
@operation("denials.setup")
def set_write_off_limit(request: Any, body: LimitIn) -> Any:
    """Set it, for what is asked from now on."""
    with reading():
        mso = tenancy.mso()
    deciding.set_limit(actor=request.actor, mso=mso, amount=Money.of(body.amount), why=body.why, at=clock.now())
    return {"amount": body.amount}
