"""The API of portability: what an archive holds, and the archive."""

from __future__ import annotations

from typing import Any

from django.http import FileResponse, HttpResponse
from ninja import Router, Schema

from openmso.platform.api.operations import operation
from openmso.platform.api.schemas import Body, PracticeName
from openmso.portability import queries, services
from openmso.portability.contracts import TAKE

router = Router(tags=["Portability"])


class ArchivePartOut(Schema):
    """A part of an archive: a table, or a folder of files as they were sent or received."""

    path: str
    words: str


class ArchiveIn(Body):
    """Whose revenue cycle is taken away."""

    practice: PracticeName


@router.get("/archive-parts", response=list[ArchivePartOut])
@operation(TAKE.code)
def list_archive_parts(request: Any) -> Any:
    """What the archive of a practice holds."""
    return [{"path": path, "words": words} for path, words in queries.contents(actor=request.actor)]


@router.post("/archives")
@operation(TAKE.code)
def take_archive(request: Any, body: ArchiveIn) -> HttpResponse:
    """The whole revenue cycle of a practice as one ZIP; the answer names no patient, the archive does."""
    file, taken = services.taken(actor=request.actor, code=body.practice, at=request.actor.at)
    return FileResponse(file, as_attachment=True, filename=taken.name, content_type="application/zip")  # type: ignore[return-value]
