"""Boards and their meetings as plain data."""

from __future__ import annotations

from typing import Any

from openmso.governance.contracts.boards import Action, Board, BoardRow, Charter, Item, Meeting, MeetingRow, Seat
from openmso.platform.access.contracts import Side


def board_row_data(one: BoardRow) -> dict[str, Any]:
    """A row of the list of boards."""
    return {
        "id": one.public_id, "practice": one.practice_name, "name": one.name, "agreement": one.agreement,
        "seats": one.seats, "waiting": one.waiting, "open_actions": one.open_actions, "next_at": one.next_at,
        "latest_at": one.latest_at,
    }  # fmt: skip


def board_data(one: Board) -> dict[str, Any]:
    """A board as it stands."""
    return {
        "id": one.public_id, "practice": one.practice_public_id, "name": one.name, "agreement": one.agreement,
        "charter": charter_data(one.charter) if one.charter else None,
        "charters": [charter_data(each) for each in one.charters], "seats": [seat_data(each) for each in one.seats],
        "waiting": [item_data(each) for each in one.waiting],
        "meetings": [meeting_row_data(each) for each in one.meetings],
        "open_actions": [action_data(each) for each in one.actions],
    }  # fmt: skip


def meeting_row_data(one: MeetingRow) -> dict[str, Any]:
    """A meeting in the list of its board."""
    return {
        "id": one.public_id, "number": one.number, "state": one.state.value, "meets_at": one.meets_at,
        "place": one.place, "items": one.items, "carried": one.carried,
    }  # fmt: skip


def meeting_data(one: Meeting) -> dict[str, Any]:
    """A meeting with its agenda."""
    return meeting_row_data(one.row) | {
        "board": one.row.board, "practice": one.practice_public_id, "charter": charter_data(one.charter),
        "called_by": one.called_by, "called_at": one.called_at, "opened_at": one.opened_at, "closed_at": one.closed_at,
        "minutes": one.minutes, "minutes_sha256": one.minutes_sha256, "approved_at": one.approved_at,
        "approved_in": one.approved_in, "seats": [seat_data(each) for each in one.seats],
        "present": [
            {"side": each.side.value, "account": each.account, "name": each.name, "is_alternate": each.is_alternate,
             "left_at": each.left_at}
            for each in one.present
        ],
        "agenda": [item_data(each) for each in one.items], "actions": [action_data(each) for each in one.actions],
    }  # fmt: skip


def charter_data(one: Charter) -> dict[str, Any]:
    """A charter, and the same as a sentence."""
    return {
        "number": one.number, "starts_on": one.starts_on, "notice_days": one.notice_days,
        "quorum_practice": one.quorum[Side.PRACTICE], "quorum_mso": one.quorum[Side.MSO], "rule": one.rule.value,
        "recused_count": one.recused_count, "cited": one.cited, "sentence": one.sentence, "set_by": one.set_by,
        "set_at": one.set_at, "accepted_by": one.accepted_by, "accepted_at": one.accepted_at,
    }  # fmt: skip


def seat_data(one: Seat) -> dict[str, Any]:
    """A seat."""
    return {
        "side": one.side.value, "number": one.number, "holder": one.holder, "holder_name": one.holder_name,
        "alternate": one.alternate, "alternate_name": one.alternate_name, "starts_on": one.starts_on,
        "ends_on": one.ends_on,
    }  # fmt: skip


def item_data(one: Item) -> dict[str, Any]:
    """An item with its votes."""
    return {
        "id": one.public_id, "number": one.number, "title": one.title, "words": one.words, "matter": one.matter,
        "matter_words": one.matter_words, "party": one.party, "subject": one.subject_id, "added_by": one.added_by,
        "result": one.result.value, "result_words": one.result_words, "notes": one.notes, "reserved": one.reserved,
        "recusals": [name for name, _ in one.recusals],
        "votes": [
            {"seat": each.seat, "name": each.name, "choice": each.choice.value, "why": each.why, "at": each.at}
            for each in one.ballots
        ],
    }  # fmt: skip


def action_data(one: Action) -> dict[str, Any]:
    """An action."""
    return {
        "id": one.public_id, "meeting": one.meeting, "title": one.title, "owner": one.owner,
        "owner_name": one.owner_name, "due_on": one.due_on, "done_at": one.done_at, "how": one.how,
    }  # fmt: skip
