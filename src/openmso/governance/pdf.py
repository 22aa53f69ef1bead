"""The minutes of a meeting on paper: typst, filled with plain data, as accessible PDF (PDF/UA-1)."""

from __future__ import annotations

import json
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import typst

from openmso.governance.contracts.boards import CLASS_WORDS, Action, Item, Meeting

TEMPLATE = Path(__file__).parent / "typ" / "minutes.typ"


def minutes(meeting: Meeting, *, closed_at: datetime, closed_by: str, zone: str) -> bytes:
    """What was decided and discussed, by whom, under which charter; times are of the practice's zone."""
    row, local = meeting.row, ZoneInfo(zone)
    data = {
        "title": f"{row.board_name}, minutes of meeting {row.number}",
        "practice": row.practice_name, "number": row.public_id, "place": row.place,
        "held": f"{row.meets_at.astimezone(local):%-d %B %Y}",
        "opened": _time(meeting.opened_at, local), "closed": _time(closed_at, local), "by": closed_by,
        "called": f"Called by {meeting.called_by} on {_day(meeting.called_at.astimezone(local).date())}.",
        "charter": f"Charter {meeting.charter.number}, {meeting.charter.cited}: {meeting.charter.sentence}",
        "present": [
            f"{one.name}, {CLASS_WORDS[one.side]}{', standing in' if one.is_alternate else ''}"
            + (f", left at {_time(one.left_at, local)}" if one.left_at else "")
            for one in meeting.present
        ],
        "absent": _absent(meeting), "items": [_item(one) for one in meeting.items],
        "actions": [_action(one) for one in meeting.actions],
    }  # fmt: skip
    return typst.compile(str(TEMPLATE), sys_inputs={"data": json.dumps(data)}, format="pdf", pdf_standards=["ua-1"])


def _absent(meeting: Meeting) -> list[str]:
    filled = {one.seat for one in meeting.present}
    return [f"{one.holder_name}, {one.name}" for one in meeting.seats if one.key not in filled]


def _item(one: Item) -> dict[str, Any]:
    votes = [
        f"{vote.name} ({vote.seat}): {vote.choice.label.lower()}{f', {vote.why}' if vote.why else ''}"
        for vote in one.ballots
    ]
    return {
        "number": one.number, "title": one.title, "about": " · ".join(filter(None, (one.matter_words, one.party))),
        "words": one.words, "notes": one.notes, "votes": votes, "result": one.result.label, "why": one.result_words,
    }  # fmt: skip


def _action(one: Action) -> dict[str, str]:
    return {"title": one.title, "owner": one.owner_name, "due": _day(one.due_on)}


def _day(day: date) -> str:
    return f"{day:%-d %B %Y}"


def _time(at: datetime | None, local: ZoneInfo) -> str:
    return f"{at.astimezone(local):%H:%M}" if at else ""
