"""The payer's own bytes about one claim, cut into segments as a page shows them."""

from __future__ import annotations

from openmso.kit.errors import NotFound
from openmso.remittances.contracts import Payment, ServiceRow
from openmso.remittances.queries import payments
from openmso.remittances.rules import segments
from openmso.remittances.rules.segments import SegmentRow

HEAD = 1024


def of_payment(payment: Payment, line: ServiceRow | None = None) -> list[SegmentRow]:
    """The segments of a claim payment, with those of a line of it marked."""
    row = payment.row
    return of_span(row.practice, row.document, row.span, *(line.span if line else ()))


def of_span(practice: int, document: str, span: tuple[int, int], start: int = 0, end: int = 0) -> list[SegmentRow]:
    """The segments of a span, with those of a part of it marked; none where the file is gone."""
    try:
        piece = payments.raw(practice=practice, document=document, span=span)
        head = payments.raw(practice=practice, document=document, span=(0, HEAD))
    except NotFound:
        return []
    mark = (start, end) if end else None
    return segments.segments_of(piece, start=span[0], delimiters=segments.delimiters_of(head), mark=mark)
