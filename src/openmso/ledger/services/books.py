"""Opening the books of a legal entity, and keeping its chart."""

from __future__ import annotations

from datetime import datetime

from openmso.kit.errors import Conflict, NotFound, Refused
from openmso.kit.periods import Month
from openmso.ledger import contracts, models
from openmso.ledger.contracts import Account, Book, Kind, Method
from openmso.ledger.queries import books
from openmso.ledger.rules import charts, closing
from openmso.ledger.states import PeriodState
from openmso.platform.access.contracts import Actor, Decision
from openmso.platform.audit import services as audit
from openmso.platform.tenancy.models import Entity
from openmso.platform.tenancy.scope import atomic


class CannotOpen(Refused):
    """The books cannot be opened as asked."""

    code = "cannot_open_books"


class OpenAlready(Conflict):
    """The entity keeps books already."""

    code = "books_open_already"


class CannotChangeChart(Refused):
    """The chart cannot be changed as asked."""

    code = "cannot_change_chart"


class NoAccount(NotFound):
    """The chart has no account of this code."""

    code = "no_account"


@atomic
def open_books(
    *, actor: Actor, entity: int, name: str, method: Method, opens: Month, at: datetime, fiscal_year_start: int = 1,
    chart: str = "practice",
) -> Book:  # fmt: skip
    """Open the books of a legal entity with a standard chart and its first open month.

    `method` is its own way of accounting, which tax statements start from; all statements can be drawn by any.
    Raises `CannotOpen` for an unknown chart or month number and `OpenAlready`.
    """
    decision = actor.must(contracts.CLOSE.code, _practice(entity))
    if chart not in charts.CHARTS:
        raise CannotOpen(f"There is no chart {chart!r}.", field="chart", fix=f"Choose {' or '.join(charts.CHARTS)}.")
    if not 1 <= fiscal_year_start <= 12:
        raise CannotOpen("A fiscal year starts in a month from 1 to 12.", field="fiscal_year_start")
    if models.Book.objects.filter(entity_id=entity).exists():
        raise OpenAlready("The books of this entity are open already.")
    row = models.Book.objects.create(
        entity_id=entity, name=name, method=method.value, chart=chart, fiscal_year_start=fiscal_year_start
    )
    _add_chart(entity, charts.CHARTS[chart])
    models.Period.objects.create(
        entity_id=entity, month=opens.first, fiscal_year=closing.fiscal_year(opens, fiscal_year_start)
    )
    models.PeriodMove.objects.create(
        entity_id=entity, month=opens.first, to=PeriodState.OPEN.value, at=at, actor_name=actor.name[:160]
    )
    _tell(actor, "ledger.book_opened", books.as_book(row), at, decision, {"book": name, "month": str(opens)})
    return books.as_book(row)


@atomic
def add_account(
    *, actor: Actor, entity: int, code: str, name: str, kind: Kind, parent: str, at: datetime
) -> Account:  # fmt: skip
    """Add an account below a heading of the same kind. Raises `CannotChangeChart` in words."""
    book = books.book_of(entity)
    decision = actor.must(contracts.CLOSE.code, book.practice)
    heading = books.find_account(entity=entity, code=parent)
    if heading is None or heading.postable:
        raise CannotChangeChart(f"{parent} is no heading of this chart.", field="parent")
    if books.find_account(entity=entity, code=code) is not None:
        raise CannotChangeChart(f"The code {code} is taken.", field="code", fix="Choose a free code.")
    account = Account(code, name, kind, kind.normal, parent, postable=True, active=True)
    _add_chart(entity, [account])
    _tell(actor, "ledger.account_added", book, at, decision, {"code": code, "name": name})
    return account


@atomic
def retire_account(*, actor: Actor, entity: int, code: str, at: datetime) -> None:
    """Take an account out of use: it keeps its past and takes no more postings.

    Refused while a balance stands on it. Raises `NoAccount` or `CannotChangeChart`.
    """
    book = books.book_of(entity)
    decision = actor.must(contracts.CLOSE.code, book.practice)
    row = models.Account.objects.select_for_update().filter(entity_id=entity, code=code).first()
    if row is None:
        raise NoAccount(f"There is no account {code} in these books.")
    if not books.unused(entity=entity, codes=[code]):
        raise CannotChangeChart(
            f"{row} still has a balance.", code="account_has_balance", fix="Bring it to zero by an entry first."
        )
    row.active = False
    row.save(update_fields=["active"])
    _tell(actor, "ledger.account_retired", book, at, decision, {"code": code})


@atomic
def restore_account(*, actor: Actor, entity: int, code: str, at: datetime) -> None:
    """Put a retired account back into use. Raises `NoAccount`."""
    book = books.book_of(entity)
    decision = actor.must(contracts.CLOSE.code, book.practice)
    if not models.Account.objects.filter(entity_id=entity, code=code).update(active=True):
        raise NoAccount(f"There is no account {code} in these books.")
    _tell(actor, "ledger.account_restored", book, at, decision, {"code": code})


def _add_chart(entity: int, chart: tuple[Account, ...] | list[Account]) -> None:
    """Headings first, so that accounts can name them."""
    keys = dict(models.Account.objects.filter(entity_id=entity).values_list("code", "pk"))
    for headings in (True, False):
        rows = models.Account.objects.bulk_create(
            models.Account(
                entity_id=entity, code=account.code, name=account.name, kind=account.kind.value,
                normal=account.normal.value, parent_id=keys.get(account.parent), postable=account.postable,
            )
            for account in chart
            if account.postable is not headings
        )  # fmt: skip
        keys |= {row.code: row.pk for row in rows}


def _practice(entity: int) -> int:
    found = Entity.objects.filter(pk=entity).values_list("tenant_id", flat=True).first()
    if found is None:
        raise CannotOpen("There is no such legal entity.", field="entity")
    return found


def _tell(
    actor: Actor, action: str, book: Book, at: datetime, decision: Decision, facts: dict[str, str]
) -> None:  # fmt: skip
    audit.record(
        actor=actor, action=action, practice=book.practice, subject=("ledger.book", book.public_id), at=at,
        facts=facts, decision=decision,
    )  # fmt: skip
