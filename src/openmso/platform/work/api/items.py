"""The API of work: the inbox, one item with its history, and what people do with items, one at a time or many."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, Literal, Self

from ninja import Query, Router, Schema, Status
from pydantic import Field, model_validator

from openmso.kit.classes import DataClass
from openmso.platform.api import reads
from openmso.platform.api.operations import operation
from openmso.platform.api.pages import PageAsk, PageOut, paged, total_of
from openmso.platform.api.reads import of_class
from openmso.platform.api.schemas import Amount, Body, Instant, PracticeName, Words, Yes, public_id, text
from openmso.platform.tenancy.queries import key_in_scope
from openmso.platform.tenancy.scope import reading
from openmso.platform.ui.contracts import PageAsk as RowsAsk
from openmso.platform.work import quality, queries, registry, services
from openmso.platform.work.contracts import InboxFilters, ItemRow
from openmso.platform.work.states import Party

router = Router(tags=["Work"])
ITEM = "work.workitem"
ViewId = Annotated[str, public_id("VIEW")]
ItemId = Annotated[str, public_id("WRK")]


class InboxAsk(Schema):
    """What the inbox is narrowed to; what is left out asks nothing."""

    q: Words = ""
    state: Literal["open", "snoozed", "done", "all"] = "open"
    kind: Words = ""
    function: Annotated[Words, Field(description="A function of `/work-queues`")] = ""
    practice: PracticeName | None = None
    assigned: Annotated[Words, Field(description="`me`, `nobody`, or a part of a name")] = ""
    priority_min: Annotated[int | None, Field(ge=0, le=100)] = None
    overdue: bool = False
    escalated: bool = False
    due_from: Instant | None = None
    due_before: Instant | None = None
    amount_min: Amount | None = None
    amount_max: Amount | None = None

    def filters(self) -> InboxFilters:
        """The same, as the register understands it."""
        return InboxFilters(
            text=self.q, state=self.state, kinds=self._kinds(), assigned=self.assigned,
            practices=(key_in_scope(self.practice),) if self.practice else (), priority_min=self.priority_min,
            due_from=self.due_from, due_before=self.due_before, overdue=self.overdue, escalated=self.escalated,
            amount_min=Decimal(self.amount_min) if self.amount_min else None,
            amount_max=Decimal(self.amount_max) if self.amount_max else None,
        )  # fmt: skip

    def _kinds(self) -> tuple[str, ...]:
        if not self.function:
            return (self.kind,) if self.kind else ()
        of = registry.kinds_of([self.function])
        return (tuple(one for one in of if one == self.kind) if self.kind else of) or ("",)


class WorkRowOut(Schema):
    """Something that waits for a person, and why."""

    id: str
    practice: str
    kind: str
    about: Annotated[str, Field(description="Public id of the thing it is about")]
    title: Annotated[str, of_class(DataClass.CLINICAL)]
    why: Annotated[str, of_class(DataClass.CLINICAL)]
    priority: int
    priority_why: str
    why_next: Annotated[str, Field(description="Why it stands where it stands: urgency, reason, and time left")]
    due_at: datetime
    amount: str
    assignee: str
    state: str
    snooze_until: datetime | None
    opened_at: datetime
    done_at: datetime | None
    outcome: str


class HappenedOut(Schema):
    """One thing that happened to an item."""

    at: datetime
    actor: str
    what: str
    note: Annotated[str, of_class(DataClass.CLINICAL)]


class WorkItemOut(WorkRowOut):
    """An item with its history, newest first."""

    history: list[HappenedOut]


class NextOut(Schema):
    """The item to work next; none when nothing waits."""

    item: WorkRowOut | None


class SnoozeIn(Body):
    """Until when, and why."""

    until: Instant
    why: Annotated[str, text(200, length_min=0)] = ""
    waits_for: Annotated[Literal["mso", "practice", "payer"], Field(description="Whose time it takes")] = "mso"


class GiveIn(Body):
    """To whom: the public id of their account."""

    to: Annotated[str, public_id("USR")]


class TakerOut(Schema):
    """Somebody an item can be given to; `open` items are with them already."""

    id: str
    name: str
    roles: list[str]
    open: int


class DoneIn(Body):
    """How it ended."""

    outcome: Annotated[str, text(300, length_min=0)] = "Done"


class CommentIn(Body):
    """A note for whoever works it next."""

    text: Annotated[str, text(4_000)]


class ManyWorkIn(Body):
    """One act on many items; `to` (an account) goes with `give`, `outcome` with `done`, with `snooze` go `until`,
    `why` and `waits_for`, and with `escalate`, to the lead whom the policy of the practice names, goes `why`."""

    act: Literal["take", "give", "snooze", "escalate", "done"]
    items: Annotated[list[ItemId], Field(min_length=1, max_length=services.BULK_MAX)]
    to: Annotated[str | None, public_id("USR")] = None
    until: Instant | None = None
    why: Annotated[str, text(200, length_min=0)] = ""
    waits_for: Annotated[Literal["mso", "practice", "payer"], Field(description="Whose time it takes")] = "mso"
    outcome: Annotated[str, text(300, length_min=0)] = "Done"

    @model_validator(mode="after")
    def _says_until_when(self) -> Self:
        if self.act == "snooze" and self.until is None:
            raise ValueError("putting off says until when")
        return self

    @model_validator(mode="after")
    def _says_to_whom(self) -> Self:
        if self.act == "give" and self.to is None:
            raise ValueError("giving says to whom")
        return self


class ViewIn(Body):
    """A list as it is arranged: its address with its query, and the columns that are shown."""

    name: Annotated[str, text(60)]
    path: Annotated[str, Field(pattern=r"^/[^/\\\x00][^\\\x00]*$", max_length=200, examples=["/work/"])]
    query: Annotated[str, text(1_000, length_min=0)] = ""
    columns: Annotated[list[Annotated[str, text(80)]], Field(max_length=60)] = []
    is_team: Yes = False


class ViewOut(Schema):
    """A saved view; a team's is shared by whoever works in the same practices."""

    id: str
    name: str
    path: str
    query: str
    columns: list[str]
    is_team: bool
    is_mine: bool


