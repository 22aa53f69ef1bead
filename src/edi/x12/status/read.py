"""A 276 or 277 (005010X212) read one claim at a time. Memory is one claim with its lines."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date

from edi.x12.envelope import FileEnd, SetEnd, SetStart, read_sets
from edi.x12.findings import FindingLog
from edi.x12.grammar.guides import guide_for
from edi.x12.grammar.tables import Guide
from edi.x12.grammar.x212 import X212_276, X212_277
from edi.x12.parties import OpenParty
from edi.x12.status.model import Patient, StatusAnswer, StatusHeader, StatusInquiry, StatusLine, Told
from edi.x12.tokens import Segment, Source
from edi.x12.values import (
    Event,
    Party,
    RawSegment,
    Reference,
    Span,
    reference,
    to_date,
    to_decimal,
    to_event,
    to_procedure,
    to_time,
)
from edi.x12.walk import Walker

EMPTY = [""] * 14
ACKNOWLEDGEMENT = "X214"
_ROLES = {"PR": "source", "41": "receiver", "1P": "provider", "IL": "subscriber", "QC": "dependent"}
_LEVELS = {"20": "source", "21": "receiver", "19": "provider", "22": "subscriber", "23": "dependent"}
_ORDER = tuple(_LEVELS.values())


def read_276(source: Source, *, strict: bool = False) -> Iterator[StatusInquiry | SetEnd | FileEnd]:
    """The claims asked about, after each set its SetEnd with the findings; in the end a FileEnd. Never raises."""

    def open_body(start: SetStart, log: FindingLog) -> _Inquiries | None:
        return _Inquiries(start, log, X212_276) if start.set_id == "276" else None

    for record in read_sets(source, open_body, strict=strict):
        if isinstance(record, StatusInquiry | SetEnd | FileEnd):
            yield record


def read_277(source: Source, *, strict: bool = False) -> Iterator[StatusAnswer | SetEnd | FileEnd]:
    """What is told, after each set its SetEnd with the findings; in the end a FileEnd. Never raises."""

    def open_body(start: SetStart, log: FindingLog) -> _Answers | None:
        is_answer = start.set_id == "277" and ACKNOWLEDGEMENT not in start.guide
        return _Answers(start, log, X212_277) if is_answer else None

    for record in read_sets(source, open_body, strict=strict):
        if isinstance(record, StatusAnswer | SetEnd | FileEnd):
            yield record


@dataclass(slots=True)
class _OpenPart:
    """A claim from its TRN on, or a line from its SVC on."""

    first: list[str]
    number: int
    start: int
    level: str = ""
    told: list[Told] = field(default_factory=list)
    references: list[Reference] = field(default_factory=list)
    dates: list[Event] = field(default_factory=list)
    amounts: dict[str, str] = field(default_factory=dict)
    lines: list[_OpenPart] = field(default_factory=list)
    other: list[RawSegment] = field(default_factory=list)

    def take(self, elements: list[str], component: str) -> None:
        e = elements + EMPTY
        match e[0]:
            case "STC":
                self.told += told_of(e, component)
            case "REF":
                self.references.append(Reference(e[1], e[2].strip()))
            case "DTP":
                self.dates.append(to_event(e[1], e[3]))
            case "AMT":
                self.amounts[e[1]] = e[2]
            case _:
                self.other.append(tuple(elements))

    def line(self, component: str) -> StatusLine:
        e = self.first
        return StatusLine(
            procedure=to_procedure(e[1], component),
            charge=to_decimal(e[2]),
            paid=to_decimal(e[3]),
            units=to_decimal(e[7]),
            line_control=reference(tuple(self.references), "FJ"),
            told=tuple(self.told),
            dates=tuple(self.dates),
        )


class _Body:
    """What a 276 and a 277 share: who asks whom about whom, level by level."""

    def __init__(self, start: SetStart, log: FindingLog, nearest: Guide) -> None:
        self.start = start
        self.component = start.delimiters.component
        guide = guide_for(start.set_id, start.guide)
        # Of a version without a table here, the nearest guide still tells the loops apart, in silence.
        self.walker = Walker(guide or nearest, log if guide else FindingLog(), start.number, start.start)
        self.last = Segment([""], start.number, start.start, start.start)
        self.parties: dict[str, OpenParty] = {}
        self.people: dict[str, tuple[date | None, str]] = {}
        self._bht = EMPTY
        self.has_levels = False
        self._level = ""
        self._open: _OpenPart | None = None

    def feed(self, segment: Segment) -> Iterable[object] | None:
        self.walker.feed(segment)
        e = segment[0] + EMPTY
        records: Iterable[object] | None = None
        match e[0]:
            case "BHT":
                self._bht = e
            case "HL":
                records = self._close()
                self._enter(_LEVELS.get(e[3], ""))
            case "NM1":
                records = self._close()
                self._level = _ROLES.get(e[1], self._level)
                self.parties[self._level] = OpenParty(segment[0], self.walker.loop)
            case "DMG" if self._open is None:
                self.people[self._level] = (to_date(e[2]), e[3].strip())
            case "TRN":
                records = self._close()
                self._open = _OpenPart(e, segment[1], segment[2], self._level)
            case "SVC" if self._open is not None:
                self._open.lines.append(_OpenPart(e, segment[1], segment[2]))
            case _ if self._open is not None:
                (self._open.lines[-1] if self._open.lines else self._open).take(segment[0], self.component)
        self.last = segment
        return records

    def finish(self, span: Span) -> Iterable[object]:
        records = self._close()
        self.walker.finish()
        return records

    def _enter(self, level: str) -> None:
        """A level begins: what stood at it and below it is over."""
        self._level, self.has_levels = level, True
        if level:
            for name in _ORDER[_ORDER.index(level) :]:
                self.parties.pop(name, None)
                self.people.pop(name, None)

    def _close(self) -> Iterable[object]:
        part, self._open = self._open, None
        return () if part is None else (self.built(part),)

    def built(self, part: _OpenPart) -> object:
        raise NotImplementedError

    @property
    def header(self) -> StatusHeader:
        b = self._bht
        return StatusHeader(self.start.control, b[3].strip(), to_date(b[4]), to_time(b[5]))

    def party(self, level: str, role: str) -> Party:
        held = self.parties.get(level)
        return held.build() if held else Party(role=role)

    def patient(self, level: str) -> Patient | None:
        held = self.parties.get(level)
        if held is None:
            return None
        birth_on, gender = self.people.get(level, (None, ""))
        return Patient(held.build(), birth_on, gender)

    def span(self, part: _OpenPart) -> Span:
        return Span(part.number, self.last[1], part.start, self.last[3])


class _Inquiries(_Body):
    """Reads the segments of one 276."""

    def built(self, part: _OpenPart) -> StatusInquiry:
        return StatusInquiry(
            header=self.header,
            source=self.party("source", "PR"),
            receiver=self.party("receiver", "41"),
            provider=self.party("provider", "1P"),
            subscriber=self.patient("subscriber") or Patient(Party(role="IL", is_person=True)),
            dependent=self.patient("dependent"),
            trace=part.first[2].strip(),
            references=tuple(part.references),
            charge=to_decimal(part.amounts.get("T3", "")),
            dates=tuple(part.dates),
            lines=tuple(line.line(self.component) for line in part.lines),
            other=tuple(part.other),
            span=self.span(part),
        )


class _Answers(_Body):
    """Reads the segments of one 277."""

    def built(self, part: _OpenPart) -> StatusAnswer:
        is_above = part.level in {"source", "receiver", "provider"} and "subscriber" not in self.parties
        level = ("provider" if part.level == "provider" else "receiver") if is_above else "claim"
        if level == "receiver" and part.first[1].strip() == "2" and not self.has_levels:
            level = "claim"  # a sender who leaves the levels out still answers a claim
        return StatusAnswer(
            header=self.header,
            level=level,
            source=self.party("source", "PR"),
            receiver=self.party("receiver", "41"),
            provider=self.party("provider", "1P") if "provider" in self.parties else None,
            subscriber=self.patient("subscriber"),
            dependent=self.patient("dependent"),
            trace=part.first[2].strip(),
            told=tuple(part.told),
            references=tuple(part.references),
            dates=tuple(part.dates),
            lines=tuple(line.line(self.component) for line in part.lines),
            other=tuple(part.other),
            span=self.span(part),
        )


def told_of(e: list[str], component: str) -> list[Told]:
    """The composites 01, 10 and 11 of an STC, which share the rest of the segment."""
    common = Told(
        "", "", "", to_date(e[2]), to_decimal(e[4]), to_decimal(e[5]), to_date(e[6]), to_date(e[8]), e[9].strip(), e[12]
    )
    found = []
    for element in (e[1], e[10], e[11]):
        if element:
            category, code, entity = [*element.split(component), "", ""][:3]
            found.append(replace(common, category=category, code=code, entity=entity))
    return found
