"""What only shows when transactions really commit: races, retries, and the proof against a tamperer."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import date
from typing import Any

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction

from openmso.kit.errors import Refused
from openmso.ledger import testing
from openmso.ledger.contracts import Accounts, Book, EntryRef
from openmso.ledger.contracts.reports import Proof
from openmso.ledger.queries import proof
from openmso.ledger.services import periods, posting
from openmso.ledger.testing import AT, MARCH, bookkeeper, draft, in_books, post
from openmso.platform.tenancy.scope import atomic, reading


@pytest.fixture
def committed(cleared: str) -> str:
    return cleared


@pytest.fixture
def book(committed: str) -> Book:
    return testing.open_books(testing.tenant("ROCK", "Rockland Family Practice"))


@pytest.fixture
def rival(committed: str) -> Book:
    return testing.open_books(testing.tenant("RIVAL", "Rival Eye Care"))


def together(*works: Callable[[], Any]) -> list[Any]:
    """Run all at once, each on its own connection; what each returned, or the exception it raised."""
    outcomes: list[Any] = [None] * len(works)
    ready = threading.Barrier(len(works))

    def run(number: int, work: Callable[[], Any]) -> None:
        try:
            ready.wait(10)
            outcomes[number] = work()
        except Exception as error:  # the outcome is what is asserted
            outcomes[number] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(number, work)) for number, work in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return outcomes


def proved(book: Book) -> Proof:
    with in_books(book), reading():
        return proof.check(entity=book.entity)


def test_two_batches_over_the_same_accounts_in_opposite_order_do_not_deadlock(book: Book) -> None:
    codes = [Accounts.RENT, Accounts.WAGES, Accounts.SOFTWARE, Accounts.MARKETING, Accounts.INSURANCE]

    def batch(order: list[str]) -> list[EntryRef]:
        with in_books(book):
            return [ref for _ in range(5) for ref in post(*(draft(book, "1.00", to=code) for code in order * 10))]

    outcomes = together(lambda: batch(codes), lambda: batch(codes[::-1]), lambda: batch(codes))

    assert all(isinstance(outcome, list) for outcome in outcomes), outcomes
    numbers = sorted(ref.number for outcome in outcomes for ref in outcome)
    assert numbers == list(range(1, 751)), "no number is left out or given twice"
    assert proved(book).sound


def test_two_books_posted_in_opposite_order_within_one_call_each_do_not_deadlock(book: Book, rival: Book) -> None:
    def both(first: Book, second: Book) -> int:
        with in_books(book, rival):
            for _ in range(10):
                post(draft(first), draft(second))
        return 10

    assert together(lambda: both(book, rival), lambda: both(rival, book)) == [10, 10]
    assert proved(book).sound
    assert proved(rival).sound


def test_closing_and_posting_at_the_same_moment_exactly_one_wins(book: Book) -> None:
    """Posted first, the entry is in the closed month; closed first, it is refused. Never: posted after the close."""
    outcomes = []
    for round_ in range(6):
        month = MARCH.plus(round_)
        if round_:
            with in_books(book):
                periods.open_next(actor=bookkeeper(), entity=book.entity, month=month, at=AT)

        def late(on: date = month.first) -> str:
            with in_books(book):
                return post(draft(book, on=on))[0].public_id

        def close(month: Any = month) -> str:
            with in_books(book):
                periods.close(actor=bookkeeper(), entity=book.entity, month=month, at=AT)
            return "closed"

        posted, closed = together(late, close)
        assert closed == "closed"
        assert isinstance(posted, str | posting.PeriodNotOpen), posted
        outcomes.append(isinstance(posted, str))

    found = proved(book)
    assert found.sound
    assert found.entries == sum(outcomes)


def test_a_retry_that_overtakes_its_first_try_is_one_entry(book: Book) -> None:
    rent = draft(book, key="rent")

    def once() -> str:
        with in_books(book):
            return post(rent)[0].public_id

    names = together(*[once] * 6)

    assert len(set(names)) == 1, names
    assert proved(book).entries == 1


def test_the_same_key_with_other_content_wins_once(book: Book) -> None:
    def say(amount: str) -> str:
        with in_books(book):
            return post(draft(book, amount, key="rent"))[0].public_id

    outcomes = together(*[lambda amount=amount: say(amount) for amount in ("1.00", "2.00", "3.00")])

    assert sum(isinstance(outcome, str) for outcome in outcomes) == 1
    assert sum(isinstance(outcome, posting.KeyReused) for outcome in outcomes) == 2


def test_an_entry_is_taken_back_once_by_whoever_comes_first(book: Book) -> None:
    with in_books(book):
        entry = post(draft(book))[0].public_id

    def back(day: int) -> str:
        with in_books(book):
            return posting.reverse(
                actor=bookkeeper(), entity=book.entity, entry=entry, why=f"Day {day}", on=date(2026, 3, day), at=AT
            ).public_id

    outcomes = together(lambda: back(20), lambda: back(21), lambda: back(22))

    assert sum(isinstance(outcome, str) for outcome in outcomes) == 1
    assert all(isinstance(outcome, str | Refused) for outcome in outcomes), outcomes
    assert proved(book).sound


def test_what_fails_later_in_the_transaction_takes_the_posting_with_it(book: Book) -> None:
    with in_books(book):
        with pytest.raises(posting.UnknownAccount), atomic.open():
            post(draft(book)) + post(draft(book, to="9999"))
        assert post(draft(book))[0].number == 1
    assert proved(book).sound


def test_a_stage_made_by_somebody_else_is_not_read(book: Book) -> None:
    """A view in its place would run the caller's code with the owner's rights."""
    with in_books(book), atomic.open(), connection.cursor() as cursor:
        for table in ("ledger_stage_entry", "ledger_stage_line", "ledger_posted"):
            cursor.execute(f"CREATE TEMPORARY TABLE {table} (position int)")
        with pytest.raises(DatabaseError, match="no stage"), transaction.atomic():
            cursor.execute("SELECT ledger_open_stage()")


TAMPERINGS = {
    "UPDATE ledger_line SET debit_amount = debit_amount + 1 WHERE debit_amount > 0": (
        "not_balanced balance_differs content_differs"
    ),
    "UPDATE ledger_line SET debit_amount = 2 * debit_amount, credit_amount = 2 * credit_amount": (
        "balance_differs content_differs"
    ),
    "UPDATE ledger_entry SET memo = 'Something else' WHERE number = 2": "content_differs",
    "UPDATE ledger_entry SET number = 9 WHERE number = 3": "number_missing number_lost",
    "DELETE FROM ledger_entry WHERE number = 1": "number_missing orphan_line",
    "DELETE FROM ledger_line WHERE entry_id = (SELECT min(id) FROM ledger_entry)": "without_lines balance_differs",
    "UPDATE ledger_balance SET debit_amount = debit_amount + 1, credit_amount = credit_amount + 1": "balance_differs",
    "UPDATE ledger_line SET account_id = 0 WHERE number = 1": "foreign_account balance_differs content_differs",
    "UPDATE ledger_entry SET fiscal_year = 2025 WHERE number = 3": "wrong_year",
    "UPDATE ledger_entry SET reverses = (SELECT min(id) FROM ledger_entry) WHERE number = 3": "reversal_astray",
    "UPDATE ledger_numbering SET latest = 12": "number_lost",
    "UPDATE ledger_line SET posted_on = posted_on + 1 WHERE number = 1": "orphan_line",
}
"""What a superuser could do with triggers off, and the flaws that the proof must then name."""


@pytest.mark.parametrize(("tampering", "codes"), TAMPERINGS.items())
def test_the_proof_finds_what_a_superuser_changed(
    book: Book, superuser: psycopg.Connection, tampering: str, codes: str
) -> None:
    with in_books(book):
        post(*(draft(book, f"{number}.00") for number in range(1, 4)))
    sound = proved(book)
    assert sound.sound, "the negative control: an untouched book has no flaws"

    superuser.execute("SET session_replication_role = replica")
    superuser.execute(tampering)

    found = proved(book)
    assert set(codes.split()) <= {flaw.code for flaw in found.flaws}, found.flaws


def test_nothing_is_closed_upon_books_that_are_not_sound(book: Book, superuser: psycopg.Connection) -> None:
    with in_books(book):
        post(draft(book))
    superuser.execute("SET session_replication_role = replica")
    superuser.execute("UPDATE ledger_balance SET debit_amount = 0")

    with in_books(book), pytest.raises(periods.NotSound, match="balance kept differs"):
        periods.close(actor=bookkeeper(), entity=book.entity, month=MARCH, at=AT)


@pytest.mark.parametrize("table", ["ledger_entry", "ledger_line"])
def test_the_journal_refuses_change_even_to_a_superuser(book: Book, superuser: psycopg.Connection, table: str) -> None:
    with pytest.raises(psycopg.errors.RestrictViolation, match="never changed"):
        superuser.execute(f"DELETE FROM {table}")


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        ([(1, "common", 5, 0), (2, "common", 0, 4)], "differ"),
        ([(1, "common", 5, 0), (2, "accrual", 0, 5)], "differ"),
        ([(2, "common", 5, 0), (3, "common", 0, 5)], "numbered from 1"),
        ([(1, "common", 5, 0), (3, "common", 0, 5)], "numbered from 1"),
        ([(1, "common", 5, 5), (2, "common", 5, 5)], "lines_debit_or_credit_exactly_one"),
        ([(1, "common", -5, 0), (2, "common", 0, -5)], "lines_debit_or_credit_exactly_one"),
        ([(1, "guess", 5, 0), (2, "guess", 0, 5)], "lines_stand_on_a_basis"),
    ],
)
def test_the_tables_refuse_a_flawed_entry_from_anybody(
    book: Book, superuser: psycopg.Connection, lines: list[tuple], words: str
) -> None:
    """The trigger and the constraints hold by themselves, without the function that usually writes."""
    account = superuser.execute("SELECT id FROM ledger_account WHERE code = '1000'").fetchone()
    assert account is not None
    rows = [(book.entity, 77, number, account[0], basis, debit, credit) for number, basis, debit, credit in lines]
    values = ", ".join("(%s, %s, %s, %s, '2026-03-10', %s, false, %s, %s, '', '', '', '')" for _ in rows)

    with pytest.raises(psycopg.Error, match=words):
        superuser.execute(
            "INSERT INTO ledger_line (entity_id, entry_id, number, account_id, posted_on, basis, closing, "
            f"debit_amount, credit_amount, source_kind, source_id, party, memo) VALUES {values}",
            [value for row in rows for value in row],
        )
