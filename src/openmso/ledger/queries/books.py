"""Which books there are, their charts and their months."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import date

from django.db.models import Count, Max, Min, Sum

from openmso.kit.errors import NotFound, Refused
from openmso.kit.money import ZERO, Money
from openmso.kit.periods import Month
from openmso.ledger import models
from openmso.ledger.contracts import Account, Accounts, Book, Kind, Method, Side
from openmso.ledger.contracts.reports import BookRow, PeriodRow
from openmso.ledger.rules import closing
from openmso.ledger.states import PeriodState


class NoBook(NotFound):
    """No books are kept for this entity, or they are not in scope."""

    code = "no_book"


class NoOpenMonth(Refused):
    """No month on or after a day takes entries."""

    code = "no_open_month"


def book_of(entity: int) -> Book:
    """The book of a legal entity; raises `NoBook`."""
    row = models.Book.objects.select_related("entity").filter(entity_id=entity).first()
    if row is None:
        raise NoBook("No books are kept for this entity.", fix="Open its books first.")
    return as_book(row)


def find_book(public_id: str) -> Book | None:
    """The book of a public id, when there is one in scope."""
    row = models.Book.objects.select_related("entity").filter(public_id=public_id).first()
    return as_book(row) if row else None


def every() -> list[Book]:
    """The books in scope, by name."""
    return [as_book(row) for row in models.Book.objects.select_related("entity").order_by("name", "pk")]


def books(*, on: date) -> list[BookRow]:
    """All books in scope as they stand on a day, by name."""
    rows = models.Book.objects.select_related("entity").order_by("name", "pk")
    months, numbers, standing, unequal = _months(), _numbers(), _standing(), _unequal()
    now = Month.of(on)
    return [
        BookRow(
            row.public_id, row.name, Method(row.method), *months.get(row.entity_id, ((), None)),
            *numbers.get(row.entity_id, (0, "")),
            cash=standing[row.entity_id, Accounts.OPERATING_CASH] + standing[row.entity_id, Accounts.CASH_CLEARING],
            receivable=sum((standing[row.entity_id, code] for code in _RECEIVABLE), ZERO),
            to_close=sum(month < now for month in months.get(row.entity_id, ((), None))[0]),
            balanced=row.entity_id not in unequal,
        )
        for row in rows
    ]  # fmt: skip


_RECEIVABLE = (Accounts.AR_INSURANCE, Accounts.AR_PATIENT, Accounts.FEES_RECEIVABLE)


def _months() -> Mapping[int, tuple[tuple[Month, ...], Month | None]]:
    opened: defaultdict[int, list[Month]] = defaultdict(list)
    closed: dict[int, Month] = {}
    for entity, month, state in models.Period.objects.order_by("month").values_list("entity_id", "month", "state"):
        if state == PeriodState.OPEN:
            opened[entity].append(Month.of(month))
        else:
            closed[entity] = Month.of(month)
    return {entity: (tuple(opened[entity]), closed.get(entity)) for entity in opened.keys() | closed.keys()}


def _numbers() -> Mapping[int, tuple[int, str]]:
    found: dict[int, tuple[int, str]] = {}
    for entity, year, latest in models.Numbering.objects.order_by("fiscal_year").values_list(
        "entity_id", "fiscal_year", "latest"
    ):
        found[entity] = (found.get(entity, (0, ""))[0] + latest, f"{year}-{latest:05d}")
    return found


def _standing() -> defaultdict[tuple[int, str], Money]:
    """What stands on cash and receivables by each book's own method, as of all that was posted."""
    codes = (Accounts.OPERATING_CASH, Accounts.CASH_CLEARING, *_RECEIVABLE)
    methods = dict(models.Book.objects.values_list("entity_id", "method"))
    sums = (
        models.Balance.objects.filter(account__code__in=codes)
        .values_list("entity_id", "account__code", "basis")
        .annotate(debits=Sum("debit_amount"), credits=Sum("credit_amount"))
    )
    standing: defaultdict[tuple[int, str], Money] = defaultdict(lambda: ZERO)
    for entity, code, basis, debits, credits in sums:
        own = Method(methods[entity])
        if basis in own.bases(own):
            standing[entity, code] += Money(debits - credits)
    return standing


def _unequal() -> frozenset[int]:
    """The entities in whose books debits and credits differ on some basis."""
    sums = models.Balance.objects.order_by().values_list("entity_id", "basis")
    differ = sums.annotate(net=Sum("debit_amount") - Sum("credit_amount")).exclude(net=0)
    return frozenset(entity for entity, *_ in differ)


def by_month(*, code: str, method: Method, since: Month) -> dict[Month, Money]:
    """What an account took in (credits less debits) in each month since one, over all books in scope."""
    rows = (
        models.Balance.objects.filter(account__code=code, month__gte=since.first, basis__in=method.bases(method))
        .order_by("month")
        .values_list("month")
        .annotate(net=Sum("credit_amount") - Sum("debit_amount"))
    )
    return {Month.of(month): Money(net) for month, net in rows}


