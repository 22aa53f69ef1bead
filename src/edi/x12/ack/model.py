"""What the business reads in a TA1, a 999 and a 277CA, as frozen records."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal

from edi.x12.values import Event, Party, Procedure, RawSegment, Reference, Span, reference


@dataclass(frozen=True, slots=True)
class InterchangeAck:
    """TA1: one interchange of ours, named by ISA13, ISA09 and ISA10, was taken or not."""

    control: str
    """TA101 = ISA13 of what is answered."""
    sent_on: date | None
    sent_at: time | None
    code: str
    """TA104: A accepted, E accepted with errors, R rejected."""
    note: str = "000"
    """TA105: 000 no error, 001 control number mismatch, 024 invalid content ..."""
    span: Span | None = None

    @property
    def is_accepted(self) -> bool:
        return self.code in ("A", "E")


@dataclass(frozen=True, slots=True)
class ElementError:
    """IK4: one element of the segment in error."""

    position: int
    component: int | None
    repetition: int | None
    reference: str
    """Data element number in the X12 dictionary, or the empty string."""
    code: str
    """IK403: 1 required missing, 2 conditional missing, 3 too many, 4 short, 5 long, 6 character, 7 code value ..."""
    bad_value: str = ""
    contexts: tuple[RawSegment, ...] = ()
    """CTX after the IK4."""


@dataclass(frozen=True, slots=True)
class SegmentError:
    """IK3: one segment in error, by its position in the set (ST is 1)."""

    tag: str
    position: int
    loop: str = ""
    code: str = ""
    """IK304: 1 unrecognized, 2 unexpected, 3 required missing, 5 too many, 8 has element errors, I4, I6 ..."""
    contexts: tuple[RawSegment, ...] = ()
    """CTX after the IK3."""
    elements: tuple[ElementError, ...] = ()


@dataclass(frozen=True, slots=True)
class SetAck:
    """AK2 to IK5: one transaction set of ours, named by ST01 and ST02."""

    set_id: str
    control: str
    code: str
    """IK501: A accepted, E accepted with errors, R rejected, M, W, X."""
    version: str = ""
    errors: tuple[SegmentError, ...] = ()
    reasons: tuple[str, ...] = ()
    """IK502-06: 3 control numbers, 4 segment count, 5 segments in error ..."""
    span: Span | None = None

    @property
    def is_accepted(self) -> bool:
        return self.code in ("A", "E")


@dataclass(frozen=True, slots=True)
class GroupAck:
    """AK1 to AK9: one functional group of ours, named by GS01, GS06 and GS08; a 999 holds one."""

    functional_id: str
    group_control: str
    version: str
    code: str
    """AK901: A, E, P (some sets rejected), R, M, W, X."""
    included: int = 0
    received: int = 0
    accepted: int = 0
    reasons: tuple[str, ...] = ()
    sets: tuple[SetAck, ...] = ()
    control: str = ""
    """ST02 of the 999 itself."""
    span: Span | None = None

    @property
    def is_accepted(self) -> bool:
        return self.code in ("A", "E")


@dataclass(frozen=True, slots=True)
class Status:
    """One composite of an STC (01, 10 or 11), with the rest of its segment."""

    category: str
    """A0-A8: A1 received, A2 accepted; A3, A6, A7, A8 rejected."""
    code: str
    """Claim status code: 20, 562 ..."""
    entity: str = ""
    """Whose fault: 85 billing provider, IL subscriber ..."""
    effective_on: date | None = None
    action: str = ""
    """STC03: WQ accepted, U rejected."""
    amount: Decimal | None = None
    """STC04: total charge."""
    text: str = ""
    """STC12: free text."""

    @property
    def is_rejected(self) -> bool:
        return self.category in ("A3", "A4", "A6", "A7", "A8")


@dataclass(frozen=True, slots=True)
class LineStatus:
    """2220D: one service line."""

    procedure: Procedure
    charge: Decimal | None
    statuses: tuple[Status, ...]
    line_control: str = ""
    """REF*FJ."""
    dates: tuple[Event, ...] = ()
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class ClaimStatus:
    """2200D: one claim, named by TRN02 = our CLM01."""

    control: str
    statuses: tuple[Status, ...]
    patient: Party | None = None
    references: tuple[Reference, ...] = ()
    """1K payer's claim number, D9 clearinghouse number, BLT type of bill."""
    dates: tuple[Event, ...] = ()
    lines: tuple[LineStatus, ...] = ()
    provider: Party | None = None
    """2100C: the billing provider that the claim stands under."""
    batch_reference: str = ""
    """2200B TRN02 = BHT03 of the batch that the claim came in."""
    other: tuple[RawSegment, ...] = ()
    span: Span | None = None

    @property
    def is_rejected(self) -> bool:
        """One rejecting status, of the claim or of a line, rejects the claim."""
        own = any(s.is_rejected for s in self.statuses)
        return own or any(s.is_rejected for line in self.lines for s in line.statuses)

    @property
    def payer_control(self) -> str:
        """REF*1K: expected to be the CLP07 of the 835 later."""
        return reference(self.references, "1K")

    @property
    def clearinghouse_control(self) -> str:
        return reference(self.references, "D9")


@dataclass(frozen=True, slots=True)
class LevelStatus:
    """A status that speaks of the whole batch (2200B) or of one provider (2200C)."""

    level: str
    """`batch` or `provider`."""
    trace: str
    """TRN02: at batch level the BHT03 of our 837."""
    statuses: tuple[Status, ...]
    party: Party | None = None
    accepted: int | None = None
    """QTY*90 (batch) or QTY*QA (provider)."""
    rejected: int | None = None
    """QTY*AA (batch) or QTY*QC (provider)."""
    accepted_charge: Decimal | None = None
    """AMT*YU."""
    rejected_charge: Decimal | None = None
    """AMT*YY."""
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class ClaimAckHeader:
    """ST, BHT and the two ends of a 277CA."""

    control: str
    reference: str
    """BHT03."""
    created_on: date | None
    created_at: time | None
    source: Party
    """2100A: the payer (PR) or clearinghouse (AY) that answers."""
    receiver: Party
    """2100B, NM1*41: us."""
    trace: str = ""
    """2200A TRN02."""
    received_on: date | None = None
    processed_on: date | None = None
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class ClaimAck:
    """One 277CA held whole: to be written, or read when it is known to be small."""

    header: ClaimAckHeader
    batch: LevelStatus
    claims: tuple[ClaimStatus, ...]
    providers: tuple[LevelStatus, ...] = ()
