"""Annual budgets: built from the books, revised, proposed, approved by practice or board, or fallen back from."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

from django.db.models import Max

from openmso.agreements.queries import clocks
from openmso.governance import sheets
from openmso.governance.contracts import BUDGET, BUDGET_WORK, DECIDE, GRID, PLAN, Paper
from openmso.governance.contracts.boards import NewItem
from openmso.governance.contracts.budgets import MONTHS, Budget, Fallback, Grid, NewBudget, year_words
from openmso.governance.models import Board, BudgetStep, BudgetVersion
from openmso.governance.models import Budget as Row
from openmso.governance.queries import budgets as queries
from openmso.governance.rules import budgets as rules
from openmso.governance.services import agenda
from openmso.governance.states import BUDGET_MOVES, B
from openmso.kit.errors import NotFound, Refused
from openmso.kit.periods import Month
from openmso.kit.states import check_move
from openmso.ledger.queries import books
from openmso.platform.access import duties
from openmso.platform.access.contracts import Actor, Decision
from openmso.platform.audit import services as audit
from openmso.platform.documents import services as documents
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.tenancy.scope import atomic
from openmso.platform.work import services as work
from openmso.platform.work.contracts import when

PRIORITY = 65
PERCENT_MAX = Decimal(50)
PARTED = {"first": "made this version", "then": "approve it"}


class NotPlanned(Refused):
    """A budget cannot be prepared or decided so."""

    code = "not_planned"


@atomic
def begin(*, actor: Actor, new: NewBudget, why: str, at: datetime) -> str:
    """Begin the budget of a year from what the books say of the year before; its public id.

    Months that are not over yet take the mean of those that are; where there are no books of the year before, those of
    the year itself are begun from. Raises `NotPlanned`.
    """
    book = books.find_book(new.book)
    if book is None:
        raise NotFound("There is no such book.", field="book")
    decision = actor.must(PLAN.code, book.practice)
    _judge(new, book.fiscal_year_start, tenancy.today(book.practice, at))
    if Row.objects.filter(practice_id=book.practice, book=new.book, first_month=new.first.first).exists():
        raise NotPlanned("That year has a budget.", field="first", fix="Revise it.")
    zone = tenancy.zone(book.practice)
    prior, basis = queries.figures_of(book, new.first.plus(-MONTHS), at=at, zone=zone)
    if not prior:
        prior, told = queries.figures_of(book, new.first, at=at, zone=zone)
        basis = f"the year itself, {told}"
    if not prior:
        raise NotPlanned("The books say nothing of that year, nor of the one before.", field="first")
    row = Row.objects.create(
        practice_id=book.practice, book=new.book, first_month=new.first.first, agree_by=new.agree_by,
        fallback=new.fallback, index_percent=new.index, begun_at=at, begun_by=actor.name[:160],
        grant=decision.grant,
    )  # fmt: skip
    more = f", changed by {new.growth.normalize():f} %" if new.growth else ""
    chart = books.accounts(entity=book.entity)
    _version(row, rules.judged(rules.changed(prior, new.growth), chart), f"{basis}{more}", why, actor, at)
    _tell(row, "governance.budget_begun", actor, at, decision, year=year_words(new.first))
    return row.public_id


def _judge(new: NewBudget, starts: int, today: date) -> None:
    if new.first.first.month != starts:
        raise NotPlanned(
            f"The years of this book begin in {date(2000, starts, 1):%B}.", field="first", fix="Choose that month."
        )
    for field, percent in (("index", new.index), ("growth", new.growth)):
        if abs(percent) > PERCENT_MAX:
            raise NotPlanned(f"Between −{PERCENT_MAX} and {PERCENT_MAX} percent.", field=field)
    if new.agree_by < today:
        raise NotPlanned("That day is past.", field="agree_by", fix="Choose today or a later day.")


@atomic
def revise(*, actor: Actor, budget: str, grid: Grid, why: str, basis: str, at: datetime) -> Budget:
    """Add a version; it is a draft until it is proposed, and what held before holds until it is approved."""
    row = queries.row_of(budget, lock=True)
    decision = actor.must(PLAN.code, row.practice_id)
    figures = rules.judged(grid, queries.chart_of(row))
    number = _version(row, figures, basis, why, actor, at)
    _step(row, B.DRAFT, actor=actor, why=why, version=number, at=at)
    _close(row, actor, at, "Revised", decision)
    _tell(row, "governance.budget_revised", actor, at, decision, version=str(number))
    return queries.budget(budget, version=number, at=at)


@atomic
def bring(*, actor: Actor, budget: str, paper: Paper, why: str, at: datetime) -> Budget:
    """Add a version from a file (CSV or Excel), which is kept first; raises `BadGrid` with the line."""
    row = queries.row_of(budget)
    decision = actor.must(PLAN.code, row.practice_id)
    kept = documents.store(
        actor=actor, practice=row.practice_id, name=paper.name, content=paper.content,
        media_type="application/octet-stream", purpose=GRID.code, at=at, under=decision,
    )  # fmt: skip
    documents.became(document=kept.public_id, subject=(BUDGET, budget), practice=row.practice_id, at=at)
    basis = f"the file {paper.name} ({kept.public_id})"
    return revise(actor=actor, budget=budget, grid=sheets.read(paper.content), why=why, basis=basis, at=at)


@atomic
def propose(*, actor: Actor, budget: str, why: str, at: datetime) -> Budget:
    """Propose the latest version: it waits for the practice's licensees, and is put before its joint board."""
    row = queries.row_of(budget, lock=True)
    decision = actor.must(PLAN.code, row.practice_id)
    version = queries.latest(row)
    _step(row, B.PROPOSED, actor=actor, why=why, version=version.number, at=at)
    title = f"Budget {year_words(Month.of(row.first_month))}"
    work.open_item(
        practice=row.practice_id, kind=BUDGET_WORK, subject=(BUDGET, budget), title=title, priority=PRIORITY,
        why=f"{actor.name} proposes version {version.number}. A licensee of the practice approves it, or its board.",
        priority_why=f"To be agreed {when(row.agree_by)}", due_at=clocks.closing(row.practice_id, row.agree_by),
        key=_key(row), at=at,
    )  # fmt: skip
    for board in Board.objects.filter(practice_id=row.practice_id).order_by("pk"):
        agenda.before(board, NewItem(title, why, "B02", subject=(BUDGET, budget)), by=actor.name, at=at)
    _tell(row, "governance.budget_proposed", actor, at, decision, version=str(version.number))
    return queries.budget(budget, version=version.number, at=at)


