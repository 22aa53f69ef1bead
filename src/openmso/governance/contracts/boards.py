"""Joint boards: charter, seats, meetings, items of their agendas, votes and results, actions that follow."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from openmso.governance.states import M, R, V
from openmso.kit.words import counted
from openmso.platform.access.contracts import Side

CLASSES = (Side.PRACTICE, Side.MSO)
"""The classes of seats, in the order in which they are told."""
CLASS_TITLES: Mapping[Side, str] = {Side.PRACTICE: "Practice", Side.MSO: "MSO"}
CLASS_WORDS: Mapping[Side, str] = {Side.PRACTICE: "practice", Side.MSO: "MSO"}


class Rule(StrEnum):
    """By what an item is carried, where a quorum can vote on it."""

    MAJORITY = "majority"
    EACH_CLASS = "each_class"
    TWO_THIRDS = "two_thirds"
    UNANIMOUS = "unanimous"

    @property
    def words(self) -> str:
        """The rule as a charter says it."""
        return _RULES[self]


_RULES = {
    Rule.MAJORITY: "more yes than no",
    Rule.EACH_CLASS: "more yes than no within each class",
    Rule.TWO_THIRDS: "two thirds of the votes cast",
    Rule.UNANIMOUS: "no vote against it",
}


WRITTEN = frozenset({M.CLOSED, M.APPROVED})
"""Meetings that have minutes."""


@dataclass(frozen=True, slots=True)
class NewCharter:
    """How a board decides: days of notice, how many of each class make a quorum, the rule, and where that stands.

    `recused_count` says whether who is recused from an item still counts for its quorum. `cited` names the clause of
    the agreement or the document.
    """

    starts_on: date
    notice_days: int
    quorum_practice: int
    quorum_mso: int
    rule: Rule
    cited: str
    recused_count: bool = False


@dataclass(frozen=True, slots=True)
class Charter:
    """A charter; it holds once somebody of the other side has accepted it, from its first day on."""

    number: int
    starts_on: date
    notice_days: int
    quorum: Mapping[Side, int]
    rule: Rule
    recused_count: bool
    cited: str
    side: Side
    set_by: str
    set_at: datetime
    accepted_by: str
    accepted_at: datetime | None

    @property
    def sentence(self) -> str:
        """The charter read aloud."""
        of = " and ".join(f"{self.quorum[side]} of the {CLASS_WORDS[side]}" for side in CLASSES)
        recused = "counts" if self.recused_count else "does not count"
        return (
            f"{counted(self.notice_days, 'day')} of notice; {of} make a quorum; "
            f"an item is carried by {self.rule.words}; who is recused {recused} for the quorum."
        )


@dataclass(frozen=True, slots=True)
class Seat:
    """A seat of a class over some days: who holds it, and who stands in; `ends_on` is the first day no more."""

    key: int
    side: Side
    number: int
    holder: str
    holder_name: str
    alternate: str
    alternate_name: str
    starts_on: date
    ends_on: date | None

    @property
    def name(self) -> str:
        """`practice 1`."""
        return f"{CLASS_WORDS[self.side]} {self.number}"

    def holds(self, day: date) -> bool:
        """Whether it is held so on a day."""
        return self.starts_on <= day and (self.ends_on is None or day < self.ends_on)

    def is_of(self, account: str) -> bool:
        """Whether an account holds it, or stands in."""
        return bool(account) and account in {self.holder, self.alternate}


@dataclass(frozen=True, slots=True)
class Present:
    """Somebody who sat in a seat at a meeting, to its end or until they left."""

    seat: int
    side: Side
    account: str
    name: str
    is_alternate: bool
    left_at: datetime | None = None

    def was_there(self, at: datetime | None) -> bool:
        """Whether they had not left by an instant, or without one at all."""
        return self.left_at is None or (at is not None and at < self.left_at)


@dataclass(frozen=True, slots=True)
class Ballot:
    """What a seat said to an item, and why."""

    side: Side
    seat: str
    account: str
    name: str
    choice: V
    why: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Outcome:
    """How an item ends, in words."""

    result: R
    words: str


@dataclass(frozen=True, slots=True)
class NewItem:
    """Something for a board: `subject` is what it is about where it has a page, `matter` one of the list, `party` who.

    Other apps put their things on an agenda with these words.
    """

    title: str
    words: str
    matter: str
    party: str = ""
    subject: tuple[str, str] = ("", "")


@dataclass(frozen=True, slots=True)
class Item:
    """An item of an agenda, with the votes on it and how it ended. `url` opens what it is about."""

    public_id: str
    number: int
    title: str
    words: str
    matter: str
    matter_words: str
    party: str
    subject_kind: str
    subject_id: str
    url: str
    added_by: str
    added_at: datetime
    result: R
    result_words: str
    notes: str
    reserved: str
    ballots: tuple[Ballot, ...] = ()
    recusals: tuple[tuple[str, str], ...] = ()
    """Who of the seats is to be recused, and by which disclosure (its id)."""


@dataclass(frozen=True, slots=True)
class Action:
    """What somebody is to do by a day, as a meeting resolved it."""

    public_id: str
    meeting: str
    title: str
    owner: str
    owner_name: str
    due_on: date
    done_at: datetime | None
    done_by: str
    how: str


@dataclass(frozen=True, slots=True)
class MeetingRow:
    """A meeting as lists show it."""

    public_id: str
    practice: int
    practice_name: str
    board: str
    board_name: str
    number: int
    state: M
    meets_at: datetime
    place: str
    items: int
    carried: int

    @property
    def name(self) -> str:
        """`Meeting 3`."""
        return f"Meeting {self.number}"


@dataclass(frozen=True, slots=True)
class Meeting:
    """A meeting with its charter, who may sit and who sat, its agenda, and what followed."""

    row: MeetingRow
    practice_public_id: str
    charter: Charter
    called_by: str
    called_at: datetime
    opened_at: datetime | None
    closed_at: datetime | None
    closed_by: str
    minutes: str
    minutes_sha256: str
    approved_at: datetime | None
    approved_in: str
    seats: tuple[Seat, ...]
    present: tuple[Present, ...]
    items: tuple[Item, ...]
    actions: tuple[Action, ...]

    def there(self, side: Side) -> int:
        """How many of a class are present, and have not left."""
        return sum(one.side is side and one.left_at is None for one in self.present)

    def there_for(self, item: Item) -> dict[Side, int]:
        """How many of each class count for an item: who voted on it, and who was there at its last vote, or now."""
        at, voted = max((one.at for one in item.ballots), default=None), {one.account for one in item.ballots}
        there = [one.side for one in self.present if one.account in voted or one.was_there(at)]
        return {side: there.count(side) for side in CLASSES}

    def seat_of(self, account: str) -> Present | None:
        """In which seat somebody is present."""
        return next((one for one in self.present if one.account == account and one.left_at is None), None)

    def free_for(self, account: str) -> Seat | None:
        """The seat that somebody may take: their own, or one in which they stand in and nobody sits yet."""
        taken = {one.seat for one in self.present}
        mine = [one for one in self.seats if one.is_of(account) and one.key not in taken]
        return next((one for one in mine if one.holder == account), mine[0] if mine else None)


@dataclass(frozen=True, slots=True)
class BoardRow:
    """A board as lists show it."""

    public_id: str
    practice: int
    practice_name: str
    name: str
    agreement: str
    seats: int
    waiting: int
    open_actions: int
    next_at: datetime | None
    latest_at: datetime | None


@dataclass(frozen=True, slots=True)
class Board:
    """A board: its charters, its seats on a day, what waits for its next meeting, its meetings and open actions."""

    public_id: str
    practice: int
    practice_public_id: str
    practice_name: str
    name: str
    agreement: str
    charter: Charter | None
    charters: tuple[Charter, ...]
    seats: tuple[Seat, ...]
    waiting: tuple[Item, ...]
    meetings: tuple[MeetingRow, ...]
    actions: tuple[Action, ...]

    @property
    def to_accept(self) -> Charter | None:
        """The charter that the other side has still to accept."""
        return next((one for one in self.charters if one.accepted_at is None), None)

    @property
    def called(self) -> MeetingRow | None:
        """The meeting that is called or sits."""
        return next((one for one in self.meetings if one.state in {M.CALLED, M.SITTING}), None)


def seats_of(seats: Iterable[Seat], side: Side) -> int:
    """How many of some seats are of a class."""
    return sum(one.side is side for one in seats)
