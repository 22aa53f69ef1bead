"""Where each claim stands in an 837, from the bytes themselves: set, segments and bytes; nothing of it is judged."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

from edi.x12.findings import FindingLog
from edi.x12.tokens import Segment, Source, Tokenizer
from edi.x12.values import Span

ENDS = frozenset({"CLM", "HL", "SE", "ST", "GE", "IEA", ""})
END = Segment([""], 0, 0, 0)
"""What stands after the last segment, where a file breaks off inside a claim."""


@dataclass(frozen=True, slots=True)
class ClaimPlace:
    """A claim by its control number (CLM01): the set (ST02) and the number of its ST in the file, and its span."""

    control: str
    set_control: str
    set_segment: int
    span: Span


def places(source: Source) -> Iterator[ClaimPlace]:
    """Each claim of a file in its order: from its CLM to before the next claim, level or the end of the set."""
    set_control, set_segment = "", 0
    begun: Segment | None = None
    before: Segment | None = None
    for segment in chain(Tokenizer(source, FindingLog(strict=True)), (END,)):
        elements = segment[0]
        tag = elements[0]
        if begun is not None and before is not None and tag in ENDS:
            span = Span(begun.number, before.number, begun.start, before.end)
            yield ClaimPlace(begun.elements[1], set_control, set_segment, span)
            begun = None
        if tag == "ST":
            set_control, set_segment = elements[2], segment.number
        elif tag == "CLM":
            begun = segment
        before = segment
