"""The API of settlement: months are settled, statements read down to their ledger lines, invoices acted upon."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from django.http import HttpResponse
from ninja import Query, Router, Status
from pydantic import Field

from openmso.agreements.contracts import Measured
from openmso.kit.periods import Month
from openmso.ledger.contracts import LedgerRow
from openmso.platform.api.operations import operation
from openmso.platform.api.pages import PageAsk, PageOut, paged
from openmso.platform.api.queues import reasoned
from openmso.platform.api.schemas import MonthName, PracticeName, Words
from openmso.platform.documents import queries as documents
from openmso.platform.tenancy.queries import key_in_scope, tenants_in_scope
from openmso.platform.tenancy.scope import reading
from openmso.platform.ui.contracts import Filters, Page, Term
from openmso.platform.ui.contracts import PageAsk as RowsAsk
from openmso.settlement import parts, queries, runs, services, showing
from openmso.settlement.api.schemas import (
    BehindOut,
    CountName,
    FeeAgeingOut,
    FigureName,
    LevelItemOut,
    LevelOut,
    MeteredOut,
    PaidIn,
    QueuedSettlementRowOut,
    RunId,
    SettleIn,
    SettleManyIn,
    SettlementId,
    SettlementOut,
    SettlementRunOut,
    StateName,
    WithdrawIn,
    Word,
)
from openmso.settlement.contracts import APPROVE, PAY, READ, RUN, Input, Row, Run, Settlement, SettlementRow
from openmso.settlement.queries import ageing, metering
from openmso.settlement.tables import STATEMENTS

router = Router(tags=["Settlement"])


@router.get("/settlements", response=PageOut[QueuedSettlementRowOut])
@operation(READ.code)
def list_settlements(
    request: Any, page: Query[PageAsk], state: StateName | None = None, practice: PracticeName | None = None,
    month: MonthName | None = None, q: Words = "",
) -> Any:  # fmt: skip
    """Every month settled, the newest first; `q` looks in practices and invoice numbers."""
    terms = [Term("is", "=", state, state)] if state else []
    terms += [Term("practice", "=", _code(practice), practice)] if practice else []
    terms += [Term("month", "=", Month.parse(month), month)] if month else []
    asked = RowsAsk(page.page, page.size, sort="month", desc=True)
    found = queries.settlements(Filters(tuple(terms), q), asked)
    return paged(request, reasoned(request, STATEMENTS, found.rows, _row), found.total or 0, page)


@router.post("/settlements", response={201: SettlementOut})
@operation(RUN.code)
def settle_month(request: Any, body: SettleIn) -> Any:
    """Compute a month's fee, post it in both books, and issue invoice and statement."""
    practice, month = key_in_scope(body.practice), Month.parse(body.month)
    done = services.settle(actor=request.actor, practice=practice, month=month, at=request.actor.at)
    return Status(201, _told(done.public_id))


@router.get("/settlements/{settlement}", response=SettlementOut)
@operation(READ.code)
def get_statement(request: Any, settlement: SettlementId) -> Any:
    """The owner's statement with every figure."""
    return _statement(settlement)


@router.get("/fee-ageing", response=FeeAgeingOut)
@operation(READ.code)
def get_fee_ageing(request: Any, practice: PracticeName | None = None) -> Any:
    """What practices owe of their invoices by days past due, practice by practice and together."""
    terms = (Term("practice", "=", _code(practice), practice),) if practice else ()
    rows, together = ageing.every(Filters(terms), on=request.actor.today)
    told = [
        {"practice": row.practice_name, "invoices": row.invoices, "oldest_due_on": row.oldest_due_on}
        | {name: getattr(row, name) for name in ageing.SUMS}
        for row in rows
    ]
    return {"on": request.actor.today, "practices": told, "together": together}


@router.get("/settlements/{settlement}/levels", response=list[LevelOut])
@operation(READ.code)
def list_service_levels(request: Any, settlement: SettlementId) -> Any:
    """What was promised with a clock, and how it was kept in the month of a statement, as it stood when settled."""
    one = queries.settlement(settlement)
    return [
        {
            "kind": each.kind, "words": each.words, "promised_hours": str(each.hours), "came": len(each.items),
            "in_time": each.kept, "late": each.late, "running": each.runs,
            "share_in_time": None if each.share is None else str(round(each.share, 4)),
            "hours_with_mso": str(each.ours), "hours_with_practice": str(each.practices),
            "hours_with_payers": str(each.payers),
        }
        for each in queries.levels(one)
    ]  # fmt: skip


