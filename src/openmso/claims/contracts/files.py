"""Batches that left, and what payers answered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from openmso.claims.contracts.rows import ClaimRow
from openmso.kit.money import Money


@dataclass(frozen=True, slots=True)
class BatchRef:
    """An 837P that left."""

    public_id: str
    practice: int
    payer_id: int
    payer: str
    document: str
    interchange_control: int
    group_control: int
    claims: int
    total: Money
    sent_at: datetime


@dataclass(frozen=True, slots=True)
class AckSummary:
    """What an acknowledgement file said."""

    document: str
    kinds: tuple[str, ...] = ()
    accepted: int = 0
    rejected: int = 0
    unmatched: int = 0
    replayed: bool = False
    findings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class BatchPage:
    """A batch with its claims and what was answered."""

    ref: BatchRef
    sha256: str
    receiver: str
    claims: tuple[ClaimRow, ...]
    answers: tuple[AckRow, ...]
    form: str
    """P or I: on which paper it is printed, where it is."""
    is_paper: bool


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """What an acknowledgement says of one claim number."""

    control: str
    claim: str
    is_accepted: bool
    words: str
    fix: str

    @property
    def tone(self) -> str:
        """How it is to be taken."""
        return "good" if self.is_accepted else "bad"


@dataclass(frozen=True, slots=True)
class AckRow:
    """An acknowledgement with its answers."""

    public_id: str
    practice: int
    kind: str
    document: str
    control: str
    words: str
    batch: str
    received_at: datetime
    accepted: int
    rejected: int
    unmatched: int
    answers: tuple[AnswerRow, ...] = ()


@dataclass(frozen=True, slots=True)
class InquiryRef:
    """A 276 that was sent: how many claims it asks about."""

    public_id: str
    practice: int
    payer_id: int
    payer: str
    document: str
    claims: int
    asked_at: datetime


@dataclass(frozen=True, slots=True)
class FollowUpRow:
    """When a payer is asked about claims, and whether by a rule of its own."""

    payer: str
    name: str
    days: int
    again_days: int
    asks_max: int
    is_own: bool
