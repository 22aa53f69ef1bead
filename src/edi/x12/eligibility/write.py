"""270 and 271 out (005010X279A1). Neighbours that share a payer, a provider or a subscriber share its HL."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from itertools import groupby
from operator import attrgetter

from edi.x12.claim.write_parts import procedure
from edi.x12.eligibility.model import (
    Asked,
    Benefit,
    Delivery,
    Eligibility,
    Inquiry,
    InquiryHeader,
    Insured,
    Refusal,
    Trace,
)
from edi.x12.eligibility.read import VERSION
from edi.x12.output import Envelope, SegmentWriter, day, number
from edi.x12.values import Party

MESSAGE_MAX = 264


def write_270(inquiries: Iterable[Inquiry], envelope: Envelope) -> bytes:
    """One interchange with one group: a set for each run of inquiries under one header.

    A set of its own for each person keeps a refusal from reaching anybody else. Raises Unwritable, in words.
    """
    writer = SegmentWriter(envelope)
    writer.open_interchange()
    writer.open_group("HS", VERSION)
    for header, together in groupby(inquiries, key=attrgetter("header")):
        writer.open_set("270", header.control, VERSION)
        _bht(writer, header)
        _Levels(writer).inquiries(list(together))
        writer.close_set()
    writer.close_group()
    writer.close_interchange(groups=1)
    return writer.bytes()


def write_271(answers: Iterable[Eligibility], envelope: Envelope) -> bytes:
    """One interchange with one group: a set for each run of answers under one header."""
    writer = SegmentWriter(envelope)
    writer.open_interchange()
    writer.open_group("HB", VERSION)
    for header, together in groupby(answers, key=attrgetter("header")):
        writer.open_set("271", header.control, VERSION)
        _bht(writer, header)
        _Levels(writer).answers(list(together))
        writer.close_set()
    writer.close_group()
    writer.close_interchange(groups=1)
    return writer.bytes()


def _bht(w: SegmentWriter, header: InquiryHeader) -> None:
    clock = f"{header.created_at:%H%M}" if header.created_at else ""
    w.add("BHT", "0022", header.purpose, w.required(header.reference, "BHT03"), day(header.created_on), clock)


class _Levels:
    """The hierarchy of one set, counted."""

    def __init__(self, writer: SegmentWriter) -> None:
        self.w = writer
        self.count = 0

    def hl(self, parent: int, level: str, *, has_children: bool) -> int:
        self.count += 1
        self.w.add("HL", str(self.count), str(parent or ""), level, "1" if has_children else "0")
        return self.count

    def inquiries(self, inquiries: Sequence[Inquiry]) -> None:
        for source, of_source in groupby(inquiries, key=attrgetter("source")):
            top = self.hl(0, "20", has_children=True)
            self._named(source, "the payer")
            for receiver, of_receiver in groupby(of_source, key=attrgetter("receiver")):
                asking = self.hl(top, "21", has_children=True)
                self._named(receiver, "the provider who asks")
                for inquiry in of_receiver:
                    self._inquiry(inquiry, asking)

    def _named(self, party: Party, what: str) -> None:
        self.w.required(party.id, f"The id of {what}")
        self.w.nm1(party)
        self.w.references(party.references)
        self.w.address(party.address)

    def _inquiry(self, inquiry: Inquiry, parent: int) -> None:
        dependent = inquiry.dependent
        level = self.hl(parent, "22", has_children=dependent is not None)
        if dependent is None:
            self._traces(inquiry.traces)
        self._insured(inquiry.subscriber)
        if dependent is not None:
            self.hl(level, "23", has_children=False)
            self._traces(inquiry.traces)
            self._insured(dependent)
        for asked in inquiry.asked:
            self._asked(asked)

    def _traces(self, traces: Iterable[Trace]) -> None:
        for trace in traces:
            origin = self.w.required(trace.origin, "TRN03")
            self.w.add(
                "TRN", trace.kind, self.w.required(trace.number, "TRN02"), origin, self.w.code(trace.division, "TRN04")
            )

    def _insured(self, insured: Insured, refusals: Iterable[Refusal] = ()) -> None:
        w = self.w
        w.nm1(insured.party)
        w.references(insured.party.references)
        w.address(insured.party.address)
        self._refusals(refusals)
        if insured.birth_on or insured.gender:
            w.add("DMG", "D8" if insured.birth_on else "", day(insured.birth_on), insured.gender)
        if insured.relationship:
            changed = ("001", "25") if insured.is_changed else ()
            w.add("INS", "Y" if insured.relationship == "18" else "N", insured.relationship, *changed)
        for event in insured.events:
            w.dtp(event)

    def _asked(self, asked: Asked) -> None:
        w = self.w
        w.add(
            "EQ",
            w.repetitions(*(w.code(one, "EQ01") for one in asked.service_types)),
            procedure(w, asked.procedure) if asked.procedure else "",
            asked.level,
            w.code(asked.insurance_type, "EQ04"),
        )
        w.references(asked.references)
        for event in asked.events:
            w.dtp(event)

    def answers(self, answers: Sequence[Eligibility]) -> None:
        def of_source(one: Eligibility) -> tuple[Party, tuple[Refusal, ...]]:
            return one.source, _of(one, "source")

        def of_receiver(one: Eligibility) -> tuple[Party, tuple[Refusal, ...]]:
            return one.receiver, _of(one, "receiver")

        for (source, refusals), below in groupby(answers, key=of_source):
            told = list(below)
            known = [one for one in told if one.subscriber or one.receiver.id or _of(one, "receiver")]
            top = self.hl(0, "20", has_children=bool(known))
            self._named(source, "the payer")
            self._refusals(refusals)
            for (receiver, no), of_both in groupby(known, key=of_receiver):
                people = [one for one in of_both if one.subscriber]
                asking = self.hl(top, "21", has_children=bool(people))
                self._named(receiver, "the provider who asked")
                self._refusals(no)
                for one in people:
                    self._answer(one, asking)

    def _answer(self, answer: Eligibility, parent: int) -> None:
        dependent = answer.dependent
        level = self.hl(parent, "22", has_children=dependent is not None)
        if answer.subscriber is not None:
            if dependent is None:
                self._traces(answer.traces)
            self._insured(answer.subscriber, _of(answer, "subscriber"))
        if dependent is not None:
            self.hl(level, "23", has_children=False)
            self._traces(answer.traces)
            self._insured(dependent, _of(answer, "dependent"))
        for benefit in answer.benefits:
            self._benefit(benefit)

    def _refusals(self, refusals: Iterable[Refusal]) -> None:
        for one in refusals:
            self.w.add("AAA", one.valid or "N", "", self.w.required(one.reason, "AAA03"), one.follow_up or "C")

    def _benefit(self, b: Benefit) -> None:
        w = self.w
        w.add(
            "EB",
            w.required(b.information, "EB01"),
            b.level,
            w.repetitions(*(w.code(one, "EB03") for one in b.service_types)),
            w.code(b.insurance_type, "EB04"),
            w.word(b.plan, 50),
            b.period,
            _number(b.amount),
            _number(b.percent),
            b.unit,
            _number(b.quantity),
            b.authorization,
            b.in_network,
            procedure(w, b.procedure) if b.procedure else "",
        )
        for delivery in b.deliveries:
            self._delivery(delivery)
        w.references(b.references)
        for event in b.events:
            w.dtp(event)
        self._refusals(b.refusals)
        for text in b.messages:
            w.add("MSG", w.word(text, MESSAGE_MAX))
        for place in b.places:
            w.add("III", place.qualifier, w.code(place.code, "III02"), place.category)
        if b.parties:
            w.add("LS", "2120")
            for party in b.parties:
                w.nm1(party)
                w.address(party.address)
                w.contacts(party.contacts)
            w.add("LE", "2120")

    def _delivery(self, one: Delivery) -> None:
        self.w.add(
            "HSD",
            one.unit,
            _number(one.quantity),
            one.sample,
            _number(one.sample_count),
            one.period,
            _number(one.period_count),
            one.pattern,
            one.time,
        )


def _of(answer: Eligibility, level: str) -> tuple[Refusal, ...]:
    """What was refused at a level."""
    return tuple(one for one in answer.refusals if one.level == level)


def _number(value: Decimal | None) -> str:
    return "" if value is None else number(value)
