"""Entries are posted whole, in balance, once, into open months of one's own books; and never change."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from django.db import DatabaseError, connection, transaction

from openmso.kit.money import Money
from openmso.ledger.contracts import Accounts, Basis, Book, EntryDraft, Source, credit, debit
from openmso.ledger.queries import journal
from openmso.ledger.rules import naming
from openmso.ledger.services import books, posting
from openmso.ledger.testing import AT, bookkeeper, draft, in_books, post
from openmso.platform.tenancy.scope import reading

pytestmark = pytest.mark.django_db


def test_an_entry_stands_as_it_was_drafted(book: Book) -> None:
    payment = Source("remittances.payment", "PAY-7K2P9M4X")
    money = Money.of("210.00")
    wanted = EntryDraft(
        book.entity, date(2026, 3, 9), "Payment of claim CLM-22222222", (
            debit(Accounts.CASH_CLEARING, money, source=payment, party="PYR-AETNA222"),
            credit(Accounts.PATIENT_REVENUE, money, source=payment),
            debit(Accounts.PATIENT_REVENUE, money, basis=Basis.ACCRUAL, source=payment),
            credit(Accounts.AR_INSURANCE, money, basis=Basis.ACCRUAL, source=payment, memo="line 1"),
        ),
        key="remittances.payment:PAY-7K2P9M4X", source=payment,
    )  # fmt: skip

    with in_books(book):
        ref = post(wanted)[0]
        with reading():
            found = journal.entry(entity=book.entity, public_id=ref.public_id)
            assert journal.entries_of(entity=book.entity, source=payment) == [found]

    assert ref.name == found.name == "2026-00001"
    assert [(line.account, line.basis, line.debit, line.credit, line.party, line.memo) for line in found.lines] == [
        (line.account, line.basis, line.debit, line.credit, line.party, line.memo) for line in wanted.lines
    ]
    assert {line.source for line in found.lines} == {payment}
    assert (found.memo, found.posted_on, found.posted_by) == (wanted.memo, wanted.posted_on, "bookkeeping")


@pytest.mark.parametrize("words", ["back\\slash", "\\N", "tab\tnew\nline\rreturn", "\\.", "é 😀 \u2028 'quoted'"])
def test_words_stand_as_they_were_written_whatever_copy_would_make_of_them(book: Book, words: str) -> None:
    wanted = replace(draft(book), memo=words)
    wanted = replace(wanted, lines=tuple(replace(line, memo=words, party=words[:40]) for line in wanted.lines))

    with in_books(book):
        ref = post(wanted)[0]
        with reading():
            found = journal.entry(entity=book.entity, public_id=ref.public_id)

    assert {found.memo, *(line.memo for line in found.lines), *(line.party for line in found.lines)} == {words}


def test_numbers_run_on_through_batches_and_keep_the_order_of_the_drafts(book: Book) -> None:
    with in_books(book):
        first = post(*(draft(book) for _ in range(3)))
        second = post(draft(book), draft(book))

    assert [ref.number for ref in first + second] == [1, 2, 3, 4, 5]


def test_one_call_posts_into_several_books_each_with_its_own_numbers(book: Book, rival: Book) -> None:
    with in_books(book, rival):
        refs = post(draft(book), draft(rival), draft(book))

    assert [(ref.entity, ref.number) for ref in refs] == [(book.entity, 1), (rival.entity, 1), (book.entity, 2)]


def test_a_retry_is_answered_with_the_entry_that_stands(book: Book) -> None:
    rent = draft(book, key="rent:2026-03")
    with in_books(book):
        first = post(rent)[0]
        again = post(draft(book), rent)

    assert again[1] == replace(first, replayed=True)
    assert again[0].number == 2


def test_a_key_cannot_stand_for_something_else(book: Book) -> None:
    with in_books(book):
        ref = post(draft(book, "100.00", key="rent:2026-03"))[0]
        with pytest.raises(posting.KeyReused, match=ref.public_id):
            post(draft(book, "100.01", key="rent:2026-03"))
        with pytest.raises(posting.KeyReused, match="twice in one batch"):
            post(draft(book, key="a"), draft(book, key="a"))


def test_the_content_of_a_key_is_every_word_of_the_entry(book: Book) -> None:
    rent = draft(book, key="rent")
    others = [
        replace(rent, memo="Other words"),
        replace(rent, posted_on=date(2026, 3, 11)),
        replace(rent, source=Source("a.b", "C-1")),
        replace(rent, lines=rent.lines[::-1]),
        replace(rent, lines=(replace(rent.lines[0], party="X"), rent.lines[1])),
        replace(rent, lines=(replace(rent.lines[0], source=Source("a.b", "C-1")), rent.lines[1])),
    ]
    with in_books(book):
        post(rent)
        for other in others:
            with pytest.raises(posting.KeyReused):
                post(other)


@pytest.mark.parametrize(
    ("lines", "refusal", "words"),
    [
        ((debit("6100", Money.of(1)),), posting.NotWhole, "at least two lines"),
        ((debit("6100", Money.of(2)), credit("1000", Money.of(1))), posting.NotBalanced, "1.00 more debits"),
        (
            (debit("6100", Money.of(1)), credit("1000", Money.of(1), basis=Basis.CASH)),
            posting.NotBalanced,
            "come out even",
        ),
        ((debit("6100", Money.of(0)), credit("1000", Money.of(0))), posting.NotBalanced, "exactly one"),
        ((debit("6100", Money.of(-1)), credit("1000", Money.of(-1))), posting.NotBalanced, "positive"),
        ((debit("9999", Money.of(1)), credit("1000", Money.of(1))), posting.UnknownAccount, "9999 is not in the chart"),
        ((debit("6", Money.of(1)), credit("1000", Money.of(1))), posting.UnknownAccount, "6 is a heading"),
    ],
)
def test_a_flawed_entry_is_refused_in_words(book: Book, lines: tuple, refusal: type, words: str) -> None:
    with in_books(book):
        with pytest.raises(refusal, match=words):
            post(EntryDraft(book.entity, date(2026, 3, 10), "Flawed", lines, key="flawed"))
        assert post(draft(book))[0].number == 1, "a refusal uses no number"


def test_one_flawed_entry_takes_its_whole_batch_back(book: Book) -> None:
    with in_books(book):
        with pytest.raises(posting.UnknownAccount):
            post(draft(book), draft(book, to="9999"))
        with reading():
            assert journal.find_by_number(entity=book.entity, fiscal_year=2026, number=1) == ""


def test_a_retired_account_takes_no_postings_and_is_retired_only_when_empty(book: Book) -> None:
    with in_books(book):
        post(draft(book, to=Accounts.MARKETING))
        with pytest.raises(books.CannotChangeChart, match="still has a balance"):
            books.retire_account(actor=bookkeeper(), entity=book.entity, code=Accounts.MARKETING, at=AT)
        books.retire_account(actor=bookkeeper(), entity=book.entity, code=Accounts.SOFTWARE, at=AT)
        with pytest.raises(posting.UnknownAccount, match="retired"):
            post(draft(book, to=Accounts.SOFTWARE))
        books.restore_account(actor=bookkeeper(), entity=book.entity, code=Accounts.SOFTWARE, at=AT)
        post(draft(book, to=Accounts.SOFTWARE))


def test_a_month_that_was_not_opened_takes_no_entry(book: Book) -> None:
    with in_books(book), pytest.raises(posting.PeriodNotOpen, match="April 2026 has not been opened"):
        post(draft(book, on=date(2026, 4, 1)))


def test_other_books_are_neither_posted_to_nor_read(book: Book, rival: Book) -> None:
    with in_books(rival):
        theirs = post(draft(rival))[0]

    with in_books(book):
        with pytest.raises(posting.NotMyBooks):
            post(draft(rival))
        with reading(), pytest.raises(journal.NoEntry):
            journal.entry(entity=rival.entity, public_id=theirs.public_id)
        with reading(), connection.cursor() as cursor:
            for table in ("entry", "line", "balance", "numbering", "account", "period", "book", "periodmove"):
                cursor.execute(f"SELECT count(*) FROM ledger_{table} WHERE entity_id = %s", [rival.entity])
                assert cursor.fetchone() == (0,), table


def test_a_reversal_mirrors_its_entry_once_and_each_names_the_other(book: Book) -> None:
    with in_books(book):
        ref = post(draft(book, "75.00"))[0]
        back = posting.reverse(
            actor=bookkeeper(), entity=book.entity, entry=ref.public_id, why="Paid by the landlord",
            on=date(2026, 3, 20), at=AT,
        )  # fmt: skip
        with reading():
            first = journal.entry(entity=book.entity, public_id=ref.public_id)
            second = journal.entry(entity=book.entity, public_id=back.public_id)
        with pytest.raises(posting.AlreadyReversed, match="already"):
            posting.reverse(
                actor=bookkeeper(), entity=book.entity, entry=ref.public_id, why="Again", on=date(2026, 3, 21), at=AT
            )

    assert (first.reversed_by, second.reverses) == (second.public_id, first.public_id)
    assert [(line.account, line.credit, line.debit) for line in second.lines] == [
        (line.account, line.debit, line.credit) for line in first.lines
    ]
    assert "Paid by the landlord" in second.memo


@pytest.mark.parametrize("table", ["ledger_entry", "ledger_line"])
@pytest.mark.parametrize("statement", ["UPDATE {} SET memo = 'x'", "DELETE FROM {}", "TRUNCATE {}"])
def test_the_journal_refuses_every_change(book: Book, table: str, statement: str) -> None:
    with in_books(book):
        post(draft(book))
        with (
            pytest.raises(DatabaseError, match="permission denied"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement.format(table))


@pytest.mark.parametrize("table", ["ledger_entry", "ledger_line", "ledger_balance", "ledger_numbering"])
def test_nothing_but_the_posting_function_writes(book: Book, table: str) -> None:
    with in_books(book), pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        connection.cursor().execute(f"INSERT INTO {table} SELECT * FROM {table}")


@pytest.mark.parametrize("key", [1, 2, 29, 30, 31, 20_000, 10**9, 30**8 - 1])
def test_a_public_id_leads_back_to_its_key_and_is_the_same_in_sql(db: None, key: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT ledger_public_id(%s)", [key])

        assert cursor.fetchone() == (naming.entry_public_id(key),)
    assert naming.entry_key(naming.entry_public_id(key)) == key


def test_only_names_of_entries_are_names_of_entries() -> None:
    assert [naming.entry_key(text) for text in ("", "JE-", "JE-0OIL1U00", "CLM-22222222", "JE-222222222")] == [None] * 5
