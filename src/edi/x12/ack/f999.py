"""999 (005010X231A1): is the syntax right? One 999 answers one functional group.

AK5 and AK3/AK4, which some senders still use from the 997, are read as IK5, IK3 and IK4.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from edi.x12.ack.model import ElementError, GroupAck, SegmentError, SetAck
from edi.x12.envelope import FileEnd, SetStart, read_sets
from edi.x12.findings import FindingLog
from edi.x12.grammar.guides import guide_for
from edi.x12.output import Envelope, SegmentWriter
from edi.x12.tokens import Segment, Source
from edi.x12.values import RawSegment, Span
from edi.x12.walk import Walker

VERSION = "005010X231A1"
_EMPTY = [""] * 12
_LOOP_MAX = 4
"""Characters of IK303 (data element 447)."""


def read_999(source: Source, *, strict: bool = False) -> Iterator[GroupAck | FileEnd]:
    """Each 999 (or 997) of the file; in the end a FileEnd with the file's own findings."""

    def open_body(start: SetStart, log: FindingLog) -> AckBody | None:
        return AckBody(start, log) if start.set_id in ("999", "997") else None

    for record in read_sets(source, open_body, strict=strict):
        if isinstance(record, GroupAck | FileEnd):
            yield record


@dataclass(slots=True)
class _OpenSegmentError:
    elements: list[str]
    contexts: list[RawSegment] = field(default_factory=list)
    errors: list[tuple[list[str], list[RawSegment]]] = field(default_factory=list)
    """Each IK4 with the CTX after it."""

    def build(self, component: str) -> SegmentError:
        e = self.elements
        return SegmentError(
            tag=e[1],
            position=_whole(e[2]) or 0,
            loop=e[3],
            code=e[4],
            contexts=tuple(self.contexts),
            elements=tuple(_element_error(ik4, contexts, component) for ik4, contexts in self.errors),
        )


@dataclass(slots=True)
class _OpenSet:
    ak2: list[str]
    number: int
    start: int
    errors: list[_OpenSegmentError] = field(default_factory=list)


class AckBody:
    """Reads the segments of one 999."""

    def __init__(self, start: SetStart, log: FindingLog) -> None:
        self._start = start
        self._component = start.delimiters.component
        self._ak1 = self._ak9 = _EMPTY
        self._set: _OpenSet | None = None
        self._sets: list[SetAck] = []
        self._last = Segment([""], start.number, start.start, start.start)
        guide = guide_for(start.set_id, start.guide)
        self._walker = Walker(guide, log, start.number, start.start) if guide else None

    def feed(self, segment: Segment) -> None:
        if self._walker is not None:
            self._walker.feed(segment)
        e = segment.elements + _EMPTY
        match e[0]:
            case "AK1":
                self._ak1 = e
            case "AK2":
                self._close_set(_EMPTY)
                self._set = _OpenSet(e, segment.number, segment.start)
            case "IK3" | "AK3" if self._set is not None:
                self._set.errors.append(_OpenSegmentError(e))
            case "IK4" | "AK4" if self._set is not None and self._set.errors:
                self._set.errors[-1].errors.append((e, []))
            case "CTX" if self._set is not None and self._set.errors:
                error = self._set.errors[-1]
                contexts = error.errors[-1][1] if error.errors else error.contexts
                contexts.append(tuple(segment.elements))
            case "IK5" | "AK5":
                self._last = segment
                self._close_set(e)
            case "AK9":
                self._ak9 = e
        self._last = segment

    def finish(self, span: Span) -> Iterable[object]:
        self._close_set(_EMPTY)
        if self._walker is not None:
            self._walker.finish()
        one, nine = self._ak1, self._ak9
        ack = GroupAck(
            functional_id=one[1],
            group_control=one[2].strip(),
            version=one[3],
            code=nine[1],
            included=_whole(nine[2]) or 0,
            received=_whole(nine[3]) or 0,
            accepted=_whole(nine[4]) or 0,
            reasons=tuple(code for code in nine[5:10] if code),
            sets=tuple(self._sets),
            control=self._start.control,
            span=span,
        )
        return (ack,)

    def _close_set(self, ik5: list[str]) -> None:
        opened = self._set
        if opened is None:
            return
        self._set = None
        self._sets.append(
            SetAck(
                set_id=opened.ak2[1],
                control=opened.ak2[2].strip(),
                code=ik5[1],
                version=opened.ak2[3],
                errors=tuple(error.build(self._component) for error in opened.errors),
                reasons=tuple(code for code in ik5[2:7] if code),
                span=Span(opened.number, self._last.number, opened.start, self._last.end),
            )
        )


def write_999(groups: Iterable[GroupAck], envelope: Envelope) -> bytes:
    """One interchange with one group: a 999 for each group that is answered."""
    writer = SegmentWriter(envelope)
    writer.open_interchange()
    writer.open_group("FA", VERSION)
    for group in groups:
        writer.open_set("999", group.control, VERSION)
        _write_group(writer, group)
        writer.close_set()
    writer.close_group()
    writer.close_interchange(groups=1)
    return writer.bytes()


def _write_group(w: SegmentWriter, group: GroupAck) -> None:
    w.add("AK1", w.required(group.functional_id, "AK101"), w.required(group.group_control, "AK102"), group.version)
    for answered in group.sets:
        w.add("AK2", w.required(answered.set_id, "AK201"), w.required(answered.control, "AK202"), answered.version)
        for error in answered.errors:
            w.add("IK3", w.code(error.tag, "IK301"), str(error.position), error.loop[:_LOOP_MAX], error.code)
            _write_contexts(w, error.contexts)
            for element in error.elements:
                w.add(
                    "IK4",
                    w.composite(
                        str(element.position),
                        str(element.component or ""),
                        str(element.repetition or ""),
                    ),
                    element.reference,
                    element.code,
                    w.word(element.bad_value, 99),
                )
                _write_contexts(w, element.contexts)
        w.add("IK5", w.required(answered.code, "IK501"), *answered.reasons[:5])
    counts = (str(group.included), str(group.received), str(group.accepted))
    w.add("AK9", w.required(group.code, "AK901"), *counts, *group.reasons[:5])


def _write_contexts(w: SegmentWriter, contexts: Iterable[RawSegment]) -> None:
    """CTX elements are composites: their component separators are taken to be those of this envelope."""
    for context in contexts:
        w.add(*context)


def _element_error(ik4: list[str], contexts: list[RawSegment], component: str) -> ElementError:
    parts = [*ik4[1].split(component), "", ""]
    return ElementError(
        position=_whole(parts[0]) or 0,
        component=_whole(parts[1]),
        repetition=_whole(parts[2]),
        reference=ik4[2],
        code=ik4[3],
        bad_value=ik4[4],
        contexts=tuple(contexts),
    )


def _whole(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 12 else None
