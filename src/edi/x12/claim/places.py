"""Where each claim stands in an 837, from the bytes themselves: set, segments and bytes; nothing of it is judged."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import chain

from edi.x12.envelope import SetStart, read_sets
from edi.x12.findings import FindingLog
from edi.x12.grammar.guides import guide_for
from edi.x12.tokens import Segment, Source, Tokenizer
from edi.x12.values import Span
from edi.x12.walk import Walker

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


def loops_at(source: Source, set_control: str, positions: Collection[int]) -> dict[int, tuple[str, str]]:
    """Tag and loop of the segments at these positions of a set, its ST at 1; none for a guide without a table.

    The loop is told in full, where a 999 has four characters for it (IK303): 2010AA arrives as 2010.
    """
    found: dict[int, tuple[str, str]] = {}

    def open_body(start: SetStart, log: FindingLog) -> _Located | None:
        guide = guide_for(start.set_id, start.guide) if start.control == set_control else None
        return (
            _Located(Walker(guide, log, start.number, start.start), start.number, positions, found) if guide else None
        )

    for _ in read_sets(source, open_body):
        pass
    return found


class _Located:
    """A set that is walked for the loops of some of its segments."""

    def __init__(
        self, walker: Walker, first: int, positions: Collection[int], found: dict[int, tuple[str, str]]
    ) -> None:
        self._walker, self._first, self._positions, self._found = walker, first, positions, found

    def feed(self, segment: Segment) -> None:
        loop = self._walker.feed(segment)
        if (position := segment.number - self._first + 1) in self._positions:
            self._found[position] = segment.elements[0], loop

    def finish(self, span: Span) -> tuple[object, ...]:
        return ()
