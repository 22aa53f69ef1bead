"""Workbooks: rows as one sheet of Excel, written as a stream."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import IO, Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import IllegalCharacterError

from openmso.platform.ui.harmless import harmless

MONEY_FORMAT = "#,##0.00;[Red]-#,##0.00"
WIDTHS = {"money": 14, "day": 12, "instant": 18, "count": 10, "percent": 10}
WIDTH, TITLE_MAX = 24, 31


def write(file: IO[bytes], title: str, headings: Sequence[tuple[str, str]], rows: Iterable[Sequence[Any]]) -> int:
    """A workbook of one sheet under headings, each with the kind of its cells; how many rows were written."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(title[:TITLE_MAX])
    sheet.freeze_panes = "A2"
    for at, (_, kind) in enumerate(headings):
        sheet.column_dimensions[get_column_letter(at + 1)].width = WIDTHS.get(kind, WIDTH)
    sheet.append([_styled(sheet, words, bold=True) for words, _ in headings])
    count = 0
    for row in rows:
        sheet.append([_cell(sheet, kind, value) for (_, kind), value in zip(headings, row, strict=True)])
        count += 1
    book.save(file)
    return count


def _cell(sheet: Any, kind: str, value: Any) -> Any:
    styled = _styled(sheet, value)
    if kind == "money":
        styled.number_format = MONEY_FORMAT
    elif kind == "percent":
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
