"""A joint board in its room: Ana and Dr. Ben sit for Rockland, Kate for the MSO, with Elena standing in."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from openmso.agreements import testing
from openmso.agreements.testing import Cast
from openmso.governance.contracts import NewCharter, NewItem, Rule
from openmso.governance.contracts.boards import Meeting
from openmso.governance.queries import boards as queries
from openmso.governance.services import chartering, meetings
from openmso.governance.states import V
from openmso.platform.access.contracts import Actor, Side
from openmso.platform.identity.models import User
from openmso.platform.tenancy.scope import reading
from openmso.platform.ui.contracts import PageAsk
from openmso.platform.work import queries as work
from openmso.platform.work.contracts import InboxFilters

WEEK = timedelta(days=7)
FIRST = date(2026, 3, 2)


@dataclass(frozen=True)
class Room:
    """Who sits: Ana and Dr. Ben for the practice, Kate and Elena for the MSO; and the board they sit on."""

    cast: Cast
    ben: User
    kate: User
    elena: User
    board: str

    def actor(self, user: User, at: datetime) -> Actor:
        """Somebody as they act at an instant."""
        return self.cast.actor(user, at=at)

    @contextmanager
    def scope(self) -> Iterator[None]:
        """Work within the practice."""
        with self.cast.scope():
            yield


def charter(**changes: Any) -> NewCharter:
    return NewCharter(**{
        "starts_on": FIRST, "notice_days": 5, "quorum_practice": 1, "quorum_mso": 1, "rule": Rule.EACH_CLASS,
        "cited": "Agreement, section 4.2", **changes,
    })  # fmt: skip


def room_of(cast: Cast) -> Room:
    """A board with an accepted charter and four seats."""

    def person(name: str, role: str) -> User:
        email = f"{name.split()[-1].lower()}@example.org"
        return testing.person(email, name, practice=cast.rockland.id, role=role, at=cast.at)

    ben, kate = person("Dr. Ben Osei", "physician"), person("Kate Lindgren", "mso_executive")
    elena = person("Elena Vass", "controller")
    with cast.scope():
        board = chartering.set_up(
            actor=cast.actor(kate), practice=cast.rockland.id, name="Joint board", charter=charter(), at=cast.at
        )
        chartering.accept(actor=cast.actor(cast.ana), board=board, number=1, at=cast.at)
        for who, side, number, holder, alternate in (
            (cast.ana, Side.PRACTICE, 1, cast.ana, ""), (cast.ana, Side.PRACTICE, 2, ben, ""),
            (kate, Side.MSO, 1, kate, elena.public_id),
        ):  # fmt: skip
            chartering.seat(
                actor=cast.actor(who), board=board, side=side, number=number, holder=holder.public_id,
                alternate=alternate, starts_on=FIRST, at=cast.at,
            )  # fmt: skip
    return Room(cast, ben, kate, elena, board)


def call(room: Room, *items: NewItem, at: datetime | None = None) -> Meeting:
    at = at or room.cast.at
    return meetings.call(
        actor=room.actor(room.kate, at),
        board=room.board,
        meets_at=at + WEEK,
        place="Rockland, upstairs",
        at=at,
        items=items,
    )


def sit(room: Room, meeting: str, *users: User) -> datetime:
    """Open a meeting in which these are there; when it sits."""
    with reading():
        at = queries.meeting_row(meeting).meets_at
    meetings.open_(actor=room.actor(room.kate, at), meeting=meeting, at=at)
    for user in users:
        meetings.attend(actor=room.actor(user, at), meeting=meeting, at=at)
    return at


def vote(room: Room, user: User, item: str, choice: V, at: datetime, why: str = "") -> Meeting:
    return meetings.vote(actor=room.actor(user, at), item=item, choice=choice, why=why, at=at)


def inbox(room: Room, user: User, kind: str, at: datetime) -> list[str]:
    wanted, actor = InboxFilters(kinds=(kind,)), room.actor(user, at)
    with room.cast.scope(user=user), reading():
        return [row.title for row in work.inbox(actor=actor, filters=wanted, page=PageAsk(), at=at).rows]
