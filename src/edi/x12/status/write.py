"""276 and 277 out (005010X212). Neighbours that share a payer, a sender, a provider or a subscriber share its HL."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from itertools import groupby
from operator import attrgetter

from edi.x12.claim.write_parts import procedure
from edi.x12.grammar.x212 import VERSION
from edi.x12.output import Envelope, SegmentWriter, day, number
from edi.x12.status.model import Patient, StatusAnswer, StatusHeader, StatusInquiry, StatusLine, Told
from edi.x12.values import Party


def write_276(inquiries: Iterable[StatusInquiry], envelope: Envelope) -> bytes:
    """One interchange with one group: a set for each run of inquiries under one header. Raises Unwritable, in words."""
    return _written(inquiries, envelope, "276", "HR")


def write_277(answers: Iterable[StatusAnswer], envelope: Envelope) -> bytes:
    """One interchange with one group: a set for each run of answers under one header. Raises Unwritable, in words."""
    return _written(answers, envelope, "277", "HN")


def _written(records: Iterable[StatusInquiry | StatusAnswer], envelope: Envelope, set_id: str, group: str) -> bytes:
    writer = SegmentWriter(envelope)
    writer.open_interchange()
    writer.open_group(group, VERSION)
    for header, together in groupby(records, key=attrgetter("header")):
        writer.open_set(set_id, header.control, VERSION)
        _bht(writer, header, is_answer=set_id == "277")
        _Levels(writer).write(list(together))
        writer.close_set()
    writer.close_group()
    writer.close_interchange(groups=1)
    return writer.bytes()


def _bht(w: SegmentWriter, header: StatusHeader, *, is_answer: bool) -> None:
    clock = f"{header.created_at:%H%M}" if header.created_at else "0000"
    kind = ("08", "DG") if is_answer else ("13", "")
    w.add("BHT", "0010", kind[0], w.required(header.reference, "BHT03"), day(header.created_on), clock, kind[1])


class _Levels:
    """The hierarchy of one set, counted."""

    def __init__(self, writer: SegmentWriter) -> None:
        self.w = writer
        self.count = 0

    def hl(self, parent: int, level: str, *, has_children: bool) -> int:
        self.count += 1
        self.w.add("HL", str(self.count), str(parent or ""), level, "1" if has_children else "0")
        return self.count

    def write(self, records: Sequence[StatusInquiry | StatusAnswer]) -> None:
        for source, of_source in groupby(records, key=attrgetter("source")):
            top = self.hl(0, "20", has_children=True)
            self._named(source, "the payer")
            for receiver, of_receiver in groupby(of_source, key=attrgetter("receiver")):
                mine = list(of_receiver)
                asking = self.hl(top, "21", has_children=any(one.provider for one in mine))
                self._named(receiver, "the sender")
                for one in mine:
                    if isinstance(one, StatusAnswer) and one.level == "receiver":
                        self._claim(one, "1")
                below = [one for one in mine if one.provider is not None]
                for provider, of_provider in groupby(below, key=attrgetter("provider")):
                    self._provider(provider, list(of_provider), asking)

    def _provider(self, provider: Party, records: Sequence[StatusInquiry | StatusAnswer], parent: int) -> None:
        people = [one for one in records if one.subscriber is not None]
        level = self.hl(parent, "19", has_children=bool(people))
        self._named(provider, "the provider")
        for one in records:
            if isinstance(one, StatusAnswer) and one.level == "provider":
                self._claim(one, "1")
        for subscriber, of_subscriber in groupby(people, key=attrgetter("subscriber")):
            mine = list(of_subscriber)
            theirs = [one for one in mine if one.dependent is not None]
            insured = self.hl(level, "22", has_children=bool(theirs))
            self._person(subscriber, asked=isinstance(mine[0], StatusInquiry))
            for one in mine:
                if one.dependent is None:
                    self._claim(one, _trace_kind(one))
            for dependent, of_dependent in groupby(theirs, key=attrgetter("dependent")):
                self.count += 1
                self.w.add("HL", str(self.count), str(insured), "23")
                claims = list(of_dependent)
                self._person(dependent, asked=isinstance(claims[0], StatusInquiry))
                for one in claims:
                    self._claim(one, _trace_kind(one))

    def _named(self, party: Party, what: str) -> None:
        self.w.required(party.id, f"The id of {what}")
        self.w.nm1(party)

    def _person(self, patient: Patient, *, asked: bool) -> None:
        if asked and patient.birth_on:
            self.w.add("DMG", "D8", day(patient.birth_on), patient.gender)
        self.w.nm1(patient.party)

    def _claim(self, one: StatusInquiry | StatusAnswer, trace_kind: str) -> None:
        w = self.w
        w.add("TRN", trace_kind, w.required(one.trace, "TRN02"))
        if isinstance(one, StatusAnswer):
            self._told(one.told)
        w.references(one.references)
        if isinstance(one, StatusInquiry) and one.charge is not None:
            w.add("AMT", "T3", number(one.charge))
        for event in one.dates:
            w.dtp(event)
        for line in one.lines:
            self._line(line)

    def _line(self, line: StatusLine) -> None:
        w = self.w
        w.add(
            "SVC", procedure(w, line.procedure), _number(line.charge), _number(line.paid), "", "", "",
            _number(line.units),
        )  # fmt: skip
        self._told(line.told)
        if line.line_control:
            w.add("REF", "FJ", w.code(line.line_control, "REF FJ"))
        for event in line.dates:
            w.dtp(event)

    def _told(self, told: Iterable[Told]) -> None:
        w = self.w
        for one in told:
            w.add(
                "STC", w.composite(w.required(one.category, "STC01"), one.code, one.entity), day(one.effective_on), "",
                _number(one.charge), _number(one.paid), day(one.decided_on), "", day(one.remitted_on),
                w.code(one.trace, "STC09"), "", "", w.word(one.text, 264),
            )  # fmt: skip


def _trace_kind(one: StatusInquiry | StatusAnswer) -> str:
    return "1" if isinstance(one, StatusInquiry) else "2"


def _number(value: Decimal | None) -> str:
    return "" if value is None else number(value)
