"""Stored files on screen: the list, one file with what it became, and its bytes."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse, StreamingHttpResponse

from openmso.kit.classes import DataClass
from openmso.platform.access.edges import act, page
from openmso.platform.audit import queries as audit
from openmso.platform.documents import queries, registry, services
from openmso.platform.documents.contracts import READ
from openmso.platform.documents.tables import DOCUMENTS
from openmso.platform.ui import respond, tables


@page(READ.code)
def index(request: Any) -> HttpResponse:
    """The files of the practices in which one may open them."""
    ask = tables.ask(request, DOCUMENTS)
    purpose = ask.filters.one("purpose") or ""
    return tables.answer(
        request, DOCUMENTS, ask, template="documents/documents.html",
        fetch=lambda wanted: queries.documents(
            actor=request.actor, page=wanted, text=ask.filters.text, purpose=purpose
        ),
        tally=lambda: queries.tally(actor=request.actor, text=ask.filters.text, purpose=purpose),
    )  # fmt: skip


@page(READ.code)
def document(request: Any, public_id: str) -> HttpResponse:
    """One file: where it came from and what it became."""
    row = queries.document(actor=request.actor, public_id=public_id)
    context = {
        "row": row,
        "here": public_id,
        "purpose": registry.words_of(row.purpose),
        "may_see_name": request.actor.sees(DataClass.DEMOGRAPHIC, row.practice),
        "sealed": queries.why_sealed(request.actor, row),
        "became": queries.became(public_id, row.practice),
        "events": audit.history(("documents.document", public_id), practice=row.practice),
    }
    return respond.page(request, "documents/document.html", context)


@act(READ.code)
def download(request: Any, public_id: str) -> StreamingHttpResponse:
    """The bytes of a file, as an attachment; that it was opened is told."""
    found, pieces = services.opened(actor=request.actor, public_id=public_id, at=request.actor.at)
    return StreamingHttpResponse(pieces, headers=found.handed_out)