def accounts(*, entity: int) -> list[Account]:
    """The chart of a book, by code."""
    rows = models.Account.objects.filter(entity_id=entity).select_related("parent").order_by("code")
    return [as_account(row) for row in rows]


def find_account(*, entity: int, code: str) -> Account | None:
    """The account of a code, when the chart has one."""
    row = models.Account.objects.filter(entity_id=entity, code=code).select_related("parent").first()
    return as_account(row) if row else None


def unused(*, entity: int, codes: Collection[str]) -> frozenset[str]:
    """Those of the accounts whose balance is zero on every basis: they may be retired."""
    sums = (
        models.Balance.objects.filter(entity_id=entity, account__code__in=codes)
        .values_list("account__code", "basis")
        .annotate(debits=Sum("debit_amount"), credits=Sum("credit_amount"))
    )
    return frozenset(codes) - {code for code, _, debits, credits in sums if debits != credits}


def open_day(*, entity: int, wanted: date) -> date:
    """The day on which something that happened on `wanted` may be posted.

    That day itself while its month is open, else the first day of the first open month after it: late facts go to
    the books when they are heard of, and name what they are about. Raises `NoOpenMonth`.
    """
    month = Month.of(wanted)
    first = (
        models.Period.objects.filter(entity_id=entity, month__gte=month.first, state=PeriodState.OPEN.value)
        .order_by("month")
        .values_list("month", flat=True)
        .first()
    )
    if first is None:
        raise NoOpenMonth(f"No month from {month} on is open in these books.", fix="Open the next month.")
    return max(first, wanted)


def usual_day(*, entity: int, today: date) -> date:
    """The day an entry by hand is offered: today, or the last day of the latest open month, or its first."""
    opened = (
        models.Period.objects.filter(entity_id=entity, state=PeriodState.OPEN.value)
        .order_by("month")
        .values_list("month", flat=True)
    )
    months = [Month.of(month) for month in opened]
    latest = max((month for month in months if month <= Month.of(today)), default=None)
    if latest is None:
        return months[0].first if months else today
    return min(latest.last, today)


def usual_month(*, entity: int, today: date) -> Month:
    """The month that statements open on: the latest one begun that has entries, or simply the latest begun."""
    begun = models.Period.objects.filter(entity_id=entity, month__lte=today)
    moved = models.Balance.objects.filter(entity_id=entity, month__lte=today).aggregate(latest=Max("month"))["latest"]
    latest = moved or begun.aggregate(latest=Max("month"))["latest"]
    first = latest or models.Period.objects.filter(entity_id=entity).aggregate(first=Min("month"))["first"]
    return Month.of(first or today)


def periods(*, entity: int) -> list[PeriodRow]:
    """The months of a book, latest first, with what each holds and what may be done with it."""
    rows = list(models.Period.objects.filter(entity_id=entity).order_by("month"))
    debits = dict(
        models.Balance.objects.filter(entity_id=entity).values_list("month").annotate(sum=Sum("debit_amount"))
    )
    counts = _entries_by_month(entity)
    moves = _latest_moves(entity)
    steps = [closing.Step(Month.of(row.month), row.fiscal_year, PeriodState(row.state)) for row in rows]
    found = []
    for row, step in zip(rows, steps, strict=True):
        move = moves.get(row.month)
        found.append(
            PeriodRow(
                step.month, step.fiscal_year, step.state, counts.get(row.month, 0),
                Money(debits[row.month]) if row.month in debits else ZERO,
                move.actor_name if move else "", move.at if move else None, move.why if move else "",
                closing.obstacles(step, steps),
            )
        )  # fmt: skip
    return found[::-1]


def _entries_by_month(entity: int) -> dict[date, int]:
    days = models.Entry.objects.filter(entity_id=entity).values_list("posted_on").annotate(entries=Count("id"))
    counts: defaultdict[date, int] = defaultdict(int)
    for day, entries in days:
        counts[day.replace(day=1)] += entries
    return counts


def _latest_moves(entity: int) -> Mapping[date, models.PeriodMove]:
    latest = models.PeriodMove.objects.filter(entity_id=entity).values("month").annotate(last=Max("id"))
    rows = models.PeriodMove.objects.filter(id__in=[row["last"] for row in latest])
    return {row.month: row for row in rows}


def as_book(row: models.Book) -> Book:
    """A row as what leaves the ledger; its entity is loaded with it."""
    return Book(row.public_id, row.entity_id, row.entity.tenant_id, row.name, Method(row.method), row.fiscal_year_start)


def as_account(row: models.Account) -> Account:
    """A row as what leaves the ledger; its parent is loaded with it."""
    return Account(
        row.code, row.name, Kind(row.kind), Side(row.normal), row.parent.code if row.parent else "", row.postable,
        row.active,
    )  # fmt: skip
