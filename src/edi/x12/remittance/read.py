"""An 835 read one claim at a time, and balanced at its three levels while it is read.

Memory is one claim, whatever the size of the file or of the transaction.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from functools import partial
from typing import cast, get_args

from edi.x12.envelope import FileEnd, SetStart, read_sets
from edi.x12.findings import FindingLog, made
from edi.x12.grammar.guides import guide_for
from edi.x12.remittance import balance
from edi.x12.remittance.building import OpenClaim, OpenLine
from edi.x12.remittance.header import HeaderBuilder
from edi.x12.remittance.model import (
    ClaimBlock,
    ClaimPayment,
    ProviderAdjustment,
    ProviderAdjustmentItem,
    Remittance,
    RemittanceHeader,
    RemittanceTotals,
)
from edi.x12.remittance.whole import whole_claim
from edi.x12.tokens import CHUNK, Segment, Source, Stretch
from edi.x12.values import (
    ZERO,
    Amount,
    Quantity,
    RawSegment,
    Reference,
    Span,
    to_date,
    to_decimal,
    to_event,
    to_party,
)
from edi.x12.walk import Walker

Record = RemittanceHeader | ClaimPayment | ProviderAdjustment | RemittanceTotals | FileEnd
Records = Iterable[object] | None

ReadBlock = Callable[[Stretch], ClaimBlock | None]
"""Reads neighbouring claims together; None when any of them is not in order, or does not balance."""

BLOCK_SIZE = 1 << 21
"""Bytes of a file that are looked through for claims to be read together."""
_RECORDS = frozenset((*get_args(Record), ClaimBlock))


def read_835(source: Source, *, strict: bool = False, guide: bool = False) -> Iterator[Record]:
    """Header, claims, provider adjustments, totals of each ST; in the end a FileEnd with the file's own findings.

    Balance and envelope are always checked. With `guide`, content is also measured by the TR3 (required segments
    and so on); `strict` makes warnings errors. Never raises for data. Sets other than 835 are passed over.
    """
    return cast(Iterator[Record], _records(source, strict=strict, guide=guide))


def read_835_by_blocks(source: Source, read_block: ReadBlock) -> Iterator[Record | ClaimBlock]:
    """The same for whoever reads claims in bulk: those in order come as blocks, all others one at a time."""
    return _records(source, read_block=read_block, chunk=BLOCK_SIZE)


def _records(
    source: Source, *, strict: bool = False, guide: bool = False, read_block: ReadBlock | None = None,
    chunk: int = CHUNK,
) -> Iterator[Record | ClaimBlock]:  # fmt: skip
    def open_body(start: SetStart, log: FindingLog) -> RemittanceBody | None:
        return RemittanceBody(start, log, guide=guide, read_block=read_block) if start.set_id == "835" else None

    for record in read_sets(source, open_body, strict=strict, chunk=chunk):
        if type(record) in _RECORDS:
            yield cast(Record | ClaimBlock, record)


def remittances(source: Source, *, strict: bool = False) -> Iterator[Remittance]:
    """Each ST of the file held whole; for files known to be small."""
    header: RemittanceHeader | None = None
    claims: list[ClaimPayment] = []
    adjustments: list[ProviderAdjustment] = []
    for record in read_835(source, strict=strict):
        if isinstance(record, RemittanceHeader):
            header, claims, adjustments = record, [], []
        elif isinstance(record, ClaimPayment):
            claims.append(record)
        elif isinstance(record, ProviderAdjustment):
            adjustments.append(record)
        elif isinstance(record, RemittanceTotals) and header is not None:
            yield Remittance(header, tuple(claims), tuple(adjustments), record)


class RemittanceBody:
    """Reads the segments of one 835."""

    def __init__(self, start: SetStart, log: FindingLog, *, guide: bool, read_block: ReadBlock | None = None) -> None:
        self._start = start
        self._log = log
        self._component = start.delimiters.component
        self._header: HeaderBuilder | None = HeaderBuilder(start, log)
        self._amount: Decimal | None = None
        self._payment_at: tuple[int, int] | None = None
        """Number and offset of the BPR, for what is said of the payment."""
        self._claim: OpenClaim | None = None
        self._line: OpenLine | None = None
        self._open: OpenLine | None = None
        """The line, else the claim, that CAS, REF, DTM, AMT and QTY belong to."""
        self._last = Segment([""], start.number, start.start, start.start)
        self._group = ""
        self._heading: list[RawSegment] = []
        self._claims = self._lines = 0
        self._charge = self._paid = self._provider_adjusted = ZERO
        table = guide_for("835", start.guide) if guide else None
        self._walker = Walker(table, log, start.number, start.start) if table else None
        self.whole = "CLP" if self._walker is None else ""  # the guide is measured segment by segment
        self.many = read_block is not None
        self._read_block = read_block
        self.feed = self._feeder()

    def _feeder(self) -> Callable[[Segment], Records]:
        """`feed`, with all that it needs at hand: it is called for every segment of the file."""
        step_for = {tag: getattr(self, name) for tag, name in _STEPS.items()}.get
        keep = self._keep
        walk = self._walker.feed if self._walker is not None else None

        def feed(segment: Segment) -> Records:
            if walk is not None:
                walk(segment)
            records: Records = step_for(segment[0][0], keep)(segment)
            self._last = segment
            return records

        return feed

    def feed_whole(self, stretch: Stretch) -> Iterable[object] | None:
        """A claim that is in order is read at once; another CLP follows it, so it is complete."""
        if stretch.is_many:
            return self._feed_block(stretch)
        claim = whole_claim(stretch)
        if claim is None:
            return None
        before = (*self._close_header(), *self._close_claim())
        return (*before, self._record(claim))

    def _feed_block(self, stretch: Stretch) -> Iterable[object] | None:
        block = self._read_block(stretch) if self._read_block is not None else None
        if block is None:
            return None
        before = (*self._close_header(), *self._close_claim())
        self._claims += block.claims
        self._lines += block.lines
        self._charge += block.charge
        self._paid += block.paid
        self._heading.clear()
        return (*before, block)

    def finish(self, span: Span) -> Iterable[object]:
        records: list[object] = [*self._close_header(), *self._close_claim()]
        if self._walker is not None:
            self._walker.finish()
        wrong = balance.of_payment(amount=self._amount, paid=self._paid, adjusted=self._provider_adjusted)
        number, start = self._payment_at or (span.first, span.start)
        for code, values in wrong:
            self._log.add(code, segment=number, offset=start, loop="header", **values)
        totals = RemittanceTotals(
            control=self._start.control,
            claims=self._claims,
            lines=self._lines,
            charge=self._charge,
            paid=self._paid,
            provider_adjusted=self._provider_adjusted,
            amount=self._amount,
            is_balanced=not self._log.has_any_of(balance.OUT_OF_BALANCE),
            findings=self._log.all(),
            span=span,
        )
        return [*records, totals]

    # the header, and 2000

    def _close_header(self) -> Iterable[RemittanceHeader]:
        if self._header is None:
            return ()
        header = self._header.build(self._last)
        self._amount, self._payment_at = self._header.amount, self._header.payment_at
        self._header = None
        return (header,)

    def _keep(self, segment: Segment) -> None:
        """Before the claims, the header's; after that, what has no typed place stays on its record as it is."""
        if self._header is not None:
            self._header.feed(segment)
        elif self._open is not None:
            self._open.other.append(tuple(segment[0]))

    def _lx(self, segment: Segment) -> Records:
        records = [*self._close_header(), *self._close_claim()]
        self._group = "".join(segment[0][1:2])
        return records

    def _summary(self, segment: Segment) -> None:
        self._heading.append(tuple(segment[0]))

    # 2100

    def _clp(self, segment: Segment) -> Records:
        records: Records = None
        if self._claim is not None:
            records = self._close_claim()
        elif self._header is not None:
            records = self._close_header()
        claim = self._claim = self._open = OpenClaim(*segment[:3])
        charge, paid = to_decimal(claim.elements[3]), to_decimal(claim.elements[4])
        claim.charge = charge if charge is not None else self._money(segment, 3)
        claim.paid = paid if paid is not None else self._money(segment, 4)
        return records

    def _close_claim(self) -> Iterable[ClaimPayment]:
        claim = self._claim
        if claim is None:
            return ()
        self._close_line(claim)
        if not claim.is_balanced:
            sums = {"charge": claim.charge, "adjusted": claim.adjusted, "paid": claim.paid}
            for code, values in balance.of_claim(**sums, lines=claim.line_sums):
                self._find(claim, code, claim, **values)
        claim.last, claim.end = self._last[1], self._last[3]
        self._claim = self._open = None
        return (self._record(claim),)

    def _record(self, claim: OpenClaim) -> ClaimPayment:
        """A claim is complete, and counted."""
        self._claims += 1
        self._lines += len(claim.lines)
        self._charge += claim.charge
        self._paid += claim.paid
        record = claim.build_claim(self._group, tuple(self._heading))
        self._heading.clear()
        return record

    def _nm1(self, segment: Segment) -> None:
        if self._claim is None or self._line is not None:
            self._keep(segment)
        else:
            self._claim.parties.append(to_party(segment[0]))

    def _mia(self, segment: Segment) -> None:
        if self._claim is None:
            self._keep(segment)
        else:
            self._claim.inpatient = tuple(segment[0])

    def _moa(self, segment: Segment) -> None:
        if self._claim is None:
            self._keep(segment)
        else:
            self._claim.outpatient = tuple(segment[0])

    def _per(self, segment: Segment) -> None:
        if self._claim is None:
            self._keep(segment)
        else:
            self._claim.contacts.append(tuple(segment[0]))

    # 2110

    def _svc(self, segment: Segment) -> None:
        if self._claim is None:
            self._keep(segment)
            return
        self._close_line(self._claim)
        line = self._line = self._open = OpenLine(*segment[:3])
        charge, paid = to_decimal(line.elements[2]), to_decimal(line.elements[3])
        line.charge = charge if charge is not None else self._money(segment, 2)
        line.paid = paid if paid is not None else self._money(segment, 3)

    def _close_line(self, claim: OpenClaim) -> None:
        line = self._line
        if line is None:
            return
        self._line = None
        line.last, line.end = self._last[1], self._last[3]
        claim.take(line, self._component)
        if not line.is_balanced:
            for code, values in balance.of_line(charge=line.charge, adjusted=line.adjusted, paid=line.paid):
                self._find(claim, code, line, line=len(claim.lines), **values)

    def _lq(self, segment: Segment) -> None:
        elements = segment[0]
        if self._line is not None and len(elements) > 2 and elements[1] == "HE":
            self._line.remarks.append(elements[2])
        else:
            self._keep(segment)

    # 2100 and 2110 alike

    def _cas(self, segment: Segment) -> None:
        if self._open is None:
            self._keep(segment)
        else:
            self._open.take_reasons(segment[0], partial(self._money, segment))

    def _ref(self, segment: Segment) -> None:
        elements = segment[0]
        if self._open is None or len(elements) < 3:
            self._keep(segment)
        else:
            self._open.references.append(Reference(elements[1], elements[2].strip()))

    def _dtm(self, segment: Segment) -> None:
        elements = segment[0]
        if self._open is None or len(elements) < 3:
            self._keep(segment)
            return
        event = to_event(elements[1], elements[2])
        self._open.dates.append(event)
        if event.on is None:
            self._remark("date_unreadable", segment)

    def _amt(self, segment: Segment) -> None:
        elements = segment[0]
        amount = to_decimal(elements[2]) if len(elements) > 2 else None
        if self._open is not None and amount is not None:
            self._open.amounts.append(Amount(elements[1], amount))
            return
        self._keep(segment)
        self._remark("quantity_unreadable", segment)

    def _qty(self, segment: Segment) -> None:
        elements = segment[0]
        quantity = to_decimal(elements[2]) if len(elements) > 2 else None
        if self._open is not None and quantity is not None:
            self._open.quantities.append(Quantity(elements[1], quantity))
            return
        self._keep(segment)
        self._remark("quantity_unreadable", segment)

    # PLB

    def _plb(self, segment: Segment) -> Records:
        records: list[object] = [*self._close_header(), *self._close_claim()]
        elements = segment[0]
        items: list[ProviderAdjustmentItem] = []
        for at in range(3, len(elements), 2):
            if not any(elements[at : at + 2]):
                continue
            code, _, reference = elements[at].partition(self._component)
            amount = self._money(segment, at + 1)
            if at + 1 == len(elements):
                break  # half a pair: said by `_money`
            items.append(ProviderAdjustmentItem(code, reference, amount))
            self._provider_adjusted += amount
        provider, fiscal = (*elements[1:3], "", "")[:2]
        span = Span(segment[1], segment[1], segment[2], segment[3])
        return [*records, ProviderAdjustment(provider.strip(), to_date(fiscal), tuple(items), span)]

    # what is said

    def _money(self, segment: Segment, position: int) -> Decimal:
        """The amount at that position; an unreadable one is a finding, and counts as nothing."""
        elements = segment[0]
        text = elements[position] if len(elements) > position else ""
        amount = to_decimal(text)
        if amount is not None:
            return amount
        finding = self._log.add(
            "amount_unreadable" if text else "amount_missing",
            segment=segment[1],
            offset=segment[2],
            loop=self._open.loop if self._open else "header",
            tag=elements[0],
            position=position,
            found=text[:20],
        )
        if self._claim is not None:
            self._claim.findings.append(finding)
        return ZERO

    def _find(self, claim: OpenClaim, code: str, at: OpenLine, **values: object) -> None:
        """What is wrong with one claim stands on the claim and in the log of the set."""
        finding = made(
            code,
            segment=at.number,
            offset=at.start,
            loop=at.loop,
            strict=self._log.strict,
            control=claim.elements[1],
            **values,
        )
        claim.findings.append(finding)
        self._log.take(finding)

    def _remark(self, code: str, segment: Segment) -> None:
        found = "".join(segment[0][2:3])[:20]
        loop = self._open.loop if self._open else "header"
        self._log.add(code, segment=segment[1], offset=segment[2], loop=loop, tag=segment[0][0] + "02", found=found)


_STEPS = {
    "LX": "_lx",
    "TS2": "_summary",
    "TS3": "_summary",
    "CLP": "_clp",
    "NM1": "_nm1",
    "MIA": "_mia",
    "MOA": "_moa",
    "PER": "_per",
    "SVC": "_svc",
    "LQ": "_lq",
    "CAS": "_cas",
    "REF": "_ref",
    "DTM": "_dtm",
    "AMT": "_amt",
    "QTY": "_qty",
    "PLB": "_plb",
}
"""Tag to the method that takes it; any other segment is kept as it is."""
