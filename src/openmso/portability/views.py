"""Edges: the page that says what an archive holds, and the archive."""

from __future__ import annotations

from typing import Any

from django.http import FileResponse, HttpResponse, HttpResponseBase

from openmso.platform.access.edges import act, page
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.ui import respond
from openmso.portability.contracts import TAKE
from openmso.portability.queries import contents
from openmso.portability.services import taking


@page(TAKE.code)
def take(request: Any) -> HttpResponse:
    """What an archive holds, and the practices whose data one may take away."""
    allowed = request.actor.practices_for(TAKE.code)
    practices = [one for one in tenancy.tenants_in_scope() if one.pk in allowed]
    context = {"practices": practices, "contents": contents.held(actor=request.actor), "stays": contents.stays(),
               "here": "Take your data away"}  # fmt: skip
    return respond.page(request, "portability/take.html", context)


@act(TAKE.code)
def archive(request: Any, code: str) -> HttpResponseBase:
    """Everything that one practice owns, as a ZIP."""
    file, taken = taking.archived(actor=request.actor, code=code, at=request.actor.at)
    return FileResponse(file, as_attachment=True, filename=taken.name, content_type="application/zip")


@act(TAKE.code)
def revenue_cycle(request: Any, code: str) -> HttpResponseBase:
    """The revenue cycle of one practice alone, as a ZIP."""
    file, taken = taking.taken(actor=request.actor, code=code, at=request.actor.at)
    return FileResponse(file, as_attachment=True, filename=taken.name, content_type="application/zip")
