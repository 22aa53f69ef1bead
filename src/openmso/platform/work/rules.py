"""What an item must say, and how urgent it looks."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta

from openmso.kit.clock import day_in
from openmso.kit.words import counted, from_today
from openmso.platform.ui.contracts import Tone
from openmso.platform.work.contracts import NewItem

URGENT, HIGH = 80, 50
SOON = timedelta(days=2)
UNDO_WINDOW = timedelta(minutes=10)
TITLE_LENGTH_MAX = 160
_WHEN = re.compile(r"\{(\d{4}-\d\d-\d\d)\}")


def faults(item: NewItem) -> Iterator[str]:
    """What is missing in an item, in words for the engineer whose app opens it."""
    if not 0 <= item.priority <= 100:
        yield f"priority {item.priority} is not between 0 and 100"
    if item.due_at.tzinfo is None:
        yield "due_at is an instant with a zone"
    for name in ("title", "why", "priority_why", "key"):
        if not getattr(item, name).strip():
            yield f"{name} is empty"
    if len(item.title) > TITLE_LENGTH_MAX:
        yield f"the title is longer than {TITLE_LENGTH_MAX} characters"


def urgency(priority: int) -> tuple[str, Tone]:
    """A word and a tone for a priority."""
    if priority >= URGENT:
        return "Urgent", Tone.BAD
    return ("High", Tone.WARN) if priority >= HIGH else ("Normal", Tone.NONE)


def reason(priority_why: str, today: date) -> str:
    """The reason of a priority as it is told on a day: its days are counted from there."""
    return _WHEN.sub(lambda found: from_today(date.fromisoformat(found[1]), today), priority_why).rstrip(".")


def due_words(due_at: datetime, at: datetime, zone: str) -> str:
    """`due tomorrow`, `due in 9 days`, `3 days late`, in the days of a zone."""
    due, today = day_in(zone, due_at), day_in(zone, at)
    if due < today:
        return f"{counted((today - due).days, 'day')} late"
    return "late since today" if due_at <= at else f"due {from_today(due, today)}"


def why_next(priority: int, priority_why: str, due_at: datetime, at: datetime, zone: str) -> str:
    """Why an item stands where it stands among others: `Urgent: visit tomorrow; due today`."""
    said = f"{reason(priority_why, day_in(zone, at))}; {due_words(due_at, at, zone)}"
    return f"{urgency(priority)[0]}: {said}" if priority >= HIGH else said[:1].upper() + said[1:]


def due_tone(due_at: datetime, at: datetime) -> Tone:
    """How pressing a due time is."""
    if due_at <= at:
        return Tone.BAD
    return Tone.WARN if due_at - at <= SOON else Tone.NONE


def may_undo(done_at: datetime | None, at: datetime) -> bool:
    """Whether something done can still be undone without a reason."""
    return done_at is not None and at - done_at <= UNDO_WINDOW


def is_drawn(seed: str, public_id: str, share: int) -> bool:
    """Whether an item is among a share (of a hundred) drawn by a seed: anybody can draw the same again."""
    return int(hashlib.sha256(f"{seed}:{public_id}".encode()).hexdigest(), 16) % 10_000 < share * 100