@router.get("/settlements/{settlement}/levels/{kind}/items", response=PageOut[LevelItemOut])
@operation(READ.code)
def list_service_level_items(
    request: Any, settlement: SettlementId, kind: Annotated[str, Field(pattern=r"^[a-z_]{1,40}\.[a-z_]{1,40}$")],
    page: Query[PageAsk],
) -> Any:  # fmt: skip
    """The items of work behind one service level of a statement."""
    found = showing.level_of(queries.settlement(settlement), kind).items
    shown = found[(page.page - 1) * page.size : page.page * page.size]
    return paged(request, [_measured(one) for one in shown], len(found), page)


def _measured(one: Measured) -> dict[str, Any]:
    span = one.span
    return {
        "item": span.item, "about": span.subject, "stands": one.held.value, "came_at": span.opened_at,
        "first_touch_at": span.touched_at, "first_touch_by": span.touched_by, "ended_at": span.done_at,
        "hours_to_first_touch": None if one.first is None else str(one.first), "hours_with_mso": str(one.ours),
        "hours_with_practice": str(one.practices), "hours_with_payer": str(one.payers),
    }  # fmt: skip


@router.get("/settlements/{settlement}/rows/{number}/lines", response=PageOut[BehindOut])
@operation(READ.code)
def list_lines_of_figure(
    request: Any, settlement: SettlementId, number: Annotated[int, Field(ge=1, le=2**31 - 1)], page: Query[PageAsk]
) -> Any:
    """The ledger lines behind one figure of a statement."""
    return _behind(request, queries.figure(settlement, number), page)


@router.get("/settlements/{settlement}/inputs/{name}/{category}/lines", response=PageOut[BehindOut])
@operation(READ.code)
def list_lines_of_input(
    request: Any, settlement: SettlementId, name: FigureName, category: Word, page: Query[PageAsk]
) -> Any:
    """The ledger lines behind a figure that the fee was computed from."""
    return _behind(request, queries.given(settlement, name, category), page)


@router.get("/settlements/{settlement}/metered/{count}", response=PageOut[MeteredOut])
@operation(READ.code)
def list_metered_records(
    request: Any, settlement: SettlementId, count: CountName, page: Query[PageAsk], late: bool | None = None
) -> Any:  # fmt: skip
    """The records that a fee was charged by, oldest first; `late` chooses those that missed their month."""
    metering.frozen(settlement, count)
    mark = "" if late is None else "late" if late else "in_time"
    asked = Filters((Term("is", "=", mark, mark),) if mark else ())
    found = metering.records(settlement, count, asked, RowsAsk(page.page, page.size))
    told = [{"record": row.name, "on": row.on, "quantity": str(row.quantity), "late": row.late} for row in found.rows]
    return paged(request, told, found.total or 0, page)


@router.get("/settlements/{settlement}/papers/{paper}")
@operation(READ.code)
def get_settlement_paper(request: Any, settlement: SettlementId, paper: Literal["statement", "invoice"]) -> Any:
    """The statement or the invoice as PDF."""
    one = queries.settlement(settlement)
    document = one.statement_document if paper == "statement" else one.invoice_document
    return HttpResponse(documents.read(document, one.practice), content_type="application/pdf")


@router.post("/settlements/{settlement}/approval", response=SettlementOut)
@operation(APPROVE.code)
def approve_invoice(request: Any, settlement: SettlementId) -> Any:
    """The practice approves the MSO's invoice; only its own people can, by their session."""
    services.approve(actor=request.actor, settlement=settlement, at=request.actor.at)
    return _told(settlement)


@router.post("/settlements/{settlement}/payment", response=SettlementOut)
@operation(PAY.code)
def record_fee_payment(request: Any, settlement: SettlementId, body: PaidIn) -> Any:
    """Record in both books that the practice paid."""
    services.pay(actor=request.actor, settlement=settlement, paid_on=body.paid_on, at=request.actor.at)
    return _told(settlement)


@router.post("/settlements/{settlement}/withdrawal", response=SettlementOut)
@operation(RUN.code)
def withdraw_settlement(request: Any, settlement: SettlementId, body: WithdrawIn) -> Any:
    """Take a settlement back; the month can be settled anew."""
    services.withdraw(actor=request.actor, settlement=settlement, why=body.why, at=request.actor.at)
    return _told(settlement)


