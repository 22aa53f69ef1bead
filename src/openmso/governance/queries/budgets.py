"""Questions about budgets: the list, one with its lines beside the year before, and the books against it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime

from django.db.models import F, Q, QuerySet

from openmso.governance import models
from openmso.governance.contracts.budgets import (
    MONTHS,
    AccountLine,
    Budget,
    BudgetMove,
    BudgetRow,
    Fallback,
    Grid,
    Variance,
    Version,
)
from openmso.governance.rules import budgets as rules
from openmso.governance.states import B
from openmso.kit.clock import day_in
from openmso.kit.errors import NotFound
from openmso.kit.money import ZERO, Money
from openmso.kit.periods import Month
from openmso.ledger.contracts import Account, Book, Kind
from openmso.ledger.contracts.reports import Turnover
from openmso.ledger.queries import books, statements
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.ui.contracts import Filters, Page, PageAsk
from openmso.platform.ui.narrowing import by_terms

_ORDERS = {"first": "first_month", "practice_name": "practice__name", "state": "state", "agree_by": "agree_by"}


def listing(*, filters: Filters, page: PageAsk) -> Page[BudgetRow]:
    """The budgets in scope."""
    rows = models.Budget.objects.all()
    if filters.text:
        rows = rows.filter(Q(public_id__iexact=filters.text) | Q(practice__name__icontains=filters.text))
    if codes := filters.many("practice"):
        rows = rows.filter(practice_id__in=tenancy.keys_of(codes))
    if states := filters.many("is"):
        rows = rows.filter(state__in=states)
    rows = rows.filter(by_terms(filters, {"due": "agree_by"}))
    order = F(_ORDERS.get(page.sort, "first_month"))
    shown = rows.order_by(order.desc() if page.desc else order.asc(), "practice__name", "pk")
    return Page(_rows(shown[page.offset : page.offset + page.size]), rows.count(), page)


def row_of(public_id: str, *, lock: bool = False) -> models.Budget:
    """The row of a budget; raises `NotFound`."""
    rows = models.Budget.objects.select_related("practice")
    found = (rows.select_for_update(of=("self",)) if lock else rows).filter(public_id=public_id).first()
    if found is None:
        raise NotFound(f"There is no budget {public_id}.", field="budget")
    return found


def budget(public_id: str, *, version: int | None = None, at: datetime) -> Budget:
    """One budget with a version's lines: the one asked for, else what holds, else the latest; raises `NotFound`."""
    row = row_of(public_id)
    versions = _versions(row)
    wanted = version or row.holds or versions[0].number
    shown = next((one for one in versions if one.number == wanted), None)
    if shown is None:
        raise NotFound(f"The budget has no version {version}.", field="version")
    moves = models.BudgetStep.objects.filter(budget=row).order_by("-number")
    (told,) = _rows(models.Budget.objects.filter(pk=row.pk))
    return Budget(
        told, row.practice.public_id, Fallback(row.fallback), row.index_percent, versions,
        tuple(BudgetMove(B(one.to_state), one.at, one.by, one.why, one.version, one.meeting) for one in moves), shown,
        tuple(_lines(row, shown.grid, at)),
    )  # fmt: skip


def latest(row: models.Budget) -> Version:
    """The latest version of a budget."""
    return _versions(row)[0]


def figures_of(book: Book, first: Month, *, at: datetime, zone: str) -> tuple[dict[str, tuple[Money, ...]], str]:
    """The twelve months of a book from a month on, by account, and where the figures come from."""
    over = {
        one.month for one in books.periods(entity=book.entity) if one.entries and one.month.last < day_in(zone, at)
    }  # fmt: skip
    months = [first.plus(number) for number in range(MONTHS)]
    found = [_moved(book, month) if month in over else None for month in months]
    if not any(one is not None for one in found):
        return {}, "no books of that year"
    return rules.of_year(books.accounts(entity=book.entity), found)


def before(row: models.Budget) -> Grid:
    """What held in the year before: the budget that was approved or fell back to; empty where there was none."""
    prior = models.Budget.objects.filter(
        practice_id=row.practice_id, book=row.book, first_month=Month.of(row.first_month).plus(-MONTHS).first,
        holds__isnull=False,
    ).first()  # fmt: skip
    if prior is None or prior.holds is None:
        return {}
    held = models.BudgetVersion.objects.get(budget=prior, number=prior.holds)
    return rules.kept(held.cells)


