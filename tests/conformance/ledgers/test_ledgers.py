"""Journals that others kept: imported into our books, they come to the balances that beancount computed.

Each commodity is a book of its own; what a transaction exchanges between commodities goes over an account for
conversions, so that every book comes out even.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from openmso.kit.money import ZERO, Money
from openmso.kit.periods import Month
from openmso.ledger import models, testing
from openmso.ledger.contracts import Book, EntryDraft, Kind, LineDraft, Method
from openmso.ledger.queries import proof, statements
from openmso.ledger.testing import in_books, post
from openmso.platform.tenancy.scope import atomic, reading
from tests.conformance.ledgers import plaintext
from tests.conformance.ledgers.plaintext import Posting, Sums, Transaction

pytestmark = pytest.mark.django_db
CONVERSIONS = "Equity:Conversions"
KINDS = {"a": Kind.ASSET, "l": Kind.LIABILITY, "i": Kind.REVENUE, "r": Kind.REVENUE, "e": Kind.EXPENSE}


@pytest.fixture
def ledgers(shared: Path) -> Path:
    return shared / "samples" / "ledgers"


def code_of(account: str) -> str:
    return "X" + hashlib.sha256(account.encode()).hexdigest()[:10].upper()


def kind_of(account: str) -> Kind:
    name = account.removeprefix("x:").lower()
    return Kind.EQUITY if name.startswith("equity") else KINDS.get(name[:1], Kind.ASSET)


def imported(transactions: list[Transaction]) -> Sums:
    """Post everything into one book for each commodity; the balances of our trial balances, back by name."""
    first, last = plaintext.span(transactions)
    found: Sums = {}
    for commodity in sorted({posting.commodity for one in transactions for posting in one.postings}):
        book = testing.open_books(testing.tenant(f"C{testing.fresh()}", commodity), opens=Month.of(first))
        names = chart(book, transactions, commodity)
        with in_books(book):
            months(book, Month.of(first), Month.of(last))
            post(*drafts(book, transactions, commodity))
            with reading():
                assert proof.check(entity=book.entity).sound
                trial = statements.trial_balance(
                    entity=book.entity, method=Method.ACCRUAL, starts_on=first, through=last + timedelta(days=1)
                )
        assert trial.balanced
        found |= {(names[row.account.code], commodity): row.closing.amount for row in trial.rows if row.closing}
    return found


def chart(book: Book, transactions: list[Transaction], commodity: str) -> dict[str, str]:
    """The accounts of one commodity; their names by our codes."""
    names = {p.account for one in transactions for p in one.postings if p.commodity == commodity} | {CONVERSIONS}
    with in_books(book), atomic.open():
        models.Account.objects.bulk_create(
            models.Account(entity_id=book.entity, code=code_of(name), name=name[:120], kind=kind_of(name).value,
                           normal=kind_of(name).normal.value)
            for name in sorted(names)
        )  # fmt: skip
    return {code_of(name): name for name in names}


def months(book: Book, first: Month, last: Month) -> None:
    """Open every month from the first to the last."""
    wanted = [first.plus(n) for n in range((last.year - first.year) * 12 + last.number - first.number + 1)]
    with atomic.open():
        models.Period.objects.bulk_create(
            models.Period(entity_id=book.entity, month=month.first, fiscal_year=month.year) for month in wanted[1:]
        )


def drafts(book: Book, transactions: list[Transaction], commodity: str) -> Iterable[EntryDraft]:
    for number, transaction in enumerate(transactions):
        mine = [p for p in transaction.postings if p.commodity == commodity and p.amount]
        left = sum((posting.amount for posting in mine), Decimal(0))
        if left:
            mine.append(Posting(CONVERSIONS, -left, commodity, -left, commodity))
        if mine:
            lines = tuple(line(posting) for posting in mine)
            yield EntryDraft(book.entity, transaction.day, transaction.memo, lines, key=f"journal:{number}")


def line(posting: Posting) -> LineDraft:
    amount = Money.of(posting.amount)
    debit, credit = (amount, ZERO) if amount.amount > 0 else (ZERO, -amount)
    return LineDraft(code_of(posting.account), debit, credit)


@pytest.mark.parametrize("name", ["beancount_basic", "beancount_starter"])
def test_a_beancount_journal_comes_to_the_balances_that_beancount_computed(ledgers: Path, name: str) -> None:
    oracle = json.loads((ledgers / f"{name}.expected.json").read_text())
    transactions = plaintext.beancount(ledgers / f"{name}.beancount")

    ours = imported(transactions)

    wanted = {
        (account, commodity): Decimal(amount)
        for account, held in oracle["balances"].items()
        for commodity, amount in held.items()
        if Decimal(amount)
    }
    assert {key: amount for key, amount in ours.items() if key[0] != CONVERSIONS} == wanted
    assert len(transactions) == oracle["transactions"]
    assert sum(len(one.postings) for one in transactions) == oracle["postings"]


@pytest.mark.parametrize("name", ["borrowing", "accounttypes", "goal-budget-1"])
def test_an_hledger_journal_passes_its_own_balance_assertions(ledgers: Path, name: str) -> None:
    transactions, checks = plaintext.hledger(ledgers / f"hledger_{name}.journal")

    ours = imported(transactions)

    assert {key: amount for key, amount in ours.items() if key[0] != CONVERSIONS} == plaintext.balances(transactions)
    assert len(transactions) >= 2
    for count, account, amount, commodity in checks:
        before = plaintext.balances(transactions[:count])
        assert before.get((account, commodity), Decimal(0)) == amount, (count, account)


def test_a_thousand_transactions_over_a_hundred_accounts(ledgers: Path) -> None:
    transactions, _ = plaintext.hledger(ledgers / "hledger_1ktxns-100accts.journal")
    assert len(transactions) == 1_000
    assert not any(one.residual() for one in transactions)

    ours = imported(transactions)

    assert {key: amount for key, amount in ours.items() if key[0] != CONVERSIONS} == plaintext.balances(transactions)
