"""The API of work, continued: how it is done, reviews, and the policy of a practice."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

from ninja import Query, Schema, Status
from pydantic import Field

from openmso.kit.classes import DataClass
from openmso.platform.api import reads
from openmso.platform.api.operations import operation
from openmso.platform.api.pages import PageAsk, PageOut, paged
from openmso.platform.api.reads import of_class
from openmso.platform.api.schemas import Amount, Body, PracticeName, public_id, text
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.tenancy.scope import reading
from openmso.platform.ui.contracts import Filters, Term
from openmso.platform.ui.contracts import PageAsk as RowsAsk
from openmso.platform.work import measures, quality, queries, registry
from openmso.platform.work.api.items import HappenedOut, history_of
from openmso.platform.work.api.items import router as router
from openmso.platform.work.contracts import DoneRow, Policy, Review

ReviewId = Annotated[str, public_id("REV")]


class WorkDoneOut(Schema):
    """What was done of a kind of work; hours are by the clock on the wall."""

    person: Annotated[str, Field(description="Empty where nobody did it: what was waited for came about by itself")]
    kind: str
    practice: str
    on: date | None
    done: int
    amount: Amount
    hours_to_first_touch: str | None
    hours_to_done: str
    done_late: int


class WorkReviewOut(Schema):
    """Done work that was drawn for review, and what a second person found."""

    id: str
    practice: str
    item: str
    kind: str
    outcome: Annotated[str, of_class(DataClass.CLINICAL)]
    person: str
    seed: str
    drawn_at: datetime
    reviewer: str
    reviewed_at: datetime | None
    score: int | None
    findings: Annotated[str, of_class(DataClass.CLINICAL)]
    answer: Annotated[Literal["", "agreed", "contested", "settled"], Field(description="What whoever did it says")]
    answer_words: Annotated[str, of_class(DataClass.CLINICAL)]
    settled_by: str
    settled_score: int | None
    settled_words: Annotated[str, of_class(DataClass.CLINICAL)]


class WorkReviewWholeOut(WorkReviewOut):
    """A review, with what happened to the item that it is about, newest first."""

    history: list[HappenedOut]


class WorkAnswerIn(Body):
    """Whether one agrees with what was found about one's own work; contesting it says why."""

    agrees: bool
    words: Annotated[str, text(4000, length_min=0)] = ""


class WorkSettleIn(Body):
    """What a third person makes of a contested review."""

    score: Annotated[int, Field(ge=0, le=100)]
    words: Annotated[str, text(4000)]


class WorkReviewIn(Body):
    """How well an item was done; below 100 the findings say why."""

    score: Annotated[int, Field(ge=0, le=100)]
    findings: Annotated[str, text(4000, length_min=0)] = ""


class WorkDrawIn(Body):
    """Which work is drawn: done from a day through another, by a seed."""

    practice: PracticeName
    first: date
    last: date
    seed: Annotated[str, text(40)]


class WorkDrawnOut(Schema):
    """How many items are new among the reviews."""

    drawn: int


class WorkPolicyOut(Schema):
    """What holds in a practice: the share of a hundred that is reviewed, and who gets what is so many hours late."""

    practice: str
    share: int
    lead: str
    hours: int
    said_at: datetime
    said_by: str


class WorkPolicyIn(Body):
    """What holds in a practice from now on; `lead` is an account, or nobody."""

    practice: PracticeName
    share: Annotated[int, Field(ge=0, le=100)]
    hours: Annotated[int, Field(ge=0, le=2000)]
    lead: Annotated[str, public_id("USR")] | None = None


class WorkKindOut(Schema):
    """A kind of work one may do, and by what its items are put in order."""

    code: str
    words: str
    function: str
    ranked: str


