"""The API of charges: the prices of a practice, and publishing new ones."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from ninja import Query, Router, Schema, Status
from pydantic import Field

from openmso.charges import queries, services
from openmso.charges.contracts import FeeDraft
from openmso.kit.money import Money
from openmso.parties.queries import payers
from openmso.platform.api.operations import operation
from openmso.platform.api.pages import PageAsk, PageOut, paged
from openmso.platform.api.schemas import Amount, Body, Words, public_id, text
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.tenancy.scope import reading
from openmso.platform.ui.contracts import PageAsk as RowsAsk

router = Router(tags=["Charges"])
PracticeId = Annotated[str, public_id("TEN")]
FEES_MAX = 20_000


class FeeOut(Schema):
    """A price that holds today; `payer` empty is everybody."""

    code: str
    modifier: str
    amount: Amount
    schedule: str
    payer: str
    version: str
    starts_on: date


class FeeIn(Body):
    """The price of one unit of a code."""

    code: Annotated[str, Field(pattern=r"^[A-Z0-9]{5}$")]
    amount: Annotated[str, Field(pattern=r"^\d{1,7}\.\d{2}$")]
    modifier: Annotated[str, Field(pattern=r"^([A-Z0-9]{2})?$")] = ""


class FeesIn(Body):
    """The prices of a schedule from a day on; what it leaves out holds on from the version before."""

    name: Annotated[str, text(60)] = "Standard"
    label: Annotated[str, text(60)]
    starts_on: date
    payer: Annotated[str, public_id("PAY")] | None = None
    fees: Annotated[list[FeeIn], Field(min_length=1, max_length=FEES_MAX)]


class PublishedOut(Schema):
    """The schedule that the prices stand in."""

    schedule: str


@router.get("/practices/{practice}/fees", response=PageOut[FeeOut])
@operation("charges.read")
def list_fees(request: Any, practice: PracticeId, page: Query[PageAsk], q: Words = "") -> Any:
    """The prices that hold today, by code; `q` is how a code begins."""
    key = tenancy.key_in_scope(practice)
    on = tenancy.today(key, request.actor.at)
    found = queries.prices(practice=key, on=on, text=q, page=RowsAsk(page.page, page.size))
    rows = [
        {
            "code": one.code, "modifier": one.modifier, "amount": str(one.amount), "schedule": one.schedule,
            "payer": one.payer, "version": one.label, "starts_on": one.starts_on,
        }
        for one in found.rows
    ]  # fmt: skip
    return paged(request, rows, found.total or 0, page)


@router.post("/practices/{practice}/fees", response={201: PublishedOut})
@operation("charges.fees")
def publish_fees(request: Any, practice: PracticeId, body: FeesIn) -> Any:
    """Publish prices from a day on; what was published before is never changed."""
    with reading():
        key = tenancy.key_in_scope(practice)
        payer = payers.by_public_id(body.payer).id if body.payer else None
    schedule = services.publish_fees(
        actor=request.actor, practice=key, name=body.name, label=body.label, starts_on=body.starts_on,
        fees=[FeeDraft(one.code, Money.of(one.amount), one.modifier) for one in body.fees], payer_id=payer,
        at=request.actor.at,
    )  # fmt: skip
    return Status(201, {"schedule": schedule})
