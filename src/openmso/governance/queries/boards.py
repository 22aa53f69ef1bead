"""Questions about joint boards: the list, one board, one meeting, who may be seated, what stays open."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from django.db.models import Count, F, Max, Min, OuterRef, Q, QuerySet, Subquery

from openmso.agreements.contracts import Quorum
from openmso.agreements.queries import agreements
from openmso.governance import models, registry
from openmso.governance.contracts import SIT
from openmso.governance.contracts.boards import (
    Action,
    Ballot,
    Board,
    BoardRow,
    Charter,
    Item,
    Meeting,
    MeetingRow,
    Present,
    Rule,
    Seat,
)
from openmso.governance.queries import interests
from openmso.governance.queries.proposals import DECISIONS, reserved
from openmso.governance.rules import boards as rules
from openmso.governance.states import M, R, V
from openmso.kit.clock import day_in
from openmso.kit.errors import NotFound
from openmso.platform.access import queries as access
from openmso.platform.access import registry as roles
from openmso.platform.access.contracts import Side
from openmso.platform.documents import queries as documents
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.ui.contracts import Filters, Page, PageAsk

MATTERS: Mapping[str, str] = {**rules.MATTERS, **DECISIONS}
"""Everything an item may be about, by its code: what is a board's, and what it only discusses."""
_ORDERS = {"name": "name", "practice_name": "practice__name", "next_at": "next_at", "latest_at": "latest_at"}


def listing(*, filters: Filters, page: PageAsk) -> Page[BoardRow]:
    """The boards in scope, with what waits for them."""
    rows = models.Board.objects.all()
    if filters.text:
        word = filters.text
        rows = rows.filter(
            Q(name__icontains=word) | Q(public_id__iexact=word) | Q(practice__name__icontains=word)
            | Q(agreement__iexact=word)
        )  # fmt: skip
    if codes := filters.many("practice"):
        rows = rows.filter(practice_id__in=tenancy.keys_of(codes))
    rows = _with_meetings(rows)
    order = F(_ORDERS.get(page.sort, "practice__name"))
    chosen = order.desc(nulls_last=True) if page.desc else order.asc(nulls_last=True)
    shown = list(rows.select_related("practice").order_by(chosen, "pk")[page.offset : page.offset + page.size])
    return Page(_board_rows(shown), rows.count(), page)


def _with_meetings(rows: QuerySet[models.Board]) -> QuerySet[models.Board]:
    """Boards with the instants of the meeting that is called and of the latest that was held."""
    held = models.Meeting.objects.values("board")
    called = held.filter(state__in=[M.CALLED, M.SITTING]).annotate(at=Min("meets_at")).values("board", "at")
    closed = held.filter(state__in=[M.CLOSED, M.APPROVED]).annotate(at=Max("meets_at")).values("board", "at")
    return rows.annotate(
        next_at=Subquery(called.filter(board=OuterRef("pk")).values("at")[:1]),
        latest_at=Subquery(closed.filter(board=OuterRef("pk")).values("at")[:1]),
    )


def _board_rows(shown: list[models.Board]) -> list[BoardRow]:
    seats = _counted(models.Seat.objects.filter(board__in=shown, ends_on=None).values_list("board"))
    waiting = _counted(models.Agenda.objects.filter(board__in=shown, meeting=None, result=R.OPEN).values_list("board"))
    actions = _counted(
        models.Action.objects.filter(meeting__board__in=shown, done_at=None).values_list("meeting__board")
    )
    return [
        BoardRow(
            row.public_id, row.practice_id, row.practice.name, row.name, row.agreement, seats.get(row.pk, 0),
            waiting.get(row.pk, 0), actions.get(row.pk, 0), row.next_at, row.latest_at,  # type: ignore[attr-defined]
        )
        for row in shown
    ]  # fmt: skip


def _counted(rows: QuerySet[Any, tuple[int]]) -> dict[int, int]:
    return dict(rows.order_by().annotate(count=Count("pk")))


def row_of(public_id: str, *, lock: bool = False) -> models.Board:
    """The row of a board; raises `NotFound`."""
    rows = models.Board.objects.select_related("practice")
    found = (rows.select_for_update(of=("self",)) if lock else rows).filter(public_id=public_id).first()
    if found is None:
        raise NotFound(f"There is no board {public_id}.", field="board")
    return found


