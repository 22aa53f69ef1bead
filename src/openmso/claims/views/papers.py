"""Claims on paper: one, or a batch that left on paper once more. How far a printer is off, its browser keeps."""

from __future__ import annotations

from django.http import HttpResponse

from openmso.claims import pdf
from openmso.claims.queries import stories, telling
from openmso.claims.views.pages import tell_read
from openmso.kit.errors import Refused
from openmso.platform.access.edges import ActorRequest, page
from openmso.platform.ui import respond

OFF = {"left": "paper_left", "top": "paper_top"}
"""How far all text is moved, by the cookie that keeps it: printers differ, people's accounts do not."""
POINTS_MAX = 72
"""An inch; a form that is further off was laid in wrongly."""
YEAR = 365 * 24 * 3600


@page("claims.read")
def paper(request: ActorRequest, claim: str) -> HttpResponse:
    """A claim as PDF: `on=stock` for pre-printed forms (`left`, `top` move it by points), else plain paper."""
    try:
        found = stories.key(claim)
        sheet = telling.sheet_of(claim, today=request.actor.today)
    except Refused as no:
        return respond.refusal(request, no)
    tell_read(request.actor, found)
    if request.GET.get("on") == "stock":
        return _kept(request, _pdf(pdf.stock(sheet, **_moved(request)), claim))
    return _pdf(pdf.plain(sheet), claim)


@page("claims.read")
def batch_paper(request: ActorRequest, batch: str) -> HttpResponse:
    """All claims of a batch that left on paper, as they were frozen, for pre-printed forms."""
    try:
        printed = telling.printed(batch)
    except Refused as no:
        return respond.refusal(request, no)
    for key in printed.keys:
        tell_read(request.actor, key)
    return _kept(request, _pdf(pdf.many(printed.sheets, **_moved(request)), batch))


def _pdf(content: bytes, name: str) -> HttpResponse:
    headers = {"Content-Disposition": f'inline; filename="{name}.pdf"'}
    return HttpResponse(content, content_type="application/pdf", headers=headers)


def _moved(request: ActorRequest) -> dict[str, int]:
    return {side: _points(request.GET.get(side, request.COOKIES.get(cookie, ""))) for side, cookie in OFF.items()}


def _points(text: str) -> int:
    """Points within an inch; what is no number is nothing."""
    text = text.strip()
    number = int(text) if len(text) < 5 and text.lstrip("-").isascii() and text.lstrip("-").isdigit() else 0
    return max(-POINTS_MAX, min(POINTS_MAX, number))


def _kept(request: ActorRequest, response: HttpResponse) -> HttpResponse:
    """The same answer, which tells the browser what was asked for, for the next time."""
    for side, points in _moved(request).items():
        response.set_cookie(
            OFF[side], str(points), max_age=YEAR, secure=request.is_secure(), httponly=True, samesite="Lax"
        )
    return response
