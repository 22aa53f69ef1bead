"""277CA (005010X214): were the claims taken in? Statuses at batch, provider, claim and line level."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal

from edi.x12.ack.model import (
    ClaimAckHeader,
    ClaimStatus,
    LevelStatus,
    LineStatus,
    Status,
)
from edi.x12.envelope import FileEnd, SetStart, read_sets
from edi.x12.findings import FindingLog
from edi.x12.grammar.acks import X214
from edi.x12.grammar.guides import guide_for
from edi.x12.parties import OpenParty
from edi.x12.tokens import Segment, Source
from edi.x12.values import (
    Event,
    Party,
    RawSegment,
    Reference,
    Span,
    event,
    to_date,
    to_decimal,
    to_event,
    to_procedure,
    to_time,
)
from edi.x12.walk import Walker

VERSION = "005010X214"
_EMPTY = [""] * 14

Record = ClaimAckHeader | LevelStatus | ClaimStatus | FileEnd


def read_277ca(source: Source, *, strict: bool = False) -> Iterator[Record]:
    """Header, batch status, then provider and claim statuses in the order of the file; in the end a FileEnd."""

    def open_body(start: SetStart, log: FindingLog) -> ClaimAckBody | None:
        return ClaimAckBody(start, log) if start.set_id == "277" and "X214" in start.guide else None

    for record in read_sets(source, open_body, strict=strict):
        if isinstance(record, Record):
            yield record


@dataclass(slots=True)
class _OpenLine:
    svc: list[str]
    number: int
    start: int
    statuses: list[Status] = field(default_factory=list)
    references: list[Reference] = field(default_factory=list)
    dates: list[Event] = field(default_factory=list)

    def build(self, last: Segment, component: str) -> LineStatus:
        control = next((r.value for r in self.references if r.qualifier == "FJ"), "")
        return LineStatus(
            procedure=to_procedure(self.svc[1], component),
            charge=to_decimal(self.svc[2]),
            statuses=tuple(self.statuses),
            line_control=control,
            dates=tuple(self.dates),
            span=Span(self.number, last.number, self.start, last.end),
        )


@dataclass(slots=True)
class _OpenLevel:
    """A 2200 loop of any level: from its TRN on."""

    loop: str
    trace: str
    number: int
    start: int
    statuses: list[Status] = field(default_factory=list)
    references: list[Reference] = field(default_factory=list)
    dates: list[Event] = field(default_factory=list)
    counts: dict[str, Decimal] = field(default_factory=dict)
    lines: list[LineStatus] = field(default_factory=list)
    other: list[RawSegment] = field(default_factory=list)


class ClaimAckBody:
    """Reads the segments of one 277CA."""

    def __init__(self, start: SetStart, log: FindingLog) -> None:
        self._start = start
        self._component = start.delimiters.component
        guide = guide_for("277", start.guide)
        self._walker = Walker(guide or X214, log if guide else FindingLog(), start.number, start.start)
        self._last = Segment([""], start.number, start.start, start.start)
        self._bht = _EMPTY
        self._parties: dict[str, OpenParty] = {}
        self._source = _OpenLevel("2200A", "", start.number, start.start)
        self._header_given = False
        self._batch_reference = ""
        self._level: _OpenLevel | None = None
        self._line: _OpenLine | None = None

    def feed(self, segment: Segment) -> Iterable[object] | None:
        loop = self._walker.feed(segment)
        records: Iterable[object] | None = None
        e = segment.elements + _EMPTY
        match e[0]:
            case "BHT":
                self._bht = e
            case "HL":
                records = self._close_level()
            case "NM1":
                self._parties[loop] = OpenParty(segment.elements, loop)
            case "TRN":
                records = self._close_level()
                self._level = _OpenLevel(loop, e[2].strip(), segment.number, segment.start)
            case "SVC" if self._level is not None:
                self._close_line(self._level)
                self._line = _OpenLine(e, segment.number, segment.start)
            case _ if self._level is not None:
                self._of_level(segment, self._level)
        self._last = segment
        return records

    def finish(self, span: Span) -> Iterable[object]:
        records = [*self._close_level(), *self._give_header()]
        self._walker.finish()
        return records

    def _of_level(self, segment: Segment, level: _OpenLevel) -> None:
        e = segment.elements + _EMPTY
        target = self._line or level
        amount = to_decimal(e[2])
        match e[0]:
            case "STC":
                target.statuses += statuses_of(e, self._component)
            case "REF":
                target.references.append(Reference(e[1], e[2].strip()))
            case "DTP":
                target.dates.append(to_event(e[1], e[3]))
            case "QTY" | "AMT" if amount is not None:
                level.counts[e[1]] = amount
            case _:
                level.other.append(tuple(segment.elements))

    def _close_line(self, level: _OpenLevel) -> None:
        if self._line is not None:
            level.lines.append(self._line.build(self._last, self._component))
        self._line = None

    def _close_level(self) -> Iterable[object]:
        level = self._level
        if level is None:
            return ()
        self._close_line(level)
        self._level = None
        if level.loop == "2200A":
            self._source = level
            return ()
        header = self._give_header()
        if level.loop == "2200D":
            return [*header, self._claim(level)]
        if level.loop == "2200B":
            self._batch_reference = level.trace
        return [*header, self._status(level)]

    def _party(self, loop: str) -> Party | None:
        party = self._parties.get(loop)
        return party.build() if party else None

    def _give_header(self) -> Iterable[ClaimAckHeader]:
        if self._header_given:
            return ()
        self._header_given = True
        dates = tuple(self._source.dates)
        received, processed = event(dates, "050"), event(dates, "009")
        header = ClaimAckHeader(
            control=self._start.control,
            reference=self._bht[3],
            created_on=to_date(self._bht[4]),
            created_at=to_time(self._bht[5]),
            source=self._party("2100A") or Party(role="PR"),
            receiver=self._party("2100B") or Party(role="41"),
            trace=self._source.trace,
            received_on=received.on if received else None,
            processed_on=processed.on if processed else None,
            span=Span(self._start.number, self._last.number, self._start.start, self._last.end),
        )
        return (header,)

    def _status(self, level: _OpenLevel) -> LevelStatus:
        of_batch = level.loop == "2200B"
        counts = level.counts
        accepted, rejected = counts.get("90" if of_batch else "QA"), counts.get("AA" if of_batch else "QC")
        return LevelStatus(
            level="batch" if of_batch else "provider",
            trace=level.trace,
            statuses=tuple(level.statuses),
            party=self._party("2100B" if of_batch else "2100C"),
            accepted=None if accepted is None else int(accepted),
            rejected=None if rejected is None else int(rejected),
            accepted_charge=counts.get("YU"),
            rejected_charge=counts.get("YY"),
            span=Span(level.number, self._last.number, level.start, self._last.end),
        )

    def _claim(self, level: _OpenLevel) -> ClaimStatus:
        return ClaimStatus(
            control=level.trace,
            statuses=tuple(level.statuses),
            patient=self._party("2100D"),
            references=tuple(level.references),
            dates=tuple(level.dates),
            lines=tuple(level.lines),
            provider=self._party("2100C"),
            batch_reference=self._batch_reference,
            other=tuple(level.other),
            span=Span(level.number, self._last.number, level.start, self._last.end),
        )


def statuses_of(e: list[str], component: str) -> list[Status]:
    """The composites 01, 10 and 11 of an STC, which share the rest of the segment."""
    common = Status("", "", "", to_date(e[2]), e[3], to_decimal(e[4]), e[12])
    found = []
    for element in (e[1], e[10], e[11]):
        if element:
            category, code, entity = [*element.split(component), "", ""][:3]
            found.append(replace(common, category=category, code=code, entity=entity))
    return found
