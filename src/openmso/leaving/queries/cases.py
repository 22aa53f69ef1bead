"""Questions about exits: one with all that was added to it, the list, the exports that a certificate may name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet

from openmso.kit.clock import day_in
from openmso.kit.errors import NotFound
from openmso.kit.money import Money
from openmso.leaving import models as kept
from openmso.leaving import rules
from openmso.leaving.contracts import (
    Appraisal,
    Area,
    Asset,
    Certificate,
    Closing,
    Doing,
    Elects,
    Exit,
    ExitRow,
    Fate,
    Item,
    Line,
    Owes,
    Price,
    Side,
    Sort,
    Stage,
    Stated,
    Step,
    Task,
    Who,
)
from openmso.platform.audit import queries as trail
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.ui.contracts import Filters, Page, PageAsk

ARCHIVE, TAKEN = "portability.archive", "portability.taken_whole"
"""How the trail calls an export that was taken whole."""


def one(public_id: str, *, on: date) -> Exit:
    """An exit with all that was added to it, prices of assets as of a day; raises `NotFound`."""
    found = told(kept.Exit.objects.filter(public_id=public_id), on=on)
    if not found:
        raise NotFound(f"There is no exit {public_id}.", field="exit")
    return found[0]


def today(public_id: str, at: datetime) -> Exit:
    """The same as of the practice's day at an instant."""
    practice = kept.Exit.objects.filter(public_id=public_id).values_list("practice_id", flat=True).first()
    if practice is None:
        raise NotFound(f"There is no exit {public_id}.", field="exit")
    return one(public_id, on=tenancy.today(practice, at))


def under_way(practice: int) -> bool:
    """Whether a practice has an exit that is neither closed nor withdrawn."""
    found = told(kept.Exit.objects.filter(practice_id=practice), on=date.min + timedelta(days=1))
    return any(each.stage in {Stage.NOTICE, Stage.STATED} for each in found)


def all_under_way(at: datetime) -> list[Exit]:
    """The exits in scope that are neither closed nor withdrawn, as they stand at an instant."""
    found = told(kept.Exit.objects.all(), on=at.date())
    return [each for each in found if each.stage in {Stage.NOTICE, Stage.STATED}]


def left(practice: int) -> set[str]:
    """The agreements of a practice that an exit is of which was not withdrawn."""
    found = told(kept.Exit.objects.filter(practice_id=practice), on=date.min + timedelta(days=1))
    return {each.agreement for each in found if each.stage is not Stage.WITHDRAWN}


def manifests(found: Exit) -> list[tuple[str, str]]:
    """The exports of the practice that were taken whole, by the trail: SHA-256 of the manifest, and its sentence."""
    events = trail.history((ARCHIVE, found.practice_code), practice=found.practice)
    return [
        (str(each.facts["sha256"]), f"{each.at:%-d %B %Y}, {each.actor}: {str(each.facts['sha256'])[:16]}…")
        for each in events if each.action == TAKEN
    ]  # fmt: skip


def listing(*, filters: Filters, page: PageAsk, at: datetime) -> Page[ExitRow]:
    """The exits in scope as they stand on the days of their practices."""
    days = {each.pk: day_in(each.zone, at) for each in tenancy.tenants_in_scope()}
    rows = [_row(each, days[each.practice]) for each in told(kept.Exit.objects.all(), on=at.date())]
    found = [
        each for each in rows
        if filters.text.lower() in f"{each.practice_name} {each.public_id}".lower()
        and (not filters.many("is") or each.stage in filters.many("is"))
    ]  # fmt: skip
    found.sort(key=lambda each: (_SORTS.get(page.sort, _SORTS["ends_on"])(each), each.public_id), reverse=page.desc)
    return Page(found[page.offset : page.offset + page.size], len(found), page)


_SORTS: Mapping[str, Callable[[ExitRow], Any]] = {
    "practice_name": lambda each: each.practice_name, "ends_on": lambda each: each.ends_on,
    "noticed_on": lambda each: each.noticed_on, "stage": lambda each: each.stage,
    "open_tasks": lambda each: each.open_tasks,
}  # fmt: skip


def _row(found: Exit, on: date) -> ExitRow:
    late = sum(not each.is_over and each.due_on < on for each in found.tasks)
    return ExitRow(
        found.public_id, found.practice, found.practice_name, found.stage, found.noticed_on, found.ends_on,
        max((found.ends_on - on).days, 0), len(found.tasks), found.open_tasks, late,
        found.statements[-1].closing.net if found.statements else None, found.certificate is not None,
    )  # fmt: skip


