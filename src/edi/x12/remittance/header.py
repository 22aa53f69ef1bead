"""The segments before the first claim of an 835: payment, trace, payer, payee."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from edi.x12.envelope import SetStart
from edi.x12.findings import FindingLog
from edi.x12.parties import OpenParty
from edi.x12.remittance.model import PaymentTerms, RemittanceHeader
from edi.x12.tokens import Segment
from edi.x12.values import (
    ZERO,
    Party,
    Reference,
    Span,
    to_date,
    to_decimal,
)

_EMPTY = [""] * 18


class HeaderBuilder:
    """Takes the segments before the first claim; `amount` is BPR02 once it was seen and could be read.

    `payment_at` is the number and offset of that BPR.
    """

    def __init__(self, start: SetStart, log: FindingLog) -> None:
        self.amount: Decimal | None = None
        self.payment_at: tuple[int, int] | None = None
        self._start = start
        self._log = log
        self._bpr = list(_EMPTY)
        self._trn = list(_EMPTY)
        self._production_on: date | None = None
        self._references: list[Reference] = []
        self._parties: list[OpenParty] = []

    def feed(self, segment: Segment) -> None:
        e = segment.elements + _EMPTY
        match e[0]:
            case "BPR":
                self._take_payment(e, segment)
            case "TRN":
                self._trn = e
            case "DTM" if e[1] == "405":
                self._production_on = to_date(e[2])
            case "N1":
                self._parties.append(OpenParty(segment.elements, "1000"))
            case _ if self._parties:
                self._parties[-1].take(segment.elements)
            case "REF":
                self._references.append(Reference(e[1], e[2].strip()))

    def _take_payment(self, e: list[str], segment: Segment) -> None:
        self._bpr, self.payment_at = e, (segment.number, segment.start)
        self.amount = to_decimal(e[2])
        if self.amount is None:
            self._log.add(
                "amount_unreadable" if e[2] else "amount_missing",
                segment=segment.number,
                offset=segment.start,
                loop="header",
                tag="BPR",
                position=2,
                found=e[2][:20],
            )

    def build(self, last: Segment) -> RemittanceHeader:
        """`last` is the last segment before the first claim."""
        b, t, start = self._bpr, self._trn, self._start
        payment = PaymentTerms(
            amount=self.amount or ZERO,
            method=b[4],
            paid_on=to_date(b[16]),
            handling=b[1],
            credit_debit=b[3],
            format=b[5],
            sender_routing=b[7],
            sender_account=b[9],
            originator=b[10],
            originator_supplement=b[11],
            receiver_routing=b[13],
            receiver_account=b[15],
        )
        return RemittanceHeader(
            control=start.control,
            payment=payment,
            trace=t[2].strip(),
            payer=self._party("PR"),
            payee=self._party("PE"),
            trace_payer=t[3].strip(),
            trace_supplement=t[4].strip(),
            production_on=self._production_on,
            version=start.version,
            interchange_control=start.interchange.control if start.interchange else "",
            group_control=start.group.control if start.group else "",
            sender=start.interchange.sender if start.interchange else "",
            receiver=start.interchange.receiver if start.interchange else "",
            references=tuple(self._references),
            span=Span(start.number, last.number, start.start, last.end),
        )

    def _party(self, role: str) -> Party:
        """The first N1 in that role; some payers send several (of which the others are agents)."""
        found = next((p for p in self._parties if p.role == role), None)
        return found.build() if found else Party(role=role)
