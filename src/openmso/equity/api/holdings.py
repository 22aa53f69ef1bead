"""The operations of what practices hold: the statements of a year, and issuing one."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from django.http import HttpResponse
from ninja import Query, Schema, Status
from pydantic import Field

from openmso.equity.api.prepaying import router as router
from openmso.equity.api.schemas import HolderId
from openmso.equity.contracts import KEEP, READ
from openmso.equity.contracts.yearly import HolderStatement
from openmso.equity.queries import yearly as queries
from openmso.equity.services import yearly
from openmso.platform.api.operations import operation
from openmso.platform.api.pages import PageAsk, PageOut, paged
from openmso.platform.api.schemas import Amount, Body, Words, public_id
from openmso.platform.documents import queries as documents
from openmso.platform.ui.contracts import Filters
from openmso.platform.ui.contracts import PageAsk as RowsAsk

StatementId = Annotated[str, public_id("HST")]


class HolderYearIn(Body):
    """A calendar year."""

    year: Annotated[int, Field(ge=1990, le=2199, strict=True)]


class HolderClassYearOut(Schema):
    """A class in a year: units and shares at both ends, and what moved the capital account, signed."""

    name: str
    units_begin: str
    units_end: str
    share_begin: str
    share_end: str
    opening: Amount
    contributed: Amount
    allocated: Amount
    preferred: Amount
    returned: Amount
    rest: Amount
    redeemed: Amount
    moved: Amount
    closing: Amount
    owed: Amount


class HolderStatementOut(Schema):
    """What a practice held of an entity in some days, as it was issued; information for a return, no tax advice."""

    id: str
    practice: str
    entity: str
    holder: str
    starts_on: date
    ends_on: date
    closing: Amount
    paid_out: Amount
    classes: list[HolderClassYearOut]
    issued_at: datetime
    issued_by: str


@router.get("/holder-statements", response=PageOut[HolderStatementOut])
@operation(READ.code)
def list_holder_statements(request: Any, page: Query[PageAsk], q: Words = "") -> Any:
    """The statements of what one's practices hold, the latest year first."""
    found = queries.listing(Filters(text=q), RowsAsk(page.page, page.size, "ends_on", desc=True))
    return paged(request, [_told(one) for one in found.rows], found.total or 0, page)


@router.get("/holder-statements/{statement}", response=HolderStatementOut)
@operation(READ.code)
def get_holder_statement(request: Any, statement: StatementId) -> Any:
    """A statement of what a practice held."""
    return _told(queries.statement(statement))


@router.get("/holder-statements/{statement}/paper")
@operation(READ.code)
def get_holder_statement_paper(request: Any, statement: StatementId) -> Any:
    """The same as PDF."""
    one = queries.statement(statement)
    return HttpResponse(documents.read(one.document, one.practice), content_type="application/pdf")


@router.post("/holders/{holder}/statements", response={201: HolderStatementOut})
@operation(KEEP.code)
def issue_holder_statement(request: Any, holder: HolderId, body: HolderYearIn) -> Any:
    """Issue the statement of a year to the practice that holds; of a year that is not over, through today."""
    return Status(201, _told(yearly.issue(actor=request.actor, holder=holder, year=body.year, at=request.actor.at)))


def _told(one: HolderStatement) -> dict[str, Any]:
    return {
        "id": one.public_id, "practice": one.practice_name, "entity": one.entity_name, "holder": one.holder_name,
        "starts_on": one.starts_on, "ends_on": one.ends_on, "closing": str(one.closing),
        "paid_out": str(one.paid_out), "classes": [each.as_json() for each in one.classes], "issued_at": one.made_at,
        "issued_by": one.made_by,
    }  # fmt: skip
