"""Delimited text as people send it: whatever the encoding, the separator and the quoting.

Pure. Owns cutting a file into rows of cells with the line each begins on; not what a cell means.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

SEPARATORS = ",;\t|"
HEAD_LINES = 30
LINE_SIZE_MAX = 100_000
"""Characters of the longest line that is read: nobody's row is longer, and `csv` stops a little above it."""
ROW_LINES_MAX = 50
"""Lines that one row may span by line ends between quotes."""


@dataclass(frozen=True, slots=True)
class Row:
    """The cells of one row, and the line it begins on, from 1; `problem` says in words why there are no cells."""

    line: int
    cells: tuple[str, ...] = ()
    problem: str = ""


def decoded(content: bytes) -> str:
    """The text of a file: by its byte order mark, else UTF-8, else cp1252 (with Latin-1 for its holes)."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", "replace")
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return content.decode("latin-1")


def separator(lines: Sequence[str]) -> str:
    """What stands between cells: the one of the usual separators that the first lines have most of."""
    head = "".join(line[:2000] for line in lines[:HEAD_LINES])
    return max(SEPARATORS, key=head.count)


def rows(content: bytes) -> Iterator[Row]:
    """The rows of a file that begins with a heading; empty lines are passed over.

    A quote that is opened and never closed spoils its own line alone: reading goes on with the line below.
    """
    lines = list(io.StringIO(decoded(content).replace("\0", ""), newline=""))
    between = separator(lines[:1])
    at, width = 0, 0
    while at < len(lines):
        row, used = _row(lines, at, between, width)
        if row.cells or row.problem:
            width = width or len(row.cells)
            yield row
        at += used


def _row(lines: Sequence[str], at: int, between: str, width: int) -> tuple[Row, int]:
    """The row that begins on a line, and how many lines it takes."""
    if len(lines[at]) > LINE_SIZE_MAX:
        return Row(at + 1, problem=f"the line is longer than {LINE_SIZE_MAX:,} characters"), 1
    reader = csv.reader(lines[at : at + ROW_LINES_MAX], delimiter=between)
    try:
        cells = tuple(cell.strip() for cell in next(reader, []))
    except csv.Error as no:
        return Row(at + 1, problem=f"the line is no row of cells ({no})"), 1
    used = reader.line_num
    is_open = used > 1 and sum(line.count('"') for line in lines[at : at + used]) % 2
    if is_open or (used > 1 and width and len(cells) != width):
        return Row(at + 1, problem="a quote is opened here and not closed"), 1
    return Row(at + 1, cells), max(used, 1)
