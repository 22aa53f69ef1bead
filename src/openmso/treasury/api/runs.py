"""Operations: runs of payments are proposed, approved, posted and taken back; deficit loans are read."""

from __future__ import annotations

from typing import Any

from ninja import Query, Router, Status

from openmso.kit.periods import Month
from openmso.ledger.contracts import LedgerRow
from openmso.platform.api.operations import operation
from openmso.platform.api.pages import PageAsk, PageOut, paged
from openmso.platform.api.queues import reasoned
from openmso.platform.api.schemas import MonthName, PracticeName, Words
from openmso.platform.tenancy.queries import key_in_scope, tenants_in_scope
from openmso.platform.tenancy.scope import reading
from openmso.platform.ui.contracts import Filters, Term
from openmso.platform.ui.contracts import PageAsk as RowsAsk
from openmso.treasury.api import schemas
from openmso.treasury.api.schemas import FigureName, LoanId, RunId
from openmso.treasury.contracts import APPROVE, READ, RUN, Loan, LoanMove, Payment, Run, RunRow
from openmso.treasury.queries import loans, paying, runs
from openmso.treasury.services import running
from openmso.treasury.tables import WATERFALL

router = Router(tags=["Treasury"])


@router.get("/payment-runs", response=PageOut[schemas.QueuedWaterfallRunRowOut])
@operation(READ.code)
def list_payment_runs(
    request: Any, page: Query[PageAsk], state: schemas.RunState | None = None, practice: PracticeName | None = None,
    month: MonthName | None = None, q: Words = "",
) -> Any:  # fmt: skip
    """Months paid out by the priority of payments, the latest first; `q` looks in practices and runs."""
    terms = filters_of(state, practice)
    terms += [Term("month", "=", Month.parse(month), month)] if month else []
    found = runs.runs(Filters(tuple(terms), q), RowsAsk(page.page, page.size, "month", desc=True))
    return paged(request, reasoned(request, WATERFALL, found.rows, _row), found.total or 0, page)


@router.post("/payment-runs", response={201: schemas.WaterfallRunOut})
@operation(RUN.code)
def propose_payment_run(request: Any, body: schemas.ProposeIn) -> Any:
    """Reckon a month that is over by the priority of payments, for the practice to approve."""
    with reading():
        practice = key_in_scope(body.practice)
    done = running.propose(actor=request.actor, practice=practice, month=Month.parse(body.month), at=request.actor.at)
    return Status(201, _told(done.public_id))


@router.get("/payment-runs/{payment_run}", response=schemas.WaterfallRunOut)
@operation(READ.code)
def get_payment_run(request: Any, payment_run: RunId) -> Any:
    """A run with every figure, every step in words, its payments and entries."""
    return _run(runs.run(payment_run))


@router.get("/payment-runs/{payment_run}/figures/{figure}/lines", response=PageOut[schemas.LineOut])
@operation(READ.code)
def list_lines_of_payment_run(request: Any, payment_run: RunId, figure: FigureName, page: Query[PageAsk]) -> Any:
    """The ledger lines behind a figure of a run."""
    found = runs.behind(runs.given(payment_run, figure), RowsAsk(page.page, page.size))
    return paged(request, [_line(row) for row in found.rows], found.total or 0, page)


@router.post("/payment-runs/{payment_run}/approval", response=schemas.WaterfallRunOut)
@operation(APPROVE.code)
def approve_payment_run(request: Any, payment_run: RunId) -> Any:
    """The practice approves a run; only its own people can, and not who proposed it."""
    running.approve(actor=request.actor, run=payment_run, at=request.actor.at)
    return _told(payment_run)


@router.post("/payment-runs/{payment_run}/posting", response=schemas.WaterfallRunOut)
@operation(RUN.code)
def post_payment_run(request: Any, payment_run: RunId, body: schemas.PostIn) -> Any:
    """Post an approved run in both books, move the loan, and make out its payments."""
    running.post(actor=request.actor, run=payment_run, on=body.on, at=request.actor.at)
    return _told(payment_run)


@router.post("/payment-runs/{payment_run}/withdrawal", response=schemas.WaterfallRunOut)
@operation(RUN.code)
def withdraw_payment_run(request: Any, payment_run: RunId, body: schemas.PayoutWhyIn) -> Any:
    """Take a run back before it is posted."""
    running.withdraw(actor=request.actor, run=payment_run, why=body.why, at=request.actor.at)
    return _told(payment_run)


