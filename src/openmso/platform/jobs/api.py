"""The API of dead letters: jobs that were given up and facts that were not delivered, and having them done again."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from ninja import Query, Router, Schema, Status

from openmso.platform.api.operations import operation
from openmso.platform.api.pages import PageAsk, PageOut, paged
from openmso.platform.api.schemas import Words, public_id
from openmso.platform.jobs import queries, services
from openmso.platform.outbox import queries as outbox
from openmso.platform.outbox import services as facts
from openmso.platform.ui.contracts import PageAsk as RowsAsk

router = Router(tags=["Dead letters"])


class DeadJobOut(Schema):
    """A job that was given up."""

    id: str
    job: str
    reason: str
    tries: int
    failed_at: datetime


class DeadFactOut(Schema):
    """A fact that a subscriber could not take."""

    id: str
    fact: str
    subscriber: str
    reason: str
    tries: int
    failed_at: datetime | None


@router.get("/dead-jobs", response=PageOut[DeadJobOut])
@operation("jobs.read")
def list_dead_jobs(request: Any, page: Query[PageAsk], q: Words = "") -> Any:
    """Jobs that were given up, newest failure first."""
    found = queries.dead_jobs(page=RowsAsk(page.page, page.size), text=q)
    rows = [
        {"id": row.public_id, "job": row.job, "reason": row.reason, "tries": row.tries, "failed_at": row.failed_at}
        for row in found.rows
    ]
    return paged(request, rows, found.total or 0, page)


@router.post("/dead-jobs/{letter}/replay", response={202: None})
@operation("jobs.replay")
def replay_job(request: Any, letter: Annotated[str, public_id("DLJ")]) -> Any:
    """Have a job run again from the start."""
    services.replay(actor=request.actor, public_id=letter, at=request.actor.at)
    return Status(202, None)


@router.get("/dead-facts", response=PageOut[DeadFactOut])
@operation("outbox.read")
def list_dead_facts(request: Any, page: Query[PageAsk], q: Words = "") -> Any:
    """Facts that were not delivered, newest failure first."""
    found = outbox.dead_letters(page=RowsAsk(page.page, page.size), text=q)
    rows = [
        {"id": row.public_id, "fact": row.fact, "subscriber": row.subscriber, "reason": row.reason,
         "tries": row.tries, "failed_at": row.failed_at}
        for row in found.rows
    ]  # fmt: skip
    return paged(request, rows, found.total or 0, page)


@router.post("/dead-facts/{letter}/replay", response={202: None})
@operation("outbox.replay")
def replay_fact(request: Any, letter: Annotated[str, public_id("DLV")]) -> Any:
    """Have a fact delivered again with the next round."""
    facts.replay(actor=request.actor, public_id=letter, at=request.actor.at)
    return Status(202, None)