class WorkQueueOut(Schema):
    """What waits now of a kind of work that one may do."""

    function: Annotated[str, Field(description="Code of the service line; `house` where there is none")]
    function_words: str
    kind: str
    words: str
    count: int
    overdue: int
    nobodys: Annotated[int, Field(description="How many are with nobody")]
    mine: int
    due_at: Annotated[datetime, Field(description="When the first is due")]
    amount: Amount


class WorkLoadOut(Schema):
    """What is open with one person of the work that one may do oneself; with nobody where the name is empty."""

    person: str
    count: int
    overdue: int
    escalated: Annotated[int, Field(description="How many went to a lead once")]
    due_at: Annotated[datetime, Field(description="When the first is due")]
    amount: Amount


@router.get("/work-kinds", response=list[WorkKindOut])
@operation("work.use")
def list_work_kinds(request: Any) -> Any:
    """The kinds of work one may do somewhere, each with what decides which item comes first."""
    kinds = queries.kinds(actor=request.actor)
    return [
        {"code": one.code, "words": one.words, "function": registry.function_of(one)[0], "ranked": one.ranked}
        for one in kinds
    ]


@router.get("/work-queues", response=list[WorkQueueOut])
@operation("work.use")
def list_work_queues(request: Any) -> Any:
    """What waits now, by function and kind, across the practices one works for."""
    found = queries.waiting(actor=request.actor, at=request.actor.at)
    return [_fields(one, WorkQueueOut) for one in sorted(found, key=lambda one: (one.function_words, one.due_at))]


@router.get("/work-loads", response=list[WorkLoadOut])
@operation("work.use")
def list_work_loads(request: Any) -> Any:
    """With whom the open work is that one may do oneself: what nobody has, then who has most."""
    return [_fields(one, WorkLoadOut) for one in queries.loads(actor=request.actor, at=request.actor.at)]


@router.get("/work-measures", response=PageOut[WorkDoneOut])
@operation("work.oversee")
def list_work_done(
    request: Any, page: Query[PageAsk], by: Literal["person", "day", "practice"] = "person", since: date | None = None
) -> Any:
    """What was done by person, by person and day, or by practice; of the last ninety days unless `since` is given."""
    filters = Filters((Term("on", ">=", since, str(since)),) if since else ())
    found = measures.done(by=by, filters=filters, page=RowsAsk(page.page, page.size), today=request.actor.today)
    return paged(request, [_done(one) for one in found.rows], found.total or 0, page)


@router.get("/work-reviews", response=PageOut[WorkReviewOut])
@operation("work.oversee")
def list_work_reviews(
    request: Any, page: Query[PageAsk], state: Literal["waits", "reviewed", "contested", "settled"] | None = None
) -> Any:
    """Reviews, those that wait first."""
    filters = Filters((Term("is", "=", state, state),) if state else ())
    found = measures.reviews(filters=filters, page=RowsAsk(page.page, page.size))
    reads.many(request, of="work-reviews", practices=[one.practice for one in found.rows], shows=WorkReviewOut)
    return paged(request, [_review(one) for one in found.rows], found.total or 0, page)


@router.post("/work-reviews/draws", response={201: WorkDrawnOut})
@operation("work.oversee")
def draw_work(request: Any, body: WorkDrawIn) -> Any:
    """Draw the policy's share of what people did in some days, by a seed."""
    with reading():
        practice = tenancy.key_in_scope(body.practice)
    drawn = quality.draw(
        actor=request.actor, practice=practice, first=body.first, last=body.last, seed=body.seed, at=request.actor.at
    )
    return Status(201, {"drawn": drawn})


@router.get("/work-reviews/mine", response=PageOut[WorkReviewOut])
@operation("work.use")
def list_my_work_reviews(request: Any, page: Query[PageAsk]) -> Any:
    """What others found about one's own work."""
    person = request.actor.user_id or 0
    found = measures.reviews(filters=Filters(), page=RowsAsk(page.page, page.size), person=person)
    reads.many(request, of="work-reviews", practices=[one.practice for one in found.rows], shows=WorkReviewOut)
    return paged(request, [_review(one) for one in found.rows], found.total or 0, page)