@router.post("/payment-runs/{payment_run}/reversal", response=schemas.WaterfallRunOut)
@operation(RUN.code)
def reverse_payment_run(request: Any, payment_run: RunId, body: schemas.PayoutWhyIn) -> Any:
    """Take a posted run back: entries reversed, invoices due again, the loan as it was."""
    running.reverse(actor=request.actor, run=payment_run, why=body.why, at=request.actor.at)
    return _told(payment_run)


@router.get("/deficit-loans", response=PageOut[schemas.LoanRowOut])
@operation(READ.code)
def list_deficit_loans(
    request: Any, page: Query[PageAsk], practice: PracticeName | None = None, q: Words = ""
) -> Any:  # fmt: skip
    """The register of deficit loans, by practice."""
    asked = RowsAsk(page.page, page.size, "practice_name")
    found = loans.loans(Filters(tuple(filters_of(None, practice)), q), asked)
    return paged(request, [_loan(one) for one in found.rows], found.total or 0, page)


@router.get("/deficit-loans/{deficit_loan}", response=schemas.LoanOut)
@operation(READ.code)
def get_deficit_loan(request: Any, deficit_loan: LoanId) -> Any:
    """A loan with everything that moved it, and whether the books say the same."""
    return _loan(loans.loan(deficit_loan)) | {"movements": [_moved(one) for one in loans.movements(deficit_loan)]}


def filters_of(state: str | None, practice: str | None) -> list[Term]:
    """The terms of a list that is narrowed to a state and a practice."""
    terms = [Term("is", "=", state, state)] if state else []
    if practice:
        key = key_in_scope(practice)
        code = next(row.code for row in tenants_in_scope() if row.pk == key)
        terms.append(Term("practice", "=", code, practice))
    return terms


def payment_data(one: Payment) -> dict[str, Any]:
    """A payment as it is told."""
    return {
        "id": one.public_id, "run": one.run, "kind": one.kind.value, "amount": one.amount,
        "from_account": one.from_account, "to_account": one.to_account, "to_holder": one.to_holder,
        "to_bank": one.to_bank, "reference": one.reference, "state": one.state.value, "file": one.file,
        "trace": one.trace, "changed": one.changed.value, "returned_code": one.returned_code,
        "needs": one.needs,
    }  # fmt: skip


def _told(run: str) -> dict[str, Any]:
    with reading():
        return _run(runs.run(run))


def _row(row: RunRow) -> dict[str, Any]:
    return {
        "id": row.public_id, "practice": row.practice_name, "month": str(row.month), "state": row.state.value,
        "cash": row.cash, "fee_paid": row.fee_paid, "advanced": row.advanced, "residual": row.residual,
        "loan": row.loan, "held": row.held, "proposed_at": row.proposed_at,
    }  # fmt: skip


def _run(one: Run) -> dict[str, Any]:
    figures = [
        {"figure": each.key, "words": each.words, "amount": each.amount, "opens": bool(each.selection),
         "invoices": [number for _, number, _ in each.invoices]}
        for each in one.given
    ]  # fmt: skip
    return _row(one.row) | {
        "agreement": one.agreement, "version": one.version, "sentence": one.sentence, "opening": one.opening,
        "closing": one.closing, "figures": figures, "steps": one.steps, "notes": list(one.notes),
        "instruction": one.instruction, "swept": one.swept,
        "deposit_instruction": one.deposit_instruction, "collected": one.collected, "proposed_by": one.proposed_by,
        "approved_by": one.approved_by, "approved_at": one.approved_at, "posted_on": one.posted_on,
        "entries": [name for _, name in one.entries],
        "payments": [payment_data(each) for each in paying.payments_of(one.practice, one.public_id)],
    }  # fmt: skip


def _line(row: LedgerRow) -> dict[str, Any]:
    return {
        "entry": row.entry, "name": row.name, "number": row.number, "posted_on": row.posted_on, "memo": row.memo,
        "debit": row.debit, "credit": row.credit, "source_kind": row.source.kind if row.source else "",
        "source_id": row.source.id if row.source else "",
    }  # fmt: skip


def _loan(one: Loan) -> dict[str, Any]:
    return {
        "id": one.public_id, "practice": one.practice_name, "agreement": one.agreement, "opened_on": one.opened_on,
        "balance": one.balance, "advances": one.advances, "fees": one.fees, "interest": one.interest,
        "lent": one.lent, "repaid": one.repaid, "proven": one.proven,
    }  # fmt: skip


def _moved(one: LoanMove) -> dict[str, Any]:
    return {
        "moved_on": one.moved_on, "kind": one.kind.value, "part": one.part.value, "amount": one.amount,
        "balance": one.balance, "words": one.words, "run": one.run, "reverses": one.reverses,
        "dispute": one.dispute,
    }  # fmt: skip