class WorkOutcomeOut(Schema):
    """What a bulk act did to one item, or why not."""

    id: str
    is_done: bool
    sentence: str


@router.get("/work", response=PageOut[WorkRowOut])
@operation("work.use")
def list_work(request: Any, page: Query[PageAsk], ask: Query[InboxAsk]) -> Any:
    """The work one may do, most pressing first."""
    actor, filters = request.actor, ask.filters()
    found = queries.inbox(actor=actor, filters=filters, page=RowsAsk(page.page, page.size), at=actor.at)
    total = total_of(found, lambda: queries.tally(actor=actor, filters=filters, at=actor.at))
    reads.many(request, of="work", practices=[row.practice for row in found.rows], shows=WorkRowOut)
    return paged(request, [_item(row) for row in found.rows], total, page)


@router.post("/work/next", response=NextOut)
@operation("work.use")
def take_next_work(request: Any) -> Any:
    """Take the most pressing item that is mine or nobody's."""
    row = services.take_next(actor=request.actor, at=request.actor.at)
    if row is not None:
        with reading():
            reads.one(request, practice=row.practice, subject=(ITEM, row.public_id), shows=WorkRowOut)
    return {"item": _item(row) if row else None}


@router.post("/work/acts", response=list[WorkOutcomeOut])
@operation("work.use")
def act_on_work(request: Any, body: ManyWorkIn) -> Any:
    """Take, give, put off, escalate or finish many items; each is told of."""
    actor, at = request.actor, request.actor.at
    if body.act in {"take", "give"}:
        them = services.colleague(body.to, at=at) if body.act == "give" and body.to else actor
        told = services.assign_many(actor=actor, public_ids=body.items, at=at, to=them)
    elif body.act == "snooze" and body.until:
        told = services.snooze_many(
            actor=actor, public_ids=body.items, until=body.until, at=at, why=body.why, waits_for=Party(body.waits_for)
        )
    elif body.act == "escalate":
        told = quality.to_lead(actor=actor, public_ids=body.items, why=body.why, at=at)
    else:
        told = services.done_many(actor=actor, public_ids=body.items, at=at, outcome=body.outcome)
    return [{"id": one.public_id, "is_done": one.is_done, "sentence": one.sentence} for one in told]


@router.get("/views", response=list[ViewOut])
@operation("work.use")
def list_views(request: Any, path: Annotated[str, text(200)] = "/work/") -> Any:
    """The saved views of a list: one's own and those of one's teams."""
    return [
        {"id": one.public_id, "name": one.name, "path": one.path, "query": one.query, "columns": one.columns,
         "is_team": one.is_team, "is_mine": one.is_mine}
        for one in queries.saved_views(actor=request.actor, path=path)
    ]  # fmt: skip


@router.post("/views", response={201: dict[str, str]})
@operation("work.use")
def save_view(request: Any, body: ViewIn) -> Any:
    """Keep a list as it is arranged, under a name; one's own view of that name is replaced."""
    made = services.save_view(actor=request.actor, at=request.actor.at, **body.model_dump())
    return Status(201, {"id": made})


@router.delete("/views/{view}", response={204: None})
@operation("work.use")
def forget_view(request: Any, view: ViewId) -> Any:
    """Remove one's own view."""
    services.forget_view(actor=request.actor, public_id=view)
    return Status(204, None)