def meeting_row(public_id: str, *, lock: bool = False) -> models.Meeting:
    """The row of a meeting; raises `NotFound`."""
    rows = models.Meeting.objects.select_related("practice", "board", "charter")
    found = (rows.select_for_update(of=("self",)) if lock else rows).filter(public_id=public_id).first()
    if found is None:
        raise NotFound(f"There is no meeting {public_id}.", field="meeting")
    return found


def item_row(public_id: str) -> models.Agenda:
    """The row of an item of an agenda; raises `NotFound`."""
    found = models.Agenda.objects.select_related("meeting", "board").filter(public_id=public_id).first()
    if found is None:
        raise NotFound(f"There is no item {public_id}.", field="item")
    return found


def action_row(public_id: str) -> models.Action:
    """The row of an action; raises `NotFound`."""
    found = models.Action.objects.select_related("meeting").filter(public_id=public_id).first()
    if found is None:
        raise NotFound(f"There is no action {public_id}.", field="action")
    return found


def item(public_id: str) -> tuple[Meeting, Item]:
    """An item of a meeting's agenda, with the meeting; raises `NotFound`, also for what waits for a meeting."""
    row = item_row(public_id)
    if row.meeting is None:
        raise NotFound(f"The item {public_id} waits for a meeting.", field="item")
    found = meeting(row.meeting.public_id)
    return found, next(one for one in found.items if one.public_id == public_id)


def action(public_id: str) -> Action:
    """An action; raises `NotFound`."""
    return _action(action_row(public_id))


def minutes(meeting: str) -> tuple[bytes, str]:
    """The frozen minutes of a meeting and the name of their file; raises `NotFound` where there are none yet."""
    row = meeting_row(meeting)
    if not row.minutes:
        raise NotFound("The minutes are written when the meeting closes.", field="meeting")
    return documents.read(row.minutes, row.practice_id), f"minutes-{row.public_id}"


def board(public_id: str, *, at: datetime) -> Board:
    """One board as it stands at an instant; raises `NotFound`."""
    row = row_of(public_id)
    on = day_in(row.practice.zone, at)
    charters = charters_of(row)
    meetings = models.Meeting.objects.filter(board=row).order_by("-number")
    actions = models.Action.objects.filter(meeting__board=row, done_at=None).select_related("meeting")
    waiting = models.Agenda.objects.filter(board=row, meeting=None, result=R.OPEN).order_by("added_at", "pk")
    return Board(
        row.public_id, row.practice_id, row.practice.public_id, row.practice.name, row.name, row.agreement,
        in_force(charters, on), charters, seats_on(row, on), tuple(_items(waiting, row.practice_id, on)),
        tuple(meeting_rows(meetings)), tuple(_action(one) for one in actions.order_by("due_on", "pk")),
    )  # fmt: skip


def agreed_quorum(practice: int, *, on: date) -> Quorum | None:
    """The quorum of joint boards that the agreement in force on a day states, where it states one."""
    version = agreements.in_force(practice, on)
    return version.terms.quorum if version else None


def charters_of(board: models.Board) -> tuple[Charter, ...]:
    """The charters of a board, the newest first."""
    return tuple(as_charter(row) for row in models.Charter.objects.filter(board=board).order_by("-number"))


def charter_key(board: models.Board, number: int) -> int:
    """The key of a charter of a board."""
    return models.Charter.objects.values_list("pk", flat=True).get(board=board, number=number)


def in_force(charters: Iterable[Charter], on: date) -> Charter | None:
    """The charter that holds on a day: the newest that was accepted and has begun."""
    return next((one for one in charters if one.accepted_at is not None and one.starts_on <= on), None)


def seats_on(board: models.Board, on: date) -> tuple[Seat, ...]:
    """The seats of a board on a day, the practice's first."""
    rows = models.Seat.objects.filter(board=board).order_by("-side", "number", "starts_on")
    return tuple(seat for seat in map(_seat, rows) if seat.holds(on))


def seatable(practice: int, side: Side, *, at: datetime) -> list[tuple[str, str]]:
    """Who may be seated for a class on a day: who holds a role of that side there that sits on boards."""
    known, on = roles.roles(), tenancy.today(practice, at)
    held = {
        one.user_id for one in access.assigned_in(practice, on=on)
        if one.role in known and known[one.role].side is side and SIT.code in known[one.role].permissions
    }  # fmt: skip
    people = [actor for actor in access.colleagues([practice], at=at) if actor.user_id in held]
    return [(actor.user, actor.name) for actor in people]


