"""Exports: the whole filtered set as CSV or Excel, with the columns and the protection of the screen.

A spreadsheet runs what looks like a formula, and a name typed by a stranger may look like one: text that starts
with `= + - @`, a tab or a carriage return gets an apostrophe in front (OWASP, CSV injection). Numbers stay numbers.
"""

from __future__ import annotations

import csv
import io
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from decimal import Decimal
from typing import IO, Any

from django.http import FileResponse, HttpResponse
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import IllegalCharacterError

from openmso.platform.ui import cells, visibility
from openmso.platform.ui.contracts import Column, TableSpec
from openmso.platform.ui.visibility import Sight

RISKY = ("=", "+", "-", "@", "\t", "\r")
IN_MEMORY_MAX = 4_000_000
MONEY_FORMAT = "#,##0.00;[Red]-#,##0.00"
WITHHELD = "withheld"

Writer = Callable[[TableSpec, Sequence[Column], Sight, Iterator[Any]], tuple[HttpResponse, int]]


def harmless(value: Any) -> Any:
    """Text that no spreadsheet takes for a formula; anything but text as it is."""
    return f"'{value}" if isinstance(value, str) and value.startswith(RISKY) else value


def as_csv(spec: TableSpec, columns: Sequence[Column], sight: Sight, rows: Iterator[Any]) -> tuple[HttpResponse, int]:
    """UTF-8 with a byte order mark (Excel asks for it), CRLF, one line of headings; and how many rows were written."""
    with _spooled() as stored:
        text = io.TextIOWrapper(stored, encoding="utf-8-sig", newline="", write_through=True)
        writer = csv.writer(text)
        writer.writerow([harmless(_heading(column)) for column in columns])
        count = 0
        for row in rows:
            writer.writerow([harmless(_value(spec, sight, column, row)) for column in columns])
            count += 1
        text.detach()
    return _file(stored, spec, "csv", "text/csv; charset=utf-8"), count


def as_xlsx(spec: TableSpec, columns: Sequence[Column], sight: Sight, rows: Iterator[Any]) -> tuple[HttpResponse, int]:
    """A workbook of one sheet, written as a stream; and how many rows were written."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(spec.noun[1].capitalize()[:31])
    sheet.freeze_panes = "A2"
    for at, column in enumerate(columns):
        sheet.column_dimensions[get_column_letter(at + 1)].width = _width(column)
    sheet.append([_styled(sheet, _heading(column), bold=True) for column in columns])
    count = 0
    for row in rows:
        sheet.append([_cell(sheet, column, _value(spec, sight, column, row)) for column in columns])
        count += 1
    with _spooled() as stored:
        book.save(stored)
    return _file(stored, spec, "xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"), count


WRITERS: Mapping[str, Writer] = {"csv": as_csv, "xlsx": as_xlsx}


def _heading(column: Column) -> str:
    """What a column is called; a file says the zone of its instants, which a screen shows in the reader's own."""
    return f"{column.label} (UTC)" if column.kind == "instant" else column.label


def _value(spec: TableSpec, sight: Sight, column: Column, row: Any) -> Any:
    return WITHHELD if visibility.blanked(spec, sight, column, row) else cells.export(column, row)


def _cell(sheet: Any, column: Column, value: Any) -> Any:
    styled = _styled(sheet, value)
    if column.kind == "money":
        styled.number_format = MONEY_FORMAT
    elif column.kind == "percent":
        styled.number_format = "0.0%"
    return styled


def _styled(sheet: Any, value: Any, *, bold: bool = False) -> Any:
    """A cell; text is stored as text, so that a workbook cannot run it either, and a decimal digit by digit."""
    if isinstance(value, Decimal):
        exact = WriteOnlyCell(sheet, f"{value:f}")  # as a number it would be written with the noise of a float
        exact.data_type = "n"
        return exact
    try:
        cell = WriteOnlyCell(sheet, harmless(value))
    except IllegalCharacterError:
        cell = WriteOnlyCell(sheet, harmless("".join(c for c in str(value) if c >= " ")))
    if isinstance(value, str):
        cell.data_type = "s"
    if bold:
        cell.font = Font(bold=True)
    return cell


def _width(column: Column) -> int:
    return {"money": 14, "day": 12, "instant": 18, "count": 10, "percent": 10}.get(column.kind, 24)


@contextmanager
def _spooled() -> Iterator[IO[bytes]]:
    """A file for the answer to send; closed here only where it could not be written."""
    stored = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY_MAX)  # noqa: SIM115
    try:
        yield stored
    except BaseException:
        stored.close()
        raise


def _file(stored: IO[bytes], spec: TableSpec, ending: str, kind: str) -> HttpResponse:
    stored.seek(0)
    name = f"{spec.name.replace('.', '-')}.{ending}"
    return FileResponse(stored, as_attachment=True, filename=name, content_type=kind)  # type: ignore[return-value]
