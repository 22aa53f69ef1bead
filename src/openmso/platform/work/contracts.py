"""What leaves work: kinds, items as the inbox shows them, their history, and findings of bulk acts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from openmso.kit.classes import DataClass
from openmso.kit.money import Money
from openmso.platform.access.contracts import Permission
from openmso.platform.work.states import Answer, Happened, Party, Working

USE = Permission("work.use", "work an inbox")
OVERSEE = Permission(
    "work.oversee", "measure and review what others did, and say who is told of what is late",
    classes=frozenset({DataClass.CLINICAL}),
)  # fmt: skip
PERMISSIONS: Iterable[Permission] = (USE, OVERSEE)
SENTENCES = {
    "work.assigned": "{actor} gave {subject} to {assignee}",
    "work.snoozed": "{actor} put {subject} off until {until}",
    "work.woken": "{actor} took {subject} back into the inbox",
    "work.done": "{actor} finished {subject}: {outcome}",
    "work.reopened": "{actor} reopened {subject}",
    "work.policy_set": "{actor} set the policy of work: {share} % are reviewed, {lead} is told after {hours} hours",
    "work.drawn": "{actor} drew {count:item} of done work for review, seed {seed}",
    "work.reviewed": "{actor} reviewed {subject}: {score} of 100",
    "work.review_agreed": "{actor} agrees with what {subject} found",
    "work.review_contested": "{actor} contests what {subject} found",
    "work.review_settled": "{actor} settled {subject}: {score} of 100",
    "work.escalated": "{count:item} of late work went to {lead}",
    "work.to_lead": "{actor} took {count:item} to {lead}",
}

Subject = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of work: who may do it, which service line it belongs to, and the page where it is done.

    `url` names a page that takes the subject's public id; without one the item itself is the page. `ranked` says by
    what its items are put in order, as a sentence: a list without it is one that nobody can argue with. What `decides`
    waits for somebody's yes or no, and for nothing else.
    """

    code: str
    words: str
    permission: str
    capability: str = ""
    url: str = ""
    ranked: str = ""
    decides: bool = False


HOUSE = "house"
"""The function of work that belongs to no service line."""
FIRST_DUE = "All alike; what is due first comes first"
"""By what a kind of work is put in order whose items press no less than one another."""


def when(on: date) -> str:
    """A day in a `priority_why`, which whoever reads it is told from their today: `tomorrow`, `in 9 days`."""
    return f"{{{on}}}"


@dataclass(frozen=True, slots=True)
class NewItem:
    """Something that waits for a person. The same `key` in the same practice, while open, is the same item.

    `why` says what happened and what is to be done; `priority` is 0 (can wait) to 100, `priority_why` its reason:
    figures and facts without a full stop, days by `when`.
    """

    kind: str
    subject: Subject
    title: str
    why: str
    priority: int
    priority_why: str
    due_at: datetime
    key: str
    amount: Decimal | None = None


@dataclass(frozen=True, slots=True)
class ItemRow:
    """An item as the inbox shows it."""

    public_id: str
    practice: int
    practice_name: str
    kind: str
    kind_words: str
    subject_kind: str
    subject_id: str
    title: str
    why: str
    priority: int
    priority_why: str
    due_at: datetime
    amount: Decimal | None
    assignee: str
    assignee_user: int | None
    state: Working
    snooze_until: datetime | None
    opened_at: datetime
    done_at: datetime | None
    outcome: str
    url: str
    why_next: str
    """Why it stands where it stands in a queue: how urgent, for which reason, and how long there is."""
    ranked: str
    """By what the items of its kind are put in order."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that happened to an item."""

    at: datetime
    actor: str
    what: Happened
    note: str


@dataclass(frozen=True, slots=True)
class ItemEntry:
    """One thing that happened to an item that is named."""

    item: str
    at: datetime
    actor: str
    what: Happened
    waits_for: str
    note: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a bulk act did to one item, or why not."""

    public_id: str
    is_done: bool
    sentence: str = ""


@dataclass(frozen=True, slots=True)
class Taker:
    """Somebody work can be given to: who, in which roles, how much is open with them, how many of what was asked."""

    user: str
    name: str
    roles: tuple[str, ...]
    open: int
    may: int


@dataclass(frozen=True, slots=True)
class View:
    """A saved view: a name for an address with its query and columns; `team` shares it with everybody."""

    public_id: str
    name: str
    path: str
    query: str
    columns: tuple[str, ...]
    is_team: bool
    is_mine: bool


@dataclass(frozen=True, slots=True)
class InboxFilters:
    """What the inbox is narrowed to; empty fields ask nothing. `state` is a `Working` or `all`."""

    text: str = ""
    state: str = Working.OPEN
    kinds: tuple[str, ...] = ()
    practices: tuple[int, ...] = ()
    assigned: str = ""
    due_before: datetime | None = None
    due_from: datetime | None = None
    amount_min: Decimal | None = None
    amount_max: Decimal | None = None
    priority_min: int | None = None
    overdue: bool = False
    escalated: bool = False


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits of one kind: how many items, how many of them overdue, the first due time, and what they come to."""

    kind: str
    words: str
    function: str
    function_words: str
    count: int
    overdue: int
    nobodys: int
    mine: int
    due_at: datetime
    amount: Money


@dataclass(frozen=True, slots=True)
class Load:
    """What is with one person, or with nobody where the name is empty: of the work that the reader may do."""

    person: str
    count: int
    overdue: int
    escalated: int
    due_at: datetime
    amount: Money


MINE, NOBODYS = "me", "nobody"
"""The special values of `InboxFilters.assigned`; any other text is part of a name."""


@dataclass(frozen=True, slots=True)
class DoneRow:
    """What was done of a kind of work: how much, how quickly (hours on the clock), how much of it late."""

    person: str
    """Empty where nobody did it: what was waited for came about by itself."""
    kind: str
    kind_words: str
    practice: int | None
    practice_name: str
    on: date | None
    done: int
    amount: Money
    touch_hours: Decimal | None
    """From open to the first thing that anybody did."""
    done_hours: Decimal
    late: int


@dataclass(frozen=True, slots=True)
class Policy:
    """What holds in a practice: the share of done work that is reviewed, and who gets what is how late."""

    practice: int
    practice_name: str
    share: int
    lead: str
    hours: int
    said_at: datetime
    said_by: str


@dataclass(frozen=True, slots=True)
class Review:
    """Done work that was drawn for review, and what a second person found; `score` is of 100."""

    public_id: str
    practice: int
    practice_name: str
    item: str
    kind_words: str
    title: str
    outcome: str
    person: str
    seed: str
    drawn_at: datetime
    is_reviewed: bool
    reviewer: str
    reviewed_at: datetime | None
    score: int | None
    findings: str
    person_user: int = 0
    answer: Answer = Answer.NONE
    answer_words: str = ""
    answered_at: datetime | None = None
    settled_by: str = ""
    settled_at: datetime | None = None
    settled_score: int | None = None
    settled_words: str = ""

    @property
    def final_score(self) -> int | None:
        """What counts: what a third person made of it, else what the second found."""
        return self.score if self.settled_score is None else self.settled_score


@dataclass(frozen=True, slots=True)
class Span:
    """The life of an item as a promise measures it: when it came, who first did something about it, when it ended.

    `waits` are the stretches in which it was put off, each with whom it waited for. A machine is nobody.
    """

    item: str
    kind: str
    subject: str
    opened_at: datetime
    due_at: datetime
    amount: Money | None
    touched_at: datetime | None
    touched_by: str
    done_at: datetime | None
    waits: tuple[tuple[datetime, datetime, Party], ...]
