"""Opening, closing, reopening and locking months, and closing a year.

A month's row is locked alone while it moves; posting holds it shared. So a month that is being closed waits for the
postings that began before, and the postings that come after find it closed.
"""

from __future__ import annotations

from datetime import datetime

from django.db.models import Sum

from openmso.kit.errors import NotFound, Refused
from openmso.kit.money import Money
from openmso.kit.periods import Month
from openmso.kit.states import check_move
from openmso.ledger import contracts, events, models
from openmso.ledger.contracts import Basis, Book, EntryDraft, EntryRef, Journal, Kind
from openmso.ledger.queries import books, proof
from openmso.ledger.rules import closing
from openmso.ledger.services import posting
from openmso.ledger.states import MOVES, S
from openmso.platform.access import duties
from openmso.platform.access.contracts import Actor
from openmso.platform.audit import services as audit
from openmso.platform.outbox import services as outbox
from openmso.platform.tenancy.scope import atomic


class CannotMove(Refused):
    """Something stands in the way of opening, closing or locking this month."""

    code = "period_cannot_move"


class NotSound(Refused):
    """The proof of the books failed: nothing may be closed upon them."""

    code = "books_not_sound"


class NoSuchMonth(NotFound):
    """The month has not been opened in these books."""

    code = "no_such_month"


@atomic
def open_next(*, actor: Actor, entity: int, month: Month, at: datetime) -> None:
    """Open the month after the latest one. Raises `CannotMove` for any other."""
    book = books.book_of(entity)
    actor.must(contracts.CLOSE.code, book.practice)
    latest = models.Period.objects.select_for_update().filter(entity_id=entity).latest("month")
    wanted = Month.of(latest.month).plus(1)
    if month != wanted:
        raise CannotMove(
            f"{month.words} cannot be opened now.", field="month", fix=f"The next month to open is {wanted.words}."
        )
    models.Period.objects.create(
        entity_id=entity, month=month.first, fiscal_year=closing.fiscal_year(month, book.fiscal_year_start)
    )
    _record(actor, book, month, frm="", to=S.OPEN, at=at, action="ledger.period_opened")


@atomic
def close(*, actor: Actor, entity: int, month: Month, at: datetime) -> None:
    """Close a month: its figures stand. Publishes `PeriodClosed`.

    Raises `CannotMove` out of order, `SamePerson` for who posted to the month by hand, and `NotSound` when the books
    fail their proof.
    """
    _move(actor, entity, month, to=S.CLOSED, at=at, obstacle=closing.why_not_close, action="ledger.period_closed")


@atomic
def reopen(*, actor: Actor, entity: int, month: Month, why: str, at: datetime) -> None:
    """Open a closed month again, while the next one is open. Publishes `PeriodReopened`; needs a reason."""
    if not why.strip():
        raise CannotMove("Opening a closed month needs a reason.", field="why", fix="Write it in a sentence.")
    _move(
        actor, entity, month, to=S.OPEN, at=at, obstacle=closing.why_not_reopen, action="ledger.period_reopened",
        why=why,
    )  # fmt: skip


@atomic
def lock(*, actor: Actor, entity: int, month: Month, at: datetime) -> None:
    """Lock a closed month for good. Raises `CannotMove` in words."""
    _move(actor, entity, month, to=S.LOCKED, at=at, obstacle=closing.why_not_lock, action="ledger.period_locked")


@atomic
def close_year(*, actor: Actor, entity: int, fiscal_year: int, at: datetime) -> EntryRef:
    """Close a fiscal year's income and expenses into retained earnings, on its last day, on every basis.

    The last month must be open and all before it closed. Raises `CannotMove`. Publishes `YearClosed`.
    """
    book = books.book_of(entity)
    decision = actor.must(contracts.CLOSE.code, book.practice)
    first, last = closing.year_months(fiscal_year, book.fiscal_year_start)
    steps = _steps(entity)
    step = next((step for step in steps if step.month == last), None)
    if step is None:
        raise CannotMove(f"{last.words}, the last month of fiscal year {fiscal_year}, has not been opened.")
    if why := closing.why_not_close(step, steps):
        raise CannotMove(why)
    lines = closing.closing_lines(_temporary(entity, last))
    if not lines:
        raise CannotMove(f"Fiscal year {fiscal_year} has nothing left to close.", code="nothing_to_close")
    rounds = models.Entry.objects.filter(entity_id=entity, fiscal_year=fiscal_year, closing=True).count()
    draft = EntryDraft(
        entity, last.last, f"Close of fiscal year {fiscal_year}, {first} to {last}", lines,
        key=f"ledger.close-year:{fiscal_year}:{rounds + 1}", journal=Journal.CLOSING,
    )  # fmt: skip
    ref = posting.post_closing(actor=actor, entry=draft, at=at, decision=decision, practice=book.practice)
    audit.record(
        actor=actor, action="ledger.year_closed", practice=book.practice, subject=("ledger.entry", ref.public_id),
        at=at, facts={"year": fiscal_year}, decision=decision,
    )  # fmt: skip
    outbox.publish(events.YearClosed(book.entity, fiscal_year, ref.public_id), practice=book.practice, at=at)
    return ref


