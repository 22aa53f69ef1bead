"""A 278 (005010X217, and what is close to it) read one patient event at a time. Never raises for data."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from edi.x12.envelope import FileEnd, SetEnd, SetStart, read_sets
from edi.x12.findings import FindingLog
from edi.x12.parties import OpenParty
from edi.x12.review.model import Decision, Person, Refusal, Review, ReviewHeader, Service
from edi.x12.tokens import Segment, Source
from edi.x12.values import (
    Event,
    Party,
    Procedure,
    RawSegment,
    Reference,
    Span,
    to_date,
    to_decimal,
    to_event,
    to_procedure,
    to_time,
)

EMPTY = [""] * 14
_ROLES = {"X3": "20", "1P": "21", "FA": "21", "IL": "22", "QC": "23"}
_ABOVE = ("20", "21", "22", "23")
EVENT, SERVICE = "EV", "SS"
NOTHING = Procedure("", "")
_DIAGNOSES = frozenset({"ABK", "ABF", "BK", "BF", "ABJ", "BJ", "APR", "PR"})


def read_278(source: Source, *, strict: bool = False) -> Iterator[Review | SetEnd | FileEnd]:
    """The events of the file, requests and answers; after each set its SetEnd, in the end a FileEnd."""

    def open_body(start: SetStart, log: FindingLog) -> _Body | None:
        return _Body(start) if start.set_id == "278" else None

    for record in read_sets(source, open_body, strict=strict):
        if isinstance(record, Review | SetEnd | FileEnd):
            yield record


@dataclass(slots=True)
class _Open:
    """An event or a service in the making."""

    number: int
    start: int
    trace: str = ""
    um: list[str] = field(default_factory=lambda: EMPTY)
    decision: Decision | None = None
    dates: list[Event] = field(default_factory=list)
    units: Decimal | None = None
    procedure: Procedure = NOTHING
    revenue_code: str = ""
    unit: str = "UN"
    diagnoses: list[str] = field(default_factory=list)
    references: list[Reference] = field(default_factory=list)
    messages: list[str] = field(default_factory=list)
    other: list[RawSegment] = field(default_factory=list)
    services: list[_Open] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    performer: OpenParty | None = None


class _Body:
    """Reads the segments of one 278: who reviews, who asks, whose event it is, what is asked and decided."""

    def __init__(self, start: SetStart) -> None:
        self.start = start
        self.component = start.delimiters.component
        self.last = Segment([""], start.number, start.start, start.start)
        self.bht = EMPTY
        self.level = ""
        self.parties: dict[str, OpenParty] = {}
        self.people: dict[str, tuple[date | None, str]] = {}
        self.refusals: list[Refusal] = []
        self.party: OpenParty | None = None
        self.event: _Open | None = None
        self.given = 0

    def feed(self, segment: Segment) -> Iterable[object] | None:
        e = segment[0] + EMPTY
        records: Iterable[object] | None = None
        match e[0]:
            case "BHT":
                self.bht = e
            case "HL":
                records = self._enter(e[3].strip(), segment)
            case "NM1":
                self._named(segment)
            case "AAA":
                self._refused(e)
            case "DMG" if self.event is None:
                self.people[self.level] = (to_date(e[2]), e[3].strip())
            case "TRN" | "UM" | "HCR" | "HI" | "HSD" | "SV1" | "SV2" | "DTP" | "MSG":
                if self.event is None:
                    self.event = _Open(segment[1], segment[2])
                self._take(e)
            case _:
                self._rest(segment[0])
        self.last = segment
        return records

    def finish(self, span: Span) -> Iterable[object]:
        found = [*self._close()]
        if not self.given and not found and (self.refusals or "22" in self.parties):
            self.event = _Open(self.start.number, self.start.start)
            found = [*self._close()]
        return found

    def _enter(self, level: str, segment: Segment) -> Iterable[object]:
        records: Iterable[object] = ()
        if level == SERVICE and self.event is not None:
            self.event.services.append(_Open(segment[1], segment[2]))
        elif level != SERVICE:
            records = self._close()
            if level in _ABOVE:
                for below in _ABOVE[_ABOVE.index(level) :]:
                    self.parties.pop(below, None)
                    self.people.pop(below, None)
            if level == EVENT:
                self.event = _Open(segment[1], segment[2])
        self.level, self.party = level, None
        return records

    def _named(self, segment: Segment) -> None:
        role = segment[0][1] if len(segment[0]) > 1 else ""
        self.party = OpenParty(segment[0], self.level)
        if role in _ROLES and (self.event is None or _ROLES[role] not in self.parties):
            self.level = _ROLES[role]
            self.parties[self.level] = self.party
        elif self.event is not None and self.event.performer is None:
            self.event.performer = self.party

    def _refused(self, e: list[str]) -> None:
        level = self.level or (EVENT if self.event is not None else "")
        refusal = Refusal(level, e[3].strip() or e[2].split(self.component)[0].strip(), e[4].strip())
        (self.event.refusals if self.event is not None else self.refusals).append(refusal)

    def _take(self, e: list[str]) -> None:
        assert self.event is not None
        at = self.event.services[-1] if self.event.services else self.event
        match e[0]:
            case "TRN":
                at.trace = at.trace or e[2].strip()
            case "UM":
                at.um = e
            case "HCR":
                at.decision = Decision(e[1].strip(), e[2].strip(), e[3].strip())
            case "HI":
                at.diagnoses += self._codes(e)
            case "HSD":
                at.units, at.unit = to_decimal(e[2]), e[1].strip() or "UN"
            case "SV1":
                at.procedure, at.units = to_procedure(e[1], self.component), at.units or to_decimal(e[4])
            case "SV2":
                at.revenue_code = e[1].strip()
                at.procedure, at.units = to_procedure(e[2], self.component), at.units or to_decimal(e[5])
            case "DTP":
                at.dates.append(to_event(e[1], e[3]))
            case _:
                at.messages.append(e[1].strip())

    def _codes(self, e: list[str]) -> Iterator[str]:
        for composite in e[1:]:
            parts = composite.split(self.component)
            if len(parts) > 1 and parts[0].strip() in _DIAGNOSES:
                yield parts[1].strip()

    def _rest(self, elements: list[str]) -> None:
        if self.party is not None and self.party.take(elements):
            return
        at = self.event
        if at is not None:
            at = at.services[-1] if at.services else at
            if elements[0] == "REF" and len(elements) > 2:
                at.references.append(Reference(elements[1], elements[2].strip()))
            else:
                at.other.append(tuple(elements))

    def _close(self) -> Iterable[object]:
        one, self.event = self.event, None
        if one is None:
            return ()
        self.given += 1
        b = self.bht
        um = one.um
        place = um[4].split(self.component) if um[4] else [""]
        return (
            Review(
                header=ReviewHeader(b[3].strip(), to_date(b[4]), to_time(b[5]), self.start.control, b[2].strip()),
                payer=self._built("20", "X3"),
                provider=self._built("21", "1P"),
                subscriber=self._person("22") or Person(Party("IL", is_person=True)),
                dependent=self._person("23"),
                trace=one.trace or next((service.trace for service in one.services if service.trace), ""),
                category=um[1].strip(),
                kind=um[2].strip(),
                service_type=um[3].strip(),
                place=place[0].strip(),
                place_qualifier=place[1].strip() if len(place) > 1 else "",
                diagnoses=tuple(one.diagnoses),
                dates=tuple(one.dates),
                units=one.units,
                services=tuple(_service(service) for service in one.services),
                performer=one.performer.build() if one.performer else None,
                decision=one.decision,
                refusals=(*self.refusals, *one.refusals),
                messages=(*one.messages, *(text for service in one.services for text in service.messages)),
                references=tuple(one.references),
                other=tuple(one.other),
                span=Span(one.number, self.last[1], one.start, self.last[3]),
            ),
        )

    def _built(self, level: str, role: str) -> Party:
        held = self.parties.get(level)
        return held.build() if held else Party(role)

    def _person(self, level: str) -> Person | None:
        held = self.parties.get(level)
        return Person(held.build(), *self.people.get(level, (None, ""))) if held else None


def _service(one: _Open) -> Service:
    return Service(
        one.procedure, one.units, one.unit, one.revenue_code, tuple(one.dates), one.decision, one.trace,
        tuple(one.other),
    )  # fmt: skip
