"""The joint board of the demo: two meetings of Rockland and the MSO, what Dr. Ben disclosed, and two budgets."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from openmso.governance.contracts import Fallback, NewBudget, NewCharter, NewInterest, NewItem, Rule, V
from openmso.governance.contracts.boards import Meeting
from openmso.governance.contracts.interests import Band, Nature
from openmso.governance.queries import boards as queries
from openmso.governance.services import actions, agenda, budgets, chartering, interests, meetings
from openmso.kit.periods import Month
from openmso.ledger.queries import books
from openmso.platform.access.contracts import Actor, Side
from openmso.platform.tenancy.scope import reading

WHERE = "ROCK"
Who = Callable[[datetime], Actor]
SET_UP = datetime(2026, 9, 3, 15, tzinfo=UTC)
CALLED, FIRST = datetime(2026, 9, 15, 14, tzinfo=UTC), datetime(2026, 9, 24, 21, tzinfo=UTC)
DONE = datetime(2026, 10, 8, 15, tzinfo=UTC)
PLANNED, SECOND = datetime(2026, 10, 20, 15, tzinfo=UTC), datetime(2026, 10, 29, 21, tzinfo=UTC)
THIRD = datetime(2026, 11, 12, 22, tzinfo=UTC)
LATE = datetime(2026, 10, 17, 10, tzinfo=UTC)
CHARTER = NewCharter(
    SET_UP.date(), 7, 1, 1, Rule.EACH_CLASS, "Management services agreement, section 4.2, joint operating board"
)
SCANNER = NewItem(
    "A second ultrasound scanner",
    "Bought for 38,500 dollars from the reserve; leased it comes to 61,000 in five years.",
    "B01",
)  # fmt: skip
LEASE = NewItem(
    "Lease a room to Camden Imaging", "Two afternoons a week, 640 dollars a month, heat and light in it.", "B10",
    "Camden Imaging, LLC",
)  # fmt: skip
PHONES = NewItem("Phones from seven in the morning", "One hour more, by the MSO's desk; no other fee.", "B07")


def hold(practice: int, entity: int, *, ana: Who, ben: Who, kate: Who, elena: Who, clock: Who, at: datetime) -> None:
    """Set the board up, hold two meetings, call a third, agree on a budget. Within the practice's scope."""
    board = _seated(practice, ana=ana, ben=ben, kate=kate, elena=elena)
    _disclosed(practice, ana=ana, ben=ben, kate=kate, elena=elena)
    for new in (SCANNER, LEASE, PHONES):
        agenda.put(actor=kate(CALLED), board=board, new=new, at=CALLED)
    first = _call(board, FIRST, kate, at=CALLED)
    _sit(first, FIRST, ana, ben, kate, elena)
    _vote(first, SCANNER, FIRST, (ana, V.YES), (ben, V.YES), (kate, V.YES), (elena, V.ABSTAIN))
    _vote(first, LEASE, FIRST, (ana, V.NO), (ben, V.RECUSED), (kate, V.YES), (elena, V.YES))
    _vote(first, PHONES, FIRST, (ana, V.YES), (ben, V.YES), (kate, V.YES))
    order = actions.resolve(
        actor=kate(FIRST), meeting=first.row.public_id, title="Order the scanner, with service for three years",
        owner=elena(FIRST).user, due_on=date(2026, 10, 9), at=FIRST,
    )  # fmt: skip
    actions.resolve(
        actor=kate(FIRST), meeting=first.row.public_id, title="Say which hours of phones patients use",
        owner=kate(FIRST).user, due_on=date(2026, 11, 10), at=FIRST,
    )  # fmt: skip
    meetings.close(actor=kate(FIRST), meeting=first.row.public_id, at=FIRST + timedelta(hours=1))
    actions.finish(actor=elena(DONE), action=order, how="Ordered on 7 October, comes in December", at=DONE)
    _planned(entity, elena=elena, clock=clock)
    second = _call(board, SECOND, kate, at=PLANNED)
    _sit(second, SECOND, ana, ben, kate, elena)
    for item in second.items:
        if not item.reserved:
            for who in (ana, ben, kate):
                meetings.vote(actor=who(SECOND), item=item.public_id, choice=V.YES, at=SECOND)
    meetings.close(actor=kate(SECOND), meeting=second.row.public_id, at=SECOND + timedelta(hours=1))
    _call(board, THIRD, kate, at=at)


