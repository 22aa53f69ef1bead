"""Claims said once: the segments of each are written when it is frozen, and put into a file as they are.

Whatever the guide or the character set does not allow is refused when the claim is said. Only the numbers of its
levels (HL) depend on the file: they stand between the pieces. A file that is put together of what was said is, byte
for byte, the one that `write_837p` or `write_837i` writes of the same claims.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import NamedTuple

from edi.x12.claim.model import BatchHeader, BillingProvider, Claim
from edi.x12.claim.places import ClaimPlace
from edi.x12.claim.refuse import refuse_unwritable
from edi.x12.claim.write import (
    INSTITUTIONAL,
    PROFESSIONAL,
    write_billing,
    write_header,
    write_patient,
    write_subscriber,
)
from edi.x12.claim.write_institutional import write_institutional
from edi.x12.claim.write_professional import write_professional
from edi.x12.output import DEFAULT_DELIMITERS, Envelope, SegmentWriter
from edi.x12.values import Span

END = DEFAULT_DELIMITERS.segment
ELEMENT = DEFAULT_DELIMITERS.element
NOWHERE = Envelope(sender="", receiver="", control=0, group_control=1, at=datetime(2000, 1, 1, tzinfo=UTC))


class Said(NamedTuple):
    """A claim as its segments say it, each with its terminator and a newline, by the level that they stand on."""

    billing: str
    """2000A without its HL; the same text for all claims that may stand below one."""
    subscriber: str
    """2000B with the payer, without its HL."""
    patient: str
    """2000C without its HL; empty where the subscriber is the patient."""
    claim: str
    """2300 and below."""


class Sayer:
    """Says one claim after the other; what many have in common is written once."""

    def __init__(self, *, is_institutional: bool = False) -> None:
        self._writer = SegmentWriter(NOWHERE)
        self._is_institutional = is_institutional
        self._say = write_institutional if is_institutional else write_professional
        self._billing: tuple[BillingProvider | None, str] = (None, "")

    def say(self, claim: Claim) -> Said:
        """The segments of a claim; raises `Unwritable`, in words."""
        w = self._writer
        w.take()  # of a claim that was refused in the middle
        refuse_unwritable(claim, is_institutional=self._is_institutional)
        if claim.billing is not self._billing[0]:
            write_billing(w, claim.billing)
            self._billing = claim.billing, w.take()
        write_subscriber(w, claim.subscriber, claim.payer, is_patient=claim.patient is None)
        subscriber = w.take()
        if claim.patient is not None:
            write_patient(w, claim.patient)
        patient = w.take()
        self._say(w, claim)
        return Said(self._billing[1], subscriber, patient, w.take())


def write_said(
    header: BatchHeader, claims: Iterable[Said], envelope: Envelope, *, is_institutional: bool = False
) -> tuple[bytes, list[ClaimPlace]]:
    """One interchange of one set with these claims in their order, and where each stands in it.

    Neighbours with the same provider, subscriber and patient share their levels. The envelope has the usual
    separators, in which the claims were said. Raises `Unwritable` for what the envelope or the header cannot hold.
    """
    file = _File(envelope, header, INSTITUTIONAL if is_institutional else PROFESSIONAL)
    return file.closed([file.put(one) for one in claims])


class _File:
    def __init__(self, envelope: Envelope, header: BatchHeader, version: str) -> None:
        assert envelope.delimiters == DEFAULT_DELIMITERS, "claims are said with the usual separators"
        assert envelope.newlines, "and each segment on a line of its own"
        self._writer = w = SegmentWriter(envelope)
        w.open_interchange()
        w.open_group("HC", version)
        self._set_segment = w.count + 1
        w.open_set("837", header.control, version)
        write_header(w, header)
        self._parts = [w.take()]
        self._at = len(self._parts[0])
        self._levels = self._provider = self._subscriber = 0
        self._above = ("", "", "")

    def put(self, one: Said) -> ClaimPlace:
        """A claim below its levels, those that are new among them."""
        billing, subscriber, patient, claim = one
        if self._above[0] != billing:
            self._provider = self._level("", "20", "1", billing)
            self._above = (billing, "", "")
        if self._above[1:] != (subscriber, patient):
            if self._above[1] != subscriber:
                self._subscriber = self._level(str(self._provider), "22", "1" if patient else "0", subscriber)
            if patient:
                self._level(str(self._subscriber), "23", "0", patient)
            self._above = (billing, subscriber, patient)
        w = self._writer
        first, start = w.count + 1, self._at
        self._add(claim)
        span = Span(first, w.count, start, self._at - 1)
        return ClaimPlace(claim.split(ELEMENT, 2)[1], w.set_control, self._set_segment, span)

    def closed(self, found: list[ClaimPlace]) -> tuple[bytes, list[ClaimPlace]]:
        """The whole file."""
        w = self._writer
        w.close_set()
        w.close_group()
        w.close_interchange(groups=1)
        self._parts.append(w.take())
        return "".join(self._parts).encode("ascii"), found

    def _level(self, parent: str, kind: str, has_child: str, below: str) -> int:
        self._levels += 1
        level = ELEMENT.join(("HL", str(self._levels), parent, kind, has_child))
        self._add(f"{level}{END}\n{below}")
        return self._levels

    def _add(self, text: str) -> None:
        self._parts.append(text)
        self._at += len(text)
        self._writer.pass_over(text.count(END))
