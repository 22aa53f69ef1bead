"""Exports: the whole filtered set as CSV or Excel, with the columns and the protection of the screen."""

from __future__ import annotations

import csv
import io
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import IO, Any

from django.http import FileResponse, HttpResponse

from openmso.platform.ui import cells, visibility
from openmso.platform.ui.contracts import Column, TableSpec
from openmso.platform.ui.harmless import harmless
from openmso.platform.ui.visibility import Sight

IN_MEMORY_MAX = 4_000_000
WITHHELD = "withheld"

Writer = Callable[[TableSpec, Sequence[Column], Sight, Iterator[Any]], tuple[HttpResponse, int]]


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
    from openmso.platform.ui import workbooks  # its library would take part of a second of every start

    values = ([_value(spec, sight, column, row) for column in columns] for row in rows)
    with _spooled() as stored:
        count = workbooks.write(
            stored, spec.noun[1].capitalize(), [(_heading(one), one.kind) for one in columns], values
        )
    return _file(stored, spec, "xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"), count


WRITERS: Mapping[str, Writer] = {"csv": as_csv, "xlsx": as_xlsx}


def _heading(column: Column) -> str:
    """What a column is called; a file says the zone of its instants, which a screen shows in the reader's own."""
    return f"{column.label} (UTC)" if column.kind == "instant" else column.label


def _value(spec: TableSpec, sight: Sight, column: Column, row: Any) -> Any:
    return WITHHELD if visibility.blanked(spec, sight, column, row) else cells.export(column, row)


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
