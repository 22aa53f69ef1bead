"""The open book: grading the MSO and answering, writing messages and reading them, keeping what was promised."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Max

from openmso.agreements.queries import clocks
from openmso.governance.contracts import (
    ANSWER,
    ENCLOSED,
    EXPECTED,
    EXPECTED_WORK,
    GRADE,
    GRADED,
    READ,
    THREAD,
    TO_MSO,
    TO_PRACTICE,
    WRITE,
    Paper,
)
from openmso.governance.contracts.openbook import Expectation, Grade, NewExpectation, NewGrade, Thread, quarter_words
from openmso.governance.models import Expectation as ExpectationRow
from openmso.governance.models import Grade as GradeRow
from openmso.governance.models import GradeAnswer, Message, MessageRead
from openmso.governance.models import Thread as ThreadRow
from openmso.governance.queries import openbook as queries
from openmso.governance.rules import openbook as rules
from openmso.governance.states import EXPECTATION_MOVES, E
from openmso.kit.errors import Conflict, Refused
from openmso.kit.states import check_move
from openmso.platform.access.contracts import Actor, Decision, Side
from openmso.platform.access.queries import side_behind
from openmso.platform.audit import services as audit
from openmso.platform.documents import services as documents
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.tenancy.scope import atomic
from openmso.platform.work import services as work
from openmso.platform.work.contracts import when

PRIORITY = 50
PAPERS_MAX = 10


class NotGraded(Refused):
    """A grade cannot be given or answered so."""

    code = "not_graded"


class NotWritten(Refused):
    """A message cannot be written so."""

    code = "not_written"


class NotExpected(Refused):
    """An expectation cannot be kept or judged so."""

    code = "not_expected"


@atomic
def grade(*, actor: Actor, practice: int, new: NewGrade, at: datetime) -> Grade:
    """Grade the MSO in a domain for a quarter; a later grade takes the place of an earlier one, both stay."""
    decision = actor.must(GRADE.code, practice)
    if no := rules.grade_faults(new, today=tenancy.today(practice, at)):
        raise NotGraded(no[1], field=no[0])
    same = GradeRow.objects.filter(practice_id=practice, quarter=new.quarter, domain=new.domain)
    number = (same.aggregate(last=Max("number"))["last"] or 0) + 1
    made = GradeRow.objects.create(
        practice_id=practice, quarter=new.quarter, domain=new.domain, number=number, score=new.score,
        why=new.why.strip()[:1000], evidence=[{"url": one.url, "words": one.words[:200]} for one in new.evidence],
        at=at, by=actor.name[:160], user=actor.user,
    )  # fmt: skip
    audit.record(
        actor=actor, action="governance.graded", practice=practice, subject=(GRADED, made.public_id), at=at,
        facts={"domain": new.domain.words, "score": str(new.score), "quarter": quarter_words(new.quarter)},
        decision=decision,
    )  # fmt: skip
    return queries.grade(made.public_id)


@atomic
def answer_grade(*, actor: Actor, grade: str, words: str, at: datetime) -> Grade:
    """Answer a grade for the MSO, once."""
    row = queries.grade_row(grade)
    decision = actor.must(ANSWER.code, row.practice_id)
    if not words.strip():
        raise NotGraded("Say something.", field="words")
    if GradeAnswer.objects.filter(grade=row).exists():
        raise Conflict("It is answered; the answer stays.", fix="Write a message.")
    GradeAnswer.objects.create(
        practice_id=row.practice_id, grade=row, words=words.strip()[:1000], at=at, by=actor.name[:160]
    )
    audit.record(
        actor=actor, action="governance.grade_answered", practice=row.practice_id, subject=(GRADED, grade), at=at,
        decision=decision,
    )  # fmt: skip
    return queries.grade(grade)


# ---- messages -------------------------------------------------------------------------------------------------


@atomic
def write(
    *, actor: Actor, practice: int, subject: str, words: str, at: datetime, asks: bool = True,
    papers: Sequence[Paper] = (),
) -> str:  # fmt: skip
    """Begin a thread with the other side; its public id. An answer that is wanted waits there with a clock."""
    decision = actor.must(WRITE.code, practice)
    if not subject.strip():
        raise NotWritten("Say what it is about.", field="subject")
    row = ThreadRow.objects.create(
        practice_id=practice, subject=subject.strip()[:120], began_at=at, began_by=actor.name[:160], latest_at=at
    )
    _add(row, words, asks, papers, actor, at, decision)
    return row.public_id


@atomic
def reply(
    *, actor: Actor, thread: str, words: str, at: datetime, asks: bool = False, papers: Sequence[Paper] = ()
) -> Thread:  # fmt: skip
    """Write in a thread; what waited for one's own side is answered by it."""
    row = queries.thread_row(thread, lock=True)
    decision = actor.must(WRITE.code, row.practice_id)
    _add(row, words, asks, papers, actor, at, decision)
    return queries.thread(thread, account=actor.user)