@router.post("/settlement-runs", response={202: SettlementRunOut})
@operation(RUN.code)
def settle_many(request: Any, body: SettleManyIn) -> Any:
    """Have a month settled for many practices; ask for the run to see how far it is."""
    actor = request.actor
    chosen = [key_in_scope(name) for name in body.practices] or list(runs.settled_by(actor))
    begun = runs.begin(
        actor=actor, mso=runs.mso_of(actor), practices=chosen, month=Month.parse(body.month), at=actor.at
    )
    return Status(202, _run(begun))


@router.get("/settlement-runs/{run}", response=SettlementRunOut)
@operation(RUN.code)
def get_settlement_run(request: Any, run: RunId) -> Any:
    """How far a run has come, and what it left out."""
    return _run(queries.run(run))


def _code(practice: str) -> str:
    """The code of a practice in scope."""
    key = key_in_scope(practice)
    return next(row.code for row in tenants_in_scope() if row.pk == key)


def _behind(request: Any, found: Row | Input, page: PageAsk) -> Any:
    lines: Page[LedgerRow] = queries.behind(found, RowsAsk(page.page, page.size))
    return paged(request, [line(row) for row in lines.rows], lines.total or 0, page)


def _told(settlement: str) -> dict[str, Any]:
    with reading():
        return _statement(settlement)


def _row(row: SettlementRow) -> dict[str, Any]:
    return {
        "id": row.public_id, "practice": row.practice_name, "month": str(row.month), "collected": row.collected,
        "fee": row.fee, "due": row.due, "disputed": row.disputed, "state": row.state.value, "invoice": row.invoice,
        "issued_on": row.issued_on, "due_on": row.due_on,
    }  # fmt: skip


def _one(one: Settlement) -> dict[str, Any]:
    return {
        "id": one.public_id, "practice": one.practice_name, "month": str(one.month), "collected": one.collected,
        "fee": one.fee, "due": one.due, "disputed": one.disputed, "state": one.state.value, "invoice": one.invoice,
        "issued_on": one.issued_on, "due_on": one.due_on, "mso": one.mso_name, "agreement": one.agreement,
        "version": one.version, "credited": one.credited, "invoiced": one.invoiced, "paid": one.paid,
        "given_back": one.memos, "sentence": one.sentence, "approved_by": one.approved_by,
        "approved_at": one.approved_at, "paid_on": one.paid_on, "withdrawn_why": one.withdrawn_why,
        "statement_document": one.statement_document, "invoice_document": one.invoice_document,
        "practice_entry": one.practice_entry, "mso_entry": one.mso_entry,
    }  # fmt: skip


def _statement(settlement: str) -> dict[str, Any]:
    found = queries.statement(settlement)
    rows = [
        {
            "number": row.number, "section": row.section, "label": row.label, "note": row.note, "amount": row.amount,
            "part": row.part, "is_total": row.total, "opens": row.opens,
        }
        for row in found.rows
    ]  # fmt: skip
    inputs = [
        {
            "name": one.address,
            "days": parts.words(one.days) if one.days else "",
            "category": one.category,
            "amount": one.amount,
            "opens": bool(one.selection),
            "metered": one.metered
            and {
                "count": one.metered.count,
                "heading": one.metered.heading,
                "words": one.metered.words,
                "quantity": one.metered.quantity,
                "records": one.metered.records,
                "late": one.metered.late,
            },
        }
        for one in found.inputs
    ]
    moves = [{"state": one.state.value, "at": one.at, "by": one.by, "why": one.why} for one in found.moves]
    return _one(found.settlement) | {"rows": rows, "steps": found.steps, "inputs": inputs, "moves": moves}


def _run(run: Run) -> dict[str, Any]:
    return {
        "id": run.public_id, "month": str(run.month), "practices": run.practices, "done": run.done,
        "standing": run.standing, "settled": [_row(row) for row in run.settled], "started_at": run.started_at,
        "finished_at": run.finished_at, "asked_by": run.asked_by,
        "refused": [{"practice": one.practice_name, "words": one.words, "fix": one.fix} for one in run.refused],
    }  # fmt: skip


def line(row: LedgerRow) -> dict[str, Any]:
    """A ledger line as a caller gets it."""
    source = row.source
    return {
        "entry": row.entry, "name": row.name, "number": row.number, "posted_on": row.posted_on, "memo": row.memo,
        "debit": row.debit, "credit": row.credit, "party": row.party, "source_kind": source.kind if source else "",
        "source_id": source.id if source else "",
    }  # fmt: skip
