"""One state machine that walks any guide's table: says which loop a segment stands in, and what the guide lacks.

A segment that has no place where the walk stands is looked for elsewhere in the guide (then the walk goes on from
there) or left in the loop (unknown): both are findings, neither stops the walk.
"""

from __future__ import annotations

from edi.x12.findings import FindingLog
from edi.x12.grammar.tables import NO_LIMIT, QUALIFIER_AT, Guide, Step, Table
from edi.x12.tokens import Segment


class _Frame:
    """One open loop."""

    __slots__ = ("counts", "number", "required", "seen", "start", "table")

    def __init__(self, table: Table, segment: Segment, *, required: int) -> None:
        self.table = table
        self.required = required
        self.seen = 0 if table.parent is None else table.trigger_bit
        self.counts: dict[int, int] | None = None
        self.number = segment[1]
        self.start = segment[2]


class Walker:
    """Feed it the segments between ST and SE, then `finish`."""

    __slots__ = ("_frames", "_guide", "_log", "_top", "loop")

    def __init__(self, guide: Guide, log: FindingLog, number: int, start: int) -> None:
        """`number` and `start` are those of the ST."""
        self._guide = guide
        self._log = log
        self._top = _Frame(guide.root, Segment([], number, start, start), required=guide.root.required)
        self._frames = [self._top]
        self.loop = guide.root.id

    def feed(self, segment: Segment) -> str:
        """The loop that the segment stands in."""
        elements = segment[0]
        tag = elements[0]
        top = self._top
        table = top.table
        step: Step | None = None
        qualified = table.by_qualifier.get(tag)
        if qualified is not None:
            at = QUALIFIER_AT.get(tag, 1)
            step = qualified.get(elements[at]) if len(elements) > at else None
        if step is None:
            step = table.plain.get(tag)
            if step is None:
                return self._lost(segment)
        if step.levels_up or step.opens is not None:
            self._turn(step, segment)
        elif top.seen & step.bit:
            self._again(top, step, segment)
        else:
            top.seen |= step.bit
        pick = step.pick
        if pick is not None and (len(elements) <= step.last_needed or not all(pick(elements))):
            self._report_needed(step, segment)
        if step.codes:
            self._judge_codes(step, segment)
        return self.loop

    def finish(self) -> None:
        """The set is over: every open loop ends."""
        while self._frames:
            self._leave()

    def _turn(self, step: Step, segment: Segment) -> None:
        """End the loops that end here, and open the one that begins."""
        for _ in range(step.levels_up):
            self._leave()
        owner = self._frames[-1]
        if owner.seen & step.bit:
            self._again(owner, step, segment)
        else:
            owner.seen |= step.bit
        if step.opens is not None:
            self._frames.append(_Frame(step.opens, segment, required=step.opens.required))
        self._top = self._frames[-1]
        self.loop = self._top.table.id

    def _again(self, frame: _Frame, step: Step, segment: Segment) -> None:
        """Count a repetition, and report the first one too many."""
        if step.limit == NO_LIMIT:
            return
        counts = frame.counts
        if counts is None:
            counts = frame.counts = {}
        count = counts.get(step.bit, 1) + 1
        counts[step.bit] = count
        if count == step.limit + 1:
            tag, loop = frame.table.names[step.bit]
            times = "once" if step.limit == 1 else f"{step.limit} times"
            self._log.add(
                "segment_repeated", segment=segment[1], offset=segment[2], loop=frame.table.id, tag=tag,
                what=f"loop {loop} ({tag})" if loop else tag, times=times, limit=step.limit,
            )  # fmt: skip

    def _leave(self) -> None:
        frame = self._frames.pop()
        missing = frame.required & ~frame.seen
        while missing:
            bit = missing & -missing
            missing ^= bit
            tag, target = frame.table.names[bit]
            code = "segment_missing" if target is None else "loop_missing"
            self._log.add(code, segment=frame.number, offset=frame.start, loop=frame.table.id, tag=tag, target=target)

    def _lost(self, segment: Segment) -> str:
        """The segment cannot follow here: go to the loop that it begins elsewhere, or keep it where we are."""
        elements = segment[0]
        at = QUALIFIER_AT.get(elements[0], 1)
        qualifier = elements[at] if len(elements) > at else ""
        anywhere = self._guide.anywhere
        table = anywhere.get((elements[0], qualifier)) or anywhere.get((elements[0], ""))
        if table is None:
            self._say("segment_unknown", segment, tag=elements[0][:3])
            return self.loop
        path = _from_the_top(table)
        depth = 0
        while depth < min(len(self._frames), len(path)) and self._frames[depth].table is path[depth]:
            depth += 1
        if len(path) - depth > 1:
            owner, unbegun = self._frames[depth - 1], path[depth].id
            bit, opener = next((bit, tag) for bit, (tag, loop) in owner.table.names.items() if loop == unbegun)
            owner.seen |= bit  # said here, and not again as a loop that is missing
            self._say("loop_not_begun", segment, tag=elements[0], target=table.id, within=unbegun, opener=opener)
        else:
            self._say("segment_out_of_place", segment, tag=elements[0], target=table.id)
        while len(self._frames) > depth:
            self._leave()
        for inner in path[depth:]:
            # What stands between was never begun, so nothing of it can be said to be missing.
            self._frames.append(_Frame(inner, segment, required=0))
        self._top = self._frames[-1]
        self.loop = table.id
        return self.loop

    def _report_needed(self, step: Step, segment: Segment) -> None:
        elements = segment[0]
        for position in step.rule.needed:
            if position >= len(elements) or not elements[position]:
                self._say("element_missing", segment, tag=elements[0], position=position)

    def _judge_codes(self, step: Step, segment: Segment) -> None:
        elements = segment[0]
        for position, codes in step.codes:
            found = elements[position] if len(elements) > position else ""
            if found and found not in codes:
                wanted = ", ".join(sorted(codes))
                self._say(
                    "element_code",
                    segment,
                    tag=elements[0],
                    position=position,
                    found=found[:20],
                    wanted=wanted,
                )

    def _say(self, code: str, segment: Segment, **values: object) -> None:
        self._log.add(code, segment=segment[1], offset=segment[2], loop=self.loop, **values)


def _from_the_top(table: Table) -> list[Table]:
    """The loops that a loop stands in, outermost first, and itself."""
    path = [table]
    while path[-1].parent is not None:
        path.append(path[-1].parent)
    return path[::-1]