def _add(
    row: ThreadRow, words: str, asks: bool, papers: Sequence[Paper], actor: Actor, at: datetime, decision: Decision
) -> None:
    if not words.strip():
        raise NotWritten("Write something.", field="words")
    if len(papers) > PAPERS_MAX:
        raise NotWritten(f"No more than {PAPERS_MAX} papers.", field="papers", fix="Write twice.")
    side = side_behind(actor, decision)
    last = Message.objects.filter(thread=row).aggregate(last=Max("number"))["last"] or 0
    Message.objects.create(
        practice_id=row.practice_id, thread=row, number=last + 1, side=side, user=actor.user, by=actor.name[:160],
        words=words.strip(), asks=asks, documents=_kept(row, papers, actor, at, decision), at=at,
    )  # fmt: skip
    row.latest_at = at
    row.save(update_fields=["latest_at"])
    mine, theirs = (TO_MSO, TO_PRACTICE) if side is Side.MSO else (TO_PRACTICE, TO_MSO)
    work.close_item(
        practice=row.practice_id, key=_key(mine, row), actor=actor, at=at, outcome="Answered", under=decision
    )  # fmt: skip
    if asks:
        work.open_item(
            practice=row.practice_id, kind=theirs, subject=(THREAD, row.public_id), title=row.subject,
            why=f"{actor.name} wrote and wants an answer.", priority=PRIORITY,
            priority_why="Answered within what is promised", due_at=queries.due(row.practice_id, at),
            key=_key(theirs, row), at=at,
        )  # fmt: skip
    audit.record(
        actor=actor, action="governance.wrote", practice=row.practice_id, subject=(THREAD, row.public_id), at=at,
        facts={"title": row.subject}, decision=decision,
    )  # fmt: skip


def _kept(row: ThreadRow, papers: Sequence[Paper], actor: Actor, at: datetime, under: Decision) -> list[str]:
    return [
        documents.store(
            actor=actor, practice=row.practice_id, name=paper.name, content=paper.content,
            media_type="application/octet-stream", purpose=ENCLOSED.code, at=at, under=under,
        ).public_id
        for paper in papers
    ]  # fmt: skip


@atomic
def seen(*, actor: Actor, thread: str, at: datetime) -> int:
    """Say that one has read a thread: every message of others that one has not read before; how many those were."""
    row = queries.thread_row(thread)
    actor.must(READ.code, row.practice_id)
    known = set(MessageRead.objects.filter(message__thread=row, account=actor.user).values_list("message", flat=True))
    fresh = [one for one in Message.objects.filter(thread=row).exclude(user=actor.user) if one.pk not in known]
    MessageRead.objects.bulk_create(
        [
            MessageRead(practice_id=row.practice_id, message=one, account=actor.user, name=actor.name[:160], at=at)
            for one in fresh
        ],
        ignore_conflicts=True,
    )
    return len(fresh)


# ---- what was promised beside the contract --------------------------------------------------------------------


@atomic
def expect(*, actor: Actor, practice: int, new: NewExpectation, at: datetime) -> str:
    """Record what was promised beside the contract, for a day; its public id. It waits there to be judged."""
    decision = actor.must(WRITE.code, practice)
    if no := rules.expectation_faults(new, today=tenancy.today(practice, at)):
        raise NotExpected(no[1], field=no[0])
    made = ExpectationRow.objects.create(
        practice_id=practice, words=new.words.strip()[:600], side=new.side, promised_by=new.promised_by.strip()[:160],
        promised_on=new.promised_on, due_on=new.due_on, recorded_by=actor.name[:160], recorded_at=at,
    )  # fmt: skip
    work.open_item(
        practice=practice, kind=EXPECTED_WORK, subject=(EXPECTED, made.public_id), title=made.words[:120], priority=40,
        why=f"{made.promised_by} promised it. Whoever it was promised to says whether it was kept.",
        priority_why=f"Promised for {when(made.due_on)}", due_at=clocks.closing(practice, made.due_on), key=_of(made),
        at=at,
    )  # fmt: skip
    audit.record(
        actor=actor, action="governance.expected", practice=practice, subject=(EXPECTED, made.public_id), at=at,
        facts={"words": made.words[:200]}, decision=decision,
    )  # fmt: skip
    return made.public_id


@atomic
def judge(*, actor: Actor, expectation: str, outcome: E, why: str, at: datetime) -> Expectation:
    """Say whether a promise was kept, or release the other side from it; only the side it was made to does."""
    row = queries.expectation_row(expectation, lock=True)
    decision = actor.must(WRITE.code, row.practice_id)
    if side_behind(actor, decision) == row.side:
        raise NotExpected(
            "Whoever it was promised to says whether it was kept.", fix="Ask them; you can write a message."
        )
    if not why.strip():
        raise NotExpected("Say why.", field="why")
    check_move(EXPECTATION_MOVES, noun="expectation", frm=E(row.state), to=outcome)
    row.state, row.judged_by, row.judged_at, row.why = outcome, actor.name[:160], at, why.strip()[:600]
    row.save(update_fields=["state", "judged_by", "judged_at", "why"])
    work.close_item(practice=row.practice_id, key=_of(row), actor=actor, at=at, outcome=outcome.label, under=decision)
    audit.record(
        actor=actor, action="governance.judged", practice=row.practice_id, subject=(EXPECTED, expectation), at=at,
        facts={"outcome": outcome.label.lower()}, why=why.strip(), decision=decision,
    )  # fmt: skip
    return queries.expectation(expectation)


def _key(kind: str, row: ThreadRow) -> str:
    return f"{kind}|{row.public_id}"


def _of(row: ExpectationRow) -> str:
    return f"{EXPECTED}|{row.public_id}"
