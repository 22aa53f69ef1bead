"""The API of disputes: rows of an invoice are contested, answered, accepted, taken further, taken back."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

from django.http import HttpResponse
from ninja import File, Form, Query, Router, Schema, Status
from ninja.files import UploadedFile
from pydantic import Field

from openmso.kit.money import Money
from openmso.platform.api.operations import operation
from openmso.platform.api.pages import PageAsk, PageOut, paged
from openmso.platform.api.queues import Queued, reasoned
from openmso.platform.api.schemas import Amount, Body, PracticeName, Words, public_id, text
from openmso.platform.documents import queries as documents
from openmso.platform.tenancy.queries import key_in_scope, tenants_in_scope
from openmso.platform.tenancy.scope import reading
from openmso.platform.ui.contracts import Filters, Term
from openmso.platform.ui.contracts import PageAsk as RowsAsk
from openmso.settlement.api.schemas import papers_of
from openmso.settlement.contracts import ANSWER, DISPUTE, READ, DisputeRow, Memo, Said
from openmso.settlement.queries import disputes
from openmso.settlement.services import disputing
from openmso.settlement.states import D
from openmso.settlement.tables import DISPUTES

router = Router(tags=["Settlement"])
SettlementId = Annotated[str, public_id("SET")]
DisputeId = Annotated[str, public_id("IDP")]
MemoId = Annotated[str, public_id("CRM")]
StandName = Literal[
    "open", "board", "mediation", "arbitration", "answered", "settled", "lapsed", "taken_back", "fallen"
]
Cents = Annotated[Decimal, Field(ge=0, max_digits=12, decimal_places=2)]
Why = Annotated[str, text(600)]


class InvoiceDisputeOut(Schema):
    """A row of an invoice that is contested; `held` is not due, `credited` was given back, `released` became due."""

    id: str
    practice: str
    settlement: str
    invoice: str
    month: str
    row: int
    label: str
    reason: str
    state: str
    stage: Annotated[str, Field(description="The last stage that heard it")]
    amount: Amount
    credited: Amount
    held: Amount
    released: Amount
    opened_at: datetime
    opened_by: str
    due_on: Annotated[date | None, Field(description="By when whoever has the word is to say it")]
    settled_at: datetime | None
    of_paid: Annotated[bool, Field(description="Whether it is about what was paid: what is won is paid back")]


class QueuedInvoiceDisputeOut(InvoiceDisputeOut, Queued):
    """The same, with why it is next."""


class DisputeEvidenceOut(Schema):
    """A paper that somebody brought along."""

    document: str
    name: str


class DisputeStepOut(Schema):
    """A step of a dispute."""

    state: str
    at: datetime
    by: str
    why: str
    credited: Amount
    due_on: date | None
    papers: list[DisputeEvidenceOut]


class CreditMemoOut(Schema):
    """A credit memo, with its entry in each of two books."""

    id: str
    number: str
    dispute: str
    amount: Amount
    issued_on: date
    issued_by: str
    practice_entry: str
    mso_entry: str


class InvoiceDisputeStoryOut(InvoiceDisputeOut):
    """A dispute with everything that was said in it, oldest first, and its credit memos."""

    story: list[DisputeStepOut]
    memos: list[CreditMemoOut]


class DisputeWordIn(Body):
    """A word with an acceptance, or with taking a dispute back."""

    why: Annotated[str, text(600, length_min=0)] = ""


@router.get("/invoice-disputes", response=PageOut[QueuedInvoiceDisputeOut])
@operation(READ.code)
def list_invoice_disputes(
    request: Any, page: Query[PageAsk], state: StandName | None = None, practice: PracticeName | None = None,
    q: Words = "",
) -> Any:  # fmt: skip
    """Every dispute of an invoice, the latest first; `q` looks in practices, invoices and reasons."""
    terms = [Term("is", "=", state, state)] if state else []
    if practice:
        key = key_in_scope(practice)
        terms.append(Term("practice", "=", next(row.code for row in tenants_in_scope() if row.pk == key), practice))
    found = disputes.listed(Filters(tuple(terms), q), RowsAsk(page.page, page.size, sort="opened_at", desc=True))
    return paged(request, reasoned(request, DISPUTES, found.rows, _row), found.total or 0, page)


@router.get("/invoice-disputes/{dispute}", response=InvoiceDisputeStoryOut)
@operation(READ.code)
def get_invoice_dispute(request: Any, dispute: DisputeId) -> Any:
    """One dispute with its story."""
    return _story(dispute)


@router.post("/settlements/{settlement}/rows/{number}/dispute", response={201: InvoiceDisputeStoryOut})
@operation(DISPUTE.code)
def dispute_invoice_row(
    request: Any, settlement: SettlementId, number: Annotated[int, Field(ge=1, le=2**31 - 1)], amount: Form[Cents],
    reason: Form[Why], evidence: File[list[UploadedFile] | None] = None,
) -> Any:  # fmt: skip
    """Contest a row of an invoice, paid or not; only the practice's own people can, by their session."""
    made = disputing.dispute(
        actor=request.actor, settlement=settlement, row=number, amount=Money.of(amount), reason=reason,
        papers=papers_of(evidence), at=request.actor.at,
    )  # fmt: skip
    return Status(201, _reread(made.public_id))