def book_of(row: models.Budget) -> Book:
    """The book of a budget; raises `NotFound` where the reader has it not in scope."""
    found = books.find_book(row.book)
    if found is None:
        raise NotFound("There is no such book.", field="book")
    return found


def variances(public_id: str, *, through: Month, at: datetime) -> tuple[Budget, list[Variance]]:
    """A budget and the books of its year up to a month, account by account."""
    found, row = budget(public_id, at=at), row_of(public_id)
    book, first = book_of(row), Month.of(row.first_month)
    months = months_through(first, through)
    chart = books.accounts(entity=book.entity)
    came: dict[str, list[Turnover]] = {}
    for number in range(months):
        for code, moved in _moved(book, first.plus(number)).items():
            came.setdefault(code, []).append(moved)
    kinds = {one.code: one.kind for one in chart}
    actual = {code: Money.total(rules.figure(kinds[code], one) for one in moved) for code, moved in came.items()}
    return found, rules.variances(found.shown.grid, actual, chart, months=months)


def months_through(first: Month, through: Month) -> int:
    """How many months of a year there are up to a month: none before it, twelve after."""
    apart = (through.first.year - first.first.year) * 12 + through.first.month - first.first.month + 1
    return max(0, min(MONTHS, apart))


def to_fall_back(*, on: date) -> list[str]:
    """The budgets in scope that were to be agreed before a day, and are not."""
    waiting = models.Budget.objects.filter(state__in=[B.DRAFT, B.PROPOSED, B.DECLINED], holds=None, agree_by__lt=on)
    return list(waiting.order_by("pk").values_list("public_id", flat=True))


def names(row: models.Budget) -> dict[str, str]:
    """What the accounts of a budget's book are called."""
    return {one.code: one.name for one in chart_of(row)}


def chart_of(row: models.Budget) -> list[Account]:
    """The accounts that a budget plans."""
    return rules.plannable(books.accounts(entity=book_of(row).entity))


def _moved(book: Book, month: Month) -> dict[str, Turnover]:
    return statements.turnover(entity=book.entity, month=month, method=book.method)


def _versions(row: models.Budget) -> tuple[Version, ...]:
    kept = models.BudgetVersion.objects.filter(budget=row).order_by("-number")
    return tuple(
        Version(one.number, one.made_at, one.made_by, one.user, one.why, one.basis, rules.kept(one.cells))
        for one in kept
    )


def _lines(row: models.Budget, grid: Grid, at: datetime) -> Iterable[AccountLine]:
    first = Month.of(row.first_month)
    prior, _ = figures_of(book_of(row), first.plus(-MONTHS), at=at, zone=row.practice.zone)
    for account in chart_of(row):
        months, before = grid.get(account.code, ()), Money.total(prior.get(account.code, ()))
        if months or before:
            yield AccountLine(account.code, account.name, account.kind, tuple(months or [ZERO] * MONTHS), before)


def _rows(rows: QuerySet[models.Budget]) -> list[BudgetRow]:
    found = list(rows.select_related("practice"))
    every: dict[int, dict[int, models.BudgetVersion]] = {}
    for one in models.BudgetVersion.objects.filter(budget__in=found):
        every.setdefault(one.budget_id, {})[one.number] = one
    shelf = {one.public_id: one for one in books.every()}
    charts = {
        one.public_id: {each.code: each.kind for each in books.accounts(entity=one.entity)}
        for one in shelf.values() if any(row.book == one.public_id for row in found)
    }  # fmt: skip
    return [_row(row, every[row.pk], shelf.get(row.book), charts.get(row.book, {})) for row in found]


def _row(
    row: models.Budget, versions: Mapping[int, models.BudgetVersion], book: Book | None, kinds: Mapping[str, Kind]
) -> BudgetRow:  # fmt: skip
    number = row.holds or max(versions)
    income, expenses = rules.totals(rules.kept(versions[number].cells), kinds)
    return BudgetRow(
        row.public_id, row.practice_id, row.practice.name, row.book, book.name if book else "",
        Month.of(row.first_month), B(row.state), row.agree_by, number, income, expenses,
    )  # fmt: skip