@atomic
def decide(*, actor: Actor, budget: str, approve: bool, why: str, at: datetime) -> Budget:
    """Approve the proposed version, or decline it; only a licensee of the practice, and not who made the version."""
    row = queries.row_of(budget, lock=True)
    decision = actor.must(DECIDE.code, row.practice_id)
    version = queries.latest(row)
    duties.another(actor, did=version.user, **PARTED)
    to = B.APPROVED if approve else B.DECLINED
    _step(row, to, actor=actor, why=why, version=version.number, at=at)
    _close(row, actor, at, to.label, decision)
    _tell(row, "governance.budget_decided", actor, at, decision, version=str(version.number), outcome=to.label.lower())
    return queries.budget(budget, at=at)


def carried(*, actor: Actor, budget: str, meeting: str, words: str, at: datetime, under: Decision) -> None:
    """Approve the proposed version because the board carried it, most of the practice's own seats for it."""
    row = queries.row_of(budget, lock=True)
    if row.state != B.PROPOSED:
        return  # it was decided or revised meanwhile
    version = queries.latest(row)
    _step(row, B.APPROVED, actor=actor, why=words[:600], version=version.number, at=at, meeting=meeting)
    _close(row, actor, at, B.APPROVED.label, under)
    _tell(
        row, "governance.budget_decided", actor, at, under, version=str(version.number), outcome=f"carried in {meeting}"
    )