@router.post("/invoice-disputes/{dispute}/outcome", response=InvoiceDisputeStoryOut)
@operation(ANSWER.code)
def answer_invoice_dispute(
    request: Any, dispute: DisputeId, credited: Form[Cents], why: Form[Why],
    evidence: File[list[UploadedFile] | None] = None,
) -> Any:  # fmt: skip
    """Record the outcome of the stage that a dispute is at; what is credited is posted at once, with a memo.

    Of an arbitrator's award, which is final, the paper is asked for.
    """
    disputing.answer(
        actor=request.actor, dispute=dispute, credited=Money.of(credited), why=why, papers=papers_of(evidence),
        at=request.actor.at,
    )  # fmt: skip
    return _reread(dispute)


@router.post("/invoice-disputes/{dispute}/acceptance", response=InvoiceDisputeStoryOut)
@operation(DISPUTE.code)
def accept_invoice_dispute_answer(request: Any, dispute: DisputeId, body: DisputeWordIn) -> Any:
    """Accept an answer: what was not credited is due."""
    disputing.accept(actor=request.actor, dispute=dispute, why=body.why, at=request.actor.at)
    return _reread(dispute)


@router.post("/invoice-disputes/{dispute}/taking-back", response=InvoiceDisputeStoryOut)
@operation(DISPUTE.code)
def take_invoice_dispute_back(request: Any, dispute: DisputeId, body: DisputeWordIn) -> Any:
    """Take a dispute back before it is answered: what was held is due, and the row may be disputed anew."""
    disputing.take_back(actor=request.actor, dispute=dispute, why=body.why, at=request.actor.at)
    return _reread(dispute)


@router.post("/invoice-disputes/{dispute}/escalation", response=InvoiceDisputeStoryOut)
@operation(DISPUTE.code)
def escalate_invoice_dispute(
    request: Any, dispute: DisputeId, to: Form[Literal["board", "mediation", "arbitration"]], why: Form[Why],
    evidence: File[list[UploadedFile] | None] = None,
) -> Any:  # fmt: skip
    """Take a dispute further: after an answer, or where whoever had the word let their days go by."""
    disputing.escalate(
        actor=request.actor, dispute=dispute, to=D(to), why=why, papers=papers_of(evidence), at=request.actor.at
    )
    return _reread(dispute)


@router.post("/invoice-disputes/{dispute}/referral", response=InvoiceDisputeStoryOut)
@operation(ANSWER.code)
def refer_invoice_dispute(
    request: Any, dispute: DisputeId, to: Form[Literal["board", "mediation", "arbitration"]], why: Form[Why],
    evidence: File[list[UploadedFile] | None] = None,
) -> Any:  # fmt: skip
    """Take a dispute further for the MSO: instead of an answer, after one, or where days went by."""
    disputing.escalate(
        actor=request.actor, dispute=dispute, to=D(to), why=why, papers=papers_of(evidence), at=request.actor.at
    )
    return _reread(dispute)


@router.get("/credit-memos/{memo}/paper")
@operation(READ.code)
def get_credit_memo_paper(request: Any, memo: MemoId) -> Any:
    """A credit memo as PDF."""
    practice, found = disputes.memo(memo)
    return HttpResponse(documents.read(found.document, practice), content_type="application/pdf")


def _reread(dispute: str) -> dict[str, Any]:
    with reading():
        return _story(dispute)


def _story(dispute: str) -> dict[str, Any]:
    found = disputes.dispute(dispute)
    return _row(found.row) | {
        "story": [_said(one) for one in found.story],
        "memos": [_memo(one) for one in found.memos],
    }


def _row(row: DisputeRow) -> dict[str, Any]:
    return {
        "id": row.public_id, "practice": row.practice_name, "settlement": row.settlement, "invoice": row.invoice,
        "month": str(row.month), "row": row.row, "label": row.label, "reason": row.reason, "state": row.state.value,
        "stage": row.stage.value, "amount": row.amount, "credited": row.credited, "held": row.held,
        "released": row.released, "opened_at": row.opened_at, "opened_by": row.opened_by, "due_on": row.due_on,
        "settled_at": row.settled_at, "of_paid": row.of_paid,
    }  # fmt: skip


def _said(one: Said) -> dict[str, Any]:
    papers = [{"document": document, "name": name} for document, name in one.papers]
    return {
        "state": one.state.value, "at": one.at, "by": one.by, "why": one.why, "credited": one.credited,
        "due_on": one.due_on, "papers": papers,
    }  # fmt: skip


def _memo(memo: Memo) -> dict[str, Any]:
    return {
        "id": memo.public_id, "number": memo.number, "dispute": memo.dispute, "amount": memo.amount,
        "issued_on": memo.issued_on, "issued_by": memo.issued_by, "practice_entry": memo.practice_entry,
        "mso_entry": memo.mso_entry,
    }  # fmt: skip
