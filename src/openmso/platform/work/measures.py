"""Questions about how work is done: by whom, how much, how quickly, how well; and the policy of a practice."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Avg, Case, Count, Exists, F, Min, OuterRef, Q, Subquery, Sum, Value, When
from django.db.models.functions import Coalesce, TruncDate

from openmso.kit import clock
from openmso.kit.errors import NotFound
from openmso.kit.money import ZERO, Money
from openmso.kit.periods import DayRange
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.ui.contracts import Filters, Page, PageAsk
from openmso.platform.work import registry
from openmso.platform.work.contracts import DoneRow, Policy, Review, Span
from openmso.platform.work.models import WorkEntry, WorkItem, WorkPolicy, WorkReview
from openmso.platform.work.queries import in_state
from openmso.platform.work.states import Answer, Happened, Party, Working

BY = {"person": ("who", "kind"), "day": ("who", "kind", "day"), "practice": ("practice_id", "kind")}
"""What the measures are told by."""
TOUCHES = (Happened.ASSIGNED, Happened.SNOOZED, Happened.COMMENTED, Happened.WORKED, Happened.DONE)
"""What a person does about an item; what a machine does is no touch."""
DAYS = 90
HOUR = Decimal(3600)


def done(*, by: str, filters: Filters, page: PageAsk, today: date) -> Page[DoneRow]:
    """What was done in the practices of the scope, of the last ninety days unless days are asked for, most first.

    What ended without a person, because what it waited for came about, is told after what people did.
    """
    columns = BY.get(by, BY["person"])
    found = WorkItem.objects.filter(_asked(filters, today), state=Working.DONE)
    touched = WorkEntry.objects.filter(item=OuterRef("pk"), what__in=TOUCHES, actor_user__isnull=False).order_by()
    first = Subquery(touched.values("item").annotate(first=Min("at")).values("first"))
    who = Case(When(Exists(touched.filter(what=Happened.DONE)), then=F("done_by")), default=Value(""))
    rows: Any = (
        found.annotate(day=TruncDate("done_at"), first=first, who=who)
        .order_by()
        .values(*columns)
        .annotate(
            n=Count("pk"), sum=Sum("amount"), whole=Avg(F("done_at") - F("opened_at")),
            touch=Avg(F("first") - F("opened_at")), late=Count("pk", filter=Q(done_at__gt=F("due_at"))),
        )
    )  # fmt: skip
    names = {one.pk: one.name for one in tenancy.tenants()}
    told = sorted(
        (_row(row, names) for row in rows),
        key=lambda one: (one.practice is None and not one.person, -one.done, one.person, one.kind),
    )
    shown = told[page.offset : page.offset + page.size]
    return Page(shown, len(told), page, totals={"amount": Money.total(one.amount for one in told)})


def _asked(filters: Filters, today: date) -> Q:
    asked = Q()
    for term in filters.terms_of("on"):
        lookup = {"<": "lt", "<=": "lte", ">": "gt", ">=": "gte"}.get(term.op)
        asked &= Q(**{f"done_at__date__{lookup}" if lookup else "done_at__date": term.value})
    if not asked:
        asked = Q(done_at__date__gt=today - timedelta(days=DAYS))
    if kinds := filters.many("kind"):
        asked &= Q(kind__in=kinds)
    if codes := filters.many("practice"):
        asked &= Q(practice_id__in={one.pk for one in tenancy.tenants() if one.code in codes})
    return asked & Q(done_by__icontains=filters.text) if filters.text else asked


def _row(row: dict[str, Any], names: dict[int, str]) -> DoneRow:
    practice = row.get("practice_id")
    return DoneRow(
        row.get("who", ""), row["kind"], _words(row["kind"]), practice, names.get(practice or 0, ""),
        row.get("day"), row["n"], ZERO if row["sum"] is None else Money.of(row["sum"]), _hours(row["touch"]),
        _hours(row["whole"]) or Decimal("0.0"), row["late"],
    )  # fmt: skip


def _words(kind: str) -> str:
    known = registry.kinds().get(kind)
    return known.words if known else kind


def _hours(span: timedelta | None) -> Decimal | None:
    return None if span is None else (Decimal(int(span.total_seconds())) / HOUR).quantize(Decimal("0.1"))


def policies() -> list[Policy]:
    """The policy that holds in each practice of the scope that has one."""
    rows = WorkPolicy.objects.order_by("practice_id", "-pk").distinct("practice_id").select_related("practice")
    return [
        Policy(row.practice_id, row.practice.name, row.share, row.lead, row.hours, row.said_at, row.said_by)
        for row in rows
    ]


def reviews(*, filters: Filters, page: PageAsk, person: int | None = None) -> Page[Review]:
    """A page of the reviews in scope, those that wait first; with a person those of their work that were found."""
    found = WorkReview.objects.all()
    if person is not None:
        found = found.filter(person_user=person, reviewed_at__isnull=False)
    if filters.one("is") in {Answer.CONTESTED, Answer.SETTLED}:
        found = found.filter(answer=filters.one("is"))
    elif filters.one("is"):
        found = found.filter(reviewed_at__isnull=filters.one("is") == "waits")
    if filters.text:
        found = found.filter(person__icontains=filters.text)
    shown = found.order_by(F("reviewed_at").desc(nulls_first=True), "pk")[page.offset : page.offset + page.size]
    return Page(_reviews(list(shown.select_related("item", "practice"))), found.count(), page)


def review(public_id: str) -> Review:
    """One review; raises `NotFound`."""
    row = WorkReview.objects.filter(public_id=public_id).select_related("item", "practice").first()
    if row is None:
        raise NotFound(f"There is no review {public_id}.")
    return _reviews([row])[0]


def scores() -> dict[str, Decimal]:
    """The mean score of each person whose work was reviewed in the practices of the scope."""
    found: dict[str, list[int]] = defaultdict(list)
    rows = WorkReview.objects.filter(score__isnull=False).annotate(final=Coalesce("settled_score", "score"))
    for person, score in rows.values_list("person", "final"):
        found[person].append(score)
    return {person: (Decimal(sum(each)) / len(each)).quantize(Decimal("0.1")) for person, each in sorted(found.items())}


def _reviews(rows: Sequence[WorkReview]) -> list[Review]:
    return [
        Review(
            row.public_id, row.practice_id, row.practice.name, row.item.public_id, _words(row.item.kind),
            row.item.title, row.item.outcome, row.person, row.seed, row.drawn_at, row.reviewed_at is not None,
            row.reviewer, row.reviewed_at, row.score, row.findings, row.person_user, Answer(row.answer),
            row.answer_words, row.answered_at, row.settled_by, row.settled_at, row.settled_score, row.settled_words,
        )
        for row in rows
    ]  # fmt: skip


def spans(
    *, practice: int, kinds: Collection[str], since: datetime, until: datetime, open_at: datetime | None = None
) -> list[Span]:
    """The lives of a practice's items of some kinds that came from an instant until before another, as they came.

    With `open_at` of those alone that were not done at an instant.
    """
    rows = WorkItem.objects.filter(practice_id=practice, kind__in=kinds, opened_at__gte=since, opened_at__lt=until)
    if open_at is not None:
        rows = rows.filter(Q(done_at=None) | Q(done_at__gt=open_at))
    items = list(rows.order_by("opened_at", "pk"))
    told: dict[int, list[WorkEntry]] = defaultdict(list)
    for one in WorkEntry.objects.filter(practice_id=practice, item__in=[row.pk for row in items]).order_by("at", "pk"):
        told[one.item_id].append(one)
    return [_span(row, told[row.pk]) for row in items]


def _span(row: WorkItem, entries: Sequence[WorkEntry]) -> Span:
    touched = next((one for one in entries if one.what in TOUCHES and one.actor_user is not None), None)
    waits: list[tuple[datetime, datetime, Party]] = []
    for number, one in enumerate(entries):
        if one.what == Happened.SNOOZED and one.waits_for and one.waits_until:
            until = next((later.at for later in entries[number + 1 :] if later.what in _ENDS_A_WAIT), one.waits_until)
            waits.append((one.at, min(until, one.waits_until), Party(one.waits_for)))
    return Span(
        row.public_id, row.kind, row.subject_id, row.opened_at, row.due_at,
        None if row.amount is None else Money.of(row.amount), touched.at if touched else None,
        touched.actor if touched else "", row.done_at, tuple(waits),
    )  # fmt: skip


_ENDS_A_WAIT = (Happened.SNOOZED, Happened.WOKEN, Happened.WORKED, Happened.ASSIGNED, Happened.DONE)
"""What takes an item out of a wait, besides the end of it."""


def touches(*, practice: int, kinds: Collection[str]) -> list[tuple[str, str, date]]:
    """What people did about items of some kinds: the kind, what the item is about, and the practice's day."""
    zone = tenancy.zone(practice)
    rows = WorkEntry.objects.filter(
        practice_id=practice, item__kind__in=kinds, what__in=TOUCHES, actor_user__isnull=False
    ).order_by("pk")
    found = rows.values_list("item__kind", "item__subject_id", "at")
    return [(kind, subject, clock.day_in(zone, at)) for kind, subject, at in found.iterator(chunk_size=2_000)]


