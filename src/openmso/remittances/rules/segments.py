"""A piece of an X12 file as segments with their places, for showing beside the figure that was read from it."""

from __future__ import annotations

import io
from dataclasses import dataclass

from edi.x12.findings import FindingLog
from edi.x12.tokens import Delimiters, Tokenizer

SHOWN_MAX = 400


@dataclass(frozen=True, slots=True)
class SegmentRow:
    """One segment as the payer wrote it: its place in the file, its tag, the rest of it."""

    number: int
    """From 1, within the piece."""
    offset: int
    tag: str
    rest: str
    current: bool


def delimiters_of(head: bytes) -> Delimiters:
    """The separators of a file, by its beginning."""
    tokenizer = Tokenizer(io.BytesIO(head), FindingLog())
    next(iter(tokenizer), None)
    return tokenizer.delimiters


def segments_of(
    piece: bytes, *, start: int, delimiters: Delimiters, mark: tuple[int, int] | None = None
) -> list[SegmentRow]:
    """The segments of the bytes that begin at `start`; those inside `mark` are marked as current."""
    rows: list[SegmentRow] = []
    at = 0
    for text in piece.decode("latin-1").split(delimiters.segment):
        offset, at = start + at + len(text) - len(text.lstrip()), at + len(text) + 1
        said = " ".join(text.split()) if "\n" in text else text.strip()
        if not said or len(rows) >= SHOWN_MAX:
            continue
        tag, _, rest = said.partition(delimiters.element)
        inside = mark is not None and mark[0] <= offset < mark[1]
        rows.append(SegmentRow(len(rows) + 1, offset, tag, delimiters.element + rest if rest else "", inside))
    return rows
