"""The API of approvals: all that waits for somebody's yes or no."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from ninja import Query, Schema
from pydantic import Field

from openmso.governance.api.openbook import router
from openmso.governance.queries import approvals as queries
from openmso.kit.classes import DataClass
from openmso.platform.api import reads
from openmso.platform.api.operations import operation
from openmso.platform.api.pages import PageAsk, PageOut, paged, total_of
from openmso.platform.api.reads import of_class
from openmso.platform.api.schemas import Amount, Words
from openmso.platform.ui.contracts import Filters
from openmso.platform.ui.contracts import PageAsk as RowsAsk
from openmso.platform.work.contracts import ItemRow

__all__ = ["router"]


class ApprovalOut(Schema):
    """Something that waits for a decision; `about` is the public id of the thing that is decided."""

    item: str
    kind: str
    about: str
    practice: str
    title: Annotated[str, of_class(DataClass.CLINICAL)]
    why: Annotated[str, of_class(DataClass.CLINICAL)]
    why_next: Annotated[str, Field(description="How urgent it is, for which reason, and how long there is")]
    amount: Amount | None
    due_at: datetime
    since: datetime


@router.get("/approvals", response=PageOut[ApprovalOut])
@operation("work.use")
def list_approvals(request: Any, page: Query[PageAsk], q: Words = "") -> Any:
    """All that the caller may decide in their practices, what is due first; `q` is a part of its words."""
    asked = RowsAsk(page.page, page.size, "due_at")
    actor, filters = request.actor, Filters(text=q)
    found = queries.listing(actor=actor, filters=filters, page=asked, at=actor.at)
    total = total_of(found, lambda: queries.tally(actor=actor, filters=filters, at=actor.at))
    reads.many(request, of="work", practices=[row.practice for row in found.rows], shows=ApprovalOut)
    return paged(request, [_row(one) for one in found.rows], total, page)


def _row(one: ItemRow) -> dict[str, Any]:
    return {
        "item": one.public_id, "kind": one.kind, "about": one.subject_id, "practice": one.practice_name,
        "title": one.title, "why": one.why, "why_next": one.why_next, "amount": one.amount, "due_at": one.due_at,
        "since": one.opened_at,
    }  # fmt: skip
