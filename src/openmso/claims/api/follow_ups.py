"""The API of claims, continued: when payers are asked about claims, asking them, and what they were asked."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from ninja import Field, Query, Schema, Status

from openmso.claims.api.rulebook import router as router
from openmso.claims.contracts import SUBMIT, InquiryRef
from openmso.claims.queries import follow_ups as queries
from openmso.claims.services import following
from openmso.kit import clock
from openmso.platform.api.operations import operation
from openmso.platform.api.pages import PageAsk, PageOut, paged
from openmso.platform.api.schemas import public_id
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.tenancy.scope import reading
from openmso.platform.ui.contracts import PageAsk as RowsAsk

Days = Annotated[int, Field(ge=1, le=365)]


class FollowUpRuleIn(Schema):
    """When a payer is asked about claims that it has not answered."""

    days: Days
    again_days: Days
    asks_max: Annotated[int, Field(ge=1, le=20)]


class FollowUpRuleOut(Schema):
    """The rule that holds for a payer, and whether it is its own."""

    payer: str
    name: str
    days: int
    again_days: int
    asks_max: int
    is_own: bool


class InquiryOut(Schema):
    """A question about claims (276)."""

    id: str
    payer: str
    document: str
    claims: int
    asked_at: datetime


@router.get("/follow-up-rules", response=list[FollowUpRuleOut])
@operation("claims.read")
def list_follow_up_rules(request: Any) -> Any:
    """When each payer is asked."""
    return _rules()


@router.put("/follow-up-rules/{payer}", response=list[FollowUpRuleOut])
@operation("claims.follow", mailroom=True)
def set_follow_up_rule(request: Any, payer: Annotated[str, public_id("PAY")], body: FollowUpRuleIn) -> Any:
    """Say when a payer is asked; all rules as they are then."""
    with reading():
        mso = tenancy.mso()
    following.set_rule(actor=request.actor, mso=mso, payer=payer, at=clock.now(), **body.model_dump())
    with reading():
        return _rules()


@router.get("/claim-inquiries", response=PageOut[InquiryOut])
@operation("claims.read")
def list_claim_inquiries(request: Any, page: Query[PageAsk]) -> Any:
    """What payers were asked, newest first."""
    found = queries.inquiries(page=RowsAsk(page.page, page.size))
    return paged(request, [_inquiry(row) for row in found.rows], found.total or 0, page)


@router.post("/claim-inquiries", response={201: list[InquiryOut]})
@operation("claims.submit")
def ask_about_claims(request: Any) -> Any:
    """Ask payers now about every claim that is due by their rules."""
    sent = [
        one
        for practice in sorted(request.actor.practices_for(SUBMIT.code))
        for one in following.ask(actor=request.actor, practice=practice, at=clock.now())
    ]
    return Status(201, [_inquiry(one) for one in sent])


def _rules() -> list[dict[str, Any]]:
    names = ("payer", "name", "days", "again_days", "asks_max", "is_own")
    return [{name: getattr(row, name) for name in names} for row in queries.register()]


def _inquiry(row: InquiryRef) -> dict[str, Any]:
    return {
        "id": row.public_id, "payer": row.payer, "document": row.document, "claims": row.claims,
        "asked_at": row.asked_at,
    }  # fmt: skip
