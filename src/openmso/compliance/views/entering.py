"""Entering many arrangements from a sheet: it is sent, shown row by row, and entered; and the sheet to fill in."""

from __future__ import annotations

import csv
import io
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse

from openmso.compliance.contracts import KEEP
from openmso.compliance.forms import SheetForm
from openmso.compliance.services import entering
from openmso.compliance.views.pages import crumbs
from openmso.kit.errors import Refused
from openmso.kit.words import counted
from openmso.platform.access.edges import form, page
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.tenancy.scope import reading
from openmso.platform.ui import respond, workbooks
from openmso.platform.ui.filling import refuse

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@form(KEEP.code)
def enter(request: Any) -> HttpResponse:
    """Send a sheet, look at what would come of it, and enter its good rows."""
    sent = request.POST if request.method == "POST" else request.GET
    sheet, code = sent.get("sheet", ""), sent.get("practice", "")
    with reading():
        choices = [(one.public_id, one.name) for one in tenancy.tenants_in_scope()]
    filled = SheetForm(
        request.POST or None, request.FILES or None, practices=choices, initial={"practice": code} if code else None
    )
    if request.method == "POST" and sheet:
        return _entered(request, sheet, code)
    if request.method == "POST" and filled.is_valid():
        try:
            return _kept(request, filled.cleaned_data)
        except Refused as no:
            refuse(filled, no)
    context = _context(filled)
    if request.method != "POST" and sheet:
        with reading():
            practice = tenancy.key_in_scope(code)
        try:
            shown = entering.preview(actor=request.actor, practice=practice, document=sheet, at=request.actor.at)
            context |= {"sheet": shown, "practice": code, "new": shown.count("new"), "known": shown.count("known"),
                        "bad": shown.count("bad"), "who": dict(choices).get(code, code)}  # fmt: skip
        except entering.NoSheet as no:
            context |= {"unread": no}
    with reading():
        return respond.page(
            request, "compliance/enter.html", context, status=422 if request.method == "POST" else 200
        )  # fmt: skip


def _kept(request: Any, given: dict[str, Any]) -> HttpResponse:
    with reading():
        practice = tenancy.key_in_scope(given["practice"])
    kept = entering.keep(
        actor=request.actor, practice=practice, name=given["file"].name, content=given["file"].file,
        at=request.actor.at,
    )  # fmt: skip
    return respond.redirect(request, _place(kept.public_id, given["practice"]))


def _entered(request: Any, sheet: str, code: str) -> HttpResponse:
    with reading():
        practice = tenancy.key_in_scope(code)
    done = entering.enter(actor=request.actor, practice=practice, document=sheet, at=request.actor.at)
    messages.success(request, f"{counted(done.count('new'), 'arrangement')} entered.")
    return respond.redirect(request, _place(sheet, code))


def _place(sheet: str, code: str) -> str:
    return f"{reverse('compliance:enter')}?sheet={sheet}&practice={code}"


def _context(filled: SheetForm) -> dict[str, Any]:
    return {
        "form": filled, "here": "From a sheet", "crumbs": crumbs(), "columns": entering.COLUMNS,
        "back": reverse("compliance:arrangements"),
    }  # fmt: skip


@page(KEEP.code)
def template(request: Any) -> HttpResponse:
    """The sheet to fill in, as CSV or as a workbook."""
    if request.GET.get("as") == "xlsx":
        out = io.BytesIO()
        workbooks.write(out, "Arrangements", [(name, "text") for name in entering.NAMES], [])
        content, kind, end = out.getvalue(), XLSX, "xlsx"
    else:
        text = io.StringIO(newline="")
        csv.writer(text).writerow(entering.NAMES)
        content, kind, end = text.getvalue().encode(), "text/csv; charset=utf-8", "csv"
    named = {"Content-Disposition": f'attachment; filename="arrangements.{end}"'}
    return HttpResponse(content, content_type=kind, headers=named)
