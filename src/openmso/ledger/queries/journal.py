"""Entries and lines: one by its name, lists of them, and the general ledger of an account."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import Count, Max, Q, Sum
from django.db.models.query import QuerySet

from openmso.kit.errors import NotFound
from openmso.kit.money import Money
from openmso.kit.periods import Month
from openmso.ledger import models
from openmso.ledger.contracts import Basis, Book, Entry, Journal, LedgerRow, Line, Method, Source
from openmso.ledger.contracts.reports import EntryRow, Standing
from openmso.ledger.queries import books
from openmso.ledger.rules import closing
from openmso.ledger.rules.naming import entry_key, entry_public_id
from openmso.platform.ui import counting
from openmso.platform.ui.contracts import Filters, Page, PageAsk, Tally
from openmso.platform.ui.narrowing import by_terms


class NoEntry(NotFound):
    """There is no such entry in these books."""

    code = "no_entry"


def entry(*, entity: int, public_id: str) -> Entry:
    """An entry with its lines; raises `NoEntry`."""
    key = entry_key(public_id)
    row = None if key is None else models.Entry.objects.filter(entity_id=entity, pk=key).first()
    if row is None:
        raise NoEntry(f"There is no entry {public_id} in these books.")
    return _entries(entity, [row])[0]


def book_of_entry(public_id: str) -> Book | None:
    """The book in scope that an entry stands in, when there is one."""
    key = entry_key(public_id)
    entity = None if key is None else models.Entry.objects.filter(pk=key).values_list("entity_id", flat=True).first()
    return None if entity is None else books.book_of(entity)


def standing(*, entity: int, starts_on: date, through: date) -> Standing:
    """How many entries some days hold, the latest number of their fiscal year, and whether none is left out."""
    found = models.Entry.objects.filter(entity_id=entity)
    count = found.filter(posted_on__range=(starts_on, through)).count()
    year = closing.fiscal_year(Month.of(through), books.book_of(entity).fiscal_year_start)
    numbers = found.filter(fiscal_year=year).aggregate(last=Max("number"), entries=Count("id"))
    latest = numbers["last"] or 0
    return Standing(count, f"{year}-{latest:05d}" if latest else "", latest == numbers["entries"])


def find_by_number(*, entity: int, fiscal_year: int, number: int) -> str:
    """The public id of the entry with a number, or the empty text."""
    found = models.Entry.objects.filter(entity_id=entity, fiscal_year=fiscal_year, number=number).values_list("pk")
    return entry_public_id(found[0][0]) if found else ""


def entries_of(*, entity: int, source: Source) -> list[Entry]:
    """The entries that came from a source, with their lines, in the order of posting."""
    rows = models.Entry.objects.filter(entity_id=entity, source_id=source.id, source_kind=source.kind).order_by("pk")
    return _entries(entity, list(rows))


SORTS = {"name": ("fiscal_year", "number"), "posted_on": ("posted_on", "pk")}
"""What the list of entries can be sorted by."""


def entries(*, entity: int, filters: Filters, page: PageAsk) -> Page[EntryRow]:
    """A page of the entries of a book, with the count of all that the filters find."""
    found = _filtered(entity, filters)
    order = SORTS.get(page.sort, SORTS["name"])
    rows = list(found.order_by(*(f"-{key}" if page.desc else key for key in order))[page.offset :][: page.size])
    keys = [row.pk for row in rows]
    sums, taken_back = _sums(entity, keys), _reversed(entity, keys)
    return counting.page_of(
        [_row(row, *sums.get(row.pk, (Money.cents(0), 0)), taken_back.get(row.pk, "")) for row in rows],
        found,
        page,
        lambda: Tally(found.count()),
    )


def tally(*, entity: int, filters: Filters) -> Tally:
    """How many entries of a book the filters find."""
    return Tally(_filtered(entity, filters).count())


def _filtered(entity: int, filters: Filters) -> QuerySet[models.Entry]:
    found = models.Entry.objects.filter(entity_id=entity)
    for key, column in (("journal", "journal"), ("source", "source_id")):
        if wanted := filters.many(key):
            found = found.filter(**{f"{column}__in": wanted})
    found = found.filter(by_terms(filters, {"posted": "posted_on", "month": "posted_on"}))
    if filters.text:
        year, _, number = filters.text.partition("-")
        named = Q(pk=entry_key(filters.text.upper()) or 0)
        if year.isdigit() and number.isdigit():
            named |= Q(fiscal_year=int(year) % 10_000, number=int(number) % 2**31)
        found = found.filter(named | Q(memo__icontains=filters.text))
    return found


def account_lines(
    *, entity: int, account: str, method: Method, starts_on: date, ends_on: date, page: PageAsk
) -> Page[LedgerRow]:
    """The general ledger of an account: its lines in the order of their days, each with the balance after it.

    `totals` of the page are the debits, credits and the balance after the last line of the whole range. The balance
    runs over all days before `starts_on` as well. `page.desc` gives the latest line first.
    """
    found = books.find_account(entity=entity, code=account)
    if found is None:
        raise NoEntry(f"There is no account {account} in these books.")
    own = books.book_of(entity).method
    with connection.cursor() as cursor:
        given: dict[str, Any] = {
            "entity": entity, "account": account, "bases": [basis.value for basis in method.bases(own)],
            "starts_on": starts_on, "month": starts_on.replace(day=1), "ends_on": ends_on, "size": page.size,
            "offset": page.offset,
        }  # fmt: skip
        cursor.execute(LEDGER_OF_ACCOUNT.format(direction="DESC" if page.desc else "ASC"), given)
        rows = cursor.fetchall()
        cursor.execute(TOTALS_OF_ACCOUNT, given)
        count, debits, credits, opening = cursor.fetchone()
    totals = {"debit": Money(debits), "credit": Money(credits), "balance": Money(opening + debits - credits)}
    return Page([_ledger_row(row) for row in rows], count, page, totals)


OPENING = """
  SELECT coalesce((SELECT sum(b.debit_amount - b.credit_amount) FROM ledger_balance b
                    WHERE b.account_id = a.id AND b.entity_id = a.entity_id AND b.month < %(month)s
                      AND b.basis = ANY (%(bases)s)), 0)
       + coalesce((SELECT sum(l.debit_amount - l.credit_amount) FROM ledger_line l
                    WHERE l.account_id = a.id AND l.posted_on >= %(month)s AND l.posted_on < %(starts_on)s
                      AND l.basis = ANY (%(bases)s)), 0)
    FROM ledger_account a WHERE a.entity_id = %(entity)s AND a.code = %(account)s
