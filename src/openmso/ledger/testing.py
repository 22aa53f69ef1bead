"""Builders for tests of this and of higher apps; they walk the real services."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from itertools import count

from openmso.kit.money import Money
from openmso.kit.periods import Month
from openmso.ledger.contracts import Accounts, Basis, Book, EntryDraft, EntryRef, Method, credit, debit
from openmso.ledger.services import books, posting
from openmso.platform.access.contracts import Actor
from openmso.platform.tenancy.models import Entity, Tenant
from openmso.platform.tenancy.scope import scope

AT = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
MARCH = Month(2026, 3)
_numbers = count(1)


def fresh() -> int:
    """A number no test has used before."""
    return next(_numbers)


def bookkeeper(at: datetime = AT) -> Actor:
    """The system, keeping books."""
    return Actor.system("bookkeeping", at=at)


def tenant(code: str, name: str, kind: str = "practice") -> Tenant:
    """A practice, or the MSO."""
    return Tenant.objects.create(code=code, name=name, kind=kind)


@contextmanager
def in_books(*books_in_scope: Book) -> Iterator[None]:
    """Work within these books and their practices."""
    with scope(practices={book.practice for book in books_in_scope}, entities={book.entity for book in books_in_scope}):
        yield


def open_books(
    owner: Tenant, *, name: str = "", method: Method = Method.ACCRUAL, opens: Month = MARCH, chart: str = "practice",
    fiscal_year_start: int = 1,
) -> Book:  # fmt: skip
    """The books of a new legal entity of a tenant, with one open month."""
    entity = Entity.objects.create(tenant=owner)
    with scope(practices=[owner.pk], entities=[entity.pk]):
        return books.open_books(
            actor=bookkeeper(), entity=entity.pk, name=name or f"{owner.name}, PC", method=method, opens=opens, at=AT,
            fiscal_year_start=fiscal_year_start, chart=chart,
        )  # fmt: skip


def draft(
    book: Book, amount: str = "100.00", *, frm: str = Accounts.OPERATING_CASH, to: str = Accounts.RENT,
    on: date = date(2026, 3, 10), key: str = "", memo: str = "Rent", basis: Basis = Basis.COMMON,
) -> EntryDraft:  # fmt: skip
    """A two-line entry that debits `to` and credits `frm`."""
    money = Money.of(amount)
    lines = (debit(to, money, basis=basis), credit(frm, money, basis=basis))
    return EntryDraft(book.entity, on, memo, lines, key=key or f"testing:{fresh()}")


def post(*drafts: EntryDraft) -> list[EntryRef]:
    """Post drafts as the bookkeeper; the scope is the caller's."""
    return posting.post(actor=bookkeeper(), entries=drafts, at=AT)
