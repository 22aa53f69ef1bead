"""The enquiry desk of a payer: each claim of a 276 is answered by what the payer knows of it (277)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal

from edi.x12.output import Envelope
from edi.x12.remittance.model import ClaimPayment
from edi.x12.status.model import StatusAnswer, StatusHeader, StatusInquiry, Told
from edi.x12.status.read import read_276
from edi.x12.status.write import write_277
from edi.x12.values import Reference
from openmso.simulator.payer.profile import Profile


def answer_inquiries(
    content: bytes, payer: Profile, judged: Mapping[str, tuple[date, ClaimPayment]], *, to: str, at: datetime,
    control: int,
) -> bytes:  # fmt: skip
    """Answer a 276; `judged` says when each claim that was taken in is paid, and what it comes to."""
    header = StatusHeader(
        "0001", f"{payer.payer_id}{control:09d}", at.date(), at.time().replace(second=0, microsecond=0)
    )
    answers = [_answer(one, header, judged, at.date()) for one in read_276(content) if isinstance(one, StatusInquiry)]
    envelope = Envelope(sender=payer.payer_id, receiver=to, control=control, group_control=control, at=at)
    return write_277(answers, envelope)


def _answer(
    asked: StatusInquiry, header: StatusHeader, judged: Mapping[str, tuple[date, ClaimPayment]], today: date
) -> StatusAnswer:
    on, payment = judged.get(asked.trace, (today, None))
    numbers = [one for one in asked.references if one.qualifier == "EJ"]
    if payment is not None:
        numbers.insert(0, Reference("1K", payment.payer_control))
    return StatusAnswer(
        header, "claim", asked.source, asked.receiver, asked.trace, (_told(asked, payment, on, today),), asked.provider,
        asked.subscriber, asked.dependent, tuple(numbers), asked.dates,
    )  # fmt: skip


def _told(asked: StatusInquiry, payment: ClaimPayment | None, on: date, today: date) -> Told:
    if payment is None:
        return Told("A4", "35", effective_on=today, charge=asked.charge)
    if on > today:
        return Told("P1", "20", effective_on=today, charge=asked.charge)
    paid = payment.paid
    return Told(
        "F1" if paid > 0 else "F2", "65" if paid > 0 else "9", effective_on=today, charge=asked.charge,
        paid=max(paid, Decimal(0)), decided_on=on, remitted_on=on,
    )  # fmt: skip
