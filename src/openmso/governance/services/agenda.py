"""Agendas: what is put before a board, what a meeting draws, and the notes that go into its minutes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from django.db.models import Max

from openmso.governance.contracts import BOARD, CONVENE, MEETING, SIT, SUBJECT
from openmso.governance.contracts.boards import NewItem
from openmso.governance.models import Agenda, Board, Meeting, Proposal
from openmso.governance.queries import boards as queries
from openmso.governance.queries import interests
from openmso.governance.states import M, R, S
from openmso.kit.errors import Conflict, Refused
from openmso.platform.access.contracts import Actor
from openmso.platform.audit import services as audit
from openmso.platform.tenancy.scope import atomic

NOTES_MAX = 4_000


class NotOnAgenda(Refused):
    """It cannot be put on an agenda so."""

    code = "not_on_agenda"


@atomic
def put(*, actor: Actor, board: str, new: NewItem, at: datetime) -> str:
    """Put something before a board: on the agenda of the meeting that is called, else it waits for the next one.

    What is about the same thing and still open is the same item. Raises `NotOnAgenda`.
    """
    row = queries.row_of(board, lock=True)
    decision = actor.must(SIT.code, row.practice_id)
    judge(new)
    made = before(row, new, by=actor.name, at=at)
    audit.record(
        actor=actor, action="governance.put", practice=row.practice_id, subject=(BOARD, board), at=at,
        facts={"title": made.title, "item": made.public_id}, decision=decision,
    )  # fmt: skip
    return made.public_id


def lay_before(*, practice: int, new: NewItem, by: str, at: datetime) -> int:
    """Lay something before every board of a practice, where it is not there already; before how many.

    The caller has judged who may: an app whose things come before boards by themselves, in their own course.
    """
    boards = list(Board.objects.filter(practice_id=practice).order_by("pk"))
    for board in boards:
        before(board, new, by=by, at=at)
    return len(boards)


def settled(*, practice: int, subject: tuple[str, str], words: str) -> None:
    """Something that lies before boards ended elsewhere: what is open of it is heard, and says how."""
    kind, about = subject
    Agenda.objects.filter(practice_id=practice, subject_kind=kind, subject_id=about, result=R.OPEN).update(
        result=R.HEARD, result_words=words[:600]
    )


def judge(new: NewItem) -> None:
    """Refuse an item that does not say what it is about, or which matter it is: that tells whose it is to decide."""
    if not new.title.strip():
        raise NotOnAgenda("Say what it is about.", field="title")
    if new.matter not in queries.MATTERS:
        words = f"There is no matter {new.matter!r}." if new.matter else "Say which matter it is."
        raise NotOnAgenda(words, field="matter", fix="Choose one of the list: it tells whose it is to decide.")


def before(row: Board, new: NewItem, *, by: str, at: datetime) -> Agenda:
    """The item about something: the one that is open, else a new one of the meeting that is called, or that waits."""
    kind, about = new.subject
    open_ = Agenda.objects.filter(board=row, subject_kind=kind, subject_id=about, result=R.OPEN)
    if about and (known := open_.first()):
        return known
    return add(row, Meeting.objects.filter(board=row, state__in=[M.CALLED, M.SITTING]).first(), new, by=by, at=at)


def add(row: Board, meeting: Meeting | None, new: NewItem, *, by: str, at: datetime) -> Agenda:
    """A new item, at the end of a meeting's agenda or among what waits.

    Where it names nobody and its words name a party in whom somebody disclosed an interest, it is about that party.
    """
    if new.subject[0] == SUBJECT:  # whose it is to decide follows from the proposal, whatever whoever puts it says
        asked = Proposal.objects.filter(practice_id=row.practice_id, public_id=new.subject[1]).first()
        new = replace(new, matter=asked.decision if asked else new.matter)
    party = new.party.strip() or interests.named(row.practice_id, f"{new.title} {new.words}", at=at)
    return Agenda.objects.create(
        practice_id=row.practice_id, board=row, meeting=meeting, number=next_number(meeting),
        title=new.title.strip()[:120], words=new.words.strip(), matter=new.matter, party=party[:120],
        subject_kind=new.subject[0], subject_id=new.subject[1], added_at=at, added_by=by[:160],
    )  # fmt: skip


def next_number(meeting: Meeting | None) -> int:
    """The next place on a meeting's agenda; none for what waits."""
    if meeting is None:
        return 0
    return (Agenda.objects.filter(meeting=meeting).aggregate(last=Max("number"))["last"] or 0) + 1


def draw(row: Board, meeting: Meeting, own: Iterable[NewItem], *, by: str, at: datetime) -> None:
    """Fill the agenda of a meeting: minutes to approve, what waits, proposals that are open, then items of its own."""
    for past in Meeting.objects.filter(board=row, state=M.CLOSED).order_by("number"):
        words = f"The minutes of meeting {past.number} as they were frozen."
        title = f"Minutes of meeting {past.number}"
        add(row, meeting, NewItem(title, words, "B11", subject=(MEETING, past.public_id)), by=by, at=at)
    waiting = Agenda.objects.filter(board=row, meeting=None, result=R.OPEN).order_by("added_at", "pk")
    for waits in sorted(waiting, key=lambda one: one.subject_kind == SUBJECT):
        waits.meeting, waits.number = meeting, next_number(meeting)
        waits.save(update_fields=["meeting", "number"])
    here = set(Agenda.objects.filter(meeting=meeting, subject_kind=SUBJECT).values_list("subject_id", flat=True))
    for one in Proposal.objects.filter(practice_id=row.practice_id, state=S.WAITING, proposed_at__lte=at).order_by(
        "due_at", "pk"
    ):
        if one.public_id not in here:
            new = NewItem(one.title, one.proposed, one.decision, one.party, (SUBJECT, one.public_id))
            add(row, meeting, new, by=by, at=at)
    for new in own:
        add(row, meeting, new, by=by, at=at)


@atomic
def note(*, actor: Actor, item: str, notes: str, at: datetime) -> None:
    """Write down what was said on an item, while the meeting sits; it goes into the minutes."""
    row = queries.item_row(item)
    decision = actor.must(CONVENE.code, row.practice_id)
    if row.meeting is None or row.meeting.state != M.SITTING:
        raise Conflict("Notes are taken while the meeting sits.", fix="Look at the meeting.")
    row.notes = notes.strip()[:NOTES_MAX]
    row.save(update_fields=["notes"])
    audit.record(
        actor=actor, action="governance.noted", practice=row.practice_id, subject=(MEETING, row.meeting.public_id),
        at=at, facts={"title": row.title}, decision=decision,
    )  # fmt: skip