def meeting(public_id: str) -> Meeting:
    """One meeting with everything that belongs to it; raises `NotFound`."""
    row = meeting_row(public_id)
    on = day_in(row.practice.zone, row.meets_at)
    seats = seats_on(row.board, on)
    present = (
        models.Attendance.objects.filter(meeting=row).select_related("seat").order_by("-seat__side", "seat__number")
    )
    left = dict(models.Departure.objects.filter(attendance__meeting=row).values_list("attendance_id", "at"))
    items = models.Agenda.objects.filter(meeting=row).order_by("number")
    actions = models.Action.objects.filter(meeting=row).select_related("meeting").order_by("due_on", "pk")
    approved = models.Meeting.objects.filter(pk=row.approved_in_id or 0)
    approved_in = approved.values_list("public_id", flat=True).first()
    (shown,) = meeting_rows(models.Meeting.objects.filter(pk=row.pk))
    charter = rules.as_agreed(as_charter(row.charter), agreed_quorum(row.practice_id, on=on))
    return Meeting(
        shown, row.practice.public_id, charter, row.called_by, row.called_at, row.opened_at,
        row.closed_at, row.closed_by, row.minutes, row.minutes_sha256, row.approved_at, approved_in or "", seats,
        tuple(
            Present(one.seat_id, Side(one.seat.side), one.account, one.name, one.is_alternate, left.get(one.pk))
            for one in present
        ),
        tuple(_recused(one, row, seats) for one in _items(items, row.practice_id, on)),
        tuple(_action(one) for one in actions),
    )  # fmt: skip


def _recused(item: Item, row: models.Meeting, seats: Iterable[Seat]) -> Item:
    """An item with whoever of the seats disclosed an interest in its party: they are to be recused."""
    found = interests.conflicts(row.practice_id, item.party, at=row.closed_at or row.meets_at)
    people = [
        (account, name) for seat in seats
        for account, name in ((seat.holder, seat.holder_name), (seat.alternate, seat.alternate_name))
    ]  # fmt: skip
    told = tuple((name, found[account].public_id) for account, name in dict(people).items() if account in found)
    return replace(item, recusals=told) if told else item


def meeting_rows(rows: QuerySet[models.Meeting]) -> list[MeetingRow]:
    """Meetings as lists show them."""
    found = list(rows.select_related("practice", "board"))
    on = models.Agenda.objects.filter(meeting__in=found).order_by().values_list("meeting")
    every = dict(on.annotate(count=Count("pk")))
    carried = dict(on.filter(result=R.CARRIED).annotate(count=Count("pk")))
    return [
        MeetingRow(
            row.public_id, row.practice_id, row.practice.name, row.board.public_id, row.board.name, row.number,
            M(row.state), row.meets_at, row.place, every.get(row.pk, 0), carried.get(row.pk, 0),
        )
        for row in found
    ]  # fmt: skip


def _items(rows: Iterable[models.Agenda], practice: int, on: date) -> list[Item]:
    kept = list(rows)
    ballots: dict[int, list[Ballot]] = defaultdict(list)
    for row in models.Vote.objects.filter(item__in=kept).select_related("seat").order_by("-seat__side", "seat__number"):
        seat = _seat(row.seat)
        ballots[row.item_id].append(Ballot(seat.side, seat.name, row.account, row.name, V(row.choice), row.why, row.at))
    held = reserved(practice, on=on) if kept else []
    return [
        Item(
            row.public_id, row.number, row.title, row.words, row.matter, MATTERS.get(row.matter, ""), row.party,
            row.subject_kind, row.subject_id, registry.url_of(row.subject_kind, row.subject_id),
            row.added_by, row.added_at, R(row.result), row.result_words, row.notes,
            rules.why_reserved(row.matter, held), tuple(ballots[row.pk]),
        )
        for row in kept
    ]  # fmt: skip


def as_charter(row: models.Charter) -> Charter:
    """A row as what leaves governance."""
    return Charter(
        row.number, row.starts_on, row.notice_days, {Side.PRACTICE: row.quorum_practice, Side.MSO: row.quorum_mso},
        Rule(row.rule), row.recused_count, row.cited, Side(row.side), row.set_by, row.set_at, row.accepted_by,
        row.accepted_at,
    )  # fmt: skip


def _seat(row: models.Seat) -> Seat:
    return Seat(
        row.pk, Side(row.side), row.number, row.holder, row.holder_name, row.alternate, row.alternate_name,
        row.starts_on, row.ends_on,
    )  # fmt: skip


def _action(row: models.Action) -> Action:
    return Action(
        row.public_id, row.meeting.public_id, row.title, row.owner, row.owner_name, row.due_on, row.done_at,
        row.done_by, row.how,
    )  # fmt: skip