"""
LEDGER_OF_ACCOUNT = f"""
WITH page AS (
  SELECT l.entry_id, l.number, l.posted_on, l.basis, l.debit_amount, l.credit_amount, l.source_kind, l.source_id,
         l.party, l.memo, l.entity_id,
         ({OPENING}) + sum(l.debit_amount - l.credit_amount) OVER (
           ORDER BY l.posted_on, l.entry_id, l.number ROWS UNBOUNDED PRECEDING) AS balance
    FROM ledger_line l
   WHERE l.account_id = (SELECT a.id FROM ledger_account a WHERE a.entity_id = %(entity)s AND a.code = %(account)s)
     AND l.posted_on BETWEEN %(starts_on)s AND %(ends_on)s AND l.basis = ANY (%(bases)s)
   ORDER BY (l.posted_on, l.entry_id, l.number) {{direction}} LIMIT %(size)s OFFSET %(offset)s)
SELECT p.entry_id, e.fiscal_year, e.number, p.number, p.posted_on, e.journal, coalesce(nullif(p.memo, ''), e.memo),
       p.basis, p.debit_amount, p.credit_amount, p.balance,
       coalesce(nullif(p.source_kind, ''), e.source_kind), coalesce(nullif(p.source_id, ''), e.source_id), p.party
  FROM page p JOIN ledger_entry e ON e.id = p.entry_id AND e.entity_id = p.entity_id
 ORDER BY (p.posted_on, p.entry_id, p.number) {{direction}}
"""
"""With `direction` to be filled in: oldest or latest first; balances always run forward."""
TOTALS_OF_ACCOUNT = f"""
SELECT count(*), coalesce(sum(l.debit_amount), 0), coalesce(sum(l.credit_amount), 0), ({OPENING})
  FROM ledger_line l
 WHERE l.account_id = (SELECT a.id FROM ledger_account a WHERE a.entity_id = %(entity)s AND a.code = %(account)s)
   AND l.posted_on BETWEEN %(starts_on)s AND %(ends_on)s AND l.basis = ANY (%(bases)s)
"""


def _ledger_row(row: tuple[Any, ...]) -> LedgerRow:
    key, year, number, line, posted_on, journal, memo, basis, debit, credit, balance, kind, source, party = row
    return LedgerRow(
        entry_public_id(key), f"{year}-{number:05d}", line, posted_on, Journal(journal), memo, Basis(basis),
        Money(debit), Money(credit), Money(balance), Source(kind, source) if kind else None, party,
    )  # fmt: skip


def _entries(entity: int, rows: list[models.Entry]) -> list[Entry]:
    keys = [row.pk for row in rows]
    lines: dict[int, list[Line]] = {key: [] for key in keys}
    found = models.Line.objects.filter(entity_id=entity, entry_id__in=keys)
    for line in found.select_related("account").order_by("entry_id", "number"):
        lines[line.entry_id].append(
            Line(
                line.number, line.account.code, line.account.name, Basis(line.basis), Money(line.debit_amount),
                Money(line.credit_amount), _source(line.source_kind, line.source_id), line.party, line.memo,
            )
        )  # fmt: skip
    taken_back = _reversed(entity, keys)
    return [
        Entry(
            entry_public_id(row.pk), row.entity_id, row.fiscal_year, row.number, row.posted_on, row.posted_at,
            row.actor_name, Journal(row.journal), row.memo, _source(row.source_kind, row.source_id),
            tuple(lines[row.pk]), _name(row.reverses), taken_back.get(row.pk, ""), row.closing,
        )
        for row in rows
    ]  # fmt: skip


def _row(row: models.Entry, total: Money, lines: int, reversed_by: str) -> EntryRow:
    return EntryRow(
        entry_public_id(row.pk), f"{row.fiscal_year}-{row.number:05d}", row.posted_on, Journal(row.journal), row.memo,
        total, lines, _source(row.source_kind, row.source_id), row.actor_name, _name(row.reverses), reversed_by,
    )  # fmt: skip


def _sums(entity: int, keys: Iterable[int]) -> Mapping[int, tuple[Money, int]]:
    sums = models.Line.objects.filter(entity_id=entity, entry_id__in=keys).values_list("entry_id")
    counted = sums.annotate(total=Sum("debit_amount"), lines=Count("number"))
    return {key: (Money(total), lines) for key, total, lines in counted}


def _reversed(entity: int, keys: Iterable[int]) -> Mapping[int, str]:
    pairs = models.Entry.objects.filter(entity_id=entity, reverses__in=keys).values_list("reverses", "pk")
    return {first: entry_public_id(second) for first, second in pairs if first is not None}


def _source(kind: str, id_: str) -> Source | None:
    return Source(kind, id_) if kind else None


def _name(key: int | None) -> str:
    return entry_public_id(key) if key else ""
