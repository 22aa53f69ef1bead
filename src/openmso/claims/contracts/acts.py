"""What acts on claims did, and what they refused."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from openmso.kit.money import Money


@dataclass(frozen=True, slots=True)
class Built:
    """What building and scrubbing made."""

    claims: tuple[str, ...] = ()
    ready: int = 0
    held: int = 0


@dataclass(frozen=True, slots=True)
class No:
    """One claim that a bulk act refused, and why."""

    claim: str
    code: str
    words: str
    fix: str = ""


@dataclass(frozen=True, slots=True)
class Answered:
    """What a bulk act did: it never dies on line 7 of 900."""

    done: tuple[str, ...] = ()
    refused: tuple[No, ...] = ()


@dataclass(frozen=True, slots=True)
class SubmissionRef:
    """A frozen submission."""

    public_id: str
    claim: str
    version: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Conservation:
    """Charges captured = lines on claims + lines waiting + held + voided; and on claims = sent + not sent yet."""

    captured: Money
    on_claims: Money
    waiting: Money
    held: Money
    voided: Money
    sent: Money
    not_sent: Money

    @property
    def holds(self) -> bool:
        """Whether no cent is missing."""
        whole = Money.total((self.on_claims, self.waiting, self.held, self.voided)) == self.captured
        return whole and self.sent + self.not_sent == self.on_claims


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason for which a bulk run refused claims: in words, what mends it, and the claims, in the run's order."""

    key: str
    words: str
    fix: str
    claims: tuple[str, ...]

    @property
    def count(self) -> int:
        """How many claims."""
        return len(self.claims)


@dataclass(frozen=True, slots=True)
class RunView:
    """How far a bulk run has come; `refused` are the first of those that the reasons count, the commonest first."""

    public_id: str
    act: str
    total: int
    done: int
    refused: tuple[No, ...] = ()
    finished_at: datetime | None = None
    reasons: tuple[Reason, ...] = ()

    @property
    def refused_count(self) -> int:
        """How many claims were refused, for any reason."""
        return sum(reason.count for reason in self.reasons)
