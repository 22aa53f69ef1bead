"""Months close in order upon a proof, open again while nothing rests on them, and years close into earnings."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from openmso.kit.errors import Forbidden
from openmso.kit.money import Money
from openmso.kit.periods import Month
from openmso.kit.states import table_is_whole
from openmso.ledger import models, testing
from openmso.ledger.contracts import Accounts, Basis, Book, Method
from openmso.ledger.contracts.reports import Statement
from openmso.ledger.queries import books, journal, proof, statements
from openmso.ledger.rules import closing
from openmso.ledger.services import periods, posting
from openmso.ledger.states import MOVES, PeriodState
from openmso.ledger.testing import AT, MARCH, bookkeeper, draft, in_books, post
from openmso.platform.access.contracts import Actor
from openmso.platform.outbox.models import Fact
from openmso.platform.tenancy.models import Tenant
from openmso.platform.tenancy.scope import reading

pytestmark = pytest.mark.django_db


def opened(book: Book, *months: Month) -> None:
    for month in months:
        periods.open_next(actor=bookkeeper(), entity=book.entity, month=month, at=AT)


def close(book: Book, month: Month = MARCH) -> None:
    periods.close(actor=bookkeeper(), entity=book.entity, month=month, at=AT)


def facts(book: Book) -> list[str]:
    with reading():
        return list(Fact.objects.order_by("pk").values_list("name", flat=True))


def incomes(book: Book, starts_on: date, ends_on: date) -> dict[Method, Statement]:
    with reading():
        return {
            method: statements.income_statement(entity=book.entity, method=method, ranges=[(starts_on, ends_on)])
            for method in Method
        }


def test_a_closed_month_takes_no_entry_and_says_where_late_facts_go(book: Book) -> None:
    with in_books(book):
        opened(book, MARCH.plus(1))
        close(book)
        with pytest.raises(posting.PeriodNotOpen, match="March 2026 is closed") as refusal:
            post(draft(book))
        with reading():
            day = books.open_day(entity=book.entity, wanted=date(2026, 3, 10))
        post(draft(book, on=day))

    assert "first open month" in refusal.value.fix
    assert day == date(2026, 4, 1)


def test_a_retry_of_what_was_posted_is_answered_after_the_month_is_closed(book: Book) -> None:
    rent = draft(book, key="rent")
    with in_books(book):
        first = post(rent)[0]
        close(book)
        again = post(rent)[0]

    assert (again.public_id, again.replayed) == (first.public_id, True)


def test_months_open_and_close_in_their_order(book: Book) -> None:
    with in_books(book):
        with pytest.raises(periods.CannotMove, match="May 2026 cannot be opened now"):
            opened(book, MARCH.plus(2))
        opened(book, MARCH.plus(1))
        with pytest.raises(periods.CannotMove, match="Close March 2026 first"):
            close(book, MARCH.plus(1))
        close(book)
        with pytest.raises(periods.CannotMove, match="closed already"):
            close(book)
        close(book, MARCH.plus(1))


def test_a_month_opens_again_with_a_reason_while_the_next_is_open(book: Book) -> None:
    with in_books(book):
        opened(book, MARCH.plus(1))
        close(book)
        with pytest.raises(periods.CannotMove, match="needs a reason"):
            periods.reopen(actor=bookkeeper(), entity=book.entity, month=MARCH, why=" ", at=AT)
        periods.reopen(actor=bookkeeper(), entity=book.entity, month=MARCH, why="A bill came late", at=AT)
        post(draft(book))
        close(book)
        close(book, MARCH.plus(1))
        with pytest.raises(periods.CannotMove, match="Open that one first"):
            periods.reopen(actor=bookkeeper(), entity=book.entity, month=MARCH, why="Another", at=AT)
        told = facts(book)

    assert [name.rpartition(".")[2] for name in told] == [
        "PeriodClosed", "PeriodReopened", "PeriodClosed", "PeriodClosed"
    ]  # fmt: skip


def test_a_locked_month_stays_locked_even_for_raw_sql(book: Book) -> None:
    with in_books(book):
        with pytest.raises(periods.CannotMove, match="Close March 2026 first"):
            periods.lock(actor=bookkeeper(), entity=book.entity, month=MARCH, at=AT)
        close(book)
        periods.lock(actor=bookkeeper(), entity=book.entity, month=MARCH, at=AT)
        with pytest.raises(periods.CannotMove, match="locked for good"):
            periods.reopen(actor=bookkeeper(), entity=book.entity, month=MARCH, why="Please", at=AT)
        with reading(), pytest.raises(DatabaseError, match="March 2026 is locked"), transaction.atomic():
            models.Period.objects.filter(entity_id=book.entity).update(state="open")


def test_a_month_that_was_never_opened_cannot_move(book: Book) -> None:
    with in_books(book), pytest.raises(periods.NoSuchMonth):
        close(book, Month(2026, 9))


def test_a_year_closes_into_retained_earnings_on_every_basis(rockland: Tenant) -> None:
    book = testing.open_books(rockland, opens=Month(2026, 12))
    day, last = date(2026, 12, 10), date(2026, 12, 31)
    with in_books(book):
        post(
            draft(book, "500.00", frm=Accounts.PATIENT_REVENUE, to=Accounts.OPERATING_CASH, on=day),
            draft(book, "80.00", frm=Accounts.PATIENT_REVENUE, to=Accounts.AR_INSURANCE, on=day, basis=Basis.ACCRUAL),
            draft(book, "120.00", on=day),
        )
        before = incomes(book, day, last)
        ref = periods.close_year(actor=bookkeeper(), entity=book.entity, fiscal_year=2026, at=AT)
        after = incomes(book, day, last)
        with reading():
            sheets = {m: statements.balance_sheet(entity=book.entity, method=m, days=[last]) for m in Method}
            entry = journal.entry(entity=book.entity, public_id=ref.public_id)
            found = proof.check(entity=book.entity)
        with pytest.raises(periods.CannotMove, match="nothing left to close"):
            periods.close_year(actor=bookkeeper(), entity=book.entity, fiscal_year=2026, at=AT)

    assert before == after, "a year reads the same before and after it is closed"
    assert found.sound
    earned = {line.basis: line.credit for line in entry.lines if line.account == Accounts.RETAINED_EARNINGS}
    assert earned == {Basis.COMMON: Money.of("380.00"), Basis.ACCRUAL: Money.of("80.00")}
    for method, sheet in sheets.items():
        assert sheet.results["Assets"] == sheet.results["Liabilities and equity"], method
        assert sheet.results["Income not yet closed"] == (Money.of(0),), method
    assert entry.closing
    with in_books(book), pytest.raises(posting.NotWhole, match="close its year again"):
        posting.reverse(actor=bookkeeper(), entity=book.entity, entry=ref.public_id, why="Oops", on=last, at=AT)


def test_what_is_posted_after_a_years_close_closes_in_another_round(rockland: Tenant) -> None:
    book = testing.open_books(rockland, opens=Month(2026, 12))
    day = date(2026, 12, 10)
    with in_books(book):
        post(draft(book, "120.00", on=day))
        periods.close_year(actor=bookkeeper(), entity=book.entity, fiscal_year=2026, at=AT)
        post(draft(book, "5.00", on=day))
        second = periods.close_year(actor=bookkeeper(), entity=book.entity, fiscal_year=2026, at=AT)
        with reading():
            assert journal.entry(entity=book.entity, public_id=second.public_id).total == Money.of("5.00")


def test_fiscal_years_are_named_by_the_year_they_end_in_and_number_anew(rockland: Tenant) -> None:
    book = testing.open_books(rockland, opens=Month(2026, 6), fiscal_year_start=7)
    with in_books(book):
        opened(book, Month(2026, 7))
        june, july = post(draft(book, on=date(2026, 6, 30)), draft(book, on=date(2026, 7, 1)))

    assert (june.name, july.name) == ("2026-00001", "2027-00001")


@pytest.mark.parametrize(
    ("month", "starts", "year"),
    [("2026-01", 1, 2026), ("2026-12", 1, 2026), ("2026-06", 7, 2026), ("2026-07", 7, 2027), ("2026-12", 7, 2027)],
)
def test_a_fiscal_year_holds_its_own_months(month: str, starts: int, year: int) -> None:
    first, last = closing.year_months(year, starts)

    assert closing.fiscal_year(Month.parse(month), starts) == year
    assert first <= Month.parse(month) <= last
    assert closing.fiscal_year(first, starts) == closing.fiscal_year(last, starts) == year


def test_the_table_of_moves_is_whole() -> None:
    assert table_is_whole(MOVES, PeriodState)


def test_nobody_closes_without_the_permission(book: Book) -> None:
    nobody = Actor.nobody(at=AT)
    with in_books(book):
        for act in (
            lambda: periods.close(actor=nobody, entity=book.entity, month=MARCH, at=AT),
            lambda: periods.open_next(actor=nobody, entity=book.entity, month=MARCH.plus(1), at=AT),
            lambda: periods.close_year(actor=nobody, entity=book.entity, fiscal_year=2026, at=AT),
            lambda: posting.post(actor=nobody, entries=[draft(book)], at=AT),
        ):
            with pytest.raises(Forbidden):
                act()


def test_the_decision_of_the_callers_own_act_stands_in_for_the_permission_to_post(book: Book) -> None:
    nobody = Actor.nobody(at=AT)
    allowed = bookkeeper().must("ledger.read", book.practice)
    with in_books(book):
        assert posting.post(actor=nobody, entries=[draft(book)], at=AT, under=[allowed])[0].number == 1


@pytest.mark.parametrize(
    ("statement", "constraint"),
    [
        ("INSERT INTO ledger_period (entity_id, month, fiscal_year, state) VALUES (%s, '2026-05-02', 2026, 'open')",
         "months_are_named_by_their_first_day"),
        ("INSERT INTO ledger_period (entity_id, month, fiscal_year, state) VALUES (%s, '2026-05-01', 2026, 'ajar')",
         "periods_are_open_closed_or_locked"),
        ("INSERT INTO ledger_period (entity_id, month, fiscal_year, state) VALUES (%s, '2026-03-01', 2026, 'open')",
         "a_book_has_each_month_once"),
        ("UPDATE ledger_account SET parent_id = id WHERE entity_id = %s", "no_account_is_its_own_parent"),
        ("UPDATE ledger_book SET fiscal_year_start = 13 WHERE entity_id = %s",
         "fiscal_years_begin_in_a_month_of_the_year"),
        ("UPDATE ledger_book SET method = 'guess' WHERE entity_id = %s", "books_have_a_method_of_accounting"),
        ("UPDATE ledger_account SET code = 'X' WHERE entity_id = %s AND code = '1000'", "keeps its book, code"),
    ],
)  # fmt: skip
def test_the_database_keeps_the_promises_of_registers(book: Book, statement: str, constraint: str) -> None:
    with (
        in_books(book), reading(), pytest.raises((IntegrityError, DatabaseError), match=constraint),
        transaction.atomic(), connection.cursor() as cursor,
    ):  # fmt: skip
        cursor.execute(statement, [book.entity])


def test_an_account_cannot_hang_below_another_books_heading(book: Book, rival: Book) -> None:
    with in_books(book, rival), reading():
        theirs = models.Account.objects.get(entity_id=rival.entity, code="1")
        with pytest.raises(IntegrityError, match="parents_are_of_the_same_book"), transaction.atomic():
            models.Account.objects.filter(entity_id=book.entity, code="1000").update(parent=theirs)


def test_opening_a_closed_month_without_a_reason_is_refused_by_the_database(book: Book) -> None:
    with (
        in_books(book), reading(), pytest.raises(IntegrityError, match="opening_a_closed_month_needs_a_reason"),
        transaction.atomic(),
    ):  # fmt: skip
        models.PeriodMove.objects.create(
            entity_id=book.entity, month=MARCH.first, frm="closed", to="open", at=AT, actor_name="x", why=""
        )
