"""Runs of the priority of payments, and what stands behind each of their figures."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum

from openmso.agreements.fees.waterfall import Line
from openmso.kit.errors import NotFound
from openmso.kit.money import Money
from openmso.kit.periods import Month
from openmso.ledger.contracts import Entry, LedgerRow, Selection
from openmso.ledger.queries import journal
from openmso.ledger.queries import selection as ledger
from openmso.platform.tenancy.models import Entity
from openmso.platform.tenancy.scope import current
from openmso.platform.ui.contracts import Filters, Page, PageAsk
from openmso.platform.ui.narrowing import by_terms
from openmso.treasury import models
from openmso.treasury.contracts import Given, Run, RunRow, Step
from openmso.treasury.states import STANDING, R

SORTS = {
    "month": "month", "practice_name": "practice__name", "state": "state", "cash": "cash_amount",
    "fee_paid": "fee_amount", "advanced": "advanced_amount", "residual": "residual_amount", "loan": "loan_amount",
    "held": "held_amount", "proposed_at": "proposed_at",
}  # fmt: skip
SUMMED = {"cash": "cash_amount", "fee_paid": "fee_amount", "advanced": "advanced_amount",
          "residual": "residual_amount"}  # fmt: skip


def mso_of(row: models.Run) -> int:
    """The tenant of the MSO of a run."""
    return Entity.objects.values_list("tenant_id", flat=True).get(pk=row.mso_entity_id)


def runs(filters: Filters, ask: PageAsk) -> Page[RunRow]:
    """Runs in scope, the latest month first, with the sums of all that the filters find."""
    found = _filtered(filters)
    key = SORTS.get(ask.sort, "month")
    shown = found.order_by(f"-{key}" if ask.desc else key, "practice__name", "-pk")
    sums = found.aggregate(n=Count("pk"), **{name: Sum(column) for name, column in SUMMED.items()})
    totals = {name: Money.of(sums[name] or 0) for name in SUMMED}
    return Page(tuple(_row(one) for one in shown[ask.offset : ask.offset + ask.size]), sums["n"], ask, totals)


def run(public_id: str) -> Run:
    """A run by its public id; raises `NotFound`."""
    row = (
        models.Run.objects.select_related("practice", "instruction", "deposit_instruction")
        .filter(public_id=public_id)
        .first()
    )
    if row is None:
        raise NotFound("There is no such run of payments among the practices you may see.")
    steps = models.RunStep.objects.filter(practice_id=row.practice_id, run=row).order_by("number")
    return Run(
        row=_row(row), practice_code=row.practice.code, agreement=row.agreement, version=row.version,
        sentence=row.sentence, clause=row.terms.get("clause") or "", terms=row.terms,
        opening=_amounts(row.opening), closing=_amounts(row.closing), given=tuple(_given(row.given)),
        steps=tuple(map(_step, steps)), notes=tuple(row.notes),
        instruction=row.instruction.public_id if row.instruction else "", swept=Money.of(row.swept_amount),
        deposit_instruction=row.deposit_instruction.public_id if row.deposit_instruction else "",
        collected=Money.of(row.collected_amount), content=row.content, proposed_by=row.proposed_by,
        proposed_by_user=row.proposed_by_user,
        approved_by=row.approved_by, approved_at=row.approved_at, posted_on=row.posted_on,
        entries=tuple((entity, name) for entity, name in row.entries), practice_entity=row.practice_entity_id,
        mso_entity=row.mso_entity_id,
    )  # fmt: skip


def given(public_id: str, key: str) -> Given:
    """A figure of a run that was summed from ledger lines; raises `NotFound`."""
    found = next((one for one in run(public_id).given if one.key == key and one.selection), None)
    if found is None:
        raise NotFound("The run was not computed from such a figure of the ledger.")
    return found


def behind(one: Given, ask: PageAsk) -> Page[LedgerRow]:
    """The ledger lines behind a figure."""
    return ledger.lines(Selection.from_json(one.selection), ask)


def entries(one: Run) -> list[Entry]:
    """The entries of a run in the books in scope, reversals with what they reverse."""
    found = [
        journal.entry(entity=entity, public_id=name) for entity, name in one.entries if entity in current().entities
    ]
    back = [journal.entry(entity=each.entity, public_id=each.reversed_by) for each in found if each.reversed_by]
    return [*found, *back]


def last_posted(practice: int) -> models.Run | None:
    """The latest month of a practice that was paid out."""
    return models.Run.objects.filter(practice_id=practice, state=R.POSTED.value).order_by("-month").first()


def standing(practice: int, month: Month) -> str:
    """The public id of the run that stands for a month; the empty text when there is none."""
    found = models.Run.objects.filter(
        practice_id=practice, month=month.first, state__in=[one.value for one in STANDING]
    )
    return found.values_list("public_id", flat=True).first() or ""


def later_than(row: models.Run) -> str:
    """The month of a run that stands on this one, in words; the empty text when there is none."""
    return later_than_month(row.practice_id, Month.of(row.month))


def later_than_month(practice: int, month: Month) -> str:
    """The first later month of a practice that has a run, in words; the empty text when there is none."""
    found = models.Run.objects.filter(
        practice_id=practice, month__gt=month.first, state__in=[one.value for one in STANDING]
    )
    first = found.order_by("month").values_list("month", flat=True).first()
    return f"{first:%B %Y}" if first else ""


def _filtered(filters: Filters) -> QuerySet[models.Run]:
    found = models.Run.objects.select_related("practice")
    if states := filters.many("is"):
        found = found.filter(state__in=states)
    if codes := filters.many("practice"):
        found = found.filter(practice__code__in=[code.upper() for code in codes])
    found = found.filter(by_terms(filters, {"month": "month", "advanced": "advanced_amount", "loan": "loan_amount"}))
    if filters.text:
        found = found.filter(Q(practice__name__icontains=filters.text) | Q(public_id__istartswith=filters.text))
    return found


def _row(row: models.Run) -> RunRow:
    return RunRow(
        row.public_id, row.practice_id, row.practice.name, Month.of(row.month), R(row.state),
        Money.of(row.cash_amount), Money.of(row.fee_amount), Money.of(row.advanced_amount),
        Money.of(row.residual_amount), Money.of(row.loan_amount), Money.of(row.held_amount), row.proposed_at,
    )  # fmt: skip


def _step(row: models.RunStep) -> Step:
    return Step(
        row.number, row.line, Line(row.line).words.capitalize(), Money.of(row.wanted_amount),
        Money.of(row.paid_amount), Money.of(row.advanced_amount), Money.of(row.missing_amount),
        Money.of(row.left_amount), row.how, row.outcome,
    )  # fmt: skip


def _given(kept: list[Mapping[str, Any]]) -> Iterator[Given]:
    for one in kept:
        invoices = tuple((statement, number, amount) for statement, number, amount in one["invoices"])
        yield Given(one["key"], one["words"], Money.of(one["amount"]), one["selection"], invoices)


def _amounts(kept: Mapping[str, str]) -> dict[str, Money]:
    return {key: Money.of(value) for key, value in kept.items()}
