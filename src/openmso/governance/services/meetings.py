"""Meetings of a board: called with notice, opened, attended, voted in, closed with frozen minutes, or cancelled."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db.models import Max

from openmso.governance import pdf
from openmso.governance.contracts import BUDGET, CALLED_WORK, CONVENE, MEETING, MINUTES, SIT
from openmso.governance.contracts.boards import Meeting, NewItem
from openmso.governance.events import BoardResolved
from openmso.governance.models import Agenda, Attendance, Departure, Vote
from openmso.governance.models import Meeting as Row
from openmso.governance.queries import boards as queries
from openmso.governance.rules import boards as rules
from openmso.governance.services import agenda, budgets, recusing
from openmso.governance.states import MEETING_MOVES, M, R, V
from openmso.kit.clock import day_in
from openmso.kit.errors import Conflict, Forbidden, Refused
from openmso.kit.states import check_move
from openmso.kit.words import counted
from openmso.platform.access.contracts import Actor, Decision
from openmso.platform.audit import services as audit
from openmso.platform.documents import services as documents
from openmso.platform.outbox import services as outbox
from openmso.platform.tenancy.scope import atomic
from openmso.platform.work import services as work

PRIORITY = 50


class NotCalled(Refused):
    """A meeting cannot be called so."""

    code = "not_called"


class NotSeatedThere(Forbidden):
    """They have no seat at this meeting."""

    code = "not_seated_there"


class NotVoted(Refused):
    """A vote cannot be cast so."""

    code = "not_voted"


class NotTheBoards(Forbidden):
    """The matter stays with the practice: a board discusses it and decides nothing."""

    code = "not_the_boards"


@atomic
def call(
    *, actor: Actor, board: str, meets_at: datetime, place: str, at: datetime, items: Sequence[NewItem] = ()
) -> Meeting:  # fmt: skip
    """Call a meeting: with the notice that the charter asks for, and what it is to deal with.

    Its agenda is drawn: minutes to approve, what waits for the board, proposals that are open, then `items`.
    Raises `NotCalled`, where no charter holds on that day, the notice is too short or a meeting is called already.
    """
    row = queries.row_of(board, lock=True)
    decision = actor.must(CONVENE.code, row.practice_id)
    for new in items:
        agenda.judge(new)
    zone = row.practice.zone
    day, today = day_in(zone, meets_at), day_in(zone, at)
    charter = queries.in_force(queries.charters_of(row), day)
    if charter is None:
        raise NotCalled("No charter holds on that day.", field="meets_at", fix="Have the other side accept one first.")
    if (first := rules.earliest(today, charter.notice_days)) > day or meets_at <= at:
        raise NotCalled(
            f"The charter asks for {counted(charter.notice_days, 'day')} of notice.", field="meets_at",
            fix=f"Choose {first:%-d %B %Y} or a later day.",
        )  # fmt: skip
    if not place.strip():
        raise NotCalled("Say where it meets.", field="place", fix="A room, or the address of a call.")
    if Row.objects.filter(board=row, state__in=[M.CALLED, M.SITTING]).exists():
        raise NotCalled("A meeting is called already.", fix="Hold it, or cancel it.")
    latest = Row.objects.filter(board=row).aggregate(latest=Max("number"))["latest"] or 0
    made = Row.objects.create(
        practice_id=row.practice_id, board=row, number=latest + 1, place=place.strip()[:120], meets_at=meets_at,
        charter_id=queries.charter_key(row, charter.number), called_at=at, called_by=actor.name[:160],
    )  # fmt: skip
    agenda.draw(row, made, items, by=actor.name, at=at)
    local = meets_at.astimezone(ZoneInfo(zone))
    work.open_item(
        practice=row.practice_id, kind=CALLED_WORK, subject=(MEETING, made.public_id),
        title=f"{row.name}, meeting {made.number}", priority=PRIORITY, priority_why="A board meets",
        why=f"{actor.name} called it for {local:%-d %B %Y %H:%M}, {made.place}. Read the agenda before.",
        due_at=meets_at, key=_key(made), at=at,
    )  # fmt: skip
    _tell(made, "governance.called", actor, at, decision, when=f"{local:%-d %B %Y %H:%M}")
    return queries.meeting(made.public_id)


@atomic
def cancel(*, actor: Actor, meeting: str, why: str, at: datetime) -> Meeting:
    """Cancel a meeting that has not begun: what was on its agenda waits for the next one."""
    row, decision = _locked(meeting, actor, CONVENE.code)
    if not why.strip():
        raise NotCalled("Say why.", field="why")
    _move(row, M.CANCELLED)
    row.save(update_fields=["state"])
    Agenda.objects.filter(meeting=row, subject_kind=MEETING).update(
        result=R.HEARD, result_words="The meeting was cancelled; the next one approves them."
    )
    Agenda.objects.filter(meeting=row, result=R.OPEN).update(meeting=None, number=0)
    work.close_item(
        practice=row.practice_id, key=_key(row), actor=actor, at=at, outcome=M.CANCELLED.label, under=decision
    )
    _tell(row, "governance.cancelled", actor, at, decision, why=why)
    return queries.meeting(meeting)


@atomic
def open_(*, actor: Actor, meeting: str, at: datetime) -> Meeting:
    """Open a meeting, on its day or after."""
    row, decision = _locked(meeting, actor, CONVENE.code)
    day = day_in(row.practice.zone, row.meets_at)
    if day_in(row.practice.zone, at) < day:
        raise NotCalled(
            f"It is called for {day:%-d %B %Y}.", fix="Open it on that day: whoever was called relies on it."
        )
    _move(row, M.SITTING)
    row.opened_at = at
    row.save(update_fields=["state", "opened_at"])
    work.close_item(practice=row.practice_id, key=_key(row), actor=actor, at=at, outcome="Opened", under=decision)
    _tell(row, "governance.opened", actor, at, decision)
    return queries.meeting(meeting)


@atomic
def attend(*, actor: Actor, meeting: str, at: datetime, account: str = "") -> Meeting:
    """Record that somebody is there: oneself, or for whoever keeps the board another; in their seat, or standing in.

    Raises `NotSeatedThere`.
    """
    account = account or actor.user
    row, decision = _locked(meeting, actor, SIT.code if account == actor.user else CONVENE.code)
    if row.state != M.SITTING:
        raise Conflict("The meeting does not sit.", fix="Open it first.")
    found = queries.meeting(meeting)
    if found.seat_of(account):
        return found
    seat = found.free_for(account)
    if seat is None:
        raise NotSeatedThere("They hold no seat at this meeting, nor stand in for one that is free.", field="account")
    name = seat.holder_name if account == seat.holder else seat.alternate_name
    Attendance.objects.create(
        practice_id=row.practice_id, meeting=row, seat_id=seat.key, account=account, name=name,
        is_alternate=account != seat.holder, at=at, by=actor.name[:160],
    )  # fmt: skip
    _tell(row, "governance.attended", actor, at, decision, who=f"{name}, {seat.name}")
    return queries.meeting(meeting)


@atomic
def leave(*, actor: Actor, meeting: str, at: datetime, account: str = "") -> Meeting:
    """Record that somebody leaves before the end: oneself, or for whoever keeps the board another.

    What they voted stays; what is voted afterwards has a quorum without them. Raises `NotSeatedThere`.
    """
    account = account or actor.user
    row, decision = _locked(meeting, actor, SIT.code if account == actor.user else CONVENE.code)
    if row.state != M.SITTING:
        raise Conflict("The meeting does not sit.", fix="Look at the meeting.")
    seat = queries.meeting(meeting).seat_of(account)
    if seat is None:
        raise NotSeatedThere("They are not there, or have left.", field="account")
    there = Attendance.objects.get(meeting=row, account=account)
    Departure.objects.create(practice_id=row.practice_id, attendance=there, at=at, by=actor.name[:160])
    _tell(row, "governance.left", actor, at, decision, who=seat.name)
    return queries.meeting(meeting)


@atomic
def vote(*, actor: Actor, item: str, choice: V, at: datetime, why: str = "") -> Meeting:
    """Vote on an item from one's seat, or be recused with the reason; a vote that is cast stays.

    Refused for what is reserved to the practice (`NotTheBoards`, with what makes it so), for whoever has no seat there
    (`NotSeatedThere`), and for whoever disclosed an interest in its party (`Conflicted`), save to be recused.
    """
    asked = queries.item_row(item)
    if asked.meeting is None:
        raise Conflict("It waits for a meeting.", fix="Vote when it is on the agenda of one that sits.")
    row, decision = _locked(asked.meeting.public_id, actor, SIT.code)
    found = queries.meeting(row.public_id)
    shown = next(one for one in found.items if one.public_id == item)
    if row.state != M.SITTING:
        raise Conflict("The meeting does not sit.", fix="Vote while it does.")
    if shown.result is not R.OPEN:
        raise Conflict(f"It ended elsewhere: {shown.result_words}", fix="There is nothing to vote on.")
    if shown.reserved:
        raise NotTheBoards(shown.reserved, fix="Propose it to the practice; its licensees decide.")
    seat = found.seat_of(actor.user)
    if seat is None:
        raise NotSeatedThere("You are in no seat at this meeting.", fix="Have it recorded that you are there.")
    if choice is not V.RECUSED:
        recusing.refuse(actor, row.practice_id, shown.party, at=at)
    elif not why.strip():
        raise NotVoted("Say why you are recused.", field="why")
    if any(one.account == actor.user for one in shown.ballots):
        raise Conflict("Your vote is cast, and stays.", fix="The next meeting can take it up again.")
    Vote.objects.create(
        practice_id=row.practice_id, item=asked, seat_id=seat.seat, account=actor.user, name=actor.name[:160],
        choice=choice, why=why.strip()[:600], at=at,
    )  # fmt: skip
    _tell(row, "governance.voted", actor, at, decision, title=shown.title, choice=choice.label.lower())
    return queries.meeting(row.public_id)


@atomic
def close(*, actor: Actor, meeting: str, at: datetime) -> Meeting:
    """Close a meeting: each item ends by the charter's rule, in words, and the minutes are frozen with their hash.

    What is reserved, and what nobody was asked to vote on, was discussed. Minutes of earlier meetings that were
    carried are approved.
    """
    row, decision = _locked(meeting, actor, CONVENE.code)
    _move(row, M.CLOSED)
    found = queries.meeting(meeting)
    for shown in (one for one in found.items if one.result is R.OPEN):
        if shown.reserved or not shown.ballots:
            result, words = R.HEARD, shown.reserved or "Discussed; nobody was asked to vote."
        else:
            of_budget = shown.subject_kind == BUDGET
            there = found.there_for(shown)
            ended = rules.outcome(found.charter, present=there, ballots=shown.ballots, practice_too=of_budget)
            result, words = ended.result, ended.words
        Agenda.objects.filter(practice_id=row.practice_id, public_id=shown.public_id).update(
            result=result, result_words=words[:600]
        )
        if shown.subject_kind == MEETING:
            _approve(shown.subject_id, row, result, actor, at, decision)
        elif shown.subject_kind == BUDGET and result is R.CARRIED:
            budgets.carried(actor=actor, budget=shown.subject_id, meeting=meeting, words=words, at=at, under=decision)
        elif shown.subject_id:
            outbox.publish(
                BoardResolved(shown.public_id, meeting, shown.subject_kind, shown.subject_id, result.value, words),
                practice=row.practice_id, at=at, behind=decision.grant,
            )  # fmt: skip
    _freeze(row, actor, at, decision)
    ended_so = ", ".join(f"{one.title}: {one.result.label.lower()}" for one in queries.meeting(meeting).items)
    _tell(row, "governance.closed", actor, at, decision, results=ended_so or "nothing on the agenda")
    return queries.meeting(meeting)


def _approve(past: str, row: Row, result: R, actor: Actor, at: datetime, decision: Decision) -> None:
    """Approve the minutes of a past meeting where that was carried."""
    if result is not R.CARRIED:
        return
    approved = queries.meeting_row(past, lock=True)
    _move(approved, M.APPROVED)
    approved.approved_at, approved.approved_in = at, row
    approved.save(update_fields=["state", "approved_at", "approved_in"])
    _tell(approved, "governance.minutes_approved", actor, at, decision)


def _freeze(row: Row, actor: Actor, at: datetime, decision: Decision) -> None:
    """Write the minutes from what is kept, store them, and hold them by their hash."""
    row.closed_at, row.closed_by = at, actor.name[:160]
    paper = pdf.minutes(queries.meeting(row.public_id), closed_at=at, closed_by=actor.name, zone=row.practice.zone)
    kept = documents.store(
        actor=actor, practice=row.practice_id, name=f"minutes-{row.public_id}.pdf", content=paper,
        media_type="application/pdf", purpose=MINUTES.code, at=at, under=decision,
    )  # fmt: skip
    row.minutes, row.minutes_sha256 = kept.public_id, kept.sha256
    row.save(update_fields=["state", "closed_at", "closed_by", "minutes", "minutes_sha256"])


def _move(row: Row, to: M) -> None:
    check_move(MEETING_MOVES, noun="meeting", frm=M(row.state), to=to)
    row.state = to


def _locked(meeting: str, actor: Actor, permission: str) -> tuple[Row, Decision]:
    row = queries.meeting_row(meeting, lock=True)
    return row, actor.must(permission, row.practice_id)


def _key(row: Row) -> str:
    return f"{MEETING}|{row.public_id}"


def _tell(
    row: Row, action: str, actor: Actor, at: datetime, decision: Decision, *, why: str = "", **facts: str
) -> None:
    audit.record(
        actor=actor, action=action, practice=row.practice_id, subject=(MEETING, row.public_id), at=at, facts=facts,
        why=why.strip(), decision=decision,
    )  # fmt: skip
