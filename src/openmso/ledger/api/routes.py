"""The operations: what the screens show, entries by hand, reversals, months and years."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Query, Router, Status
from pydantic import Field

from openmso.kit.periods import Month
from openmso.ledger.api import answers
from openmso.ledger.api.schemas import (
    AccountOut,
    BookId,
    BookOut,
    Code,
    Day,
    DaysAsk,
    EntriesAsk,
    EntryId,
    EntryIn,
    EntryOut,
    EntryRefOut,
    EntryRowOut,
    LedgerRowOut,
    MonthIn,
    MonthText,
    PeriodOut,
    ProofOut,
    ReasonIn,
    ReversalIn,
    StatementOut,
    TrialOut,
)
from openmso.ledger.contracts import BY_HAND, Basis, Book, EntryDraft, LineDraft, Method, Source
from openmso.ledger.queries import books, journal, proof, statements
from openmso.ledger.services import periods, posting
from openmso.platform.api.operations import operation
from openmso.platform.api.pages import PageAsk, PageOut, paged, total_of
from openmso.platform.tenancy.scope import reading
from openmso.platform.ui.contracts import Filters, Term
from openmso.platform.ui.contracts import PageAsk as Wanted

router = Router(tags=["Ledger"])


@router.get("/books", response=list[BookOut])
@operation("ledger.read")
def list_books(request: Any) -> list[dict[str, Any]]:
    """The books one may read."""
    return [
        {
            "id": row.public_id, "name": row.name, "method": row.method.value,
            "open_months": [str(month) for month in row.open_months],
            "closed_through": str(row.latest_closed) if row.latest_closed else None, "entries": row.entries,
            "latest": row.latest_name, "to_close": row.to_close, "balances": row.balanced,
        }
        for row in books.books(on=request.actor.today)
    ]  # fmt: skip


@router.get("/books/{book}/accounts", response=list[AccountOut])
@operation("ledger.read")
def list_accounts(request: HttpRequest, book: BookId) -> list[dict[str, Any]]:
    """The chart of a book."""
    return [asdict(account) for account in books.accounts(entity=_book(book).entity)]


@router.get("/books/{book}/periods", response=list[PeriodOut])
@operation("ledger.read")
def list_periods(request: HttpRequest, book: BookId) -> list[dict[str, Any]]:
    """The months of a book, latest first."""
    return [answers.period(row) for row in books.periods(entity=_book(book).entity)]


@router.get("/books/{book}/trial-balance", response=TrialOut)
@operation("ledger.read")
def trial_balance(request: HttpRequest, book: BookId, ask: Query[DaysAsk]) -> dict[str, Any]:
    """Opening balance, debits, credits and closing balance of every account; debits positive, credits negative."""
    found = _book(book)
    _in_order(ask)
    trial = statements.trial_balance(
        entity=found.entity, method=ask.method or found.method, starts_on=ask.starts_on, through=ask.through
    )
    rows = [
        {
            "account": asdict(row.account), "opening": str(row.opening), "debits": str(row.debits),
            "credits": str(row.credits), "closing": str(row.closing),
        }
        for row in trial.rows
    ]  # fmt: skip
    return {
        "method": trial.method.value, "starts_on": trial.starts_on, "through": trial.through, "rows": rows,
        "debits": str(trial.debits), "credits": str(trial.credits), "balanced": trial.balanced,
    }  # fmt: skip


@router.get("/books/{book}/income-statement", response=StatementOut)
@operation("ledger.read")
def income_statement(request: HttpRequest, book: BookId, ask: Query[DaysAsk]) -> dict[str, Any]:
    """Income less expenses over some days."""
    found = _book(book)
    _in_order(ask)
    ranges = [(ask.starts_on, ask.through)]
    return answers.statement(
        statements.income_statement(entity=found.entity, method=ask.method or found.method, ranges=ranges)
    )


@router.get("/books/{book}/balance-sheet", response=StatementOut)
@operation("ledger.read")
def balance_sheet(request: HttpRequest, book: BookId, on: Day, method: Method | None = None) -> dict[str, Any]:
    """What the entity owns and owes at the end of a day."""
    found = _book(book)
    return answers.statement(statements.balance_sheet(entity=found.entity, method=method or found.method, days=[on]))


@router.get("/books/{book}/accounts/{code}/lines", response=PageOut[LedgerRowOut])
@operation("ledger.read")
def account_lines(
    request: HttpRequest, book: BookId, code: Code, days: Query[DaysAsk], ask: Query[PageAsk]
) -> Any:  # fmt: skip
    """The general ledger of an account over some days, with the balance after each line."""
    found = _book(book)
    _in_order(days)
    page = journal.account_lines(
        entity=found.entity, account=code, method=days.method or found.method, starts_on=days.starts_on,
        ends_on=days.through, page=Wanted(ask.page, ask.size),
    )  # fmt: skip
    rows = [
        {
            "entry": row.entry, "name": row.name, "posted_on": row.posted_on, "memo": row.memo,
            "basis": row.basis.value, "debit": str(row.debit), "credit": str(row.credit), "balance": str(row.balance),
            "source": answers.source(row.source), "party": row.party,
        }
        for row in page.rows
    ]  # fmt: skip
    return paged(request, rows, page.total or 0, ask)


@router.get("/books/{book}/entries", response=PageOut[EntryRowOut])
@operation("ledger.read")
def list_entries(request: HttpRequest, book: BookId, ask: Query[EntriesAsk]) -> Any:
    """The entries of a book, latest first."""
    terms = [Term("journal", "=", ask.journal.value, ask.journal.value)] if ask.journal else []
    if ask.month:
        terms.append(Term("month", "=", Month.parse(ask.month), ask.month))
    wanted = Wanted(ask.page, ask.size, "name", desc=True)
    entity, filters = _book(book).entity, Filters(tuple(terms), ask.q.strip())
    page = journal.entries(entity=entity, filters=filters, page=wanted)
    total = total_of(page, lambda: journal.tally(entity=entity, filters=filters))
    return paged(request, [answers.row(row) for row in page.rows], total, ask)


@router.get("/books/{book}/entries/{entry}", response=EntryOut)
@operation("ledger.read")
def read_entry(request: HttpRequest, book: BookId, entry: EntryId) -> dict[str, Any]:
    """An entry with its lines and where each came from."""
    return answers.entry(journal.entry(entity=_book(book).entity, public_id=entry))


@router.get("/books/{book}/proof", response=ProofOut)
@operation("ledger.read")
def prove(request: HttpRequest, book: BookId) -> dict[str, Any]:
    """Everything that posting promises, asked again of the tables."""
    found = proof.check(entity=_book(book).entity)
    return {
        "sound": found.sound, "entries": found.entries, "lines": found.lines, "debits": str(found.debits),
        "digest": found.digest, "flaws": [asdict(flaw) for flaw in found.flaws],
    }  # fmt: skip


@router.post("/books/{book}/entries", response={201: EntryRefOut})
@operation("ledger.post")
def post_entry(request: Any, book: BookId, body: EntryIn) -> Status[dict[str, Any]]:
    """Post an entry by hand. Debits equal credits on each basis by itself."""
    lines = tuple(
        LineDraft(one.account, answers.money(one.debit), answers.money(one.credit), Basis(one.basis), memo=one.memo)
        for one in body.lines
    )
    source = Source(BY_HAND, request.actor.user)
    draft = EntryDraft(_now(book).entity, body.posted_on, body.memo, lines, key=f"api:{body.key}", source=source)
    return Status(201, answers.ref(posting.post(actor=request.actor, entries=[draft], at=request.actor.at)[0]))


@router.post("/books/{book}/entries/{entry}/reversal", response={201: EntryRefOut})
@operation("ledger.reverse")
def reverse_entry(request: Any, book: BookId, entry: EntryId, body: ReversalIn) -> Status[dict[str, Any]]:
    """Take an entry back by its mirror image on an open day; once only."""
    ref = posting.reverse(
        actor=request.actor, entity=_now(book).entity, entry=entry, why=body.why, on=body.on, at=request.actor.at
    )
    return Status(201, answers.ref(ref))


@router.post("/books/{book}/periods", response={201: PeriodOut})
@operation("ledger.close")
def open_period(request: Any, book: BookId, body: MonthIn) -> Status[dict[str, Any]]:
    """Open the next month."""
    found, month = _now(book), Month.parse(body.month)
    periods.open_next(actor=request.actor, entity=found.entity, month=month, at=request.actor.at)
    return Status(201, _month(found, month))


@router.post("/books/{book}/periods/{month}/close", response=PeriodOut)
@operation("ledger.close")
def close_period(request: Any, book: BookId, month: MonthText) -> dict[str, Any]:
    """Close a month, when the book is sound."""
    found, wanted = _now(book), Month.parse(month)
    periods.close(actor=request.actor, entity=found.entity, month=wanted, at=request.actor.at)
    return _month(found, wanted)


@router.post("/books/{book}/periods/{month}/reopen", response=PeriodOut)
@operation("ledger.close")
def reopen_period(request: Any, book: BookId, month: MonthText, body: ReasonIn) -> dict[str, Any]:
    """Open a closed month again, while the next one is open."""
    found, wanted = _now(book), Month.parse(month)
    periods.reopen(actor=request.actor, entity=found.entity, month=wanted, why=body.why, at=request.actor.at)
    return _month(found, wanted)


@router.post("/books/{book}/periods/{month}/lock", response=PeriodOut)
@operation("ledger.close")
def lock_period(request: Any, book: BookId, month: MonthText) -> dict[str, Any]:
    """Lock a closed month for good."""
    found, wanted = _now(book), Month.parse(month)
    periods.lock(actor=request.actor, entity=found.entity, month=wanted, at=request.actor.at)
    return _month(found, wanted)


@router.post("/books/{book}/years/{year}/close", response={201: EntryRefOut})
@operation("ledger.close")
def close_year(
    request: Any, book: BookId, year: Annotated[int, Field(ge=1900, le=2999)]
) -> Status[dict[str, Any]]:  # fmt: skip
    """Close a fiscal year's income and expenses into retained earnings."""
    found = _now(book)
    ref = periods.close_year(actor=request.actor, entity=found.entity, fiscal_year=year, at=request.actor.at)
    return Status(201, answers.ref(ref))


class WrongDays(posting.NotWhole):
    """A range of days that ends before it starts."""

    code = "wrong_days"


def _in_order(ask: DaysAsk) -> None:
    if ask.through < ask.starts_on:
        raise WrongDays("The days end before they start.", field="through")


def _book(public_id: str) -> Book:
    found = books.find_book(public_id)
    if found is None:
        raise books.NoBook("There is no such book, or it is not yours to read.")
    return found


def _now(public_id: str) -> Book:
    """The book, outside of a read transaction: the service opens its own."""
    with reading():
        return _book(public_id)


def _month(book: Book, month: Month) -> dict[str, Any]:
    with reading():
        return answers.period(next(row for row in books.periods(entity=book.entity) if row.month == month))
