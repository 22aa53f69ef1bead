"""An 837 read one claim at a time, professional or institutional (dental as far as it is the same).

The walk over the guide says which loop a segment stands in; the hierarchy (HL 20, 22, 23) is dissolved into the
claim, which carries its billing provider, subscriber, patient and payer. Memory is one claim and its context.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from edi.x12.claim.balance import imbalances
from edi.x12.claim.building import (
    OpenClaim,
    OpenLine,
    billing_of,
    patient_of,
    subscriber_of,
)
from edi.x12.claim.model import (
    BatchHeader,
    BatchTotals,
    BillingProvider,
    Claim,
    Patient,
    Payer,
    Subscriber,
)
from edi.x12.claim.other_payers import EMPTY, OpenAdjudication, OpenCoverage, payer_of
from edi.x12.envelope import FileEnd, SetStart, read_sets
from edi.x12.findings import FindingLog
from edi.x12.grammar.guides import guide_for
from edi.x12.grammar.x222 import X222A1, X223A2
from edi.x12.parties import OpenParty
from edi.x12.tokens import Segment, Source
from edi.x12.values import ZERO, Span, to_date, to_decimal, to_time
from edi.x12.walk import Walker

Record = BatchHeader | Claim | BatchTotals | FileEnd

_SERVICES = frozenset({"SV1", "SV2", "SV3"})
LINES_MAX = 50
"""Lines of one professional claim (2400)."""


def read_837(source: Source, *, strict: bool = False) -> Iterator[Record]:
    """BatchHeader, claims and BatchTotals of each ST; in the end a FileEnd with the file's own findings.

    Never raises for data. Sets other than 837 are passed over.
    """

    def open_body(start: SetStart, log: FindingLog) -> ClaimBody | None:
        return ClaimBody(start, log) if start.set_id == "837" else None

    for record in read_sets(source, open_body, strict=strict):
        if isinstance(record, Record):
            yield record


class ClaimBody:
    """Reads the segments of one 837."""

    def __init__(self, start: SetStart, log: FindingLog) -> None:
        self._start = start
        self._log = log
        self._component = start.delimiters.component
        guide = guide_for("837", start.guide)
        institutional = guide is X223A2 or "X096" in start.guide
        # Of a version without a table here, the nearest guide still tells the loops apart, in silence.
        walk_log = log if guide is not None else FindingLog()
        self._walker = Walker(guide or (X223A2 if institutional else X222A1), walk_log, start.number, start.start)
        self._is_professional = guide is X222A1
        self._last = Segment([""], start.number, start.start, start.start)
        self._bht = EMPTY
        self._header_given = False
        self._party: OpenParty | None = None
        self._parties: dict[str, OpenParty] = {}
        """Those of the header and of the hierarchy, by loop."""
        self._taxonomy = ""
        self._sbr = EMPTY
        self._relationship = ""
        self._billing: BillingProvider | None = None
        self._subscriber: Subscriber | None = None
        self._payer: Payer | None = None
        self._patient: Patient | None = None
        self._levels: dict[str, str] = {}
        """HL03 to the HL01 last seen at that level."""
        self._hl_count = 0
        self._claim: OpenClaim | None = None
        self._line: OpenLine | None = None
        self._coverage: OpenCoverage | None = None
        self._adjudication: OpenAdjudication | None = None
        self._claims = self._lines = 0
        self._charge = ZERO

    def feed(self, segment: Segment) -> Iterable[object] | None:
        loop = self._walker.feed(segment)
        tag = segment[0][0]
        records: list[object] | None = None
        if tag == "HL":
            records = [*self._close_claim(), *self._give_header()]
            self._hl(segment)
        elif tag == "CLM":
            records = [*self._close_claim(), *self._give_header()]
            self._clm(segment)
        elif tag == "NM1":
            self._nm1(segment, loop)
        elif self._party is not None and loop == self._party.loop and self._party.take(segment[0]):
            pass
        elif self._claim is not None:
            self._of_claim(segment, loop, self._claim)
        else:
            self._of_context(segment)
        self._last = segment
        return records

    def finish(self, span: Span) -> Iterable[object]:
        records = [*self._close_claim(), *self._give_header()]
        self._walker.finish()
        totals = BatchTotals(self._start.control, self._claims, self._lines, self._charge, self._log.all(), span)
        return [*records, totals]

    # header and hierarchy

    def _give_header(self) -> Iterable[BatchHeader]:
        if self._header_given:
            return ()
        self._header_given = True
        b, start = self._bht, self._start
        header = BatchHeader(
            reference=b[3],
            created_on=to_date(b[4]),
            created_at=to_time(b[5]),
            submitter=self._of_loop("1000A", "41").build(),
            receiver=self._of_loop("1000B", "40").build(),
            control=start.control,
            version=start.guide,
            purpose=b[2],
            kind=b[6],
            interchange_control=start.interchange.control if start.interchange else "",
            group_control=start.group.control if start.group else "",
            sender=start.interchange.sender if start.interchange else "",
            receiver_code=start.interchange.receiver if start.interchange else "",
            span=Span(start.number, self._last[1], start.start, self._last[3]),
        )
        return (header,)

    def _of_loop(self, loop: str, role: str) -> OpenParty:
        return self._parties.get(loop) or OpenParty(["NM1", role], loop)

    def _hl(self, segment: Segment) -> None:
        e = segment[0] + EMPTY
        level = e[3]
        self._hl_count += 1
        if e[1] != str(self._hl_count):
            self._remark("hl_number_wrong", segment, found=e[1][:20], wanted=self._hl_count)
        parent = {"22": "20", "23": "22"}.get(level)
        if parent is not None and self._levels.get(parent) != e[2]:
            self._remark("hl_parent_unknown", segment, found=e[2][:20])
        self._levels[level] = e[1]
        self._party = None
        if level == "20":
            self._forget("2010AA", "2010AB", "2010AC")
            self._billing, self._taxonomy = None, ""
        if level in ("20", "22"):
            self._forget("2010BA", "2010BB")
            self._subscriber = self._payer = None
            self._sbr = EMPTY
        self._forget("2010CA")
        self._patient, self._relationship = None, ""

    def _forget(self, *loops: str) -> None:
        for loop in loops:
            self._parties.pop(loop, None)

    def _of_context(self, segment: Segment) -> None:
        """BHT, and what stands in 2000A, 2000B and 2000C themselves."""
        e = segment[0] + EMPTY
        match e[0]:
            case "BHT":
                self._bht = e
            case "PRV":
                self._taxonomy = e[3].strip()
            case "SBR":
                self._sbr = e
            case "PAT":
                self._relationship = e[1]

    def _nm1(self, segment: Segment, loop: str) -> None:
        party = self._party = OpenParty(segment[0], loop)
        if loop == "2330A" and self._coverage is not None:
            self._coverage.subscriber = party
        elif loop == "2330B" and self._coverage is not None:
            self._coverage.payer = party
        elif loop.startswith("2330") and self._coverage is not None:
            self._coverage.providers.append(party)
        elif loop.startswith("2310") and self._claim is not None:
            self._claim.providers.append(party)
        elif loop.startswith("2420") and self._line is not None:
            self._line.providers.append(party)
        elif self._claim is None:
            self._parties[loop] = party
        else:
            self._party = None
            (self._line or self._claim).other.append(tuple(segment[0]))

    # 2300 and below

    def _clm(self, segment: Segment) -> None:
        claim = self._claim = OpenClaim(segment)
        charge = to_decimal(claim.clm[2])
        claim.charge = charge or ZERO
        if charge is None:
            self._remark(_no_charge(claim.clm[2]), segment, tag="CLM", position=2, found=claim.clm[2][:20])
        self._party = None

    def _of_claim(self, segment: Segment, loop: str, claim: OpenClaim) -> None:
        elements = segment[0]
        tag = elements[0]
        if tag == "LX":
            self._lx(segment, claim)
        elif tag in _SERVICES and self._line is None:
            self._of_line(segment, loop, self._open_line(segment, claim))
        elif tag == "SBR":
            self._coverage = OpenCoverage(elements)
            claim.coverages.append(self._coverage)
        elif self._line is not None:
            self._of_line(segment, loop, self._line)
        elif loop == "2320" and self._coverage is not None:
            self._coverage.take(elements)
        else:
            claim.take(elements, self._component)

    def _lx(self, segment: Segment, claim: OpenClaim) -> None:
        self._open_line(segment, claim)
        wanted = len(claim.lines) + 1
        if segment[0][1:2] != [str(wanted)]:
            self._remark("lx_number_wrong", segment, found="".join(segment[0][1:2])[:20], wanted=wanted)
        if self._is_professional and wanted == LINES_MAX + 1:
            self._remark("too_many_lines", segment, found=f"more than {LINES_MAX}", limit=LINES_MAX)

    def _open_line(self, segment: Segment, claim: OpenClaim) -> OpenLine:
        """A line begins with its LX; from a sender who leaves it out, with its SV1 or SV2."""
        self._close_line(claim)
        self._line = OpenLine(segment)
        self._party = self._coverage = None
        return self._line

    def _of_line(self, segment: Segment, loop: str, line: OpenLine) -> None:
        elements = segment[0]
        if elements[0] == "SVD":
            self._adjudication = OpenAdjudication(elements)
            line.adjudications.append(self._adjudication)
        elif loop == "2430" and self._adjudication is not None and self._adjudication.take(elements):
            pass
        else:
            line.take(elements, self._component)
            if elements[0] in _SERVICES:
                at = 3 if elements[0] == "SV2" else 2
                text = "".join(elements[at : at + 1])
                if to_decimal(text) is None:
                    self._remark(_no_charge(text), segment, tag=elements[0], position=at, found=text[:20])

    def _close_line(self, claim: OpenClaim) -> None:
        if self._line is not None:
            claim.lines.append(self._line.build(self._last, self._component))
            self._lines += 1
        self._line = self._adjudication = None

    def _close_claim(self) -> Iterable[Claim]:
        claim = self._claim
        if claim is None:
            return ()
        self._close_line(claim)
        self._claim = self._coverage = self._party = None
        self._claims += 1
        self._charge += claim.charge
        self._judge(claim)
        if self._billing is None:
            self._billing = billing_of(
                self._of_loop("2010AA", "85"),
                self._taxonomy,
                self._parties.get("2010AB"),
                self._parties.get("2010AC"),
            )
        if self._subscriber is None:
            self._subscriber = subscriber_of(self._of_loop("2010BA", "IL"), self._sbr)
        if self._payer is None:
            self._payer = payer_of(self._of_loop("2010BB", "PR"))
        if self._patient is None and "2010CA" in self._parties:
            self._patient = patient_of(self._parties["2010CA"], self._relationship)
        built = claim.build(
            self._last,
            self._component,
            billing=self._billing,
            subscriber=self._subscriber,
            patient=self._patient,
            payer=self._payer,
        )
        self._judge_other_payers(built, claim)
        return (built,)

    def _judge_other_payers(self, built: Claim, claim: OpenClaim) -> None:
        place = Segment(claim.clm, claim.number, claim.start, claim.start)
        for one in imbalances(built):
            self._remark(
                one.code,
                place,
                loop="2430" if one.line else "2320",
                payer=one.payer[:20],
                found=one.found,
                wanted=one.wanted,
                line=one.line,
            )

    def _judge(self, claim: OpenClaim) -> None:
        """The rules of a claim that no table can say."""
        place = Segment(claim.clm, claim.number, claim.start, claim.start)
        total = sum((line.charge for line in claim.lines), ZERO)
        if claim.lines and total != claim.charge:
            self._remark("charge_not_sum_of_lines", place, loop="2300", found=claim.charge, wanted=total)
        count = len(claim.diagnoses)
        for number, line in enumerate(claim.lines, start=1):
            wild = next((p for p in line.pointers if not 1 <= p <= count), None)
            if wild is not None:
                self._remark("pointer_without_diagnosis", place, loop="2400", line=number, found=wild, wanted=count)

    def _remark(self, code: str, segment: Segment, *, loop: str | None = None, **values: object) -> None:
        self._log.add(code, segment=segment[1], offset=segment[2], loop=loop or self._walker.loop, **values)


def _no_charge(text: str) -> str:
    """What to say of a charge that is no amount."""
    return "charge_unreadable" if text else "charge_missing"