@router.get("/work/{item}", response=WorkItemOut)
@operation("work.use")
def get_work(request: Any, item: ItemId) -> Any:
    """One item, with what happened to it."""
    return _whole(request, item)


@router.post("/work/{item}/take", response=WorkItemOut)
@operation("work.use")
def take_work(request: Any, item: ItemId) -> Any:
    """Give an item to myself."""
    actor = request.actor
    services.assign(actor=actor, public_id=item, at=actor.at, to=actor)
    return _told(request, item)


@router.get("/work/{item}/takers", response=list[TakerOut])
@operation("work.use")
def list_takers(request: Any, item: ItemId) -> Any:
    """The people an item can be given to, by name."""
    queries.item(actor=request.actor, public_id=item, at=request.actor.at)
    found = queries.takers(actor=request.actor, public_ids=[item], at=request.actor.at)
    return [{"id": one.user, "name": one.name, "roles": one.roles, "open": one.open} for one in found]


@router.post("/work/{item}/assignment", response=WorkItemOut)
@operation("work.use")
def assign_work(request: Any, item: ItemId, body: GiveIn) -> Any:
    """Give an item to somebody whose roles let them do it."""
    them = services.colleague(body.to, at=request.actor.at)
    services.assign(actor=request.actor, public_id=item, at=request.actor.at, to=them)
    return _told(request, item)


@router.post("/work/{item}/give-back", response=WorkItemOut)
@operation("work.use")
def give_work_back(request: Any, item: ItemId) -> Any:
    """Give an item back to everybody."""
    services.assign(actor=request.actor, public_id=item, at=request.actor.at)
    return _told(request, item)


@router.post("/work/{item}/snooze", response=WorkItemOut)
@operation("work.use")
def snooze_work(request: Any, item: ItemId, body: SnoozeIn) -> Any:
    """Put an item off until an instant."""
    services.snooze(
        actor=request.actor,
        public_id=item,
        until=body.until,
        at=request.actor.at,
        why=body.why,
        waits_for=Party(body.waits_for),
    )
    return _told(request, item)


@router.post("/work/{item}/wake", response=WorkItemOut)
@operation("work.use")
def wake_work(request: Any, item: ItemId) -> Any:
    """Take an item that was put off back into the inbox."""
    services.wake(actor=request.actor, public_id=item, at=request.actor.at)
    return _told(request, item)


@router.post("/work/{item}/done", response=WorkItemOut)
@operation("work.use")
def finish_work(request: Any, item: ItemId, body: DoneIn) -> Any:
    """Finish an item."""
    services.done(actor=request.actor, public_id=item, at=request.actor.at, outcome=body.outcome)
    return _told(request, item)


@router.post("/work/{item}/undo", response=WorkItemOut)
@operation("work.use")
def undo_work(request: Any, item: ItemId) -> Any:
    """Take back a `done` of the last ten minutes."""
    services.undo_done(actor=request.actor, public_id=item, at=request.actor.at)
    return _told(request, item)


@router.post("/work/{item}/comments", response={201: WorkItemOut})
@operation("work.use")
def comment_on_work(request: Any, item: ItemId, body: CommentIn) -> Any:
    """Say something about an item."""
    services.comment(actor=request.actor, public_id=item, text=body.text, at=request.actor.at)
    return Status(201, _told(request, item))


def _told(request: Any, item: str) -> dict[str, Any]:
    with reading():
        return _whole(request, item)


def _whole(request: Any, item: str) -> dict[str, Any]:
    row = queries.item(actor=request.actor, public_id=item, at=request.actor.at)
    reads.one(request, practice=row.practice, subject=(ITEM, item), shows=WorkItemOut)
    return _item(row) | {"history": history_of(item)}


def history_of(item: str) -> list[dict[str, Any]]:
    """What happened to an item, as `HappenedOut`, newest first."""
    return [
        {"at": one.at, "actor": one.actor, "what": one.what.value, "note": one.note}
        for one in queries.history(public_id=item)
    ]


def _item(row: ItemRow) -> dict[str, Any]:
    return {
        "id": row.public_id, "practice": row.practice_name, "kind": row.kind, "about": row.subject_id,
        "title": row.title, "why": row.why, "priority": row.priority, "priority_why": row.priority_why,
        "why_next": row.why_next,
        "due_at": row.due_at, "amount": "" if row.amount is None else str(row.amount), "assignee": row.assignee,
        "state": row.state.value, "snooze_until": row.snooze_until, "opened_at": row.opened_at,
        "done_at": row.done_at, "outcome": row.outcome,
    }  # fmt: skip
