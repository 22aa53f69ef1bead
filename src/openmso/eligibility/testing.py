"""Builders for tests of all apps: a payer's desk that says what it is told to, and its answer to a request of ours."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from decimal import Decimal

from edi.x12.eligibility.model import Benefit, Eligibility, Inquiry
from edi.x12.eligibility.read import read_270
from edi.x12.eligibility.write import write_271
from edi.x12.output import Envelope
from edi.x12.review.model import Decision, Review
from edi.x12.review.read import read_278
from edi.x12.review.write import write_278
from openmso.eligibility.services import answering, sending
from openmso.platform.access.contracts import Actor
from openmso.platform.documents import queries as documents
from openmso.platform.tenancy.scope import reading

ACTIVE = (
    Benefit("1", "IND", ("30",), plan="GOLD"),
    Benefit("B", "IND", ("98",), period="27", amount=Decimal("25"), in_network="Y"),
    Benefit("C", "IND", ("30",), period="29", amount=Decimal("400"), in_network="Y"),
)
AT = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(slots=True)
class Desk:
    """The payer's eligibility desk: tells `benefits` of everybody; `change` makes of an answer what a test wants."""

    benefits: Sequence[Benefit] = ACTIVE
    change: Callable[[Eligibility], Eligibility] = lambda answer: answer
    asked: list[Inquiry] = field(default_factory=list)

    def ask(self, content: bytes) -> bytes:
        """The 271 to a 270."""
        found = [one for one in read_270(content) if isinstance(one, Inquiry)]
        self.asked += found
        return write_271([self.change(self._answer(one)) for one in found], Envelope("PAYER", "OPENMSO", 1, 1, AT))

    def _answer(self, one: Inquiry) -> Eligibility:
        return Eligibility(
            replace(one.header, purpose="11"), one.source, one.receiver, one.subscriber, one.dependent,
            tuple(replace(trace, kind="2") for trace in one.traces), benefits=tuple(self.benefits),
        )  # fmt: skip


def asked(desk: Desk, *, practice: int, at: datetime) -> list[bytes]:
    """Send what is due in a practice without a route, and carry each file to the payer's desk and its answer back.

    The scope is the practice's. Returns the 271s.
    """
    actor, answers = Actor.system("a test", at=at), []
    while left := sending.send_due(actor=actor, practice=practice, at=at).documents:
        for name in left:
            with reading():
                content = documents.read(name, practice)
            answers.append(desk.ask(content))
            answering.take(actor=actor, practice=practice, name="271.x12", content=answers[-1], at=at)
    return answers


def answer_278(asked: bytes, decided: Decision, *, payer: str, units: Decimal | None = None) -> bytes:
    """The payer's 278 to one of ours, made of the very request that it got."""
    (request,) = (one for one in read_278(asked) if isinstance(one, Review))
    answer = replace(request, header=replace(request.header, purpose="11"), decision=decided, units=units)
    return write_278([answer], Envelope(payer, "MSO", 1, 1, AT), origin="1123456789")
