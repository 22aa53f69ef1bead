"""The API of the open book: grades and answers, messages and response times, expectations."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Annotated, Any, Literal

from ninja import Query, Schema, Status
from pydantic import Field

from openmso.governance.api.budgets import router
from openmso.governance.contracts import ANSWER, GRADE, READ, WRITE, Paper
from openmso.governance.contracts.openbook import (
    Domain,
    Evidence,
    Expectation,
    Grade,
    NewExpectation,
    NewGrade,
    Response,
    Thread,
    ThreadRow,
)
from openmso.governance.queries import openbook as queries
from openmso.governance.services import openbook as services
from openmso.governance.states import E
from openmso.governance.tables.openbook import EXPECTATIONS, THREADS
from openmso.platform.access.contracts import Side
from openmso.platform.api.operations import operation
from openmso.platform.api.pages import PageAsk, PageOut, paged
from openmso.platform.api.queues import Queued, reasoned
from openmso.platform.api.schemas import Body, Encoded, PracticeName, Words, decoded, public_id, text
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.tenancy.scope import reading
from openmso.platform.ui.contracts import Filters
from openmso.platform.ui.contracts import PageAsk as RowsAsk

__all__ = ["router"]
PracticeId = Annotated[str, public_id("TEN")]
GradeId = Annotated[str, public_id("GRD")]
ThreadId = Annotated[str, public_id("THR")]
ExpectationId = Annotated[str, public_id("EXP")]
SideName = Literal["mso", "practice"]
Long = Annotated[str, text(8_000)]
SINCE = timedelta(days=365)


class EvidenceIn(Body):
    """An address within the house, and what it shows."""

    url: Annotated[str, text(300)]
    words: Annotated[str, text(200, length_min=0)] = ""


class GradeIn(Body):
    """A grade for a quarter, which its first day names, from 1 (poor) to 5 (excellent)."""

    quarter: date
    domain: Literal["scope", "acquisition", "management", "culture"]
    score: Annotated[int, Field(ge=1, le=5)]
    why: Annotated[str, text(1_000)]
    evidence: Annotated[list[EvidenceIn], Field(max_length=10)] = []


class GradeAnswerIn(Body):
    """What the MSO answers."""

    words: Annotated[str, text(1_000)]


class EnclosedIn(Body):
    """A paper that goes along."""

    name: Annotated[str, text(120)]
    document: Encoded


class ReplyIn(Body):
    """A message; whether an answer is wanted, and papers."""

    words: Long
    asks: bool = False
    papers: Annotated[list[EnclosedIn], Field(max_length=10)] = []

    def enclosed(self) -> list[Paper]:
        """As the service takes them."""
        return [Paper(one.name, decoded(one.document)) for one in self.papers]


class ThreadIn(ReplyIn):
    """A thread with its first message."""

    practice: PracticeName
    subject: Annotated[str, text(120)]


class ExpectationIn(Body):
    """What was promised beside the contract."""

    practice: PracticeName
    words: Annotated[str, text(600)]
    side: SideName
    promised_by: Annotated[str, text(160)]
    promised_on: date
    due_on: date


class JudgementIn(Body):
    """Whether it was kept, and why."""

    outcome: Literal["kept", "broken", "released"]
    why: Annotated[str, text(600)]


class EvidenceOut(Schema):
    """A piece of evidence."""

    url: str
    words: str


class GradeOut(Schema):
    """A grade, and the MSO's answer."""

    id: str
    practice: str
    quarter: date
    domain: str
    score: int
    why: str
    evidence: list[EvidenceOut]
    at: datetime
    by: str
    answer: str
    answered_by: str
    answered_at: datetime | None


class ResponseOut(Schema):
    """How a side answers the other's messages; hours are working hours."""

    side: str
    answered: int
    median_hours: str | None
    in_time: int
    waiting: int
    late: int


class OpenBookOut(Schema):
    """The open book of a practice over the last year."""

    practice: str
    grades: list[GradeOut]
    trend: Annotated[dict[str, list[int]], Field(description="By domain the scores of its quarters, the oldest first")]
    promised_hours: str
    responses: list[ResponseOut]
    expectations: Annotated[dict[str, int], Field(description="How many were kept, broken, are open, are overdue")]


