"""Setting boards up: their charters, which the other side accepts, and their seats, which each class fills itself."""

from __future__ import annotations

from datetime import date, datetime

from django.db.models import Max

from openmso.agreements.queries import agreements, clocks
from openmso.governance.contracts import BOARD, CHARTER_WORK, CONVENE
from openmso.governance.contracts.boards import CLASS_WORDS, Board, NewCharter
from openmso.governance.models import Board as Row
from openmso.governance.models import Charter, Seat
from openmso.governance.queries import boards as queries
from openmso.governance.rules import boards as rules
from openmso.kit.errors import Conflict, Refused
from openmso.platform.access.contracts import Actor, Decision, Side
from openmso.platform.access.queries import side_behind
from openmso.platform.audit import services as audit
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.tenancy.scope import atomic
from openmso.platform.work import services as work

PRIORITY = 60


class NotChartered(Refused):
    """A board cannot be set up so, or its charter written so."""

    code = "not_chartered"


class NotSeated(Refused):
    """Nobody can be seated so."""

    code = "not_seated"


@atomic
def set_up(*, actor: Actor, practice: int, name: str, charter: NewCharter, at: datetime) -> str:
    """Set up a board of the agreement in force, with its first charter; its public id.

    The charter holds once somebody of the other side has accepted it. Raises `NotChartered`.
    """
    decision = actor.must(CONVENE.code, practice)
    if not name.strip():
        raise NotChartered("Give the board a name.", field="name", fix="Such as Joint operating board.")
    if Row.objects.filter(practice_id=practice, name=name.strip()).exists():
        raise NotChartered(f"There is a board {name.strip()} already.", field="name", fix="Choose another name.")
    agreed = agreements.in_force(practice, tenancy.today(practice, at))
    row = Row.objects.create(
        practice_id=practice, name=name.strip(), agreement=agreed.agreement if agreed else "", set_up_at=at,
        set_up_by=actor.name[:160],
    )  # fmt: skip
    _tell(row, "governance.board_set_up", actor, at, decision, name=row.name)
    _write(row, charter, actor, at, decision)
    return row.public_id


@atomic
def write(*, actor: Actor, board: str, charter: NewCharter, at: datetime) -> Board:
    """Write a new charter for a board; the one before holds until the other side has accepted it."""
    row = queries.row_of(board, lock=True)
    decision = actor.must(CONVENE.code, row.practice_id)
    if Charter.objects.filter(board=row, accepted_at=None).exists():
        raise NotChartered("A charter waits to be accepted already.", fix="Have the other side accept that one first.")
    _write(row, charter, actor, at, decision)
    return queries.board(board, at=at)


def _write(row: Row, new: NewCharter, actor: Actor, at: datetime, decision: Decision) -> None:
    today = tenancy.today(row.practice_id, at)
    if no := rules.charter_faults(new, today=today, agreed=queries.agreed_quorum(row.practice_id, on=today)):
        raise NotChartered(no, field=_field(no), fix="Look at the agreement.")
    side = side_behind(actor, decision)
    latest = Charter.objects.filter(board=row).aggregate(latest=Max("number"))["latest"] or 0
    made = Charter.objects.create(
        practice_id=row.practice_id, board=row, number=latest + 1, starts_on=new.starts_on, notice_days=new.notice_days,
        quorum_practice=new.quorum_practice, quorum_mso=new.quorum_mso, rule=new.rule, recused_count=new.recused_count,
        cited=new.cited.strip()[:200], side=side, set_at=at, set_by=actor.name[:160], set_user=actor.user,
    )  # fmt: skip
    words = queries.as_charter(made).sentence
    other = CLASS_WORDS[Side.MSO if side is Side.PRACTICE else Side.PRACTICE]
    work.open_item(
        practice=row.practice_id, kind=CHARTER_WORK, subject=(BOARD, row.public_id), title=f"Charter of {row.name}",
        why=f"{actor.name} wrote charter {made.number}: {words} It holds once somebody of the {other} accepts it.",
        priority=PRIORITY, priority_why="No meeting is called without a charter",
        due_at=clocks.sla_due(row.practice_id, "", CHARTER_WORK, at), key=_key(made), at=at,
    )  # fmt: skip
    _tell(row, "governance.charter_set", actor, at, decision, number=str(made.number), words=words)


