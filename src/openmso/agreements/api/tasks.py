"""The API of the scope matrix: what is done for practices, an agreement's tasks, and the catalogue they come from."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from ninja import Query, Schema
from pydantic import Field

from openmso.agreements.api.companions import router as router
from openmso.agreements.api.schemas import AgreementId, IdOut, TaskIn
from openmso.agreements.api.scoping import tasks_from
from openmso.agreements.contracts import DRAFT, READ
from openmso.agreements.queries import agreements
from openmso.agreements.queries import tasks as queries
from openmso.agreements.services import tasks
from openmso.agreements.tasks import catalogue, rules, writing
from openmso.agreements.tasks.contracts import TASKS, TaskStanding, Who
from openmso.parties.queries import practices
from openmso.platform.api.operations import operation
from openmso.platform.api.pages import PageAsk, PageOut, paged
from openmso.platform.api.schemas import Body, PracticeName, Words, text
from openmso.platform.tenancy.queries import key_in_scope, tenants_in_scope
from openmso.platform.tenancy.scope import reading
from openmso.platform.ui.contracts import Filters, Term
from openmso.platform.ui.contracts import PageAsk as RowsAsk

Code = Annotated[str, Field(max_length=60)]
Why = Annotated[str, text(300)]


class TaskOut(Schema):
    """A task of an agreement: who has which part, on which days, its volume a month and its credit."""

    code: str
    line: str
    words: str
    starts_on: date
    ends_on: date | None
    does: Who
    decides: Who
    approves: Who
    told: Who
    reserved: str
    outside: str
    volume: dict[str, Any] | None = None
    level: dict[str, Any] | None = None
    sentence: str
    standing: TaskStanding


class ScopeOut(Schema):
    """The scope matrix of a version or a draft, and what keeps a draft's from being signed."""

    agreement: str
    version: int
    is_draft: bool
    tasks: list[TaskOut]
    faults: list[str]


class DraftTasksIn(Body):
    """The tasks of a draft, all of them."""

    tasks: Annotated[list[TaskIn], Field(min_length=1, max_length=300)]


class TaskRowOut(Schema):
    """A task that is done for a practice by the agreement as it stands."""

    practice: str
    agreement: str
    version: int
    line: str
    code: str
    words: str
    does: Who
    decides: Who
    approves: Who
    told: Who
    outside: str
    starts_on: date
    ends_on: date | None
    volume: str
    level: str
    reserved: str
    standing: TaskStanding


class CatalogueTaskOut(Schema):
    """A task that drafts choose from; number 0 comes with OpenMSO."""

    code: str
    number: int
    line: str
    words: str
    does: Who
    decides: Who
    approves: Who
    told: Who
    reserved: str


class CatalogueTaskIn(Body):
    """A version of a task; one that is a decision reserved to practices is decided by the practice."""

    line: Annotated[str, text(24)]
    words: Annotated[str, text(catalogue.WORDS_MAX)]
    does: Who
    decides: Who
    approves: Who = Who.NOBODY
    told: Who = Who.NOBODY
    reserved: Annotated[str, Field(max_length=4)] = ""
    why: Why


class TaskVersionOut(Schema):
    """A version of a task; a withdrawn one has no words."""

    number: int
    words: str
    why: str
    at: datetime | None
    by: str


class TaskWhyIn(Body):
    """Why."""

    why: Why


class WhichScope(Schema):
    """Which version; without one the draft, or the last version."""

    version: Annotated[int | None, Field(ge=1, le=2**31 - 1)] = None


@router.get("/scope", response=PageOut[TaskRowOut])
@operation(READ.code)
def list_scope(request: Any, page: Query[PageAsk], q: Words = "", practice: PracticeName | None = None) -> Any:
    """What is done for the practices one may read of, task by task, as agreements stand today."""
    wanted = key_in_scope(practice) if practice else None
    codes = [one.code.lower() for one in tenants_in_scope() if one.pk == wanted]
    terms = tuple(Term("practice", "=", code, code) for code in codes)
    found = queries.listing(
        filters=Filters(terms, q), page=RowsAsk(number=page.page, size=page.size), on=request.actor.today
    )
    return paged(request, [_row(one) for one in found.rows], found.total or 0, page)


