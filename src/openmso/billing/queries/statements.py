"""Runs of statements, and what they made of each account."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from django.db.models import Count, QuerySet, Sum

from openmso.billing.contracts import RunRow, StatementRow
from openmso.billing.models import Notice, Statement, StatementRun
from openmso.billing.states import Making, NoStatement, Told, Way
from openmso.kit.errors import NotFound
from openmso.kit.money import Money
from openmso.patients import queries as patients
from openmso.platform.tenancy.queries import keys_of, tenants
from openmso.platform.ui import counting, paging
from openmso.platform.ui.contracts import Filters, Page, PageAsk, Tally

SENT = "sent"
SORTS = {"amount": "amount", "on": "on"}


def runs(*, filters: Filters, page: PageAsk) -> Page[RunRow]:
    """A page of the runs in scope, the latest first."""
    found = StatementRun.objects.all()
    if codes := filters.many("practice"):
        found = found.filter(practice_id__in=keys_of(codes))
    shown = paging.rows(found, ("-made_at", "pk"), page)
    return counting.page_of([_run(row) for row in shown], found, page, lambda: Tally(found.count()))


def run(public_id: str) -> RunRow:
    """One run; raises `NotFound`."""
    row = StatementRun.objects.filter(public_id=public_id).first()
    if row is None:
        raise NotFound(f"There is no statement run {public_id}.")
    return _run(row)


def of_run(public_id: str, *, filters: Filters, page: PageAsk) -> Page[StatementRow]:
    """The accounts that a run judged, who owes most first."""
    found = _of_run(public_id, filters)
    column = SORTS.get(page.sort, "amount")
    rows = found.order_by(f"-{column}" if page.desc or not page.sort else column, "pk")
    shown = rows_of(rows[page.offset : page.offset + page.size])
    return counting.page_of(shown, found, page, lambda: tally(public_id, filters=filters))


def tally(public_id: str, *, filters: Filters) -> Tally:
    """How many they are, and what they owe."""
    sums = _of_run(public_id, filters).aggregate(n=Count("pk"), due=Sum("amount"))
    return Tally(sums["n"], {"amount": Money.of(sums["due"] or 0)})


def _of_run(public_id: str, filters: Filters) -> QuerySet[Statement]:
    found = Statement.objects.filter(run__public_id=public_id)
    if wanted := filters.many("is"):
        found = found.filter(reason__in=["" if one == SENT else one for one in wanted])
    if text := filters.text.strip():
        found = found.filter(patient_id__in=patients.ids_named(text))
    return found


def of_patient(*, practice: int, patient: int) -> list[StatementRow]:
    """The statements of a patient, the latest first; runs in which there was none are left out."""
    return rows_of(Statement.objects.filter(practice_id=practice, patient_id=patient, reason="").order_by("-on", "-pk"))


def statement(public_id: str) -> tuple[StatementRow, Mapping[str, Any]]:
    """One statement and what stands on it; raises `NotFound`."""
    row = Statement.objects.filter(public_id=public_id, reason="").first()
    if row is None:
        raise NotFound(f"There is no statement {public_id}.")
    return rows_of([row])[0], row.content or {}


def rows_of(rows: QuerySet[Statement] | Collection[Statement]) -> list[StatementRow]:
    """Rows as lists show them: a few questions for a page."""
    found = list(rows)
    people = patients.by_ids({row.patient_id for row in found})
    named = dict(StatementRun.objects.filter(pk__in={row.run_id for row in found}).values_list("pk", "public_id"))
    told = dict(Notice.objects.filter(statement_id__in=[row.pk for row in found]).values_list("statement_id", "state"))
    return [
        StatementRow(
            row.public_id, row.practice_id, named[row.run_id], people[row.patient_id].public_id,
            people[row.patient_id].name, row.on, NoStatement(row.reason) if row.reason else None, row.words,
            Money.of(row.amount), Way(row.way) if row.way else None, Told(told[row.pk]) if row.pk in told else None,
        )
        for row in found
    ]  # fmt: skip


def in_outbox() -> int:
    """How many notices wait in the practices of the scope."""
    return Notice.objects.filter(state=Told.WAITING.value).count()


def _run(row: StatementRun) -> RunRow:
    names = {one.pk: one.name for one in tenants()}
    return RunRow(
        row.public_id, row.practice_id, names.get(row.practice_id, ""), row.on, row.made_at, row.made_by, row.sent,
        row.passed, Money.of(row.amount), row.paper, row.mail_list, Making(row.state), row.whole, row.looked,
    )  # fmt: skip
