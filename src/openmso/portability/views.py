"""Edges: the page that says what an archive holds, and the archive."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import FileResponse, HttpResponse, HttpResponseBase, StreamingHttpResponse

from openmso.kit.errors import NotFound
from openmso.platform.access.edges import form, page
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.tenancy.queries import TenantRow
from openmso.platform.ui import respond
from openmso.portability.contracts import TAKE
from openmso.portability.queries import contents
from openmso.portability.services import taking


@page(TAKE.code)
def take(request: Any) -> HttpResponse:
    """What an archive holds, and the practices whose data one may take away."""
    return _shown(request, _practices(request))


@form(TAKE.code, gives_file=True)
def archive(request: Any, code: str) -> HttpResponseBase:
    """Everything that one practice owns, as a ZIP; for whoever comes back from a confirmation, its page."""
    if request.method != "POST":
        return _again(request, code)
    name, pieces = taking.flowing(actor=request.actor, code=code, at=request.actor.at)
    return StreamingHttpResponse(
        pieces, content_type="application/zip", headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


@form(TAKE.code, gives_file=True)
def revenue_cycle(request: Any, code: str) -> HttpResponseBase:
    """The revenue cycle of one practice alone, as a ZIP; for whoever comes back from a confirmation, its page."""
    if request.method != "POST":
        return _again(request, code)
    file, taken = taking.taken(actor=request.actor, code=code, at=request.actor.at)
    return FileResponse(file, as_attachment=True, filename=taken.name, content_type="application/zip")


def _practices(request: Any) -> list[TenantRow]:
    allowed = request.actor.practices_for(TAKE.code)
    return [one for one in tenancy.tenants_in_scope() if one.pk in allowed]


def _again(request: Any, code: str) -> HttpResponse:
    practices = [one for one in _practices(request) if one.code == code]
    if not practices:
        raise NotFound(f"There is no practice {code} whose data you may take away.")
    return _shown(request, practices, again=True)


def _shown(request: Any, practices: Sequence[TenantRow], *, again: bool = False) -> HttpResponse:
    context = {
        "practices": practices, "contents": contents.held(actor=request.actor), "stays": contents.stays(),
        "again": again, "here": "Take your data away",
    }  # fmt: skip
    return respond.page(request, "portability/take.html", context)