@atomic
def fall_back(*, actor: Actor, budget: str, at: datetime) -> bool:
    """Apply the fallback to a budget that was not agreed in time; whether it was so. A later agreement replaces it.

    It is done under the grant under which the budget was begun.
    """
    row = queries.row_of(budget, lock=True)
    actor = replace(actor, behind=row.grant)
    decision = actor.must(PLAN.code, row.practice_id)
    due = row.state in {B.DRAFT, B.PROPOSED, B.DECLINED} and row.holds is None
    if not due or tenancy.today(row.practice_id, at) <= row.agree_by:
        return False
    grid, basis = _fallback(row, at)
    if not grid:
        return False  # nothing is known of the year before
    more = f", changed by {row.index_percent.normalize():f} %" if row.index_percent else ""
    why = f"Not agreed by {row.agree_by:%-d %B %Y}: what holds is {basis}{more}."
    number = _version(row, rules.changed(grid, row.index_percent), f"{basis}{more}", why, actor, at)
    _step(row, B.FALLBACK, actor=actor, why=why, version=number, at=at)
    _tell(row, "governance.budget_fell_back", actor, at, decision, words=why)
    return True


def _fallback(row: Row, at: datetime) -> tuple[Grid, str]:
    """The figures that hold, and in words which; last year's books where there was no budget."""
    if row.fallback == Fallback.BUDGET and (held := queries.before(row)):
        return held, "last year's budget"
    book, first = queries.book_of(row), Month.of(row.first_month)
    grid, told = queries.figures_of(book, first.plus(-MONTHS), at=at, zone=row.practice.zone)
    if grid:
        return grid, f"last year's actual figures ({told})"
    grid, told = queries.figures_of(book, first, at=at, zone=row.practice.zone)
    return grid, f"for want of a year before, the year's own figures ({told})"


# ---- what each of them needs ------------------------------------------------------------------------------------


def _version(row: Row, grid: Grid, basis: str, why: str, actor: Actor, at: datetime) -> int:
    if not why.strip():
        raise NotPlanned("Say why: whoever approves it reads that first.", field="why")
    latest = BudgetVersion.objects.filter(budget=row).aggregate(latest=Max("number"))["latest"] or 0
    BudgetVersion.objects.create(
        practice_id=row.practice_id, budget=row, number=latest + 1, made_at=at, made_by=actor.name[:160],
        user=actor.user, why=why.strip()[:600], basis=basis[:200], cells=rules.written(grid),
    )  # fmt: skip
    return int(latest + 1)


def _step(row: Row, to: B, *, actor: Actor, why: str, version: int, at: datetime, meeting: str = "") -> None:
    if not why.strip():
        raise NotPlanned("Say why.", field="why")
    check_move(BUDGET_MOVES, noun="budget", frm=B(row.state), to=to)
    last = BudgetStep.objects.filter(budget=row).aggregate(last=Max("number"))["last"] or 0
    BudgetStep.objects.create(
        practice_id=row.practice_id, budget=row, number=last + 1, to_state=to, at=at, by=actor.name[:160],
        user=actor.user, why=why.strip()[:600], version=version, meeting=meeting,
    )  # fmt: skip
    row.state = to
    if to in {B.APPROVED, B.FALLBACK}:
        row.holds = version
    row.save(update_fields=["state", "holds"])


def _close(row: Row, actor: Actor, at: datetime, outcome: str, under: Decision) -> None:
    work.close_item(practice=row.practice_id, key=_key(row), actor=actor, at=at, outcome=outcome, under=under)


def _key(row: Row) -> str:
    return f"{BUDGET}|{row.public_id}"


def _tell(row: Row, action: str, actor: Actor, at: datetime, decision: Decision, **facts: str) -> None:
    audit.record(
        actor=actor, action=action, practice=row.practice_id, subject=(BUDGET, row.public_id), at=at, facts=facts,
        decision=decision,
    )  # fmt: skip
