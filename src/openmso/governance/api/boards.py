"""The API of joint boards: charters, seats, agendas, meetings, votes, minutes and actions."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from ninja import Query, Status

from openmso.governance.api import board_answers as answers
from openmso.governance.api.board_schemas import (
    ActionId,
    AgendaItemIn,
    AttendanceIn,
    BoardActionHowIn,
    BoardActionIn,
    BoardId,
    BoardIn,
    BoardOut,
    BoardRowOut,
    BoardVoteIn,
    CharterIn,
    ItemId,
    MeetingId,
    MeetingIn,
    MeetingOut,
    MeetingWhyIn,
    MinutesNoteIn,
    Number,
    SeatIn,
)
from openmso.governance.api.proposals import router
from openmso.governance.contracts import CONVENE, READ, SIT
from openmso.governance.queries import boards as queries
from openmso.governance.services import actions, agenda, chartering, meetings
from openmso.governance.states import V
from openmso.platform.access.contracts import Side
from openmso.platform.api.operations import operation
from openmso.platform.api.pages import PageAsk, PageOut, paged
from openmso.platform.api.schemas import Words
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.tenancy.scope import reading
from openmso.platform.ui.contracts import Filters
from openmso.platform.ui.contracts import PageAsk as RowsAsk

__all__ = ["router"]


@router.get("/boards", response=PageOut[BoardRowOut])
@operation(READ.code)
def list_boards(request: Any, page: Query[PageAsk], q: Words = "") -> Any:
    """The joint boards; `q` is part of a name, a practice or an agreement."""
    found = queries.listing(filters=Filters(text=q), page=RowsAsk(page.page, page.size, "practice_name"))
    return paged(request, [answers.board_row_data(one) for one in found.rows], found.total or 0, page)


@router.post("/boards", response={201: BoardOut})
@operation(CONVENE.code)
def set_up_board(request: Any, body: BoardIn) -> Any:
    """Set up a board, with its first charter."""
    with reading():
        practice = tenancy.key_in_scope(body.practice)
    made = chartering.set_up(
        actor=request.actor, practice=practice, name=body.name, charter=body.charter(), at=request.actor.at
    )
    return Status(201, _reread(request, made))


@router.get("/boards/{board}", response=BoardOut)
@operation(READ.code)
def get_board(request: Any, board: BoardId) -> Any:
    """One board as it stands today."""
    return answers.board_data(queries.board(board, at=request.actor.at))


@router.post("/boards/{board}/charters", response={201: BoardOut})
@operation(CONVENE.code)
def write_board_charter(request: Any, board: BoardId, body: CharterIn) -> Any:
    """Write a new charter; the one before holds until the other side has accepted it."""
    return Status(
        201,
        answers.board_data(
            chartering.write(actor=request.actor, board=board, charter=body.charter(), at=request.actor.at)
        ),
    )


@router.post("/boards/{board}/charters/{number}/acceptance", response=BoardOut)
@operation(CONVENE.code)
def accept_board_charter(request: Any, board: BoardId, number: Number) -> Any:
    """Accept a charter that the other side wrote."""
    return answers.board_data(chartering.accept(actor=request.actor, board=board, number=number, at=request.actor.at))


@router.post("/boards/{board}/seats", response=BoardOut)
@operation(CONVENE.code)
def fill_board_seat(request: Any, board: BoardId, body: SeatIn) -> Any:
    """Fill a seat of one's own class from a day on."""
    return answers.board_data(
        chartering.seat(
            actor=request.actor, board=board, side=Side(body.side), number=body.number, holder=body.holder or "",
            alternate=body.alternate or "", starts_on=body.starts_on, at=request.actor.at,
        )
    )  # fmt: skip


@router.post("/boards/{board}/agenda", response={201: BoardOut})
@operation(SIT.code)
def put_before_board(request: Any, board: BoardId, body: AgendaItemIn) -> Any:
    """Put something before a board: on the agenda of the meeting that is called, else of the next one."""
    agenda.put(actor=request.actor, board=board, new=body.item(), at=request.actor.at)
    return Status(201, _reread(request, board))


@router.post("/boards/{board}/meetings", response={201: MeetingOut})
@operation(CONVENE.code)
def call_board_meeting(request: Any, board: BoardId, body: MeetingIn) -> Any:
    """Call a meeting, with the notice that the charter asks for."""
    made = meetings.call(
        actor=request.actor, board=board, meets_at=body.meets_at, place=body.place, at=request.actor.at,
        items=[one.item() for one in body.items],
    )  # fmt: skip
    return Status(201, answers.meeting_data(made))