# ---- rows as what leaves ---------------------------------------------------------------------------------------


def told(found: QuerySet[kept.Exit], *, on: date) -> list[Exit]:
    """Rows as exits; a constant number of questions for any number of them."""
    rows = list(found.select_related("practice").order_by("pk"))

    def of(model: Any) -> dict[int, list[Any]]:
        by: dict[int, list[Any]] = defaultdict(list)
        for each in model.objects.filter(Q(exit__in=rows)).order_by("pk"):
            by[each.exit_id].append(each)
        return by

    steps, items, elections, certificates = of(kept.ExitStep), of(kept.Item), of(kept.Election), of(kept.Certificate)
    tasks, assets, stated = _tasks(rows), of(kept.Asset), of(kept.ClosingStatement)
    lines, appraisals = _lines(rows), _appraisals(rows)
    return [
        Exit(
            row.pk, row.public_id, row.practice_id, row.practice.code, row.practice.name, row.agreement,
            row.noticed_on, row.ends_on, Price(row.rule), row.plan_days, row.why,
            tuple(Step(Stage(each.to), each.made_at, each.made_by, each.why) for each in steps[row.pk]),
            tuple(tasks[row.pk]),
            tuple(_asset(each, Price(row.rule), appraisals[each.pk], on) for each in assets[row.pk]),
            tuple(Item(each.number, each.words, Owes(each.owes), Money.of(each.amount), each.shows)
                  for each in items[row.pk]),
            Elects(elections[row.pk][0].elects) if elections[row.pk] else None,
            row.noticed_on + timedelta(days=rules.ELECTION_DAYS),
            tuple(
                Stated(each.public_id, Closing(each.stated_on, tuple(lines[each.pk])), each.document, each.made_at,
                       each.made_by)
                for each in stated[row.pk]
            ),
            _certificate(certificates[row.pk]),
        )
        for row in rows
    ]  # fmt: skip


def _tasks(rows: list[kept.Exit]) -> dict[int, list[Task]]:
    last: dict[int, kept.TaskStep] = {}
    for step in kept.TaskStep.objects.filter(task__exit__in=rows).order_by("pk"):
        last[step.task_id] = step
    found: dict[int, list[Task]] = defaultdict(list)
    for row in kept.Task.objects.filter(exit__in=rows).order_by("number"):
        moved = last.get(row.pk)
        found[row.exit_id].append(
            Task(row.number, Area(row.area), Who(row.who), row.words, row.due_on,
                 Doing(moved.to) if moved else Doing.OPEN, moved.note if moved else "",
                 moved.made_by if moved else "", moved.made_at if moved else None)
        )  # fmt: skip
    return found


def _lines(rows: list[kept.Exit]) -> dict[int, list[Line]]:
    found: dict[int, list[Line]] = defaultdict(list)
    for row in kept.ClosingLine.objects.filter(statement__exit__in=rows).order_by("statement_id", "number"):
        found[row.statement_id].append(
            Line(row.section, row.words, row.how, Money.of(row.amount), row.counts, (row.source_kind, row.source_id))
        )
    return found


def _appraisals(rows: list[kept.Exit]) -> dict[int, list[Appraisal]]:
    found: dict[int, list[Appraisal]] = defaultdict(list)
    for row in kept.Appraisal.objects.filter(asset__exit__in=rows).select_related("practice").order_by("pk"):
        filed_on = day_in(row.practice.zone, row.made_at)
        found[row.asset_id].append(
            Appraisal(Side(row.side), row.appraiser, Money.of(row.amount), row.appraised_on, filed_on)
        )
    return found


def _asset(row: kept.Asset, rule: Price, found: list[Appraisal], on: date) -> Asset:
    sort, book = Sort(row.sort), Money.of(row.book_amount)
    price, how = rules.price(sort, rule, book, found, on)
    return Asset(row.number, row.name, sort, rule, book, tuple(found), price, how)


def _certificate(rows: list[kept.Certificate]) -> Certificate | None:
    if not rows:
        return None
    (row,) = rows
    return Certificate(
        row.public_id, Fate(row.fate), row.manifest, row.words, row.document, row.made_at, row.made_by
    )  # fmt: skip
