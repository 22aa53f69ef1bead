"""Questions about statements and lines; rows of the practices in scope."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from decimal import Decimal
from typing import Any

from django.db import models
from django.db.models import Count, Exists, OuterRef, Q, Sum
from django.db.models.functions import Coalesce

from openmso.banking.contracts import HEALTH_CARE_ENTRY, BankLine, LineFilters, StatementRow
from openmso.banking.models import Line, Statement, Unexplained
from openmso.kit.errors import NotFound
from openmso.kit.money import Money
from openmso.parties.contracts import BankAccount
from openmso.parties.queries import practices as parties
from openmso.platform.ui import counting, paging
from openmso.platform.ui.contracts import Page, PageAsk, Tally

LINE_SORTS = {"posted_on": "posted_on", "amount": "amount", "description": "description", "trace": "trace"}
STATEMENT_SORTS = {"imported_at": "imported_at", "ends_on": "ends_on", "lines": "line_count"}
_NOTHING = Decimal("0.00")
IS_OF_A_PLAN = ~Q(trace="") | Q(description__icontains=HEALTH_CARE_ENTRY)
"""As `BankLine.is_of_a_plan`."""


def lines(*, filters: LineFilters, page: PageAsk) -> Page[BankLine]:
    """Lines as the filters want them, newest first unless asked otherwise."""
    found = _filtered(filters)
    order = LINE_SORTS.get(page.sort, "posted_on")
    ascending = bool(page.sort) and not page.desc
    keys = (order if ascending else f"-{order}", "-pk")
    if filters.text and (few := paging.pinned(found)) is not None:
        rows = as_contracts(paging.sorted_whole(few, keys, page).select_related("statement"))
        return counting.page_of(rows, few, page, lambda: _tally(few))
    rows = as_contracts(paging.rows(found.select_related("statement"), keys, page))
    return counting.page_of(rows, found, page, lambda: _tally(found))


def tally(*, filters: LineFilters) -> Tally:
    """How many lines the filters leave, and what they come to."""
    return _tally(_filtered(filters))


def _tally(found: models.QuerySet[Line]) -> Tally:
    sums = found.aggregate(count=Count("pk"), total=Coalesce(Sum("amount"), _NOTHING))
    return Tally(sums["count"], {"amount": Money(sums["total"])})


def line(public_id: str) -> BankLine:
    """One line; raises `NotFound`."""
    row = Line.objects.select_related("statement").filter(public_id=public_id).first()
    if row is None:
        raise NotFound(f"There is no bank line {public_id}.")
    return as_contracts([row])[0]


def by_ids(ids: Collection[int]) -> dict[int, BankLine]:
    """Lines by key."""
    rows = Line.objects.select_related("statement").filter(pk__in=ids)
    return {row.id: row for row in as_contracts(rows)}


def unexplained(
    *, practices: Collection[int], amounts: Collection[Decimal] = (), traces: Collection[str] = (),
    traced: bool = False, limit: int | None = None,
) -> list[BankLine]:  # fmt: skip
    """Money in that nobody explained yet, oldest first; of these amounts or traces if any are named."""
    found = _unexplained().select_related("statement").filter(practice_id__in=practices)
    if amounts or traces:
        found = found.filter(Q(amount__in=amounts) | Q(trace__in=traces))
    if traced:
        found = found.filter(IS_OF_A_PLAN)
    return as_contracts(found.order_by("posted_on", "pk")[:limit])


def statements(*, page: PageAsk) -> Page[StatementRow]:
    """Imported statements, newest first unless asked otherwise."""
    found = Statement.objects.all()
    order = STATEMENT_SORTS.get(page.sort, "imported_at")
    ordered = found.order_by(order if page.sort and not page.desc else f"-{order}", "-pk")
    chosen = list(ordered[page.offset : page.offset + page.size])
    return Page(_statement_rows(chosen), found.count(), page)


def statement(public_id: str) -> StatementRow:
    """One statement; raises `NotFound`."""
    row = Statement.objects.filter(public_id=public_id).first()
    if row is None:
        raise NotFound(f"There is no bank statement {public_id}.")
    return _statement_rows([row])[0]


def accounts_of(practices: Iterable[int]) -> list[BankAccount]:
    """The bank accounts of some practices."""
    return parties.accounts(*set(practices))


def is_unexplained(line: BankLine) -> bool:
    """Whether a line is money in that nobody explained yet."""
    return Unexplained.objects.filter(practice_id=line.practice, line_id=line.id).exists()


def _unexplained() -> models.QuerySet[Line]:
    waits = Unexplained.objects.filter(practice_id=OuterRef("practice_id"), line_id=OuterRef("pk"))
    return Line.objects.filter(Exists(waits))


def _filtered(filters: LineFilters) -> models.QuerySet[Line]:
    found = _unexplained() if filters.unexplained else Line.objects.all()
    if filters.account is not None:
        found = found.filter(account__public_id=filters.account)
    if filters.statement is not None:
        found = found.filter(statement__public_id=filters.statement)
    if filters.starts_on is not None:
        found = found.filter(posted_on__gte=filters.starts_on)
    if filters.ends_on is not None:
        found = found.filter(posted_on__lt=filters.ends_on)
    if filters.money_in is not None:
        found = found.filter(amount__gt=0) if filters.money_in else found.filter(amount__lt=0)
    if filters.traced:
        found = found.filter(IS_OF_A_PLAN)
    for word in filters.text.split():
        found = found.filter(
            Q(description__icontains=word) | Q(reference=word) | Q(trace=word) | Q(public_id=word.upper())
        )
    return found


def as_contracts(rows: Iterable[Line]) -> list[BankLine]:
    """Rows as they may leave the app."""
    held = list(rows)
    accounts = parties.account_names({row.account_id for row in held})
    return [_line(row, accounts[row.account_id]) for row in held]


def _line(row: Line, account: tuple[str, str]) -> BankLine:
    return BankLine(
        id=row.pk, public_id=row.public_id, practice=row.practice_id, entity=row.entity_id,
        account=account[0], account_name=account[1], statement=row.statement.public_id,
        posted_on=row.posted_on, amount=Money(row.amount), kind=row.kind, description=row.description,
        reference=row.reference, originator=row.originator, trace=row.trace, trace_payer=row.trace_payer,
        document=row.statement.document, span=(row.span_start, row.span_end),
    )  # fmt: skip


def _statement_rows(held: list[Statement]) -> list[StatementRow]:
    accounts = parties.account_names({row.account_id for row in held})
    sums: dict[int, dict[str, Any]] = {
        row["statement_id"]: dict(row)
        for row in Line.objects.filter(statement_id__in=[row.pk for row in held])
        .values("statement_id")
        .annotate(money_in=Sum("amount", filter=Q(amount__gt=0)), money_out=Sum("amount", filter=Q(amount__lt=0)))
    }
    return [_statement_row(row, accounts[row.account_id], sums.get(row.pk, {})) for row in held]


def _statement_row(row: Statement, account: tuple[str, str], sums: dict[str, Any]) -> StatementRow:
    return StatementRow(
        public_id=row.public_id, practice=row.practice_id, account=account[0], account_name=account[1],
        format=row.format, file_name=row.file_name, document=row.document, starts_on=row.starts_on,
        ends_on=row.ends_on, closing=None if row.closing_amount is None else Money(row.closing_amount),
        lines=row.line_count, money_in=Money(sums.get("money_in") or _NOTHING),
        money_out=Money(sums.get("money_out") or _NOTHING), imported_at=row.imported_at,
        imported_by=row.imported_by,
    )  # fmt: skip
