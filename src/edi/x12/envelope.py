"""The walk over ISA, GS, ST and back: counts, control numbers, and who reads what stands inside.

`read_sets` cuts a file into its transaction sets in one pass. For each set the caller says which body is to read
it; the body gets its segments one by one and gives records back as soon as they are complete. Whatever is wrong
with the envelope is a finding of the set (SE, missing group) or of the file (ISA, GS, text between).

Which sets are supported: every health care set (see `HEALTH_CARE_SETS`) is read at the level of its envelope, and
its envelope is what its validity rests on; an 835 must balance besides. A set that is none of these is an error,
`set_unsupported`: we can say nothing about it that anyone could rely on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from edi.x12.findings import KEPT_PER_CODE, Finding, FindingLog
from edi.x12.tokens import CHUNK, Delimiters, Segment, Source, Stretch, Tokenizer
from edi.x12.values import Span

HEALTH_CARE_SETS = {
    "270": "HS",  # eligibility inquiry
    "271": "HB",  # eligibility response
    "275": "PI",  # patient information
    "276": "HR",  # claim status request
    "277": "HN",  # claim status, claim acknowledgement, pended claims
    "278": "HI",  # services review
    "820": "RA",  # premium payment
    "824": "AG",  # application advice
    "834": "BE",  # enrolment
    "835": "HP",  # remittance
    "837": "HC",  # claims
    "997": "FA",  # acknowledgement, before 5010
    "999": "FA",  # acknowledgement
}
"""ST01 of every set that is read, and the GS01 that it belongs under."""

_ISA_WIDTHS = (2, 10, 2, 10, 2, 15, 2, 15, 6, 4, 1, 5, 9, 1, 1, 1)
_CONTROL = frozenset(("ISA", "GS", "ST", "SE", "GE", "IEA", "TA1"))


@dataclass(frozen=True, slots=True)
class Interchange:
    """ISA, trimmed."""

    sender_qualifier: str
    sender: str
    receiver_qualifier: str
    receiver: str
    date: str
    time: str
    version: str
    control: str
    ack_requested: bool
    usage: str
    """P production, T test."""
    delimiters: Delimiters
    number: int
    start: int


@dataclass(frozen=True, slots=True)
class Group:
    """GS."""

    functional_id: str
    sender: str
    receiver: str
    date: str
    time: str
    control: str
    version: str
    number: int
    start: int


@dataclass(frozen=True, slots=True)
class SetStart:
    """ST, with what it stands in."""

    set_id: str
    control: str
    guide: str
    """The implementation guide: GS08, or ST03 where GS08 does not name one."""
    interchange: Interchange | None
    group: Group | None
    delimiters: Delimiters
    number: int
    start: int

    @property
    def version(self) -> str:
        """GS08 as sent; ST03 when there is no group."""
        return self.group.version if self.group and self.group.version else self.guide


@dataclass(frozen=True, slots=True)
class SetEnd:
    """SE, or the place where it is missing."""

    start: SetStart
    findings: tuple[Finding, ...]
    has_errors: bool
    span: Span


@dataclass(frozen=True, slots=True)
class GroupEnd:
    """GE, or the place where it is missing."""

    group: Group
    included: str
    """GE01 as sent."""
    received: int
    """Sets that were counted."""
    findings: tuple[Finding, ...]
    """Of the group's own envelope; they are in the FileEnd too."""


@dataclass(frozen=True, slots=True)
class InterchangeEnd:
    """IEA, or the place where it is missing."""

    interchange: Interchange
    findings: tuple[Finding, ...]
    """Of the interchange's own envelope and of its groups'; they are in the FileEnd too."""


@dataclass(frozen=True, slots=True)
class FileEnd:
    """The last record of every reading: how much was read, and what is wrong outside the sets."""

    segments: int
    size: int
    findings: tuple[Finding, ...]
    has_errors: bool


