"""A 270 or 271 read one person at a time. Memory is one person with what is told of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from edi.x12.eligibility.model import (
    Asked,
    Benefit,
    Delivery,
    Eligibility,
    Inquiry,
    Place,
    Refusal,
)
from edi.x12.eligibility.people import DEPENDENT, EMPTY, LEVELS, RECEIVER, SOURCE, SUBSCRIBER, Hierarchy, OpenLevel
from edi.x12.envelope import FileEnd, SetEnd, SetStart, read_sets
from edi.x12.findings import FindingLog
from edi.x12.grammar.x279 import X279A1_270, X279A1_271
from edi.x12.parties import OpenParty
from edi.x12.tokens import Segment, Source
from edi.x12.values import Event, RawSegment, Reference, Span, to_decimal, to_event, to_procedure

VERSION = "005010X279A1"
_PEOPLE = (SUBSCRIBER, DEPENDENT)
_AAA_ELEMENTS = 4


def read_270(source: Source, *, strict: bool = False) -> Iterator[Inquiry | SetEnd | FileEnd]:
    """The people asked about, after each set its SetEnd with the findings; in the end a FileEnd. Never raises."""

    def open_body(start: SetStart, log: FindingLog) -> InquiryBody | None:
        return InquiryBody(start, log) if start.set_id == "270" else None

    for record in read_sets(source, open_body, strict=strict):
        if isinstance(record, Inquiry | SetEnd | FileEnd):
            yield record


def read_271(source: Source, *, strict: bool = False) -> Iterator[Eligibility | SetEnd | FileEnd]:
    """The people told of, after each set its SetEnd with the findings; in the end a FileEnd. Never raises."""

    def open_body(start: SetStart, log: FindingLog) -> EligibilityBody | None:
        return EligibilityBody(start, log) if start.set_id == "271" else None

    for record in read_sets(source, open_body, strict=strict):
        if isinstance(record, Eligibility | SetEnd | FileEnd):
            yield record


@dataclass(slots=True)
class _OpenAsked:
    eq: list[str]
    references: list[Reference] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    other: list[RawSegment] = field(default_factory=list)


class InquiryBody:
    """Reads the segments of one 270."""

    def __init__(self, start: SetStart, log: FindingLog) -> None:
        self._people = Hierarchy(start, log, X279A1_270)
        self._asked: list[_OpenAsked] = []

    def feed(self, segment: Segment) -> Iterable[object] | None:
        people = self._people
        people.walker.feed(segment)
        people.judge(segment)
        e = segment[0] + EMPTY
        records: Iterable[object] | None = None
        match e[0]:
            case "BHT":
                people.bht(segment)
            case "HL":
                records = self._close(e[3])
                people.hl(segment)
            case "NM1":
                people.nm1(segment)
            case "EQ":
                self._asked.append(_OpenAsked(e))
            case _ if self._asked:
                _of_asked(self._asked[-1], segment[0])
            case _ if people.current is not None:
                people.current.take(segment[0])
        people.last = segment
        return records

    def finish(self, span: Span) -> Iterable[object]:
        records = self._close("")
        self._people.walker.finish()
        return records

    def _close(self, then: str) -> Iterable[Inquiry]:
        """The person ends where the next level begins; a subscriber whose dependent follows is not asked about."""
        people = self._people
        level = people.current
        if level is None or level.level not in _PEOPLE or (then == DEPENDENT and not self._asked):
            return ()
        dependent = people.levels.get(DEPENDENT)
        subscriber = people.levels.get(SUBSCRIBER)
        asked = tuple(self._built(one) for one in self._asked)
        self._asked = []
        inquiry = Inquiry(
            header=people.header,
            source=people.party(SOURCE, "PR"),
            receiver=people.party(RECEIVER, "1P"),
            subscriber=(subscriber or level).insured(),
            dependent=dependent.insured() if dependent else None,
            asked=asked,
            traces=tuple(level.traces),
            span=Span(level.number, people.last[1], level.start, people.last[3]),
        )
        return (inquiry,)

    def _built(self, one: _OpenAsked) -> Asked:
        e = one.eq
        return Asked(
            service_types=self._people.split(e[1]),
            procedure=to_procedure(e[2], self._people.component) if e[2] else None,
            level=e[3].strip(),
            insurance_type=e[4].strip(),
            references=tuple(one.references),
            events=tuple(one.events),
            other=tuple(one.other),
        )


def _of_asked(asked: _OpenAsked, elements: list[str]) -> None:
    e = elements + EMPTY
    if e[0] == "REF":
        asked.references.append(Reference(e[1], e[2].strip()))
    elif e[0] == "DTP":
        asked.events.append(to_event(e[1], e[3]))
    else:
        asked.other.append(tuple(elements))


@dataclass(slots=True)
class _OpenBenefit:
    eb: list[str]
    number: int
    start: int
    end: int
    last: int
    deliveries: list[Delivery] = field(default_factory=list)
    references: list[Reference] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    messages: list[str] = field(default_factory=list)
    places: list[Place] = field(default_factory=list)
    parties: list[OpenParty] = field(default_factory=list)
    other: list[RawSegment] = field(default_factory=list)
    in_party: bool = False

    def take(self, segment: Segment) -> None:
        """A segment after the EB."""
        self.last, self.end = segment[1], segment[3]
        e = segment[0] + EMPTY
        if self.in_party and self.parties[-1].take(segment[0]):
            return
        match e[0]:
            case "NM1":
                self.parties.append(OpenParty(segment[0], "2120"))
                self.in_party = True
            case "LS" | "LE":
                self.in_party = False
            case "HSD":
                self.deliveries.append(_delivery(e))
            case "REF":
                self.references.append(Reference(e[1], e[2].strip()))
            case "DTP":
                self.events.append(to_event(e[1], e[3]))
            case "MSG":
                self.messages.append(e[1].strip())
            case "III":
                self.places.append(Place(e[1].strip(), e[2].strip(), e[3].strip()))
            case _:
                self.other.append(tuple(segment[0]))


class EligibilityBody:
    """Reads the segments of one 271."""

    def __init__(self, start: SetStart, log: FindingLog) -> None:
        self._people = Hierarchy(start, log, X279A1_271)
        self._benefits: list[Benefit] = []
        self._benefit: _OpenBenefit | None = None

    def feed(self, segment: Segment) -> Iterable[object] | None:
        people = self._people
        people.walker.feed(segment)
        people.judge(segment)
        e = segment[0] + EMPTY
        records: Iterable[object] | None = None
        match e[0]:
            case "BHT":
                people.bht(segment)
            case "HL":
                records = self._close(e[3])
                people.hl(segment)
            case "AAA":
                self._aaa(segment)
            case "EB":
                self._eb(segment)
            case "NM1" if self._benefit is None:
                people.nm1(segment)
            case _ if self._benefit is not None:
                if e[0] == "HSD":
                    people.judge_numbers(segment, 2, 4, 6)
                self._benefit.take(segment)
            case _ if people.current is not None:
                people.current.take(segment[0])
        people.last = segment
        return records

    def finish(self, span: Span) -> Iterable[object]:
        records = self._close("")
        self._people.walker.finish()
        return records

    def _aaa(self, segment: Segment) -> None:
        e = segment[0] + EMPTY
        if len(segment[0]) > _AAA_ELEMENTS + 1:
            self._people.remark("element_too_many", segment, tag="AAA", found=len(segment[0]) - 1, limit=_AAA_ELEMENTS)
        level = self._people.current
        name = "benefit" if self._benefit else LEVELS.get(level.level, "") if level else ""
        refusal = Refusal(name, e[3].strip(), e[4].strip(), e[1].strip(), segment[1], segment[2])
        if self._benefit is not None:
            self._benefit.refusals.append(refusal)
        elif level is not None:
            level.refusals.append(refusal)

    def _eb(self, segment: Segment) -> None:
        self._close_benefit()
        self._people.judge_numbers(segment, 7, 8, 10)
        self._benefit = _OpenBenefit(segment[0] + EMPTY, segment[1], segment[2], segment[3], segment[1])

    def _close_benefit(self) -> None:
        one = self._benefit
        if one is None:
            return
        self._benefit = None
        e = one.eb
        self._benefits.append(
            Benefit(
                information=e[1].strip(),
                level=e[2].strip(),
                service_types=self._people.split(e[3]),
                insurance_type=e[4].strip(),
                plan=e[5].strip(),
                period=e[6].strip(),
                amount=to_decimal(e[7]),
                percent=to_decimal(e[8]),
                unit=e[9].strip(),
                quantity=to_decimal(e[10]),
                authorization=e[11].strip(),
                in_network=e[12].strip(),
                procedure=to_procedure(e[13], self._people.component) if e[13] else None,
                deliveries=tuple(one.deliveries),
                references=tuple(one.references),
                events=tuple(one.events),
                refusals=tuple(one.refusals),
                messages=tuple(one.messages),
                places=tuple(one.places),
                parties=tuple(party.build() for party in one.parties),
                other=tuple(one.other),
                span=Span(one.number, one.last, one.start, one.end),
            )
        )

    def _close(self, then: str) -> Iterable[Eligibility]:
        """The person ends where the next level begins; a level that ends without anybody is told of by itself."""
        self._close_benefit()
        people = self._people
        level = people.current
        if level is None:
            return ()
        if level.level in _PEOPLE:
            is_passage = then == DEPENDENT and level.level == SUBSCRIBER
            is_told = bool(self._benefits or level.refusals) or not is_passage
        else:
            is_told = then <= level.level
        return (self._answer(level),) if is_told else ()

    def _answer(self, level: OpenLevel) -> Eligibility:
        people = self._people
        dependent = people.levels.get(DEPENDENT)
        subscriber = people.levels.get(SUBSCRIBER) or dependent
        benefits, self._benefits = tuple(self._benefits), []
        return Eligibility(
            header=people.header,
            source=people.party(SOURCE, "PR"),
            receiver=people.party(RECEIVER, "1P"),
            subscriber=subscriber.insured() if subscriber else None,
            dependent=dependent.insured() if dependent else None,
            traces=tuple(level.traces),
            refusals=tuple(refusal for one in people.levels.values() for refusal in one.refusals),
            benefits=benefits,
            span=Span(level.number, people.last[1], level.start, people.last[3]),
        )


def _delivery(e: list[str]) -> Delivery:
    return Delivery(
        unit=e[1].strip(),
        quantity=to_decimal(e[2]),
        sample=e[3].strip(),
        sample_count=to_decimal(e[4]),
        period=e[5].strip(),
        period_count=to_decimal(e[6]),
        pattern=e[7].strip(),
        time=e[8].strip(),
    )
