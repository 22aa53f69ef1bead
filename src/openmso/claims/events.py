"""Past-tense facts of claims: ids and plain values; safe to hear twice."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class ClaimsBuilt:
    """Visits became claims."""

    ready: int
    held: int


@dataclass(frozen=True)
class ClaimHeld:
    """A claim waits for a person; `reason` is the first finding's code, or `by_hand`."""

    claim: str
    reason: str


@dataclass(frozen=True)
class ClaimSubmitted:
    """A claim was frozen and stands in the next batch to its payer."""

    claim: str
    submission: str
    payer_id: int
    total: str


@dataclass(frozen=True)
class BatchReleased:
    """An 837P left for a payer: `document` is its bytes."""

    batch: str
    document: str
    payer_id: int
    claims: int
    total: str


@dataclass(frozen=True)
class ClaimAccepted:
    """The payer's 277CA took a claim in; `payer_control` is its number there."""

    claim: str
    payer_control: str


@dataclass(frozen=True)
class ClaimRejected:
    """A claim was sent back before it was judged: by TA1, 999 or 277CA (`by`)."""

    claim: str
    by: str
    reason: str


@dataclass(frozen=True)
class ClaimCorrected:
    """A replacement (7) or a void (8) of a claim was made."""

    claim: str
    original: str
    frequency: str


@dataclass(frozen=True)
class LinesResubmitted:
    """Lines of a claim that its payer denied (`lines`: their numbers there) are asked for anew in another one."""

    claim: str
    original: str
    lines: tuple[int, ...]


@dataclass(frozen=True)
class ClaimDropped:
    """A claim that no payer has was taken back."""

    claim: str


@dataclass(frozen=True)
class NextPayerAsked:
    """An earlier payer has decided; the claim is made ready for the next one (`ordinal` S or T)."""

    claim: str
    payer_id: int
    ordinal: str


@dataclass(frozen=True)
class LeftToPatient:
    """A person decided that the patient owes so much of a claim, or (negative) does not owe it any more."""

    claim: str
    amount: Decimal