def _field(no: str) -> str:
    found = {"Days of notice": "notice_days", "A quorum": "quorum_practice", "Say where": "cited"}
    return next((field for words, field in found.items() if no.startswith(words)), "starts_on")


@atomic
def accept(*, actor: Actor, board: str, number: int, at: datetime) -> Board:
    """Accept a charter that the other side wrote; from its first day on it holds."""
    row = queries.row_of(board, lock=True)
    decision = actor.must(CONVENE.code, row.practice_id)
    found = Charter.objects.select_for_update().filter(board=row, number=number).first()
    if found is None or found.accepted_at is not None:
        raise Conflict("No such charter waits to be accepted.", fix="Look at the board.")
    if side_behind(actor, decision) == found.side:
        words = CLASS_WORDS[Side(found.side)]
        raise NotChartered(f"The {words} wrote it; somebody of the other side accepts it.", fix="Ask them.")
    found.accepted_at, found.accepted_by, found.accepted_user = at, actor.name[:160], actor.user
    found.save(update_fields=["accepted_at", "accepted_by", "accepted_user"])
    work.close_item(
        practice=row.practice_id, key=_key(found), actor=actor, at=at, outcome="Accepted", under=decision
    )  # fmt: skip
    _tell(row, "governance.charter_accepted", actor, at, decision, number=str(number))
    return queries.board(board, at=at)


@atomic
def seat(
    *, actor: Actor, board: str, side: Side, number: int, holder: str, starts_on: date, at: datetime,
    alternate: str = "",
) -> Board:  # fmt: skip
    """Fill a seat from a day on, with who stands in; whoever held it holds it until then. No holder leaves it empty.

    Each class fills its own seats, with people who hold a role of its side in the practice (`NotSeated`).
    """
    row = queries.row_of(board, lock=True)
    decision = actor.must(CONVENE.code, row.practice_id)
    if side_behind(actor, decision) is not side:
        raise NotSeated(
            f"Seats of the {CLASS_WORDS[side]} are filled by its own people.", field="side", fix="Ask them."
        )
    if not 1 <= number <= rules.SEATS_MAX:
        raise NotSeated(f"Seats are numbered from 1 to {rules.SEATS_MAX}.", field="number")
    people = dict(queries.seatable(row.practice_id, side, at=at))
    for field, who in (("holder", holder), ("alternate", alternate)):
        if who and who not in people:
            raise NotSeated(
                f"They hold no role of the {CLASS_WORDS[side]} that sits on boards.", field=field,
                fix="Choose one of the list, or assign them first.",
            )  # fmt: skip
    if alternate and (alternate == holder or not holder):
        raise NotSeated("Somebody else stands in for who holds a seat.", field="alternate", fix="Choose another.")
    _end(row, side, number, starts_on)
    if holder:
        Seat.objects.create(
            practice_id=row.practice_id, board=row, side=side, number=number, holder=holder,
            holder_name=people[holder][:160], alternate=alternate, alternate_name=people.get(alternate, "")[:160],
            starts_on=starts_on,
        )  # fmt: skip
    name = people[holder] if holder else "nobody"
    _tell(row, "governance.seated", actor, at, decision, holder=name, seat=f"{CLASS_WORDS[side]} {number}")
    return queries.board(board, at=at)


def _end(row: Row, side: Side, number: int, on: date) -> None:
    """End what a seat is until a day; raises `NotSeated` where it was filled anew on a later one."""
    before = Seat.objects.select_for_update().filter(board=row, side=side, number=number, ends_on=None).first()
    if before is None:
        return
    if before.starts_on > on:
        raise NotSeated(
            f"That seat is filled from {before.starts_on:%-d %B %Y} on.", field="starts_on", fix="Choose a later day."
        )
    before.ends_on = on
    before.save(update_fields=["ends_on"])


def _key(charter: Charter) -> str:
    return f"{CHARTER_WORK}|{charter.board_id}|{charter.number}"


def _tell(row: Row, action: str, actor: Actor, at: datetime, decision: Decision, **facts: str) -> None:
    audit.record(
        actor=actor, action=action, practice=row.practice_id, subject=(BOARD, row.public_id), at=at, facts=facts,
        decision=decision,
    )  # fmt: skip
