"""Actions that a meeting resolved: work with a clock, for somebody."""

from __future__ import annotations

from datetime import date, datetime

from openmso.agreements.queries import clocks
from openmso.governance.contracts import ACTION_WORK, CONVENE, MEETING, SIT
from openmso.governance.models import Action
from openmso.governance.queries import boards as queries
from openmso.governance.states import M
from openmso.kit.errors import Conflict, Forbidden, Refused
from openmso.platform.access.contracts import Actor, Decision, Side
from openmso.platform.audit import services as audit
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.tenancy.scope import atomic
from openmso.platform.work import services as work
from openmso.platform.work.contracts import when

PRIORITY = 55


class NoAction(Refused):
    """It is no action that can be set, or finished, so."""

    code = "no_action"


class NotTheirs(Forbidden):
    """Only whose action it is, or who keeps the board, finishes it."""

    code = "not_theirs"


@atomic
def resolve(*, actor: Actor, meeting: str, title: str, owner: str, due_on: date, at: datetime) -> str:
    """Set an action at a meeting that sits, or after it: what, who, by when; its public id."""
    row = queries.meeting_row(meeting)
    decision = actor.must(CONVENE.code, row.practice_id)
    if row.state in {M.CALLED, M.CANCELLED}:
        raise Conflict("The meeting has not been held.", fix="Open it first.")
    if not title.strip():
        raise NoAction("Say what is to be done.", field="title")
    if due_on < tenancy.today(row.practice_id, at):
        raise NoAction("That day is past.", field="due_on", fix="Choose today or a later day.")
    people = dict(everybody(row.practice_id, at=at))
    if owner not in people:
        raise NoAction("They sit on no board of this practice.", field="owner", fix="Choose one of the list.")
    made = Action.objects.create(
        practice_id=row.practice_id, meeting=row, title=title.strip()[:200], owner=owner,
        owner_name=people[owner][:160], due_on=due_on, set_at=at, set_by=actor.name[:160],
    )  # fmt: skip
    work.open_item(
        practice=row.practice_id, kind=ACTION_WORK, subject=(MEETING, meeting), title=made.title, priority=PRIORITY,
        why=f"{row.board.name}, meeting {row.number}, resolved it: {made.owner_name} does it.",
        priority_why=f"Resolved by a board, due {when(due_on)}", due_at=clocks.closing(row.practice_id, due_on),
        key=_key(made), at=at,
    )  # fmt: skip
    _tell(made, "governance.action_set", actor, at, decision)
    return made.public_id


@atomic
def finish(*, actor: Actor, action: str, how: str, at: datetime) -> str:
    """Say that an action is done, and how; the public id of its meeting."""
    row = queries.action_row(action)
    decision = actor.must(SIT.code, row.practice_id)
    if row.owner != actor.user and not actor.can(CONVENE.code, row.practice_id):
        raise NotTheirs(f"It is {row.owner_name}'s.", fix="Ask them, or whoever keeps the board.")
    if row.done_at is not None:
        raise Conflict("It is done already.")
    if not how.strip():
        raise NoAction("Say how it was done.", field="how")
    row.done_at, row.done_by, row.how = at, actor.name[:160], how.strip()[:600]
    row.save(update_fields=["done_at", "done_by", "how"])
    work.close_item(practice=row.practice_id, key=_key(row), actor=actor, at=at, outcome="Done", under=decision)
    _tell(row, "governance.action_done", actor, at, decision)
    return row.meeting.public_id


def everybody(practice: int, *, at: datetime) -> list[tuple[str, str]]:
    """Who may be given an action: whoever may sit on a board of the practice, of either side."""
    return [pair for side in (Side.PRACTICE, Side.MSO) for pair in queries.seatable(practice, side, at=at)]


def _key(row: Action) -> str:
    return f"{ACTION_WORK}|{row.public_id}"


def _tell(row: Action, action: str, actor: Actor, at: datetime, decision: Decision) -> None:
    audit.record(
        actor=actor, action=action, practice=row.practice_id, subject=(MEETING, row.meeting.public_id), at=at,
        facts={"title": row.title, "action": row.public_id, "owner": row.owner_name}, decision=decision,
    )  # fmt: skip
