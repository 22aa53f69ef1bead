"""Opening and closing work, and what people do with it; one item at a time or many with findings."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import Q, QuerySet

from openmso.kit.errors import NotFound, Refused
from openmso.kit.ids import public_ids
from openmso.kit.states import check_move
from openmso.platform.access import queries as access
from openmso.platform.access.contracts import Actor, Decision
from openmso.platform.audit import services as audit
from openmso.platform.database.reading import read
from openmso.platform.database.writing import insert, insert_new, update
from openmso.platform.identity import queries as identity
from openmso.platform.tenancy.scope import atomic, current
from openmso.platform.work import queries, registry, rules
from openmso.platform.work.contracts import InboxFilters, ItemRow, NewItem, Outcome, Subject
from openmso.platform.work.models import SavedView, WorkEntry, WorkItem
from openmso.platform.work.states import MOVES, Happened, Party, Working

BULK_MAX = 1_000
SYSTEM = "OpenMSO"
QUERY_MAX = 1_000
_COLUMNS = (
    "kind", "subject_kind", "subject_id", "title", "why", "priority", "priority_why", "due_at", "key", "amount",
)  # fmt: skip
_REFRESHED = ("title", "why", "priority", "priority_why", "due_at", "amount")


class CannotBeWorked(Refused):
    """The item cannot be treated so."""

    code = "work_refused"


# ---- what apps do ---------------------------------------------------------------------------------------------


def open_item(
    *,
    practice: int,
    kind: str,
    subject: Subject,
    title: str,
    why: str,
    priority: int,
    due_at: datetime,
    key: str,
    at: datetime,
    priority_why: str,
    amount: Decimal | None = None,
) -> str:
    """Have something wait for a person; the id of the item.

    While an item with this key is open in the practice it is that item, brought up to date.
    """
    item = NewItem(kind, subject, title, why, priority, priority_why, due_at, key, amount)
    return open_items(practice=practice, items=[item], at=at)[key]


@atomic
def open_items(*, practice: int, items: Sequence[NewItem], at: datetime) -> dict[str, str]:
    """Open many items of one practice, set-wise; the id of each by its key."""
    for item in items:
        registry.kind(item.kind)
        if found := list(rules.faults(item)):
            raise ValueError(f"the work item {item.key!r}: {'; '.join(found)}")
    wanted = {item.key: item for item in items}
    before = set(_open_keys(practice, wanted).values_list("key", flat=True))
    missing = [item for item in wanted.values() if item.key not in before]
    rows = zip(public_ids("WRK", len(missing)), *zip(*map(_values, missing), strict=True), strict=True)
    insert_new(WorkItem, ["public_id", *_COLUMNS], rows if missing else (), practice_id=practice, opened_at=at)
    opened = read(_open_keys(practice, wanted).select_for_update())
    changed = [row for row in opened if row.key in before and _refresh(row, wanted[row.key])]
    update(changed, _REFRESHED)
    fresh = [row for row in opened if row.key not in before]
    _tell(fresh, None, Happened.OPENED, at)
    _tell(changed, None, Happened.CHANGED, at)
    return {row.key: row.public_id for row in opened}


def _open_keys(practice: int, keys: Iterable[str]) -> QuerySet[WorkItem]:
    return WorkItem.objects.filter(practice_id=practice, key__in=list(keys)).exclude(state=Working.DONE)


def _values(item: NewItem) -> tuple[object, ...]:
    """The values of `_COLUMNS`."""
    return (
        item.kind, *item.subject, item.title, item.why, item.priority, item.priority_why, item.due_at, item.key,
        item.amount,
    )  # fmt: skip


def _refresh(row: WorkItem, item: NewItem) -> bool:
    """Bring an open item up to date; whether anything changed."""
    before = [getattr(row, name) for name in _REFRESHED]
    for name in _REFRESHED:
        setattr(row, name, getattr(item, name))
    return before != [getattr(row, name) for name in _REFRESHED]


@atomic
def close_item(*, practice: int, key: str, actor: Actor, at: datetime, outcome: str, under: Decision) -> bool:
    """What was waited for has happened, allowed by `under`; `False` when nothing was open under the key."""
    return close_items(keys=[(practice, key)], actor=actor, at=at, outcome=outcome, under=under) > 0


@atomic
def close_items(
    *, keys: Iterable[tuple[int, str]], actor: Actor, at: datetime, outcome: str, under: Decision
) -> int:  # fmt: skip
    """The same of many, each by its practice and key, sought at once; how many were open."""
    wanted = set(keys)
    if not wanted:
        return 0
    practices, names = {practice for practice, _ in wanted}, {key for _, key in wanted}
    found = WorkItem.objects.filter(practice_id__in=practices, key__in=names).exclude(state=Working.DONE)
    items = [one for one in found.select_for_update().order_by("pk") if (one.practice_id, one.key) in wanted]
    for item in items:
        _finish(item, actor, at, outcome, under)
    return len(items)


@atomic
def worked(*, keys: Iterable[tuple[int, str]], actor: Actor, at: datetime, note: str) -> None:
    """Somebody did something about what waits, on the page of the thing itself; it may still wait afterwards.

    What a machine does is nobody's touch.
    """
    wanted = set(keys)
    if not wanted or actor.user_id is None:
        return
    found = WorkItem.objects.filter(practice_id__in={one for one, _ in wanted}, key__in={key for _, key in wanted})
    items = [one for one in found.exclude(state=Working.DONE) if (one.practice_id, one.key) in wanted]
    _tell(items, actor, Happened.WORKED, at, note)


# ---- what people do -------------------------------------------------------------------------------------------


def assign(*, actor: Actor, public_id: str, at: datetime, to: Actor | None = None) -> None:
    """Give an item to somebody; to nobody, back to everybody. `to` is `actor` for oneself, else `colleague`.

    Raises `CannotBeWorked` where their roles do not let them do it.
    """
    _assign(actor=actor, public_id=public_id, at=at, to=to)


def colleague(account: str, *, at: datetime) -> Actor:
    """Somebody to give work to, by the public id of their account; asked outside any transaction. Raises `NotFound`."""
    user = identity.user(account)
    return access.actor_for(user, at=at, fresh=True)


@atomic
def _assign(*, actor: Actor, public_id: str, at: datetime, to: Actor | None) -> None:
    item, decision = _mine_to_work(actor, public_id)
    kind = registry.kind(item.kind)
    if to is not None and not to.can(kind.permission, item.practice_id):
        raise CannotBeWorked(
            f"{to.name} may not work on this: {kind.words.lower()} in {item.practice.name}.", field="to",
            fix="Give it to somebody whose role there allows it.",
        )  # fmt: skip
    to_user, to_name = (to.user_id, to.name) if to else (None, "")
    item.assignee, item.assignee_user = to_name, to_user
    item.save(update_fields=["assignee", "assignee_user"])
    _tell([item], actor, Happened.ASSIGNED, at, to_name or "nobody")
    _audit(actor, "work.assigned", item, at, decision, assignee=to_name or "nobody")


@atomic
def snooze(
    *, actor: Actor, public_id: str, until: datetime, at: datetime, why: str = "", waits_for: Party = Party.MSO
) -> None:  # fmt: skip
    """Put an item off until an instant; meanwhile the clock of a promise runs against us only where it waits for us.

    Raises `CannotBeWorked` for the past, `IllegalMove` for what is done.
    """
    if until <= at:
        raise CannotBeWorked("Choose a time that is still to come.", field="until")
    item, decision = _mine_to_work(actor, public_id)
    check_move(MOVES, noun="work item", frm=Working(item.state), to=Working.SNOOZED)
    item.state, item.snooze_until = Working.SNOOZED, until
    item.save(update_fields=["state", "snooze_until"])
    said = f"until {until:%Y-%m-%d %H:%M} UTC, waits for {waits_for.label.lower()}. {why}".strip()
    _tell([item], actor, Happened.SNOOZED, at, said, waits_for, until)
    _audit(actor, "work.snoozed", item, at, decision, until=until)


@atomic
def wake(*, actor: Actor, public_id: str, at: datetime) -> None:
    """Take a snoozed item back into the inbox now."""
    item, decision = _mine_to_work(actor, public_id)
    check_move(MOVES, noun="work item", frm=Working(item.state), to=Working.OPEN)
    item.state, item.snooze_until = Working.OPEN, None
    item.save(update_fields=["state", "snooze_until"])
    _tell([item], actor, Happened.WOKEN, at)
    _audit(actor, "work.woken", item, at, decision)


@atomic
def comment(*, actor: Actor, public_id: str, text: str, at: datetime) -> None:
    """Say something about an item, for whoever works it next."""
    if not text.strip():
        raise CannotBeWorked("Write something first.", field="text")
    item, _ = _mine_to_work(actor, public_id)
    _tell([item], actor, Happened.COMMENTED, at, text.strip()[:4_000])


@atomic
def done(*, actor: Actor, public_id: str, at: datetime, outcome: str = "Done") -> None:
    """Finish an item; for ten minutes it can be undone."""
    item, decision = _mine_to_work(actor, public_id)
    _finish(item, actor, at, outcome, decision)


@atomic
def undo_done(*, actor: Actor, public_id: str, at: datetime) -> None:
    """Take back a `done` of the last ten minutes; raises `CannotBeWorked` when it is too late or a newer one waits."""
    item, decision = _mine_to_work(actor, public_id)
    check_move(MOVES, noun="work item", frm=Working(item.state), to=Working.OPEN)
    if not rules.may_undo(item.done_at, at):
        raise CannotBeWorked("It was done more than ten minutes ago.", fix="Comment on it, or open the thing itself.")
    if _open_keys(item.practice_id, [item.key]).exists():
        raise CannotBeWorked("Meanwhile the same thing waits anew.", fix="Work the new item.")
    item.state, item.done_at, item.done_by, item.outcome = Working.OPEN, None, "", ""
    item.save(update_fields=["state", "done_at", "done_by", "outcome"])
    _tell([item], actor, Happened.REOPENED, at)
    _audit(actor, "work.reopened", item, at, decision)


@atomic
def take_next(*, actor: Actor, at: datetime, filters: InboxFilters | None = None) -> ItemRow | None:
    """The most pressing item that is mine or nobody's, given to me; `None` when there is none.

    Two people who ask at once get two items: rows somebody holds are skipped.
    """
    wanted = filters or InboxFilters()
    found = queries.filtered(actor, wanted, at)
    if not wanted.assigned:
        found = found.filter(Q(assignee="") | Q(assignee_user=actor.user_id))
    item = found.order_by(*queries.MOST_PRESSING).select_for_update(skip_locked=True, of=("self",)).first()
    if item is None:
        return None
    if item.assignee_user != actor.user_id or not item.assignee:
        item.assignee, item.assignee_user = actor.name, actor.user_id
        item.save(update_fields=["assignee", "assignee_user"])
        _tell([item], actor, Happened.ASSIGNED, at, actor.name)
    return queries.row_of(item, at)


# ---- many at once ---------------------------------------------------------------------------------------------


def assign_many(*, actor: Actor, public_ids: Sequence[str], at: datetime, to: Actor | None = None) -> list[Outcome]:
    """Give many items to somebody; a finding for each that could not be given."""
    return _each(public_ids, lambda one: _assign(actor=actor, public_id=one, at=at, to=to))


def snooze_many(
    *, actor: Actor, public_ids: Sequence[str], until: datetime, at: datetime, why: str = "",
    waits_for: Party = Party.MSO,
) -> list[Outcome]:  # fmt: skip
    """Put many items off; a finding for each that could not be."""
    return _each(
        public_ids,
        lambda one: snooze(actor=actor, public_id=one, until=until, at=at, why=why, waits_for=waits_for),
    )


@atomic
def escalate(*, actor: Actor, public_ids: Sequence[str], at: datetime, to: Actor, why: str) -> list[Outcome]:
    """Give work to a lead and say so in its history; a finding for each item that could not be given."""
    told = assign_many(actor=actor, public_ids=public_ids, at=at, to=to)
    given = [one.public_id for one in told if one.is_done]
    _tell(WorkItem.objects.filter(public_id__in=given), actor, Happened.ESCALATED, at, f"to {to.name}: {why}")
    return told


def done_many(*, actor: Actor, public_ids: Sequence[str], at: datetime, outcome: str = "Done") -> list[Outcome]:
    """Finish many items; a finding for each that could not be."""
    return _each(public_ids, lambda one: done(actor=actor, public_id=one, at=at, outcome=outcome))


@atomic
def _each(public_ids: Sequence[str], act: Callable[[str], None]) -> list[Outcome]:
    """The act on each item, in one transaction; a refusal is a finding and stops nothing."""
    check_count(public_ids)
    outcomes = []
    for public_id in dict.fromkeys(public_ids):
        try:
            with transaction.atomic():
                act(public_id)
            outcomes.append(Outcome(public_id, is_done=True))
        except Refused as no:
            outcomes.append(Outcome(public_id, is_done=False, sentence=no.sentence))
    return outcomes


def check_count(public_ids: Sequence[str]) -> None:
    """Raise `CannotBeWorked` for more items than fit into one act."""
    if len(public_ids) > BULK_MAX:
        raise CannotBeWorked(f"That is more than {BULK_MAX:,} items at once.", fix="Narrow the list first.")


# ---- saved views ----------------------------------------------------------------------------------------------


@atomic
def save_view(
    *, actor: Actor, name: str, path: str, query: str, at: datetime, columns: Sequence[str] = (), is_team: bool = False
) -> str:
    """Keep a list as it is arranged now, under a name; one's own view of that name is replaced. Returns its id.

    A team's view is for whoever works in all the practices that are in scope now.
    """
    if actor.user_id is None:
        raise CannotBeWorked("Only a person keeps views.")
    if not name.strip():
        raise CannotBeWorked("Give the view a name.", field="name")
    if len(query) > QUERY_MAX:
        raise CannotBeWorked("The filter is too long to be kept.", field="query", fix="Choose fewer values.")
    if not path.startswith("/") or path.startswith("//"):
        raise CannotBeWorked("A view keeps a page of this site.", field="path")
    team = sorted(current().practices) if is_team else []
    if is_team and not team:
        raise CannotBeWorked("You share no practice with a team.", field="is_team", fix="Keep it for yourself.")
    view, _ = SavedView.objects.update_or_create(
        owner=actor.user_id, path=path[:200], name=name.strip()[:60],
        defaults={
            "query": query, "columns": list(columns)[:60], "is_team": is_team, "practices": team,
            "created_at": at,
        },
    )  # fmt: skip
    return view.public_id


@atomic
def forget_view(*, actor: Actor, public_id: str) -> None:
    """Remove one's own view; raises `NotFound` for another's."""
    gone, _ = SavedView.objects.filter(owner=actor.user_id or 0, public_id=public_id).delete()
    if not gone:
        raise NotFound("That view is not yours.")


# ---- within ---------------------------------------------------------------------------------------------------


def _mine_to_work(actor: Actor, public_id: str) -> tuple[WorkItem, Decision]:
    """The item, locked, and the decision that lets this person work it; raises `NotFound` or `Forbidden`."""
    item = WorkItem.objects.select_for_update().filter(public_id=public_id).first()
    if item is None:
        raise NotFound(f"There is no work item {public_id} for you.")
    return item, actor.must(registry.kind(item.kind).permission, item.practice_id)


def _finish(item: WorkItem, actor: Actor, at: datetime, outcome: str, decision: Decision) -> None:
    check_move(MOVES, noun="work item", frm=Working(item.state), to=Working.DONE)
    item.state, item.snooze_until = Working.DONE, None
    item.done_at, item.done_by, item.outcome = at, actor.name[:160], (outcome.strip() or "Done")[:300]
    item.save(update_fields=["state", "snooze_until", "done_at", "done_by", "outcome"])
    _tell([item], actor, Happened.DONE, at, item.outcome)
    _audit(actor, "work.done", item, at, decision, outcome=item.outcome[:200])


def _tell(
    items: Iterable[WorkItem], actor: Actor | None, what: Happened, at: datetime, note: str = "",
    waits_for: Party | None = None, waits_until: datetime | None = None,
) -> None:  # fmt: skip
    insert(
        WorkEntry, ["practice_id", "item_id", "note"],
        ((item.practice_id, item.pk, item.why if what is Happened.OPENED else note) for item in items),
        at=at, what=what.value, actor=actor.name if actor else SYSTEM, actor_user=actor.user_id if actor else None,
        waits_for=waits_for.value if waits_for else "", waits_until=waits_until,
    )  # fmt: skip


def _audit(actor: Actor, action: str, item: WorkItem, at: datetime, decision: Decision, **facts: object) -> None:
    audit.record(
        actor=actor, action=action, practice=item.practice_id, subject=("work.workitem", item.public_id), at=at,
        facts={"kind": item.kind, **facts}, decision=decision,
    )  # fmt: skip
