"""What callers of joint boards send and get."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from ninja import Schema
from pydantic import Field

from openmso.governance.contracts.boards import NewCharter, Rule
from openmso.governance.contracts.boards import NewItem as New
from openmso.platform.api.schemas import Body, Instant, PracticeName, public_id, text

BoardId = Annotated[str, public_id("BRD")]
MeetingId = Annotated[str, public_id("MTG")]
ItemId = Annotated[str, public_id("AGI")]
ActionId = Annotated[str, public_id("ACT")]
UserId = Annotated[str, public_id("USR")]
ClassName = Literal["practice", "mso"]
Small = Annotated[int, Field(ge=1, le=9)]
Number = Annotated[int, Field(ge=1, le=2**31 - 1)]
Long = Annotated[str, text(8_000, length_min=0)]
Party = Annotated[str, text(120, length_min=0)]
Why = Annotated[str, text(600)]


class CharterIn(Body):
    """How a board decides; it holds once the other side has accepted it."""

    starts_on: date
    notice_days: Annotated[int, Field(ge=0, le=90)]
    quorum_practice: Small
    quorum_mso: Small
    rule: Literal["majority", "each_class", "two_thirds", "unanimous"]
    cited: Annotated[str, text(200)]
    recused_count: bool = False

    def charter(self) -> NewCharter:
        """As the service takes it."""
        return NewCharter(
            self.starts_on, self.notice_days, self.quorum_practice, self.quorum_mso, Rule(self.rule), self.cited,
            self.recused_count,
        )  # fmt: skip


class BoardIn(CharterIn):
    """A board with its first charter."""

    practice: PracticeName
    name: Annotated[str, text(80)]


class SeatIn(Body):
    """Who holds a seat from a day on, and who stands in; without a holder it is left empty."""

    side: ClassName
    number: Small
    holder: UserId | None = None
    alternate: UserId | None = None
    starts_on: date


class AgendaItemIn(Body):
    """Something for a board; `matter` is a code, of the board's matters or of reserved decisions."""

    title: Annotated[str, text(120)]
    words: Long = ""
    matter: Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9]\d{1,2}$", examples=["B01"])]
    party: Party = ""

    def item(self) -> New:
        """As the service takes it."""
        return New(self.title, self.words, self.matter, self.party)


class MeetingIn(Body):
    """When and where a board meets, and items beside what its agenda draws by itself."""

    meets_at: Instant
    place: Annotated[str, text(120)]
    items: Annotated[list[AgendaItemIn], Field(max_length=50)] = []


class BoardVoteIn(Body):
    """What one's seat says; who is recused says why."""

    choice: Literal["yes", "no", "abstain", "recused"]
    why: Annotated[str, text(600, length_min=0)] = ""


class MinutesNoteIn(Body):
    """What was said."""

    notes: Annotated[str, text(4_000)]


class MeetingWhyIn(Body):
    """Why."""

    why: Why


class AttendanceIn(Body):
    """Who is there, or leaves; without an account oneself."""

    account: UserId | None = None


class BoardActionIn(Body):
    """What somebody is to do by a day."""

    title: Annotated[str, text(200)]
    owner: UserId
    due_on: date


class BoardActionHowIn(Body):
    """How it was done."""

    how: Why


class CharterOut(Schema):
    """A charter, and the same as a sentence; it holds where it was accepted."""

    number: int
    starts_on: date
    notice_days: int
    quorum_practice: int
    quorum_mso: int
    rule: str
    recused_count: bool
    cited: str
    sentence: str
    set_by: str
    set_at: datetime
    accepted_by: str
    accepted_at: datetime | None


class SeatOut(Schema):
    """A seat; `ends_on` is the first day on which it is held so no more."""

    side: str
    number: int
    holder: str
    holder_name: str
    alternate: str
    alternate_name: str
    starts_on: date
    ends_on: date | None


class BallotOut(Schema):
    """What a seat said."""

    seat: str
    name: str
    choice: str
    why: str
    at: datetime


class AgendaItemOut(Schema):
    """An item of an agenda; `reserved` says why it is not the board's to decide."""

    id: str
    number: int
    title: str
    words: str
    matter: str
    matter_words: str
    party: str
    subject: str
    added_by: str
    result: str
    result_words: str
    notes: str
    reserved: str
    recusals: Annotated[list[str], Field(description="Who of the seats disclosed an interest in its party")]
    votes: list[BallotOut]


class BoardActionOut(Schema):
    """What somebody is to do by a day."""

    id: str
    meeting: str
    title: str
    owner: str
    owner_name: str
    due_on: date
    done_at: datetime | None
    how: str


class MeetingRowOut(Schema):
    """A meeting in the list of its board."""

    id: str
    number: int
    state: str
    meets_at: datetime
    place: str
    items: int
    carried: int


class PresentOut(Schema):
    """Somebody in a seat, to the end or until they left."""

    side: str
    account: str
    name: str
    is_alternate: bool
    left_at: datetime | None


class MeetingOut(MeetingRowOut):
    """A meeting with its agenda."""

    board: str
    practice: str
    charter: CharterOut
    called_by: str
    called_at: datetime
    opened_at: datetime | None
    closed_at: datetime | None
    minutes: str
    minutes_sha256: str
    approved_at: datetime | None
    approved_in: str
    seats: list[SeatOut]
    present: list[PresentOut]
    agenda: list[AgendaItemOut]
    actions: list[BoardActionOut]


class BoardRowOut(Schema):
    """A board in the list."""

    id: str
    practice: str
    name: str
    agreement: str
    seats: int
    waiting: int
    open_actions: int
    next_at: datetime | None
    latest_at: datetime | None


class BoardOut(Schema):
    """A board as it stands today."""

    id: str
    practice: str
    name: str
    agreement: str
    charter: CharterOut | None
    charters: list[CharterOut]
    seats: list[SeatOut]
    waiting: list[AgendaItemOut]
    meetings: list[MeetingRowOut]
    open_actions: list[BoardActionOut]