class ThreadRowOut(Schema):
    """A thread in the list; `waits_for` names the side whose answer is awaited."""

    id: str
    practice: str
    subject: str
    messages: int
    latest_at: datetime
    latest_by: str
    waits_for: str
    due_at: datetime | None
    unread: int


class QueuedThreadRowOut(ThreadRowOut, Queued):
    """The same, with why it is next."""


class ReadReceiptOut(Schema):
    """Who read a message, and when first."""

    name: str
    at: datetime


class MessageOut(Schema):
    """A message; papers by their public ids."""

    number: int
    side: str
    by: str
    words: str
    asks: bool
    at: datetime
    papers: list[str]
    read_by: list[ReadReceiptOut]


class ThreadOut(ThreadRowOut):
    """A thread with its messages."""

    all_messages: list[MessageOut]


class ExpectationOut(Schema):
    """What was promised beside the contract, and whether it was kept."""

    id: str
    practice: str
    words: str
    side: str
    promised_by: str
    promised_on: date
    due_on: date
    state: str
    judged_by: str
    judged_at: datetime | None
    why: str


class QueuedExpectationOut(ExpectationOut, Queued):
    """The same, with why it is next."""


@router.get("/practices/{practice}/open-book", response=OpenBookOut)
@operation(READ.code)
def get_open_book(request: Any, practice: PracticeId) -> Any:
    """The open book of a practice: grades and trend, response times of a year, expectations."""
    key, at = tenancy.key_in_scope(practice), request.actor.at
    today = tenancy.today(key, at)
    return {
        "practice": practice, "grades": [_grade(one) for one in queries.grades(key)],
        "trend": {one.domain.value: list(one.scores) for one in queries.domains(key)},
        "promised_hours": str(queries.promised(key, today)),
        "responses": [_response(one) for one in queries.responses(key, since=at - SINCE, at=at)],
        "expectations": queries.standing(key, on=today),
    }  # fmt: skip


@router.post("/practices/{practice}/grades", response={201: GradeOut})
@operation(GRADE.code)
def grade_mso(request: Any, practice: PracticeId, body: GradeIn) -> Any:
    """Grade the MSO; only people of the practice may, by their session."""
    with reading():
        key = tenancy.key_in_scope(practice)
    new = NewGrade(
        body.quarter, Domain(body.domain), body.score, body.why,
        tuple(Evidence(one.url, one.words) for one in body.evidence),
    )  # fmt: skip
    return Status(201, _grade(services.grade(actor=request.actor, practice=key, new=new, at=request.actor.at)))


@router.get("/grades/{grade}", response=GradeOut)
@operation(READ.code)
def get_grade(request: Any, grade: GradeId) -> Any:
    """One grade."""
    return _grade(queries.grade(grade))


@router.post("/grades/{grade}/answer", response=GradeOut)
@operation(ANSWER.code)
def answer_grade(request: Any, grade: GradeId, body: GradeAnswerIn) -> Any:
    """Answer a grade for the MSO, once."""
    return _grade(services.answer_grade(actor=request.actor, grade=grade, words=body.words, at=request.actor.at))


@router.get("/threads", response=PageOut[QueuedThreadRowOut])
@operation(READ.code)
def list_threads(request: Any, page: Query[PageAsk], q: Words = "") -> Any:
    """Messages between practices and the MSO, the latest word first; `q` is part of a subject or of the words."""
    found = queries.threads(
        filters=Filters(text=q), page=RowsAsk(page.page, page.size, "latest_at", desc=True), account=request.actor.user
    )
    return paged(request, reasoned(request, THREADS, found.rows, _row), found.total or 0, page)


@router.post("/threads", response={201: ThreadOut})
@operation(WRITE.code)
def begin_thread(request: Any, body: ThreadIn) -> Any:
    """Write to the other side."""
    with reading():
        key = tenancy.key_in_scope(body.practice)
    made = services.write(
        actor=request.actor, practice=key, subject=body.subject, words=body.words, asks=body.asks,
        papers=body.enclosed(), at=request.actor.at,
    )  # fmt: skip
    with reading():
        return Status(201, _thread(queries.thread(made, account=request.actor.user)))


@router.get("/threads/{thread}", response=ThreadOut)
@operation(READ.code)
def get_thread(request: Any, thread: ThreadId) -> Any:
    """One thread with its messages; it counts as read when it is said so."""
    return _thread(queries.thread(thread, account=request.actor.user))


