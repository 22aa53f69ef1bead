"""TA1: was the interchange taken? Read from, and written into, an interchange without groups."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from edi.x12.ack.model import InterchangeAck
from edi.x12.envelope import FileEnd, read_sets
from edi.x12.output import Envelope, SegmentWriter
from edi.x12.tokens import Segment, Source
from edi.x12.values import Span, to_date, to_time


def read_ta1(source: Source, *, strict: bool = False) -> Iterator[InterchangeAck | FileEnd]:
    """Each TA1 of the file, wherever it stands outside a set; in the end a FileEnd."""
    for record in read_sets(source, lambda start, log: None, strict=strict):
        if isinstance(record, Segment):
            e = [*record.elements, "", "", "", "", ""]
            yield InterchangeAck(
                control=e[1].strip(),
                sent_on=to_date(e[2]),
                sent_at=to_time(e[3]),
                code=e[4].strip(),
                note=e[5].strip() or "000",
                span=Span(record.number, record.number, record.start, record.end),
            )
        elif isinstance(record, FileEnd):
            yield record


def write_ta1(acks: Iterable[InterchangeAck], envelope: Envelope) -> bytes:
    """An interchange of TA1 segments; IEA01 is 0, for there is no group in it."""
    writer = SegmentWriter(envelope)
    writer.open_interchange()
    for ack in acks:
        on = f"{ack.sent_on:%y%m%d}" if ack.sent_on else ""
        at = f"{ack.sent_at:%H%M}" if ack.sent_at else ""
        writer.add("TA1", writer.required(ack.control, "TA101"), on, at, ack.code, ack.note)
    writer.close_interchange(groups=0)
    return writer.bytes()
