"""The hierarchy that a 270 and a 271 share: who is asked, who asks, and about whom, level by level."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from edi.x12.eligibility.model import InquiryHeader, Insured, Refusal, Trace
from edi.x12.envelope import SetStart
from edi.x12.findings import FindingLog
from edi.x12.grammar.guides import guide_for
from edi.x12.grammar.tables import Guide
from edi.x12.parties import OpenParty
from edi.x12.tokens import Segment
from edi.x12.values import Party, RawSegment, to_date, to_decimal, to_time
from edi.x12.walk import Walker

EMPTY = [""] * 16
SOURCE, RECEIVER, SUBSCRIBER, DEPENDENT = "20", "21", "22", "23"
LEVELS = {SOURCE: "source", RECEIVER: "receiver", SUBSCRIBER: "subscriber", DEPENDENT: "dependent"}
_ABOVE = {RECEIVER: SOURCE, SUBSCRIBER: RECEIVER, DEPENDENT: SUBSCRIBER}
_ROLES = {"IL": SUBSCRIBER, "03": DEPENDENT, "QC": DEPENDENT, "1P": RECEIVER, "FA": RECEIVER}
_DATES = re.compile(r"\d{8}(-\d{8})?|\d{6}", re.ASCII)


@dataclass(slots=True)
class OpenLevel:
    """One HL and what stands in it, above the inquiries or benefits."""

    level: str
    number: int
    start: int
    party: OpenParty
    ins: list[str] = field(default_factory=lambda: EMPTY)
    traces: list[Trace] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    other: list[RawSegment] = field(default_factory=list)

    def take(self, elements: list[str]) -> None:
        e = elements + EMPTY
        match e[0]:
            case "TRN":
                self.traces.append(Trace(e[1].strip(), e[2].strip(), e[3].strip(), e[4].strip()))
            case "INS":
                self.ins = e
            case _ if not self.party.take(elements):
                self.other.append(tuple(elements))

    def insured(self) -> Insured:
        party = self.party
        return Insured(
            party=party.build(),
            birth_on=party.birth_on,
            gender=party.gender,
            relationship=self.ins[2].strip(),
            is_changed=self.ins[3].strip() == "001",
            events=tuple(party.events),
            other=tuple(self.other),
        )


class Hierarchy:
    """Follows the levels of one set; the bodies of 270 and 271 build on it."""

    def __init__(self, start: SetStart, log: FindingLog, nearest: Guide) -> None:
        self.start = start
        self.component = start.delimiters.component
        guide = guide_for(start.set_id, start.guide)
        # Of a version without a table here, the nearest guide still tells the loops apart, in silence.
        self.walker = Walker(guide or nearest, log if guide else FindingLog(), start.number, start.start)
        self.last = Segment([""], start.number, start.start, start.start)
        self.levels: dict[str, OpenLevel] = {}
        self._log = log
        self._bht = EMPTY
        self._numbers: dict[str, str] = {}
        """HL03 to the HL01 last seen at that level."""
        self._count = 0
        self._separators = re.compile(f"[{re.escape(start.delimiters.repetition + self.component + '^')}]")

    @property
    def header(self) -> InquiryHeader:
        b = self._bht
        return InquiryHeader(
            b[3].strip(), to_date(b[4]), to_time(b[5]), self.start.control, b[2].strip(), self.start.guide
        )

    @property
    def current(self) -> OpenLevel | None:
        """The level that the walk is in: the one furthest down."""
        return self.levels[max(self.levels)] if self.levels else None

    def party(self, level: str, role: str) -> Party:
        held = self.levels.get(level)
        return held.party.build() if held else Party(role=role)

    def bht(self, segment: Segment) -> None:
        self._bht = segment[0] + EMPTY

    def hl(self, segment: Segment) -> None:
        """A level begins; those below end."""
        e = segment[0] + EMPTY
        self._count += 1
        if e[1] != str(self._count):
            self.remark("hl_number_wrong", segment, found=e[1][:20], wanted=self._count)
        above = _ABOVE.get(e[3])
        if above is not None and self._numbers.get(above) != e[2]:
            self.remark("hl_parent_unknown", segment, found=e[2][:20])
        self._numbers[e[3]] = e[1]
        self._begin(e[3], segment)

    def nm1(self, segment: Segment) -> None:
        """Who the level is of. A sender who leaves out the HL is followed by the role."""
        role = "".join(segment[0][1:2]).strip()
        if not self._count:
            self._begin(_ROLES.get(role, RECEIVER if SOURCE in self.levels else SOURCE), segment)
        level = self.current
        if level is not None:
            level.party = OpenParty(segment[0], self.walker.loop)

    def split(self, element: str) -> tuple[str, ...]:
        """A repeated code, by whichever separator the sender repeats it."""
        return tuple(part.strip() for part in self._separators.split(element) if part.strip())

    def judge(self, segment: Segment) -> None:
        """What no table can say: dates that are none."""
        e = segment[0] + EMPTY
        text = {"DTP": e[3], "DMG": e[2]}.get(e[0], "").strip()
        if text and not (_DATES.fullmatch(text) and to_date(text)):
            self.remark("date_unreadable", segment, tag=e[0], found=text[:20])

    def judge_numbers(self, segment: Segment, *positions: int) -> None:
        e = segment[0] + EMPTY
        for position in positions:
            if e[position].strip() and to_decimal(e[position]) is None:
                self.remark("quantity_unreadable", segment, tag=f"{e[0]}{position:02}", found=e[position][:20])

    def remark(self, code: str, segment: Segment, **values: object) -> None:
        self._log.add(code, segment=segment[1], offset=segment[2], loop=self.walker.loop, **values)

    def _begin(self, level: str, segment: Segment) -> None:
        for held in [one for one in self.levels if one >= level]:
            del self.levels[held]
        self.levels[level] = OpenLevel(level, segment[1], segment[2], OpenParty(["NM1"], self.walker.loop))