@router.post("/threads/{thread}/messages", response={201: ThreadOut})
@operation(WRITE.code)
def reply_in_thread(request: Any, thread: ThreadId, body: ReplyIn) -> Any:
    """Write in a thread."""
    found = services.reply(
        actor=request.actor, thread=thread, words=body.words, asks=body.asks, papers=body.enclosed(),
        at=request.actor.at,
    )  # fmt: skip
    return Status(201, _thread(found))


@router.post("/threads/{thread}/receipts", response=ThreadOut)
@operation(READ.code)
def read_thread(request: Any, thread: ThreadId) -> Any:
    """Say that one has read a thread."""
    services.seen(actor=request.actor, thread=thread, at=request.actor.at)
    with reading():
        return _thread(queries.thread(thread, account=request.actor.user))


@router.get("/expectations", response=PageOut[QueuedExpectationOut])
@operation(READ.code)
def list_expectations(request: Any, page: Query[PageAsk], q: Words = "") -> Any:
    """What was promised beside the contracts, what is due first; `q` is part of the words or of who promised."""
    found = queries.expectations(filters=Filters(text=q), page=RowsAsk(page.page, page.size, "due_on"))
    return paged(request, reasoned(request, EXPECTATIONS, found.rows, _expectation), found.total or 0, page)


@router.post("/expectations", response={201: ExpectationOut})
@operation(WRITE.code)
def record_expectation(request: Any, body: ExpectationIn) -> Any:
    """Record what was promised beside the contract."""
    with reading():
        key = tenancy.key_in_scope(body.practice)
    new = NewExpectation(body.words, Side(body.side), body.promised_by, body.promised_on, body.due_on)
    made = services.expect(actor=request.actor, practice=key, new=new, at=request.actor.at)
    with reading():
        return Status(201, _expectation(queries.expectation(made)))


@router.get("/expectations/{expectation}", response=ExpectationOut)
@operation(READ.code)
def get_expectation(request: Any, expectation: ExpectationId) -> Any:
    """One expectation."""
    return _expectation(queries.expectation(expectation))


@router.post("/expectations/{expectation}/judgement", response=ExpectationOut)
@operation(WRITE.code)
def judge_expectation(request: Any, expectation: ExpectationId, body: JudgementIn) -> Any:
    """Say whether it was kept; only the side to which it was promised does."""
    return _expectation(
        services.judge(
            actor=request.actor, expectation=expectation, outcome=E(body.outcome), why=body.why, at=request.actor.at
        )
    )


def _grade(one: Grade) -> dict[str, Any]:
    return {
        "id": one.public_id, "practice": one.practice_public_id, "quarter": one.quarter, "domain": one.domain.value,
        "score": one.score, "why": one.why,
        "evidence": [{"url": each.url, "words": each.words} for each in one.evidence],
        "at": one.at, "by": one.by, "answer": one.answer, "answered_by": one.answered_by,
        "answered_at": one.answered_at,
    }  # fmt: skip


def _response(one: Response) -> dict[str, Any]:
    return {
        "side": one.side.value, "answered": one.answered,
        "median_hours": None if one.median_hours is None else str(one.median_hours), "in_time": one.in_time,
        "waiting": one.waiting, "late": one.late,
    }  # fmt: skip


def _row(one: ThreadRow) -> dict[str, Any]:
    return {
        "id": one.public_id, "practice": one.practice_name, "subject": one.subject, "messages": one.messages,
        "latest_at": one.latest_at, "latest_by": one.latest_by, "waits_for": one.waits_for, "due_at": one.due_at,
        "unread": one.unread,
    }  # fmt: skip


def _thread(one: Thread) -> dict[str, Any]:
    return _row(one.row) | {
        "all_messages": [
            {"number": each.number, "side": each.side.value, "by": each.by, "words": each.words, "asks": each.asks,
             "at": each.at, "papers": [key for key, _ in each.papers],
             "read_by": [{"name": name, "at": at} for name, at in each.read_by]}
            for each in one.messages
        ]
    }  # fmt: skip


def _expectation(one: Expectation) -> dict[str, Any]:
    return {
        "id": one.public_id, "practice": one.practice_name, "words": one.words, "side": one.side.value,
        "promised_by": one.promised_by, "promised_on": one.promised_on, "due_on": one.due_on, "state": one.state.value,
        "judged_by": one.judged_by, "judged_at": one.judged_at, "why": one.why,
    }  # fmt: skip
