"""Questions to the register of work: the inbox, one item with its history, saved views."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, Min, Q, QuerySet, Sum
from django.db.models.expressions import OrderBy
from django.db.models.functions import Coalesce

from openmso.kit.clock import day_in
from openmso.kit.errors import NotFound
from openmso.kit.money import ZERO, Money
from openmso.platform.access import queries as access
from openmso.platform.access import registry as roles
from openmso.platform.access.contracts import Actor, ActorKind
from openmso.platform.tenancy.scope import current
from openmso.platform.ui import counting, paging
from openmso.platform.ui.contracts import COUNTED_MOST, Page, PageAsk, Tally
from openmso.platform.work import registry, rules
from openmso.platform.work.contracts import (
    MINE,
    NOBODYS,
    Entry,
    InboxFilters,
    ItemEntry,
    ItemRow,
    Kind,
    Load,
    Taker,
    View,
    Waiting,
)
from openmso.platform.work.models import SavedView, WorkEntry, WorkItem
from openmso.platform.work.states import Happened, Working

ALL = "all"
SORTS = {
    "priority": "priority", "due_at": "due_at", "amount": "amount", "title": "title", "practice_name": "practice__name",
    "kind_words": "kind", "assignee": "assignee", "opened_at": "opened_at", "done_at": "done_at",
}  # fmt: skip
MOST_PRESSING = ("-priority", "due_at", "pk")
SUMS = {"n": Count("*"), "sum": Sum("amount")}


def inbox(*, actor: Actor, filters: InboxFilters, page: PageAsk, at: datetime) -> Page[ItemRow]:
    """A page of the work this person may do, most pressing first unless sorted otherwise, with its total amount.

    A snoozed item whose time has come is open again. Only kinds whose permission the actor holds, in the
    practices where they hold it, are shown.
    """
    found = filtered(actor, filters, at)
    order: tuple[str | OrderBy, ...] = MOST_PRESSING
    if page.sort in SORTS:
        field = F(SORTS[page.sort])
        order = (field.desc(nulls_last=True) if page.desc else field.asc(nulls_last=True), *MOST_PRESSING)
    if few := paging.summed_if_few(found, order, page, SUMS, related=["practice"]):
        return counting.told([row_of(item, at) for item in few[0]], page, _told(few[1]))
    shown = paging.sorted_whole(found, order, page).select_related("practice")
    return counting.told([row_of(item, at) for item in shown], page, None)


def tally(*, actor: Actor, filters: InboxFilters, at: datetime) -> Tally:
    """How many items fit, and what they come to."""
    return _told(filtered(actor, filters, at).aggregate(**SUMS))


def _told(sums: Mapping[str, Any]) -> Tally:
    return Tally(sums["n"], {"amount": ZERO if sums["sum"] is None else Money(sums["sum"])})


def filtered(actor: Actor, filters: InboxFilters, at: datetime) -> QuerySet[WorkItem]:
    """The items that fit, without an order."""
    found = visible(actor)
    if filters.state != ALL:
        found = found.filter(in_state(Working(filters.state), at))
    ranges = {
        "due_at__lt": filters.due_before, "due_at__gte": filters.due_from, "amount__gte": filters.amount_min,
        "amount__lte": filters.amount_max, "priority__gte": filters.priority_min,
    }  # fmt: skip
    found = found.filter(**{name: value for name, value in ranges.items() if value is not None})
    if filters.overdue:
        found = found.filter(due_at__lt=at)
    if filters.escalated:
        found = found.filter(pk__in=_escalated())
    if filters.kinds:
        found = found.filter(kind__in=filters.kinds)
    if filters.practices:
        found = found.filter(practice__in=filters.practices)
    if filters.assigned == MINE:
        found = found.filter(assignee_user=actor.user_id)
    elif filters.assigned == NOBODYS:
        found = found.filter(assignee="")
    elif filters.assigned:
        found = found.filter(assignee__icontains=filters.assigned)
    for word in filters.text.split():
        found = found.filter(
            Q(title__icontains=word) | Q(why__icontains=word) | Q(subject_id__iexact=word) | Q(public_id__iexact=word)
        )
    return found


def visible(actor: Actor) -> QuerySet[WorkItem]:
    """The items of the scope whose kind the actor may work in their practice."""
    if actor.kind is ActorKind.SYSTEM:
        return WorkItem.objects.all()
    kinds_of: defaultdict[frozenset[int], list[str]] = defaultdict(list)
    for kind in registry.kinds().values():
        kinds_of[actor.practices_for(kind.permission) & current().practices].append(kind.code)
    allowed = Q(pk__in=[])
    for practices, kinds in kinds_of.items():
        if practices:
            allowed |= Q(practice__in=practices, kind__in=kinds)
    return WorkItem.objects.filter(allowed)


def in_state(state: Working, at: datetime) -> Q:
    """The items that are in a state at an instant; sleepers whose time has come are open."""
    awake = Q(state=Working.SNOOZED, snooze_until__lte=at)
    if state is Working.OPEN:
        return Q(state=Working.OPEN) | awake
    return Q(state=state) & ~awake


def kind_codes() -> frozenset[str]:
    """The codes of every kind of work that an app declares."""
    return frozenset(registry.kinds())


def kinds(*, actor: Actor) -> list[Kind]:
    """The kinds of work that a person may do somewhere in scope, by what they are called."""
    able = (one for one in registry.kinds().values() if actor.practices_for(one.permission) & current().practices)
    return sorted(able, key=lambda one: one.words)


def item(*, actor: Actor, public_id: str, at: datetime) -> ItemRow:
    """One item that this person may work; raises `NotFound`."""
    found = visible(actor).select_related("practice").filter(public_id=public_id).first()
    if found is None:
        raise NotFound(f"There is no work item {public_id} for you.")
    return row_of(found, at)


def places(*, actor: Actor, public_ids: Collection[str]) -> dict[str, int]:
    """The practice of each of some items that the actor may work."""
    return dict(visible(actor).filter(public_id__in=public_ids).order_by().values_list("public_id", "practice_id"))


def takers(*, actor: Actor, public_ids: Collection[str], at: datetime) -> list[Taker]:
    """Whom some items can be given to: the people besides the actor whose roles let them do at least one of them.

    Who may take most comes first, then by name.
    """
    rows = visible(actor).filter(public_id__in=public_ids).order_by().values_list("kind", "practice")
    asked = Counter((registry.kind(kind).permission, practice) for kind, practice in rows)
    people = [one for one in access.colleagues({where for _, where in asked}, at=at) if one.user_id != actor.user_id]
    may = {one.user: sum(n for (what, where), n in asked.items() if one.can(what, where)) for one in people}
    able = [one for one in people if may[one.user]]
    theirs = visible(actor).filter(in_state(Working.OPEN, at), assignee_user__in=[one.user_id for one in able])
    load = dict(theirs.order_by().values_list("assignee_user").annotate(Count("pk")))
    found = [Taker(one.user, one.name, _roles(one), load.get(one.user_id, 0), may[one.user]) for one in able]
    return sorted(found, key=lambda one: (-one.may, one.name))


def _roles(person: Actor) -> tuple[str, ...]:
    """The roles a person holds today, in words."""
    standing = person.standing
    held = {
        roles.role_words(one.role)
        for practice, mine in standing.assignments.items()
        for one in mine
        if practice in standing.tenants and person.day_in(practice) in one.days
    }
    return tuple(sorted(held))


def history(*, public_id: str) -> list[Entry]:
    """What happened to an item, newest first."""
    found = WorkEntry.objects.filter(item__public_id=public_id).order_by("-at", "-pk")
    return [Entry(entry.at, entry.actor, Happened(entry.what), entry.note) for entry in found]


def items_of(practice: int, *, at: datetime) -> Iterator[ItemRow]:
    """Every item of a practice, done or not, as they came; for whoever may take all of the practice away."""
    found = WorkItem.objects.filter(practice_id=practice).select_related("practice").order_by("pk")
    return (row_of(one, at) for one in found.iterator(chunk_size=1_000))


def entries_of(practice: int) -> Iterator[ItemEntry]:
    """Everything that happened to the items of a practice, in its order; for whoever may take it all away."""
    found = WorkEntry.objects.filter(practice_id=practice).select_related("item").order_by("pk")
    return (
        ItemEntry(one.item.public_id, one.at, one.actor, Happened(one.what), one.waits_for, one.note)
        for one in found.iterator(chunk_size=1_000)
    )


def open_for(subject: tuple[str, str], *, at: datetime) -> list[ItemRow]:
    """The items that wait about one thing, in the practices of the scope."""
    kind, public_id = subject
    found = WorkItem.objects.filter(subject_kind=kind, subject_id=public_id).exclude(state=Working.DONE)
    return [row_of(one, at) for one in found.select_related("practice").order_by(*MOST_PRESSING)]


def titles(kind: str, public_ids: Collection[str]) -> dict[str, str]:
    """What waits about some things of a kind, in the practices of the scope: the most pressing title of each."""
    found = WorkItem.objects.filter(subject_kind=kind, subject_id__in=public_ids).exclude(state=Working.DONE)
    ordered = found.order_by(*MOST_PRESSING).values_list("subject_id", "title") if public_ids else ()
    told: dict[str, str] = {}
    for subject, title in ordered:
        told.setdefault(subject, title)
    return told


def whys(actor: Actor, subject_kind: str, public_ids: Collection[str], kinds: Collection[str]) -> dict[str, str]:
    """Why each of some things waits where it waits, in words: of its items that the actor may work the most pressing.

    Of all kinds of work where `kinds` names none.
    """
    if not public_ids:
        return {}
    found = visible(actor).filter(subject_kind=subject_kind, subject_id__in=public_ids).exclude(state=Working.DONE)
    told: dict[str, str] = {}
    for one in (found.filter(kind__in=kinds) if kinds else found).select_related("practice").order_by(*MOST_PRESSING):
        told.setdefault(one.subject_id, row_of(one, actor.at).why_next)
    return told


def assignees(subject_kind: str, public_ids: Collection[str], *, kind: str) -> dict[str, str]:
    """Who has the open items of a kind about some things; those that nobody has are left out."""
    found = WorkItem.objects.filter(subject_kind=subject_kind, subject_id__in=public_ids, kind=kind)
    return dict(found.exclude(state=Working.DONE).exclude(assignee="").values_list("subject_id", "assignee"))


def item_ids(subject_kind: str, public_ids: Collection[str], *, kinds: Collection[str]) -> list[str]:
    """The open items of some kinds about some things."""
    found = WorkItem.objects.filter(subject_kind=subject_kind, subject_id__in=public_ids, kind__in=kinds)
    return list(found.exclude(state=Working.DONE).order_by("pk").values_list("public_id", flat=True))


@dataclass(frozen=True, slots=True)
class _Cell:
    """What waits of one kind with one person; `person` is empty and `user` none where it is with nobody."""

    kind: str
    person: str
    user: int | None
    count: int
    overdue: int
    due_at: datetime
    amount: Decimal


def waiting(*, actor: Actor, at: datetime) -> list[Waiting]:
    """What waits for this person now, kind by kind, what is due first at the top; one question."""
    return _by_kind(_cells(actor, at), actor)


def loads(*, actor: Actor, at: datetime) -> list[Load]:
    """With whom the open work is that a person may do: who has most comes first, and what nobody has before all."""
    return _by_person(_cells(actor, at), actor, at)


def queues(*, actor: Actor, at: datetime) -> tuple[list[Waiting], list[Load]]:
    """Both, counted once."""
    cells = _cells(actor, at)
    return _by_kind(cells, actor), _by_person(cells, actor, at)


def _cells(actor: Actor, at: datetime) -> list[_Cell]:
    found = visible(actor).filter(in_state(Working.OPEN, at)).order_by()
    rows = found.values_list("kind", "assignee", "assignee_user").annotate(
        count=Count("*"), overdue=Count("due_at", filter=Q(due_at__lt=at)), first=Min("due_at"),
        sum=Coalesce(Sum("amount"), Decimal(0)),
    )  # fmt: skip
    return [_Cell(*row) for row in rows]


def _by_kind(cells: Iterable[_Cell], actor: Actor) -> list[Waiting]:
    kinds, of = registry.kinds(), defaultdict[str, list[_Cell]](list)
    for cell in cells:
        of[cell.kind].append(cell)
    told = [
        Waiting(
            kind, kinds[kind].words, *registry.function_of(kinds[kind]), sum(one.count for one in mine),
            sum(one.overdue for one in mine), sum(one.count for one in mine if not one.person),
            sum(one.count for one in mine if one.user is not None and one.user == actor.user_id),
            min(one.due_at for one in mine), Money.of(sum(one.amount for one in mine)),
        )
        for kind, mine in of.items()
    ]  # fmt: skip
    return sorted(told, key=lambda one: one.due_at)


def _by_person(cells: Iterable[_Cell], actor: Actor, at: datetime) -> list[Load]:
    of = defaultdict[str, list[_Cell]](list)
    for cell in cells:
        of[cell.person].append(cell)
    gone_up = visible(actor).filter(in_state(Working.OPEN, at), pk__in=_escalated()).order_by()
    escalated = dict(gone_up.values_list("assignee").annotate(count=Count("*")))
    told = [
        Load(
            person, sum(one.count for one in theirs), sum(one.overdue for one in theirs), escalated.get(person, 0),
            min(one.due_at for one in theirs), Money.of(sum(one.amount for one in theirs)),
        )
        for person, theirs in of.items()
    ]  # fmt: skip
    return sorted(told, key=lambda one: (one.person != "", -one.count, one.person))


def _escalated() -> QuerySet[WorkEntry, int]:
    """The keys of the items in scope that went to a lead."""
    return WorkEntry.objects.filter(what=Happened.ESCALATED).values_list("item_id", flat=True)


def waiting_count(*, actor: Actor, at: datetime) -> int:
    """How many items wait for this person now, for the menu: counted no further than the menu says."""
    found = visible(actor).filter(in_state(Working.OPEN, at)).order_by()
    return found.values("pk")[: COUNTED_MOST + 1].count()


def saved_views(*, actor: Actor, path: str) -> list[View]:
    """One's own views of a page and the team's, by name; a team is whoever works in all practices of a view."""
    teams = Q(is_team=True, practices__contained_by=sorted(current().practices))
    found = SavedView.objects.filter(Q(owner=actor.user_id) | teams, path=path).order_by("is_team", "name")
    return [
        View(view.public_id, view.name, view.path, view.query, tuple(view.columns), view.is_team,
             view.owner == actor.user_id)
        for view in found
    ]  # fmt: skip


def row_of(found: WorkItem, at: datetime) -> ItemRow:
    """The contract of a row, its sleeper's state resolved."""
    kind, zone = registry.kinds().get(found.kind), found.practice.zone
    is_awake = found.state == Working.SNOOZED and found.snooze_until is not None and found.snooze_until <= at
    return ItemRow(
        public_id=found.public_id, practice=found.practice_id, practice_name=found.practice.name, kind=found.kind,
        kind_words=kind.words if kind else found.kind, subject_kind=found.subject_kind, subject_id=found.subject_id,
        title=found.title, why=found.why, priority=found.priority,
        priority_why=rules.reason(found.priority_why, day_in(zone, at)),
        due_at=found.due_at, amount=_exact(found.amount), assignee=found.assignee, assignee_user=found.assignee_user,
        state=Working.OPEN if is_awake else Working(found.state),
        snooze_until=None if is_awake else found.snooze_until, opened_at=found.opened_at, done_at=found.done_at,
        outcome=found.outcome, url=kind.url if kind else "",
        why_next=found.outcome or rules.why_next(found.priority, found.priority_why, found.due_at, at, zone),
        ranked=kind.ranked if kind else "",
    )  # fmt: skip


def _exact(amount: Decimal | None) -> Decimal | None:
    return None if amount is None else amount.quantize(Decimal("0.01"))


def ids_that_fit(*, actor: Actor, filters: InboxFilters, at: datetime, most: int) -> list[str]:
    """The ids of all items a filter finds, most pressing first, for acts on everything that matches."""
    found = filtered(actor, filters, at).order_by(*MOST_PRESSING)
    return list(found.values_list("public_id", flat=True)[:most])