@router.get("/board-meetings/{meeting}", response=MeetingOut)
@operation(READ.code)
def get_board_meeting(request: Any, meeting: MeetingId) -> Any:
    """One meeting with its agenda, votes, attendance and actions."""
    return answers.meeting_data(queries.meeting(meeting))


@router.post("/board-meetings/{meeting}/cancellation", response=MeetingOut)
@operation(CONVENE.code)
def cancel_board_meeting(request: Any, meeting: MeetingId, body: MeetingWhyIn) -> Any:
    """Cancel a meeting that has not begun."""
    return answers.meeting_data(
        meetings.cancel(actor=request.actor, meeting=meeting, why=body.why, at=request.actor.at)
    )


@router.post("/board-meetings/{meeting}/opening", response=MeetingOut)
@operation(CONVENE.code)
def open_board_meeting(request: Any, meeting: MeetingId) -> Any:
    """Open a meeting, on its day or after."""
    return answers.meeting_data(meetings.open_(actor=request.actor, meeting=meeting, at=request.actor.at))


@router.post("/board-meetings/{meeting}/attendance", response=MeetingOut)
@operation(SIT.code)
def attend_board_meeting(request: Any, meeting: MeetingId, body: AttendanceIn) -> Any:
    """Record that one is there; whoever keeps the board may record others."""
    return answers.meeting_data(
        meetings.attend(actor=request.actor, meeting=meeting, account=body.account or "", at=request.actor.at)
    )


@router.post("/board-meetings/{meeting}/departures", response=MeetingOut)
@operation(SIT.code)
def leave_board_meeting(request: Any, meeting: MeetingId, body: AttendanceIn) -> Any:
    """Record that one leaves before the end; whoever keeps the board may record others. The quorum follows."""
    return answers.meeting_data(
        meetings.leave(actor=request.actor, meeting=meeting, account=body.account or "", at=request.actor.at)
    )


@router.post("/board-meetings/{meeting}/closing", response=MeetingOut)
@operation(CONVENE.code)
def close_board_meeting(request: Any, meeting: MeetingId) -> Any:
    """Close a meeting: items end by the charter's rule, the minutes are frozen."""
    return answers.meeting_data(meetings.close(actor=request.actor, meeting=meeting, at=request.actor.at))


@router.post("/agenda-items/{item}/votes", response=MeetingOut)
@operation(SIT.code)
def vote_in_board(request: Any, item: ItemId, body: BoardVoteIn) -> Any:
    """Vote from one's seat; refused for what is reserved to the practice."""
    return answers.meeting_data(
        meetings.vote(actor=request.actor, item=item, choice=V(body.choice), why=body.why, at=request.actor.at)
    )


@router.put("/agenda-items/{item}/notes", response=MeetingOut)
@operation(CONVENE.code)
def note_board_item(request: Any, item: ItemId, body: MinutesNoteIn) -> Any:
    """Write down what was said on an item, for the minutes."""
    agenda.note(actor=request.actor, item=item, notes=body.notes, at=request.actor.at)
    with reading():
        return answers.meeting_data(queries.item(item)[0])


@router.get("/board-meetings/{meeting}/minutes")
@operation(READ.code)
def get_board_minutes(request: Any, meeting: MeetingId) -> Any:
    """The frozen minutes as PDF."""
    return HttpResponse(queries.minutes(meeting)[0], content_type="application/pdf")


@router.post("/board-meetings/{meeting}/actions", response={201: MeetingOut})
@operation(CONVENE.code)
def set_board_action(request: Any, meeting: MeetingId, body: BoardActionIn) -> Any:
    """Set an action: it becomes work with a clock."""
    actions.resolve(
        actor=request.actor, meeting=meeting, title=body.title, owner=body.owner, due_on=body.due_on,
        at=request.actor.at,
    )  # fmt: skip
    with reading():
        return Status(201, answers.meeting_data(queries.meeting(meeting)))


@router.post("/board-actions/{action}/completion", response=MeetingOut)
@operation(SIT.code)
def finish_board_action(request: Any, action: ActionId, body: BoardActionHowIn) -> Any:
    """Say that an action is done, and how."""
    meeting = actions.finish(actor=request.actor, action=action, how=body.how, at=request.actor.at)
    with reading():
        return answers.meeting_data(queries.meeting(meeting))


def _reread(request: Any, board: str) -> dict[str, Any]:
    with reading():
        return answers.board_data(queries.board(board, at=request.actor.at))