def _move(
    actor: Actor, entity: int, month: Month, *, to: S, at: datetime, obstacle: closing.Obstacle, action: str,
    why: str = "",
) -> None:  # fmt: skip
    book = books.book_of(entity)
    actor.must(contracts.CLOSE.code, book.practice)
    # The whole book's months are locked, in order: closing one looks at its neighbours.
    rows = {Month.of(row.month): row for row in _locked(entity)}
    if month not in rows:
        raise NoSuchMonth(f"{month.words} has not been opened in these books.")
    steps = [closing.Step(key, row.fiscal_year, S(row.state)) for key, row in rows.items()]
    step = next(step for step in steps if step.month == month)
    if reason := obstacle(step, steps):
        raise CannotMove(reason, field="month")
    check_move(MOVES, noun="month", frm=step.state, to=to)
    if to is S.CLOSED:
        _refuse_own_work(actor, entity, month)
    if to is S.CLOSED and (found := next(proof.flaws(entity=entity), None)):
        raise NotSound(f"These books fail their proof at {found.where}: {found.words}", fix="Run openmso ledger check.")
    rows[month].state = to.value
    rows[month].save(update_fields=["state"])
    _record(actor, book, month, frm=step.state.value, to=to, at=at, action=action, why=why)


def _refuse_own_work(actor: Actor, entity: int, month: Month) -> None:
    """Who posted to a month by hand does not say that it is whole."""
    mine = models.Entry.objects.filter(
        entity_id=entity, source_kind=contracts.BY_HAND, source_id=actor.user, posted_on__gte=month.first,
        posted_on__lte=month.last,
    )  # fmt: skip
    did = actor.user if actor.user and mine.exists() else ""
    duties.another(actor, did=did, first=f"posted to {month} by hand", then="close it")


def _locked(entity: int) -> list[models.Period]:
    return list(models.Period.objects.select_for_update().filter(entity_id=entity).order_by("month"))


def _steps(entity: int) -> list[closing.Step]:
    return [closing.Step(Month.of(row.month), row.fiscal_year, S(row.state)) for row in _locked(entity)]


def _temporary(entity: int, through: Month) -> dict[tuple[str, Basis], Money]:
    """Debits less credits of every account of income and expense up to a month, by basis."""
    kinds = [kind.value for kind in Kind if kind.is_temporary]
    sums = (
        models.Balance.objects.filter(entity_id=entity, account__kind__in=kinds, month__lte=through.first)
        .values_list("account__code", "basis")
        .annotate(debits=Sum("debit_amount"), credits=Sum("credit_amount"))
    )
    return {(code, Basis(basis)): Money(debits - credits) for code, basis, debits, credits in sums}


def _record(
    actor: Actor, book: Book, month: Month, *, frm: str, to: S, at: datetime, action: str, why: str = ""
) -> None:
    """The move's own row, the trail's sentence, and the fact for those who compute from closed months."""
    models.PeriodMove.objects.create(
        entity_id=book.entity, month=month.first, frm=frm, to=to.value, at=at, actor_name=actor.name[:160], why=why
    )
    audit.record(
        actor=actor, action=action, practice=book.practice, subject=("ledger.book", book.public_id), at=at,
        facts={"month": str(month)}, why=why, decision=actor.may(contracts.CLOSE.code, book.practice),
    )  # fmt: skip
    if to is S.CLOSED:
        outbox.publish(events.PeriodClosed(book.entity, str(month)), practice=book.practice, at=at)
    elif frm == S.CLOSED.value and to is S.OPEN:
        outbox.publish(events.PeriodReopened(book.entity, str(month), why), practice=book.practice, at=at)