def _seated(practice: int, *, ana: Who, ben: Who, kate: Who, elena: Who) -> str:
    """The board, its charter accepted by the practice, two seats of each class filled."""
    name = "Joint operating board"
    board = chartering.set_up(actor=kate(SET_UP), practice=practice, name=name, charter=CHARTER, at=SET_UP)
    chartering.accept(actor=ana(SET_UP), board=board, number=1, at=SET_UP)
    for fills, side, number, holder in (
        (ana, Side.PRACTICE, 1, ana), (ana, Side.PRACTICE, 2, ben),
        (kate, Side.MSO, 1, kate), (kate, Side.MSO, 2, elena),
    ):  # fmt: skip
        chartering.seat(
            actor=fills(SET_UP), board=board, side=side, number=number, holder=holder(SET_UP).user,
            starts_on=CHARTER.starts_on, at=SET_UP,
        )  # fmt: skip
    return board


def _disclosed(practice: int, *, ana: Who, ben: Who, kate: Who, elena: Who) -> None:
    """What Dr. Ben holds in an imaging company, and whose brother is the landlord; the others disclose nothing."""
    at = SET_UP + timedelta(days=4)
    owns = NewInterest(
        Nature.OWNERSHIP,
        "Camden Imaging, LLC",
        "A fifth of it since 2019; the practice refers patients there.",
        Band.UP_TO_25,
    )
    interests.disclose(actor=ben(at), practice=practice, new=owns, at=at)
    rents = NewInterest(
        Nature.FAMILY, "Penobscot Properties LLC", "My brother owns a third of it; the practice rents its office.",
        Band.UP_TO_100,
    )  # fmt: skip
    interests.disclose(actor=elena(at), practice=practice, new=rents, at=at)
    for who in (ana, kate):
        interests.disclose(actor=who(at), practice=practice, new=NewInterest(Nature.NONE, "", ""), at=at)


def _planned(entity: int, *, elena: Who, clock: Who) -> None:
    """This year's budget, which nobody agreed to in time, and next year's, which goes to the board."""
    with reading():
        book = books.book_of(entity).public_id
    this = NewBudget(book, Month(2026, 1), LATE.date() - timedelta(days=1), Fallback.BUDGET)
    late = budgets.begin(actor=elena(DONE), new=this, why="The first year with the MSO", at=DONE)
    budgets.fall_back(actor=clock(LATE), budget=late, at=LATE)
    following = NewBudget(book, Month(2027, 1), date(2026, 12, 15), Fallback.BUDGET, Decimal(2), Decimal(3))
    made = budgets.begin(actor=elena(PLANNED), new=following, why="Three percent more of everything", at=PLANNED)
    budgets.propose(
        actor=elena(PLANNED), budget=made, why="Volumes of September and October, three percent up", at=PLANNED
    )


def _call(board: str, meets_at: datetime, kate: Who, *, at: datetime) -> Meeting:
    return meetings.call(actor=kate(at), board=board, meets_at=meets_at, place="Rockland, upstairs", at=at)


def _sit(meeting: Meeting, at: datetime, *there: Who) -> None:
    meetings.open_(actor=there[-1](at), meeting=meeting.row.public_id, at=at)
    for who in there:
        meetings.attend(actor=who(at), meeting=meeting.row.public_id, at=at)


def _vote(meeting: Meeting, new: NewItem, at: datetime, *votes: tuple[Who, V]) -> None:
    with reading():
        item = next(one for one in queries.meeting(meeting.row.public_id).items if one.title == new.title)
    for who, choice in votes:
        why = "I own a part of it" if choice is V.RECUSED else ""
        meetings.vote(actor=who(at), item=item.public_id, choice=choice, why=why, at=at)
