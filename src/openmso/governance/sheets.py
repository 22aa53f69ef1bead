"""The figures of a budget as a file: CSV, or the first sheet of an Excel workbook."""

from __future__ import annotations

from openmso.governance.contracts.budgets import Grid
from openmso.governance.rules import budgets as rules
from openmso.platform.ui import sheets

ROWS_MAX = 500


def read(content: bytes) -> Grid:
    """The figures of either kind of file, which its beginning tells; raises `BadGrid`."""
    if not sheets.is_workbook(content):
        return rules.read_csv(content)
    try:
        rows = sheets.workbook(content, rows_max=ROWS_MAX)
    except sheets.NoSheet as no:
        raise rules.BadGrid(no.sentence, field=no.field, fix=no.fix) from no
    return rules.read_rows([row for _, row in rows])
