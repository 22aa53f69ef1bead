"""The figures of a budget as a file: CSV, or the first sheet of an Excel workbook."""

from __future__ import annotations

import io
from decimal import Decimal
from typing import Any
from zipfile import BadZipFile

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from openmso.governance.contracts.budgets import Grid
from openmso.governance.rules import budgets as rules

ROWS_MAX = 500


def read(content: bytes) -> Grid:
    """The figures of either kind of file, which its beginning tells; raises `BadGrid`."""
    if not content.startswith(b"PK"):
        return rules.read_csv(content)
    try:
        sheet = load_workbook(io.BytesIO(content), read_only=True, data_only=True).worksheets[0]
        rows = [[_text(cell) for cell in row] for row in sheet.iter_rows(max_row=ROWS_MAX, values_only=True)]
    except (InvalidFileException, BadZipFile, OSError, KeyError, ValueError, IndexError) as no:
        raise rules.BadGrid("The workbook cannot be read.", field="file", fix="Save it as CSV in UTF-8.") from no
    return rules.read_rows(rows)


def _text(cell: Any) -> str:
    """A cell as text; a number to the cent, because Excel keeps what it computed as a float."""
    if isinstance(cell, float):
        return f"{Decimal(repr(cell)).quantize(Decimal('0.01')):f}"
    return "" if cell is None else str(cell)