def closed_by(
    people: Mapping[int, Collection[int]], *, within: DayRange, kind: str = ""
) -> Iterator[tuple[int, str, date]]:  # fmt: skip
    """Practice, item and the practice's day of what some people of each practice closed within some days.

    Of one kind alone where it is named. What ended without a person was closed by nobody.
    """
    for practice, users in people.items():
        theirs = WorkEntry.objects.filter(
            item=OuterRef("pk"), practice_id=practice, what=Happened.DONE, actor_user__in=list(users)
        )
        rows = WorkItem.objects.filter(Exists(theirs), state=Working.DONE)
        rows = rows.filter(kind=kind) if kind else rows
        yield from tenancy.named_by_instant(rows, "done_at", [practice], within)


def late(practice: int, *, at: datetime) -> tuple[WorkPolicy | None, list[str]]:
    """The policy of a practice, and the open items that are so late that the lead gets them, the latest first.

    What was put off and has come back is open; what a lead had once stays with whom the lead gave it to.
    """
    policy = WorkPolicy.objects.filter(practice_id=practice).order_by("-pk").first()
    if policy is None or not policy.lead_user:
        return policy, []
    due_before = at - timedelta(hours=policy.hours)
    rows = (
        WorkItem.objects.filter(in_state(Working.OPEN, at), practice_id=practice, due_at__lt=due_before)
        .exclude(assignee=policy.lead)
        .exclude(pk__in=WorkEntry.objects.filter(practice_id=practice, what=Happened.ESCALATED).values("item"))
    )
    return policy, list(rows.order_by("due_at").values_list("public_id", flat=True)[:LATE_MAX])


def leads(practices: Collection[int]) -> dict[int, str]:
    """Who gets what is late, by the policy that holds in each practice: accounts; practices without a lead lack."""
    rows = WorkPolicy.objects.filter(practice_id__in=practices).order_by("practice_id", "-pk").distinct("practice_id")
    return {practice: lead for practice, lead in rows.values_list("practice_id", "lead_user") if lead}


LATE_MAX = 500
"""Items that go to a lead at once; the next run takes more."""
