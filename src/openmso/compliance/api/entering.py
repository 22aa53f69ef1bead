"""The operations of the sheet: many arrangements at once, and the sheet to fill in."""

from __future__ import annotations

import csv
import io
from typing import Any, Literal

from django.http import HttpResponse
from ninja import File, Form, Schema
from ninja.files import UploadedFile

from openmso.compliance.api.clearance import router as router
from openmso.compliance.contracts import KEEP
from openmso.compliance.services import entering
from openmso.platform.api.operations import operation
from openmso.platform.api.schemas import PracticeName, sent
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.tenancy.scope import reading


class SheetFaultOut(Schema):
    """What is wrong with a row, or with the sheet: its line, the column, and what mends it."""

    line: int
    column: str
    says: str
    fix: str


class SheetRowOut(Schema):
    """What became of a row; `known` ones were in the register and add nothing."""

    line: int
    title: str
    name: str
    state: Literal["new", "known", "bad"]
    arrangement: str
    faults: list[SheetFaultOut]


class SheetOut(Schema):
    """What became of a sheet, or would."""

    document: str
    entered: bool
    new: int
    known: int
    bad: int
    faults: list[SheetFaultOut]
    rows: list[SheetRowOut]


@router.post("/arrangement-sheets", response=SheetOut)
@operation(KEEP.code)
def enter_arrangements(
    request: Any, practice: Form[PracticeName], file: File[UploadedFile], dry_run: Form[bool] = False
) -> Any:  # fmt: skip
    """Enter the good rows of a sheet (CSV or Excel) into the register; the same sheet twice adds nothing.

    With `dry_run` it is said what would come of it, and nothing is entered.
    """
    with reading():
        key = tenancy.key_in_scope(practice)
    at, actor = request.actor.at, request.actor
    kept = entering.keep(
        actor=actor, practice=key, name=file.name or "arrangements.csv", content=sent(file), at=at
    ).public_id
    act = entering.preview if dry_run else entering.enter
    return sheet_data(act(actor=actor, practice=key, document=kept, at=at), entered=not dry_run)


@router.get("/arrangement-sheets/template", response={200: None})
@operation(KEEP.code)
def take_arrangement_template(request: Any) -> Any:
    """The sheet to fill in, as CSV with its head."""
    text = io.StringIO(newline="")
    csv.writer(text).writerow(entering.NAMES)
    return HttpResponse(text.getvalue(), content_type="text/csv; charset=utf-8")


def sheet_data(one: entering.Sheet, *, entered: bool) -> dict[str, Any]:
    """What became of a sheet as plain data: what the API and the command say."""
    return {
        "document": one.document, "entered": entered, "new": one.count("new"), "known": one.count("known"),
        "bad": one.count("bad"), "faults": [_fault(fault) for fault in one.faults],
        "rows": [
            {"line": each.row.line, "title": each.row.title, "name": each.row.name, "state": each.state,
             "arrangement": each.arrangement if entered or each.state == "known" else "",
             "faults": [_fault(fault) for fault in each.faults]}
            for each in one.rows
        ],
    }  # fmt: skip


def _fault(one: entering.Fault) -> dict[str, Any]:
    return {"line": one.line, "column": one.column, "says": one.says, "fix": one.fix}