@router.post("/work-reviews/{review}/answer", response=WorkReviewWholeOut)
@operation("work.use")
def answer_work_review(request: Any, review: ReviewId, body: WorkAnswerIn) -> Any:
    """Agree with what was found about one's own work, or contest it."""
    quality.answer(actor=request.actor, review=review, agrees=body.agrees, words=body.words, at=request.actor.at)
    with reading():
        return _read(request, review)


@router.post("/work-reviews/{review}/settlement", response=WorkReviewWholeOut)
@operation("work.oversee")
def settle_work_review(request: Any, review: ReviewId, body: WorkSettleIn) -> Any:
    """Decide a contested review, as a third person."""
    quality.settle(actor=request.actor, review=review, score=body.score, words=body.words, at=request.actor.at)
    with reading():
        return _read(request, review)


@router.get("/work-reviews/{review}", response=WorkReviewWholeOut)
@operation("work.oversee")
def get_work_review(request: Any, review: ReviewId) -> Any:
    """One review."""
    return _read(request, review)


@router.post("/work-reviews/{review}/result", response=WorkReviewWholeOut)
@operation("work.oversee")
def review_work(request: Any, review: ReviewId, body: WorkReviewIn) -> Any:
    """Say how well an item was done, as a second person."""
    quality.review(actor=request.actor, review=review, score=body.score, findings=body.findings, at=request.actor.at)
    with reading():
        return _read(request, review)


@router.get("/work-policies", response=list[WorkPolicyOut])
@operation("work.oversee")
def list_work_policies(request: Any) -> Any:
    """What holds in each practice."""
    return [_policy(one) for one in measures.policies()]


@router.post("/work-policies", response={201: list[WorkPolicyOut]})
@operation("work.oversee")
def set_work_policy(request: Any, body: WorkPolicyIn) -> Any:
    """Say what holds in a practice from now on."""
    with reading():
        practice = tenancy.key_in_scope(body.practice)
    quality.set_policy(
        actor=request.actor, practice=practice, share=body.share, hours=body.hours, lead=body.lead or "",
        at=request.actor.at,
    )  # fmt: skip
    with reading():
        return Status(201, [_policy(one) for one in measures.policies()])


def _fields(one: Any, schema: type[Schema]) -> dict[str, Any]:
    return {name: getattr(one, name) for name in schema.model_fields}


def _read(request: Any, review: str) -> dict[str, Any]:
    found = measures.review(review)
    reads.one(request, practice=found.practice, subject=(quality.REVIEW, review), shows=WorkReviewWholeOut)
    return _review(found) | {"history": history_of(found.item)}


def _done(one: DoneRow) -> dict[str, Any]:
    return {
        "person": one.person, "kind": one.kind, "practice": one.practice_name, "on": one.on, "done": one.done,
        "amount": one.amount, "done_late": one.late, "hours_to_done": str(one.done_hours),
        "hours_to_first_touch": None if one.touch_hours is None else str(one.touch_hours),
    }  # fmt: skip


def _review(one: Review) -> dict[str, Any]:
    return {
        "id": one.public_id, "practice": one.practice_name, "item": one.item, "kind": one.kind_words,
        "outcome": one.outcome, "person": one.person, "seed": one.seed, "drawn_at": one.drawn_at,
        "reviewer": one.reviewer, "reviewed_at": one.reviewed_at, "score": one.score, "findings": one.findings,
        "answer": one.answer.value,
        "answer_words": one.answer_words, "settled_by": one.settled_by, "settled_score": one.settled_score,
        "settled_words": one.settled_words,
    }  # fmt: skip


def _policy(one: Policy) -> dict[str, Any]:
    return {name: getattr(one, name) for name in ("share", "lead", "hours", "said_at", "said_by")} | {
        "practice": one.practice_name
    }
