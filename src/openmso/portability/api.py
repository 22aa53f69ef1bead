"""The API of portability: what an archive holds, and the archive."""

from __future__ import annotations

import dataclasses
from typing import Any

from django.http import FileResponse, HttpResponse, StreamingHttpResponse
from ninja import Router, Schema

from openmso.platform.api.operations import operation
from openmso.platform.api.schemas import Body, PracticeName
from openmso.portability.contracts import TAKE
from openmso.portability.queries import contents
from openmso.portability.services import taking

router = Router(tags=["Portability"])


class ArchivePartOut(Schema):
    """A part of an archive: a table, or a folder of files as they were sent or received.

    `in_revenue_cycle` says whether it is in the archive of the revenue cycle alone, too.
    """

    path: str
    words: str
    in_revenue_cycle: bool


class ArchiveIn(Body):
    """Whose data are taken away: everything, or the revenue cycle alone."""

    practice: PracticeName
    revenue_cycle_only: bool = False


@router.get("/archive-parts", response=list[ArchivePartOut])
@operation(TAKE.code)
def list_archive_parts(request: Any) -> Any:
    """What the archive of a practice holds."""
    return [dataclasses.asdict(one) for one in contents.held(actor=request.actor)]


@router.post("/archives")
@operation(TAKE.code)
def take_archive(request: Any, body: ArchiveIn) -> HttpResponse:
    """All that a practice owns as one ZIP, secrets in clear; the answer names no patient, the archive does."""
    if not body.revenue_cycle_only:
        name, pieces = taking.flowing(actor=request.actor, code=body.practice, at=request.actor.at)
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        return StreamingHttpResponse(pieces, content_type="application/zip", headers=headers)  # type: ignore[return-value]
    file, taken = taking.taken(actor=request.actor, code=body.practice, at=request.actor.at)
    return FileResponse(file, as_attachment=True, filename=taken.name, content_type="application/zip")  # type: ignore[return-value]