class Body(Protocol):
    """Reads the segments of one set, ST and SE left out."""

    def feed(self, segment: Segment) -> Iterable[object] | None:
        """Take one segment; give the records that it completes."""

    def finish(self, span: Span) -> Iterable[object]:
        """The set is over: give what is left, totals last. `span` runs from ST to SE."""


@runtime_checkable
class BodyOfWholes(Body, Protocol):
    """One that can read many segments at once, from one of the tag `whole` up to the next.

    With `many` it is offered several of these together first.
    """

    whole: str
    many: bool

    def feed_whole(self, stretch: Stretch) -> Iterable[object] | None:
        """Take the stretch and give its records; None when it has to be fed in smaller parts."""


OpenBody = Callable[[SetStart, FindingLog], Body | None]


def read_sets(source: Source, open_body: OpenBody, *, strict: bool = False, chunk: int = CHUNK) -> Iterator[object]:
    """Interchange, Group, SetStart, the body's records, SetEnd, GroupEnd, InterchangeEnd ..., FileEnd.

    TA1 segments are given as they are (`Segment`). Never raises for data. The file is read by `chunk` bytes.
    """
    return iter(_Walk(source, open_body, strict=strict, chunk=chunk))


class _Walk:
    """State of one pass over one file."""

    def __init__(self, source: Source, open_body: OpenBody, *, strict: bool, chunk: int) -> None:
        self.log = FindingLog(strict=strict)
        self.tokens = Tokenizer(source, self.log, chunk=chunk)
        self.open_body = open_body
        self.strict = strict
        self.interchange: Interchange | None = None
        self.group: Group | None = None
        self.set: SetStart | None = None
        self.body: Body | None = None
        self.feed_whole: Callable[[Stretch], Iterable[object] | None] | None = None
        self.set_log = FindingLog(strict=strict)
        self.last = Segment([""], 0, 0, 0)
        self.sets_in_group = 0
        self.groups_in_interchange = 0
        self.group_findings: list[Finding] = []
        self.interchange_findings: list[Finding] = []
        self.interchange_controls: set[str] = set()
        self.group_controls: set[str] = set()
        self.set_controls: set[str] = set()

    def __iter__(self) -> Iterator[object]:
        feed = None
        for segment in self.tokens.pieces():
            if isinstance(segment, Stretch):
                yield from self._whole(segment)
                continue
            tag = segment[0][0]
            if tag in _CONTROL:
                yield from self._CONTROL_STEPS[tag](self, segment)
                feed = self.body.feed if self.body is not None else None
            elif feed is not None:
                records = feed(segment)
                if records:
                    yield from records
            elif self.set is None:
                self._say("segment_outside_set", segment, tag=tag[:3])
            self.last = segment
        yield from self._close_interchange(None)
        yield FileEnd(self.last.number, self.tokens.size, self.log.all(), self.log.has_errors)

    def _whole(self, stretch: Stretch) -> Iterable[object]:
        """What the body makes of many segments at once; of nothing, when it wants them one by one."""
        records = self.feed_whole(stretch) if self.feed_whole is not None else None
        if records is None:
            return ()
        self.tokens.taken = True
        return records  # a stretch is not the last of anything: a segment follows it

    def _say(self, code: str, segment: Segment, **values: object) -> None:
        finding = self.log.add(code, segment=segment.number, offset=segment.start, loop="envelope", **values)
        for findings in (self.group_findings, self.interchange_findings):
            if len(findings) < KEPT_PER_CODE:
                findings.append(finding)

    def _say_of_set(self, code: str, segment: Segment, **values: object) -> None:
        self.set_log.add(code, segment=segment.number, offset=segment.start, loop="envelope", **values)

    # ISA and IEA

    def _isa(self, segment: Segment) -> Iterator[object]:
        yield from self._close_interchange(None)
        e = _padded(segment.elements, 17)
        delimiters = self.tokens.delimiters
        self.interchange_findings = []
        self._judge_isa(segment, e, delimiters)
        self.interchange = Interchange(
            sender_qualifier=e[5].strip(),
            sender=e[6].strip(),
            receiver_qualifier=e[7].strip(),
            receiver=e[8].strip(),
            date=e[9].strip(),
            time=e[10].strip(),
            version=e[12].strip(),
            control=e[13].strip(),
            ack_requested=e[14].strip() == "1",
            usage=e[15].strip(),
            delimiters=delimiters,
            number=segment.number,
            start=segment.start,
        )
        self._once(self.interchange_controls, self.interchange.control, segment, "file")
        self.groups_in_interchange = self.sets_in_group = 0
        self.group_controls = set()
        yield self.interchange

    def _judge_isa(self, segment: Segment, e: list[str], delimiters: Delimiters) -> None:
        wrong = [
            f"ISA{i:02} has {len(e[i])} characters, not {width}"
            for i, width in enumerate(_ISA_WIDTHS, start=1)
            if len(e[i]) != width
        ]
        if wrong or len(segment.elements) != 17:
            self._say("isa_not_fixed_width", segment, what="; ".join(wrong[:4]) or "elements are missing")
        used = delimiters.element + delimiters.component + delimiters.segment + delimiters.repetition
        clash = next((c for c in used if used.count(c) > 1), None)
        if clash is not None:
            self._say("delimiters_clash", segment, char=clash)

    def _iea(self, segment: Segment) -> Iterator[object]:
        e = _padded(segment.elements, 3)
        if self.interchange is None:
            self._say("no_interchange", segment, tag="IEA")
        yield from self._close_group(None)
        if self.interchange is not None:
            if _count(e[1]) != self.groups_in_interchange:
                self._say("group_count_wrong", segment, found=e[1][:20], wanted=self.groups_in_interchange)
            if e[2].strip() != self.interchange.control:
                self._say("interchange_control_mismatch", segment, found=e[2][:20], wanted=self.interchange.control)
        yield from self._close_interchange(segment)

    def _close_interchange(self, segment: Segment | None) -> Iterator[object]:
        yield from self._close_group(None)
        if self.interchange is not None:
            if segment is None:
                self._say("interchange_not_closed", self.last, control=self.interchange.control)
            yield InterchangeEnd(self.interchange, tuple(self.interchange_findings))
        self.interchange = None

    # GS and GE

    def _gs(self, segment: Segment) -> Iterator[object]:
        yield from self._close_group(None)
        e = _padded(segment.elements, 9)
        self.group_findings = []
        if self.interchange is None:
            self._say("group_outside_interchange", segment, tag="GS")
        self.group = Group(
            functional_id=e[1].strip(),
            sender=e[2].strip(),
            receiver=e[3].strip(),
            date=e[4].strip(),
            time=e[5].strip(),
            control=e[6].strip(),
            version=e[8].strip(),
            number=segment.number,
            start=segment.start,
        )
        self._once(self.group_controls, self.group.control, segment, "interchange")
        self.groups_in_interchange += 1
        self.sets_in_group = 0
        self.set_controls = set()
        yield self.group

    def _ge(self, segment: Segment) -> Iterator[object]:
        e = _padded(segment.elements, 3)
        yield from self._close_set(None)
        if self.group is None:
            if self.sets_in_group:  # each of them was said to stand outside a group: GS alone is missing
                self.groups_in_interchange += 1
                self.sets_in_group = 0
            else:
                self._say("group_not_opened", segment)
            return
        if _count(e[1]) != self.sets_in_group:
            self._say("set_count_of_group_wrong", segment, found=e[1][:20], wanted=self.sets_in_group)
        if e[2].strip() != self.group.control:
            self._say("group_control_mismatch", segment, found=e[2][:20], wanted=self.group.control)
        yield from self._close_group(segment)

    def _close_group(self, segment: Segment | None) -> Iterator[object]:
        yield from self._close_set(None)
        if self.group is not None:
            if segment is None:
                self._say("group_not_closed", self.last, control=self.group.control)
            included = segment.elements[1] if segment and len(segment.elements) > 1 else ""
            yield GroupEnd(self.group, included, self.sets_in_group, tuple(self.group_findings))
            self.sets_in_group = 0
        self.group = None

    # ST and SE

    def _st(self, segment: Segment) -> Iterator[object]:
        yield from self._close_set(None)
        e = _padded(segment.elements, 4)
        group = self.group
        named = group.version if group else ""
        self.set = SetStart(
            set_id=e[1].strip(),
            control=e[2].strip(),
            guide=e[3].strip() if e[3].strip() and "X" not in named else named,
            interchange=self.interchange,
            group=group,
            delimiters=self.tokens.delimiters,
            number=segment.number,
            start=segment.start,
        )
        self.set_log = FindingLog(strict=self.strict)
        self._judge_st(segment, self.set)
        self.sets_in_group += 1
        yield self.set
        self.body = body = self.open_body(self.set, self.set_log)
        if isinstance(body, BodyOfWholes):
            self.feed_whole, self.tokens.whole, self.tokens.many = body.feed_whole, body.whole, body.many

    def _judge_st(self, segment: Segment, opened: SetStart) -> None:
        if opened.interchange is None:
            self._say("no_interchange", segment, tag="ST")
        if opened.group is None:
            self._say_of_set("set_outside_group", segment, control=opened.control)
        wanted = HEALTH_CARE_SETS.get(opened.set_id)
        if wanted is None:
            self._say_of_set("set_unsupported", segment, set_id=opened.set_id[:8])
        elif opened.group is not None and opened.group.functional_id != wanted:
            found = opened.group.functional_id
            self._say_of_set("functional_id_wrong", segment, found=found, set_id=opened.set_id, wanted=wanted)
        if opened.control in self.set_controls:
            self._say_of_set("control_number_repeated", segment, control=opened.control, where="group")
        self.set_controls.add(opened.control)

    def _se(self, segment: Segment) -> Iterator[object]:
        if self.set is None:
            self._say("set_not_opened", segment)
            return
        e = _padded(segment.elements, 3)
        counted = segment.number - self.set.number + 1
        if _count(e[1]) != counted:
            self._say_of_set("set_count_wrong", segment, found=e[1][:20], wanted=counted)
        if e[2].strip() != self.set.control:
            self._say_of_set("set_control_mismatch", segment, found=e[2][:20], wanted=self.set.control)
        yield from self._close_set(segment)

    def _close_set(self, segment: Segment | None) -> Iterator[object]:
        if self.set is None:
            return
        if segment is None:
            self._say_of_set("set_not_closed", self.last, control=self.set.control)
        end = segment or self.last
        span = Span(self.set.number, end.number, self.set.start, end.end)
        opened, body, log = self.set, self.body, self.set_log
        self.set = self.body = self.feed_whole = None
        self.tokens.whole = ""
        if body is not None:
            yield from body.finish(span)
        yield SetEnd(opened, log.all(), log.has_errors, span)

    # TA1

    def _ta1(self, segment: Segment) -> Iterator[object]:
        if self.set is not None:
            yield from self.body.feed(segment) or () if self.body is not None else ()
            return
        if self.interchange is None:
            self._say("no_interchange", segment, tag="TA1")
        yield segment

    def _once(self, seen: set[str], control: str, segment: Segment, where: str) -> None:
        if control in seen:
            self._say("control_number_repeated", segment, control=control, where=where)
        seen.add(control)

    _CONTROL_STEPS = {
        "ISA": _isa,
        "GS": _gs,
        "ST": _st,
        "SE": _se,
        "GE": _ge,
        "IEA": _iea,
        "TA1": _ta1,
    }


def _padded(elements: list[str], size: int) -> list[str]:
    """The elements, filled up with empty ones, so that each of the first `size` can be asked for."""
    return elements + [""] * (size - len(elements))


def _count(text: str) -> int:
    """A count as sent; -1 when it is none, which equals no count of ours."""
    text = text.strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 12 else -1
