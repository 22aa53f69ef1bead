"""Proposals for reserved decisions and their steps, and the autonomy index."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from openmso.governance.states import DECIDED
from openmso.governance.states import S as S
from openmso.platform.access.contracts import Side
from openmso.platform.documents.contracts import Paper as Paper
from openmso.platform.ui.contracts import Tone


@dataclass(frozen=True, slots=True)
class NewProposal:
    """What is to be decided: the code of the decision, what is proposed, and what speaks for and against it.

    Without `due_on` the clock of the house holds. `party` is who it is about, where it is somebody: who disclosed an
    interest in them does not decide it.
    """

    decision: str
    title: str
    proposed: str
    analysis: str
    due_on: date | None = None
    paper: Paper | None = None
    party: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """Something that happened to a proposal; `user` is the public id of the account, `role` what allowed it."""

    number: int
    to: S
    at: datetime
    by: str
    user: str
    role: str
    why: str
    changes: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """A proposal with everything that became of it; `side` is whose people proposed it."""

    public_id: str
    practice: int
    practice_public_id: str
    practice_code: str
    practice_name: str
    decision: str
    decision_words: str
    title: str
    proposed: str
    analysis: str
    document: str
    side: Side
    state: S
    proposed_at: datetime
    proposed_by: str
    user: str
    due_at: datetime
    steps: tuple[Step, ...]
    party: str = ""

    @property
    def decisions(self) -> tuple[Step, ...]:
        """What was decided, the first decision first; the last one holds."""
        return tuple(one for one in self.steps if one.to in DECIDED)

    @property
    def holds(self) -> Step | None:
        """The decision that holds."""
        return self.decisions[-1] if self.decisions else None

    @property
    def decided_at(self) -> datetime | None:
        """When it was decided for the first time."""
        return self.decisions[0].at if self.decisions else None

    @property
    def decided_by(self) -> str:
        """Whose decision holds."""
        return self.holds.by if self.holds else ""

    @property
    def side_words(self) -> str:
        """Whose people proposed it, in words."""
        return "MSO" if self.side is Side.MSO else "Practice"


@dataclass(frozen=True, slots=True)
class ActDone:
    """An act that carried out a reserved decision: what was done, by whom, and on which decision of the practice.

    `role` is the licensee's role where one did it; else `proposal` is the approved proposal that it used up.
    """

    practice: int
    act: str
    decision: str
    subject_kind: str
    subject_id: str
    url: str
    words: str
    at: datetime
    by: str
    user: str
    role: str
    proposal: str


@dataclass(frozen=True, slots=True)
class Source:
    """What reserves a decision: the agreement, a rule of law, or the house for every practice."""

    kind: str
    name: str
    words: str
    citation: str


@dataclass(frozen=True, slots=True)
class Reserved:
    """A decision that is the practice's on a day, with everything that makes it so."""

    code: str
    words: str
    mso_prepares: bool
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class Flag:
    """Something that speaks against a practice deciding for itself, in words; `proposals` are those it is about."""

    tone: Tone
    words: str
    proposals: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Autonomy:
    """Whether a practice decides for itself: what the MSO proposed within a period, and what became of it.

    `by_licensee` counts decided proposals all of whose decisions were a licensee's; `unchanged`, `changed` and
    `declined` are by the decision that holds. `median_hours` runs from the proposal to its first decision. `acts` are
    those that carried out what is reserved, done by licensees or on a decision of theirs.
    """

    proposed: int
    decided: int
    by_licensee: int
    unchanged: int
    changed: int
    declined: int
    withdrawn: int
    waiting: int
    late: int
    carried_out: int
    before_decided: int
    median_hours: Decimal | None
    flags: tuple[Flag, ...]
    acts: int = 0
    acts_by_licensee: int = 0
    acts_agreed: int = 0

    @property
    def index(self) -> Decimal | None:
        """The share of decided proposals and of reserved acts that licensees of the practice alone decided.

        An act is theirs where they did it themselves, or agreed to it before.
        """
        every = self.decided + self.acts
        return Decimal(self.by_licensee + self.acts_by_licensee + self.acts_agreed) / every if every else None

    @property
    def own_mind(self) -> Decimal | None:
        """The share of decided proposals that were not approved as they were proposed."""
        return Decimal(self.changed + self.declined) / self.decided if self.decided else None


@dataclass(frozen=True, slots=True)
class PracticeRow:
    """A practice with what is reserved to it and how it decides, as lists show it."""

    practice: int
    public_id: str
    code: str
    name: str
    reserved: int
    autonomy: Autonomy

    @property
    def flags(self) -> int:
        """How many red flags there are."""
        return len(self.autonomy.flags)
