"""The API of banking: statements are imported, lines are read."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from ninja import File, Form, Query, Router, Schema, Status
from ninja.files import UploadedFile

from openmso.banking import queries, services
from openmso.banking.contracts import BankLine, LineFilters, StatementRow
from openmso.kit import clock
from openmso.platform.api.operations import operation
from openmso.platform.api.pages import PageAsk, PageOut, paged, total_of
from openmso.platform.api.schemas import Amount, Words, public_id, sent
from openmso.platform.ui.contracts import PageAsk as RowsAsk

router = Router(tags=["Bank"])


class BankStatementOut(Schema):
    """A file of the bank."""

    id: str
    account: str
    account_name: str
    format: str
    file_name: str
    document: str
    starts_on: date | None
    ends_on: date | None
    closing: Amount | None
    lines: int
    money_in: Amount
    money_out: Amount
    imported_at: datetime
    imported_by: str


class ImportedOut(Schema):
    """What an import did."""

    statement: str
    is_new: bool
    lines: int
    added: int
    known: int
    words: str


class BankLineOut(Schema):
    """One movement; money in is positive."""

    id: str
    account: str
    statement: str
    posted_on: date
    amount: Amount
    description: str
    reference: str
    trace: str


@router.post("/bank-statements", response={201: ImportedOut})
@operation("banking.import")
def import_bank_statement(
    request: Any, account: Form[Annotated[str, public_id("ACT")]], file: File[UploadedFile], columns: Form[Words] = ""
) -> Any:
    """Keep each line of a bank file once; `columns` names those of a CSV with headings of its own."""
    done = services.import_statement(
        actor=request.actor, account=account, name=file.name or "", content=sent(file), at=clock.now(), columns=columns
    )
    return Status(201, done)


@router.get("/bank-statements", response=PageOut[BankStatementOut])
@operation("banking.read")
def list_bank_statements(request: Any, page: Query[PageAsk]) -> Any:
    """The files that brought the lines, the latest first."""
    found = queries.statements(page=RowsAsk(page.page, page.size))
    return paged(request, [_statement(row) for row in found.rows], found.total or 0, page)


@router.get("/bank-lines/{line}", response=BankLineOut)
@operation("banking.read")
def get_bank_line(request: Any, line: Annotated[str, public_id("BNK")]) -> Any:
    """One movement, and the statement that brought it."""
    return _line(queries.line(line))


@router.get("/bank-lines", response=PageOut[BankLineOut])
@operation("banking.read")
def list_bank_lines(request: Any, page: Query[PageAsk], q: Words = "") -> Any:
    """Bank lines, newest first; `q` looks in texts, references and traces."""
    filters = LineFilters(text=q)
    found = queries.lines(filters=filters, page=RowsAsk(page.page, page.size))
    total = total_of(found, lambda: queries.tally(filters=filters))
    return paged(request, [_line(row) for row in found.rows], total, page)


def _line(row: BankLine) -> dict[str, Any]:
    return {
        "id": row.public_id, "account": row.account, "statement": row.statement, "posted_on": row.posted_on,
        "amount": str(row.amount), "description": row.description, "reference": row.reference, "trace": row.trace,
    }  # fmt: skip


def _statement(row: StatementRow) -> dict[str, Any]:
    return {
        "id": row.public_id, "account": row.account, "account_name": row.account_name, "format": row.format,
        "file_name": row.file_name, "document": row.document, "starts_on": row.starts_on, "ends_on": row.ends_on,
        "closing": row.closing, "lines": row.lines, "money_in": row.money_in, "money_out": row.money_out,
        "imported_at": row.imported_at, "imported_by": row.imported_by,
    }  # fmt: skip
