"""The open book: what the practice thinks of its MSO, messages between them, what was promised beside the contract."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from openmso.governance.states import E
from openmso.platform.access.contracts import Side

SCORES = {1: "Poor", 2: "Weak", 3: "Fair", 4: "Good", 5: "Excellent"}


class Domain(StrEnum):
    """The four domains by which a practice grades its MSO."""

    SCOPE = "scope"
    ACQUISITION = "acquisition"
    MANAGEMENT = "management"
    CULTURE = "culture"

    @property
    def words(self) -> str:
        """The domain in words."""
        return _DOMAINS[self]


_DOMAINS = {
    Domain.SCOPE: "Business scope",
    Domain.ACQUISITION: "Practice acquisition",
    Domain.MANAGEMENT: "Management skills",
    Domain.CULTURE: "Organization culture",
}


@dataclass(frozen=True, slots=True)
class Book:
    """The open book of a practice, as its panels know it."""

    practice: int
    public_id: str
    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a grade rests on: an address within the house, and what it shows."""

    url: str
    words: str


@dataclass(frozen=True, slots=True)
class NewGrade:
    """A grade for a quarter (its first day) in a domain, 1 (poor) to 5 (excellent), with why and the evidence."""

    quarter: date
    domain: Domain
    score: int
    why: str
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class Grade:
    """A grade that was given, and what the MSO answered."""

    public_id: str
    practice: int
    practice_public_id: str
    practice_name: str
    quarter: date
    domain: Domain
    score: int
    why: str
    evidence: tuple[Evidence, ...]
    at: datetime
    by: str
    answer: str
    answered_by: str
    answered_at: datetime | None

    @property
    def domain_words(self) -> str:
        """The domain in words."""
        return self.domain.words

    @property
    def score_words(self) -> str:
        """`4 of 5, Good`."""
        return f"{self.score} of 5, {SCORES[self.score].lower()}"

    @property
    def quarter_words(self) -> str:
        """`2026 Q3`."""
        return quarter_words(self.quarter)


@dataclass(frozen=True, slots=True)
class DomainTold:
    """A domain: the latest grade, and the scores of quarter after quarter, the oldest first."""

    domain: Domain
    latest: Grade | None
    scores: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Message:
    """A message of a thread: who wrote it for which side, its papers, who has read it and when."""

    number: int
    side: Side
    by: str
    words: str
    asks: bool
    at: datetime
    papers: tuple[tuple[str, str], ...]
    read_by: tuple[tuple[str, datetime], ...]


@dataclass(frozen=True, slots=True)
class ThreadRow:
    """A thread as lists show it; `waits_for` is the side whose answer is awaited, by `due_at`."""

    public_id: str
    practice: int
    practice_name: str
    subject: str
    began_by: str
    messages: int
    latest_at: datetime
    latest_by: str
    waits_for: str
    due_at: datetime | None
    unread: int


@dataclass(frozen=True, slots=True)
class Thread:
    """A thread with its messages."""

    row: ThreadRow
    practice_public_id: str
    messages: tuple[Message, ...]


@dataclass(frozen=True, slots=True)
class Response:
    """How a side answers: how often, the median of working hours, how many within what was promised, how many wait."""

    side: Side
    answered: int
    median_hours: Decimal | None
    in_time: int
    waiting: int
    late: int

    @property
    def share(self) -> Decimal | None:
        """The share of answers that came within what was promised."""
        return Decimal(self.in_time) / self.answered if self.answered else None


@dataclass(frozen=True, slots=True)
class NewExpectation:
    """What was promised beside the contract: the words, which side promised, who, on which day, for when."""

    words: str
    side: Side
    promised_by: str
    promised_on: date
    due_on: date


@dataclass(frozen=True, slots=True)
class Expectation:
    """What was promised beside the contract, and whether it was kept."""

    public_id: str
    practice: int
    practice_public_id: str
    practice_name: str
    words: str
    side: Side
    promised_by: str
    promised_on: date
    due_on: date
    state: E
    recorded_by: str
    recorded_at: datetime
    judged_by: str
    judged_at: datetime | None
    why: str

    @property
    def side_words(self) -> str:
        """Which side promised."""
        return "MSO" if self.side is Side.MSO else "Practice"


def quarter_words(quarter: date) -> str:
    """`2026 Q3`."""
    return f"{quarter.year} Q{(quarter.month - 1) // 3 + 1}"
