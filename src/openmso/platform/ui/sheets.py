"""Rows of a file that somebody filled in: CSV in UTF-8, or the first sheet of an Excel workbook."""

from __future__ import annotations

import csv
import io
from datetime import datetime
from decimal import Decimal
from typing import Any
from zipfile import BadZipFile

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from openmso.kit.errors import Refused


class NoSheet(Refused):
    """The file is neither CSV in UTF-8 nor a workbook that can be read."""

    code = "no_sheet"


def rows_of(content: bytes, *, rows_max: int) -> list[tuple[int, list[str]]]:
    """Each row that says something, with the number of its line; raises `NoSheet`, also for more than `rows_max`."""
    rows = workbook(content, rows_max=rows_max + 1) if is_workbook(content) else _csv(content)
    found = [(line, row) for line, row in rows if any(cell.strip() for cell in row)]
    if len(found) > rows_max:
        raise NoSheet(f"The file has more than {rows_max:,} rows.", field="file", fix="Send it in parts.")
    return found


def is_workbook(content: bytes) -> bool:
    """Whether a file is an Excel workbook, by its beginning."""
    return content.startswith(b"PK")


def workbook(content: bytes, *, rows_max: int) -> list[tuple[int, list[str]]]:
    """The rows of the first sheet as text, each with its number; raises `NoSheet`."""
    try:
        sheet = load_workbook(io.BytesIO(content), read_only=True, data_only=True).worksheets[0]
        rows = sheet.iter_rows(max_row=rows_max, values_only=True)
        return [(line, [_text(cell) for cell in row]) for line, row in enumerate(rows, start=1)]
    except (InvalidFileException, BadZipFile, OSError, KeyError, ValueError, IndexError) as no:
        raise NoSheet("The workbook cannot be read.", field="file", fix="Save it as CSV in UTF-8.") from no


def _csv(content: bytes) -> list[tuple[int, list[str]]]:
    try:
        reader = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True)
        return [(reader.line_num, row) for row in reader]
    except (UnicodeDecodeError, csv.Error) as no:
        raise NoSheet("The file is not CSV in UTF-8.", field="file", fix="Save it as CSV in UTF-8.") from no


def _text(cell: Any) -> str:
    """A cell as text: a number to the cent, because Excel keeps what it computed as a float; a day without its hour."""
    if isinstance(cell, float):
        return f"{Decimal(repr(cell)).quantize(Decimal('0.01')):f}"
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    return "" if cell is None else str(cell)