@router.get("/agreements/{agreement}/scope", response=ScopeOut)
@operation(READ.code)
def get_scope(request: Any, agreement: AgreementId, which: Query[WhichScope]) -> Any:
    """The scope matrix of a version, or of the draft."""
    return _scope(request, agreement, which.version)


@router.put("/agreements/{agreement}/draft/scope", response=ScopeOut)
@operation(DRAFT.code)
def set_draft_scope(request: Any, agreement: AgreementId, body: DraftTasksIn) -> Any:
    """Change the scope matrix of the draft on the desk; what could not be signed is refused in words."""
    with reading():
        found = agreements.agreement(agreement)
        lines = found.draft.terms.lines if found.draft else ()
        chosen = tasks_from(body.tasks, lines)
    tasks.set_scope(actor=request.actor, agreement=agreement, tasks=chosen, at=request.actor.at)
    with reading():
        return _scope(request, agreement, None)


@router.get("/scope-tasks", response=list[CatalogueTaskOut])
@operation(READ.code)
def list_scope_tasks(request: Any) -> Any:
    """The tasks that drafts choose from, each as it is written now."""
    return queries.known()


@router.get("/scope-tasks/{task}", response=list[TaskVersionOut])
@operation(READ.code)
def list_scope_task_versions(request: Any, task: Code) -> Any:
    """The versions of a task, the latest first."""
    return [
        {"number": one.number, "words": one.task.words if one.task else "", "why": one.why, "at": one.at, "by": one.by}
        for one in queries.versions(task)
    ]


@router.put("/scope-tasks/{task}", response=CatalogueTaskOut)
@operation(TASKS.code)
def write_scope_task(request: Any, task: Code, body: CatalogueTaskIn) -> Any:
    """Write the next version of a task, or a new one; drafts choose it from now on."""
    with reading():
        mso = practices.mso_that_decides(request.actor, TASKS.code, otherwise=tasks.NOT_THE_MSO)
    given = body.model_dump() | {"code": task}
    tasks.write(actor=request.actor, mso=mso, given=given, why=body.why, at=request.actor.at)
    with reading():
        return queries.task(task)


@router.post("/scope-tasks/{task}/withdrawal", response=IdOut)
@operation(TASKS.code)
def withdraw_scope_task(request: Any, task: Code, body: TaskWhyIn) -> Any:
    """Let no draft choose a task any longer; agreements that have it keep it."""
    with reading():
        mso = practices.mso_that_decides(request.actor, TASKS.code, otherwise=tasks.NOT_THE_MSO)
    tasks.withdraw(actor=request.actor, mso=mso, code=task, why=body.why, at=request.actor.at)
    return {"id": task}


def _scope(request: Any, agreement: str, version: int | None) -> dict[str, Any]:
    found = agreements.agreement(agreement)
    shown, on = queries.paper(found, version), request.actor.day_in(found.practice)
    is_draft = shown is found.draft
    return {
        "agreement": agreement, "version": shown.number, "is_draft": is_draft,
        "tasks": [
            writing.as_data(one)
            | {"sentence": rules.sentence(one), "standing": rules.standing(one, shown.terms, on).value}
            for one in shown.terms.tasks
        ],
        "faults": [f"{one.sentence} {one.fix}".strip() for one in rules.faults(shown.terms)] if is_draft else [],
    }  # fmt: skip


def _row(one: Any) -> dict[str, Any]:
    named = ("agreement", "version", "line", "code", "words", "does", "decides", "approves", "told", "outside",
             "starts_on", "ends_on", "volume", "level", "reserved", "standing")  # fmt: skip
    return {"practice": one.practice_code} | {name: getattr(one, name) for name in named}
