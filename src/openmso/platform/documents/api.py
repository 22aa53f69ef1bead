"""The API of stored files: what is kept, what it became, and its bytes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, Any

from django.http import StreamingHttpResponse
from ninja import Query, Router, Schema
from pydantic import Field

from openmso.kit.classes import DataClass
from openmso.platform.access.contracts import Actor
from openmso.platform.api.operations import operation
from openmso.platform.api.pages import PageAsk, PageOut, paged, total_of
from openmso.platform.api.schemas import Words, public_id
from openmso.platform.documents import queries, services
from openmso.platform.documents.contracts import DocumentRow
from openmso.platform.tenancy.queries import tenants_in_scope
from openmso.platform.ui.contracts import PageAsk as RowsAsk

router = Router(tags=["Documents"])
DocumentId = Annotated[str, public_id("DOC")]


class DocumentOut(Schema):
    """A stored file; its name only for who may see a patient's."""

    id: str
    practice: str
    name: str
    purpose: str
    media_type: str
    size: int
    sha256: str
    stored_at: datetime
    stored_by: str
    became: Annotated[list[str], Field(description="Public ids of what was made from it")]


@router.get("/documents", response=PageOut[DocumentOut])
@operation("documents.read")
def list_documents(request: Any, page: Query[PageAsk], q: Words = "", purpose: Words = "") -> Any:
    """The files one may open, newest first."""
    found = queries.documents(actor=request.actor, page=RowsAsk(page.page, page.size), text=q, purpose=purpose)
    total = total_of(found, lambda: queries.tally(actor=request.actor, text=q, purpose=purpose))
    return paged(request, _documents(request.actor, found.rows), total, page)


@router.get("/documents/{document}", response=DocumentOut)
@operation("documents.read")
def get_document(request: Any, document: DocumentId) -> Any:
    """One file: where it came from and what it became."""
    return _documents(request.actor, [queries.document(actor=request.actor, public_id=document)])[0]


@router.post("/documents/{document}/bytes", response={200: None})
@operation("documents.read")
def open_document(request: Any, document: DocumentId) -> Any:
    """The bytes of a file; that it was opened is told in the trail."""
    found, pieces = services.opened(actor=request.actor, public_id=document, at=request.actor.at)
    return StreamingHttpResponse(pieces, headers=found.handed_out)


def _documents(actor: Actor, rows: Iterable[DocumentRow]) -> list[dict[str, Any]]:
    codes = {row.pk: row.code for row in tenants_in_scope()}
    return [
        {
            "id": row.public_id, "practice": codes[row.practice], "purpose": row.purpose, "size": row.size,
            "name": row.name if actor.sees(DataClass.DEMOGRAPHIC, row.practice) else "", "sha256": row.sha256,
            "media_type": row.media_type, "stored_at": row.stored_at, "stored_by": row.stored_by,
            "became": [one for one in row.became.split(", ") if one],
        }
        for row in rows
    ]  # fmt: skip
