"""Questions about promises that were missed: by whose cause, as it stood at an instant, and what was said of one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime

from openmso.agreements.contracts import Held, Level, Measured
from openmso.agreements.queries import levels as promised
from openmso.kit.errors import NotFound
from openmso.kit.periods import Month
from openmso.platform.documents import queries as documents
from openmso.platform.tenancy.models import Tenant
from openmso.platform.ui.contracts import Filters, Page, PageAsk
from openmso.settlement import causes
from openmso.settlement.contracts.causes import UNSAID, Cause, Judged, Kept, KeptMonth, Missed, Word
from openmso.settlement.models import CauseEntry, Settlement
from openmso.settlement.states import S, SaidOf, Whose

MONTHS = 6
CONTESTED = "contested"
UNSAID_KEY = "unsaid"


def told_at(practice: int, month: Month) -> datetime | None:
    """When the month before one was settled, if it was."""
    found = _settled(practice, month.plus(-1))
    return found.issued_at if found else None


def given_back(practice: int, month: Month, *, at: datetime) -> int:
    """How many items of months settled before became the MSO's cause since the last of them was settled."""
    since = told_at(practice, month)
    if since is None:
        return 0
    moved = CauseEntry.objects.filter(
        practice_id=practice, month__lt=month.first, said_at__gt=since, said_at__lte=at
    ).values_list("item", flat=True)
    items = set(moved)
    before, now = of_items(practice, items, at=since), of_items(practice, items, at=at)
    return sum(causes.became_the_msos(before.get(item, UNSAID), now[item]) for item in items)


def of_items(practice: int, items: Collection[str], *, at: datetime) -> dict[str, Cause]:
    """The causes of some items of which anything was said, as they stood at an instant."""
    said: defaultdict[str, list[Word]] = defaultdict(list)
    if items:
        rows = CauseEntry.objects.filter(practice_id=practice, item__in=items, said_at__lte=at)
        for row in rows.order_by("item", "number"):
            said[row.item].append(Word(SaidOf(row.what), Whose(row.whose), row.why, row.said_at, row.said_by, ()))
    return {item: causes.standing(words) for item, words in said.items()}


def month(practice: int, month: Month, *, at: datetime) -> KeptMonth:
    """What was done of what was promised in a month: as it stood when it was settled, else as it stands."""
    tenant, settled = Tenant.objects.get(pk=practice), _settled(practice, month)
    judged_at = settled.issued_at if settled else at
    levels = promised.of_month(practice, month, at=judged_at, told_at=told_at(practice, month))
    kept = judged(levels, practice, tenant.public_id, month, at=at)
    return KeptMonth(
        practice, tenant.public_id, tenant.name, month, settled.public_id if settled else "", judged_at, kept,
        given_back(practice, month, at=judged_at),
    )  # fmt: skip


def judged(levels: Sequence[Level], practice: int, place: str, month: Month, *, at: datetime) -> tuple[Kept, ...]:
    """Promises of a month with the causes of what was late, as they stood at an instant."""
    late = [one.span.item for level in levels for one in level.items if one.held is Held.LATE]
    said = of_items(practice, late, at=at)
    return tuple(
        Kept(level, tuple(_judged(level, one, said, (place, month)) for one in level.items), practice, place, month)
        for level in levels
    )


def rows(found: KeptMonth, filters: Filters, ask: PageAsk) -> Page[Judged]:
    """The items behind the counts of a month, narrowed: by promise, by how they stand, by whose cause."""
    kinds, stand, whose = (set(filters.many(key)) for key in ("promise", "is", "cause"))
    word = filters.text.casefold()
    chosen = [
        one for each in found.kept for one in each.judged
        if (not kinds or one.kind in kinds) and (not stand or one.held.value in stand)
        and (not whose or whose & _tags(one.cause)) and word in f"{one.span.item} {one.span.subject}".casefold()
    ]  # fmt: skip
    chosen.sort(key=lambda one: one.span.opened_at, reverse=ask.desc)
    return Page(chosen[ask.offset : ask.offset + ask.size], len(chosen), ask)


def missed(practice: int, month_: Month, item: str, *, at: datetime) -> Missed:
    """One item that is judged with a month, and what was said of its cause; raises `NotFound`."""
    found = month(practice, month_, at=at)
    for each in found.kept:
        for one in each.judged:
            if one.span.item == item:
                return Missed(
                    practice, found.practice_public_id, found.practice_name, month_, found.settlement,
                    each.level.hours, one, tuple(_words(practice, item)),
                )  # fmt: skip
    raise NotFound("No promise of this month was judged by such an item.", field="item")


def waits_in(practice: int, item: str) -> Month | None:
    """The month with which an item is judged of whose cause something was said."""
    found = CauseEntry.objects.filter(practice_id=practice, item=item).order_by("-number").first()
    return Month.of(found.month) if found else None


def practice_of(item: str) -> int | None:
    """The practice of an item of whose cause something was said, among those in scope."""
    return CauseEntry.objects.filter(item=item).values_list("practice_id", flat=True).first()


def latest(practice: int) -> Month | None:
    """The latest month of a practice that is settled."""
    found = Settlement.objects.filter(practice_id=practice).exclude(state=S.WITHDRAWN).order_by("-month").first()
    return Month.of(found.month) if found else None


def _settled(practice: int, month: Month) -> Settlement | None:
    return Settlement.objects.filter(practice_id=practice, month=month.first).exclude(state=S.WITHDRAWN).first()


def _judged(level: Level, one: Measured, said: dict[str, Cause], place: tuple[str, Month]) -> Judged:
    cause = said.get(one.span.item, UNSAID) if one.held is Held.LATE else None
    return Judged(level.kind, level.words, one, cause, *place)


def _tags(cause: Cause | None) -> set[str]:
    """By what a cause is found: whose it counts as, whether it is contested, whether nobody said anything."""
    if cause is None:
        return set()
    more = {CONTESTED} if cause.said is SaidOf.CONTESTED else {UNSAID_KEY} if cause.said is None else set()
    return {cause.counts.value} | more


def _words(practice: int, item: str) -> list[Word]:
    rows = CauseEntry.objects.filter(practice_id=practice, item=item).order_by("number")
    return [
        Word(
            SaidOf(row.what), Whose(row.whose), row.why, row.said_at, row.said_by,
            tuple((one, documents.get(one, practice).name) for one in row.documents),
        )
        for row in rows
    ]  # fmt: skip
